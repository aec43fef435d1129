"""What one browser tab holds of decks, of a lecture with its proposals, and of a review."""
