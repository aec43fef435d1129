"""What a tab is sent when news come: only what is not there yet."""

import reflex as rx


def put(state: rx.State, **values: object) -> None:
    """Set the vars that changed; one that is set is sent whole, even to what it was."""
    for name, value in values.items():
        if getattr(state, name) != value:
            setattr(state, name, value)
