"""What makes a question out of a card, and when a typed answer is right. Pure."""
