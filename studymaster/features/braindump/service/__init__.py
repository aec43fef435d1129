"""Notes, their recordings, and the cards that come of them."""
