"""What runs in the browser to help with writing a card: media, gaps, places, a preview."""

import reflex as rx

from studymaster.features.flashcards.page.face import PACKAGES

TOOLS = rx.asset("tools.jsx", shared=True).importable_path
PREVIEW = rx.asset("preview.jsx", shared=True).importable_path
BOARD = rx.asset("board.jsx", shared=True).importable_path


class CardTools(rx.Component):
    """Puts pictures, sounds and gaps where the cursor is; it has to stand in the form."""

    library = TOOLS
    tag = "CardTools"
    lib_dependencies: list[str] = PACKAGES

    kind: rx.Var[str]
    visit: rx.Var[str]


class TagHelp(rx.Component):
    """Offers those of the `known` tags that begin like the last one in the input `field`."""

    library = TOOLS
    tag = "TagHelp"
    lib_dependencies: list[str] = PACKAGES

    field: rx.Var[str]
    visit: rx.Var[str]
    known: rx.Var[list[str]]


class CardPreview(rx.Component):
    """Shows the card of the form around it as it will be asked."""

    library = PREVIEW
    tag = "CardPreview"
    lib_dependencies: list[str] = PACKAGES

    kind: rx.Var[str]
    visit: rx.Var[str]


class OcclusionBoard(rx.Component):
    """Covers places of the picture in the form's `front`, and keeps them in its `masks`."""

    library = BOARD
    tag = "OcclusionBoard"
    lib_dependencies: list[str] = PACKAGES

    visit: rx.Var[str]
    problem: rx.Var[str]
