"""What leaves the campus service: frozen, plain."""
