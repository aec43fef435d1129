"""The bar above a page that says what does not answer: the server, or a part behind it."""

from typing import Final

import reflex as rx
from reflex_components_core.core.banner import has_too_many_connection_errors

from studymaster.ui import controls

OFFLINE: Final = "You are offline. What you see is safe; we reconnect by ourselves."
SILENT: Final = "StudyMaster is not answering. What you see is safe; we keep trying."
PART_AWAY: Final = (
    "A part of StudyMaster is not answering. What you see is safe; it goes on by itself."
)


class PartsState(rx.State):
    """Whether a part that every page needs is away; told by the server, never asked for."""

    away: bool = False


class _Bar(rx.Component):
    """Stands above the page while something does not answer, and says what that is."""

    library = f"$/public{rx.asset('connection.jsx', shared=True)}"
    tag = "ConnectionBar"

    lost: rx.Var[bool]
    away: rx.Var[bool]
    drawn: rx.Var[bool]
    offline: rx.Var[str]
    silent: rx.Var[str]
    part_away: rx.Var[str]


def bar() -> rx.Component:
    """Say quietly that something does not answer, for as long as that is so."""
    return rx.fragment(
        _Bar.create(
            controls.icon("wifi_off", size=16),
            lost=has_too_many_connection_errors,
            away=PartsState.away,
            drawn=rx.State.is_hydrated,
            offline=OFFLINE,
            silent=SILENT,
            part_away=PART_AWAY,
        )
    )


def told(*, away: bool) -> dict[str, dict[str, bool]]:
    """Return what a tab is sent when a part goes away or is back."""
    return {PartsState.get_full_name(): {f"away{STATE_SUFFIX}": away}}


STATE_SUFFIX: Final = "_rx_state_"
"""What Reflex puts behind the name of a variable on its way to the browser."""
