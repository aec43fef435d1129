"""What can be done with cards: decks, the making of proposals, their fate, and review."""
