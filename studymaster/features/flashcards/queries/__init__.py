"""Every SELECT on decks, cards, proposals, reviews and what they add up to."""
