"""A line that is there to be copied."""

import reflex as rx


class CopyLine(rx.Component):
    """Shows a line to be copied, with a button that does it."""

    library = f"$/public{rx.asset('copying.jsx', shared=True)}"
    tag = "CopyLine"

    label: rx.Var[str]
    value: rx.Var[str]
