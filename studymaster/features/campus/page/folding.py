"""Choices of what a list shows, which leave a phone's screen to the list."""

import reflex as rx


class FoldedChoice(rx.Component):
    """A row of choices; on a narrow screen a button `label` that opens it.

    `active` says of each choice whether it is not as it was at first.
    """

    library = rx.asset("folded.jsx", shared=True).importable_path
    tag = "FoldedChoice"

    label: rx.Var[str]
    active: rx.Var[list[bool]]
