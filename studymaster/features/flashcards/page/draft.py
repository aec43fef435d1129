"""What runs in the browser while a card is typed: its words are kept, its room is told."""

import reflex as rx

SOURCE = rx.asset("draft.jsx", shared=True).importable_path


def _kind(kind: rx.Var[str]) -> tuple[rx.Var[str]]:
    """Hand over of which kind the card was whose words are back."""
    return (kind,)


class DraftKeeper(rx.Component):
    """Keeps a half-typed card when its window closes or the page is loaded anew.

    It has to stand in the form.

    `card` is its id, empty for a new one; `visit` differs whenever the fields begin afresh;
    `saved` has to go up by one whenever a card was kept; `shelf` differs for every student.
    """

    library = SOURCE
    tag = "DraftKeeper"

    card: rx.Var[str]
    visit: rx.Var[str]
    saved: rx.Var[int]
    shelf: rx.Var[str]
    kind: rx.Var[str]
    on_kind: rx.EventHandler[_kind]


class RoomLeft(rx.Component):
    """Says how many of `most` characters the input with the id `field` has taken."""

    library = SOURCE
    tag = "RoomLeft"

    field: rx.Var[str]
    most: rx.Var[int]
    visit: rx.Var[str]
