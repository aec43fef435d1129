"""How a list that is known whole is answered in stretches."""

from collections.abc import Sequence
from typing import Annotated, TypeVar

from fastapi import Depends, Query

from studymaster.paging import Stretch, Window, stretch

Item = TypeVar("Item")


def _window(
    offset: Annotated[int, Query()] = 0, limit: Annotated[int, Query()] = 50
) -> Window:
    return Window(offset, limit)


Asked = Annotated[Window, Depends(_window)]
"""The part of a list that is asked for, refused before anything is looked up."""


def part_of(rows: Sequence[Item], *, window: Window) -> Stretch[Item]:
    """Cut the asked part out of the whole list."""
    return stretch(rows[window.offset : window.offset + window.probe], window=window)
