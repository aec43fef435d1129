"""What other programs call cards, and what we make of it. Pure."""
