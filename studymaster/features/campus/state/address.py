"""What the address of a tab asks for beside its page: a question to be open."""

import reflex as rx


def linked_question(state: rx.State) -> str:
    """Return which question the address asks to be open; empty when none."""
    return state.router.url.query_parameters.get("question", "")
