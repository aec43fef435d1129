"""Why the product cannot start, as sentences for a person at a terminal."""


class CannotStartError(RuntimeError):
    """Something outside the product has to change first; the message says what."""
