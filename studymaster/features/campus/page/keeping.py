"""Forms whose words the browser keeps until the server has them."""

from typing import Final

import reflex as rx

SOURCE: Final = rx.asset("kept.jsx", shared=True).importable_path
QUESTION: Final = "question"
RESOURCE: Final = "resource"
"""The names of drafts; another page hands a question over by putting one there."""


def _typed(form: rx.Var[dict[str, str]]) -> tuple[rx.Var[dict[str, str]]]:
    """Hand over what was typed, and as `sent_key` the key by which it is known."""
    return (form,)


class KeptForm(rx.Component):
    """A form that keeps its words as `draft`, below a button `opener` if it has one.

    It is emptied and closed once `sent` is the key under which it was sent.
    """

    library = SOURCE
    tag = "KeptForm"

    draft: rx.Var[str]
    sent: rx.Var[str]
    opener: rx.Var[str]
    on_send: rx.EventHandler[_typed]


class FormOpener(rx.Component):
    """A button that opens the kept form of `draft` elsewhere, and goes to its first field."""

    library = SOURCE
    tag = "FormOpener"

    draft: rx.Var[str]
    field: rx.Var[str]
    label: rx.Var[str]
