"""Stretches of long lists: what may be asked for, and how the answer is cut."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict

from studymaster.errors import InvalidInputError

LONGEST_STRETCH = 100
LAST_OFFSET = 1_000_000

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a list is asked for: `limit` items from `offset` (0 is the first)."""

    offset: int = 0
    limit: int = 50

    def __post_init__(self) -> None:
        """Refuse what no list has.

        Raises:
            InvalidInputError: offset or limit are out of range.
        """
        if not (0 <= self.offset <= LAST_OFFSET and 1 <= self.limit <= LONGEST_STRETCH):
            msg = f"Ask for 1 to {LONGEST_STRETCH} items, from offset 0 to {LAST_OFFSET:,}."
            raise InvalidInputError(msg)

    @property
    def probe(self) -> int:
        """How many rows to fetch so that it shows whether more follow."""
        return self.limit + 1


class Stretch(BaseModel, Generic[Item]):
    """A part of a list; `next_offset` is null at its end."""

    model_config = ConfigDict(frozen=True)

    items: list[Item]
    next_offset: int | None


def stretch(rows: Sequence[Item], *, window: Window) -> Stretch[Item]:
    """Cut rows that were fetched with `window.probe` as their limit."""
    more = len(rows) > window.limit
    after = window.offset + window.limit if more else None
    return Stretch(items=list(rows[: window.limit]), next_offset=after)
