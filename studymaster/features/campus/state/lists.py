"""Long lists in a tab: a first piece, then more of it, and the same again when news come."""

from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import reflex as rx

from studymaster.features.campus.state.changes import LiveState
from studymaster.paging import LONGEST_STRETCH, Stretch, Window

PIECE: Final = 20
"""How many items a list shows at first, and how many more at a time."""

Item = TypeVar("Item")


class ListState(LiveState, mixin=True):
    """A long list: `more` says whether it goes on after the `_shown` items."""

    more: bool = False
    _shown: int = PIECE

    @rx.event
    async def show_more(self) -> None:
        """Show twenty more."""
        student = await self._require_student()
        self._shown += PIECE
        await self._show(student)


async def first(
    count: int, fetch: Callable[[Window], Awaitable[Stretch[Item]]]
) -> tuple[list[Item], bool]:
    """Return the first `count` items of a list, and whether more follow."""
    items: list[Item] = []
    for offset in range(0, count, LONGEST_STRETCH):
        part = await fetch(Window(offset, min(LONGEST_STRETCH, count - offset)))
        items += part.items
        if part.next_offset is None:
            return items, False
    return items, True
