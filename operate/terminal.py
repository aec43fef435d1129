"""Says things to the person at the terminal, even when the terminal may be gone."""

import contextlib
from collections.abc import Callable

Say = Callable[[str], None]


def say(sentence: str) -> None:
    """Print a sentence now; a closed terminal must not stop the tidying up."""
    with contextlib.suppress(OSError):
        print(sentence, flush=True)


def silent(_: str) -> None:
    """Say nothing: for tests and pictures."""
