"""What the address of a tab names: a group, or an invitation."""

import reflex as rx


def named_by(state: rx.State) -> str:
    """Return the last part of the path at which a tab is open."""
    return state.router.url.path.rstrip("/").rpartition("/")[2]
