"""Exams: a day on which cards shall be known, and the way there."""
