"""What is worth how many points. Pure arithmetic."""

REVIEW_POINTS = {2: 1, 3: 2, 4: 2, 5: 2}
"""Points for the first answer of a day on a card, by its grade (SM-2 quality 2 to 5)."""
