"""What runs in the browser as the table of cards: windows of rows, choosing, keys."""

from typing import Final

import reflex as rx

from studymaster.features.flashcards.rules.columns import LABELS
from studymaster.features.flashcards.schemas import CardRow

SOURCE = rx.asset("table.jsx", shared=True).importable_path
rx.asset("window.js", shared=True)  # table.jsx takes it from beside itself

COLUMNS: Final = [{"key": str(key), "label": label} for key, label in LABELS.items()]


def _place(first: rx.Var[int]) -> tuple[rx.Var[int]]:
    """Hand over from which place on rows are wanted."""
    return (first,)


def _choice(
    ids: rx.Var[list[str]], everything: rx.Var[bool]
) -> tuple[rx.Var[list[str]], rx.Var[bool]]:
    """Hand over which cards are chosen, or which are left out of all that is found."""
    return ids, everything


def _places(first: rx.Var[int], last: rx.Var[int]) -> tuple[rx.Var[int], rx.Var[int]]:
    """Hand over between which places everything is chosen."""
    return first, last


def _one(name: rx.Var[str]) -> tuple[rx.Var[str]]:
    """Hand over which card is opened, or by which column is sorted."""
    return (name,)


class CardTable(rx.Component):
    """Draws of `total` rows those in sight, and asks for the windows that it lacks.

    `rows` stand from the place `first` on; `stamp` says when those of before are void, and
    `view` when another table begins at its top. `picked` and `all_found` are what is
    chosen when `pick` changes; `most` cards can be chosen one by one. `open_id` is the card
    that is open beside the table.
    """

    library = SOURCE
    tag = "CardTable"
    lib_dependencies: list[str] = ["@tanstack/react-virtual@3.14.26"]

    rows: rx.Var[list[CardRow]]
    total: rx.Var[int]
    first: rx.Var[int]
    stamp: rx.Var[int]
    view: rx.Var[str]
    order: rx.Var[str]
    columns: rx.Var[list[dict[str, str]]]
    picked: rx.Var[list[str]]
    pick: rx.Var[int]
    all_found: rx.Var[bool]
    most: rx.Var[int]
    open_id: rx.Var[str]
    on_window: rx.EventHandler[_place]
    on_choose: rx.EventHandler[_choice]
    on_between: rx.EventHandler[_places]
    on_open: rx.EventHandler[_one]
    on_order: rx.EventHandler[_one]
    on_remove: rx.EventHandler[rx.event.no_args_event_spec]
