"""What a gradebook adds up to, where it is heading, and what a wish would take. Pure."""
