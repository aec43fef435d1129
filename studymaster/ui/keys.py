"""The keyboard of every page: its keys, the command palette, and a thought from anywhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import reflex as rx
from reflex_components_core.core.banner import has_connection_errors

from studymaster.ui import connection, navigation, notice, session
from studymaster.ui.controls import Prop
from studymaster.ui.navigation import STATIONS, Shell

rx.asset("palette.jsx", shared=True)  # keys.jsx takes it from beside itself


@dataclass(frozen=True, slots=True)
class Command:
    """Somewhere to go from the palette; `press` names what is pressed on arrival.

    `also` holds other words by which it is found.
    """

    name: str
    path: str
    also: str = ""
    press: str = ""


ROOMS: Final = (
    Command("Review", "/smart-study/review", also="due repeat smart study"),
    Command("Cards", "/smart-study/cards", also="browse search smart study"),
    Command("Practice", "/smart-study/quiz", also="quiz test smart study"),
    Command("Custom study", "/smart-study/cram", also="cram ahead forgotten smart study"),
    Command("Exams", "/smart-study/exams", also="test plan deadline smart study"),
    Command("Statistics", "/smart-study/statistics", also="retention figures smart study"),
    Command(
        "Your schedule", "/smart-study/schedule", also="fsrs retention workload smart study"
    ),
    Command(
        "Import and export", "/smart-study/exchange", also="anki apkg file smart study"
    ),
    Command("Notifications", navigation.INBOX, also="inbox bell news"),
    Command("Settings", navigation.SETTINGS, also="account look theme language ai"),
)
ACTIONS: Final = (
    Command("Add a card", "/smart-study", also="new flashcard make", press="Add card"),
    Command("Make a deck", "/smart-study", also="new add", press="New deck"),
    Command("Start focusing", "/focus", also="timer pomodoro session"),
    Command("Sync with Moodle", "/live-sync", also="fetch update", press="Sync now"),
)
SEARCHES: Final = (
    Command("Search cards", "/smart-study/cards"),
    Command("Search notes", "/brain-dump"),
)
"""Pages that look for the words in their address, `?search=`."""

ELSEWHERE: Final = (("Z", "Take back the last step, in review and on a lecture page"),)
"""Keys of some rooms that are listed on every page."""


class _Keys(rx.Component):
    """Listens to the keyboard of the page; opens the keys, the palette and the box."""

    library = f"$/public{rx.asset('keys.jsx', shared=True)}"
    tag = "Keys"
    lib_dependencies: list[str] = ["@radix-ui/react-dialog@1.3.1", "cmdk@1.1.1"]

    lines: rx.Var[list[dict[str, str]]]
    rooms: rx.Var[list[dict[str, str]]]
    actions: rx.Var[list[dict[str, str]]]
    searches: rx.Var[list[dict[str, str]]]
    elsewhere: rx.Var[list[dict[str, str]]]
    places: rx.Var[list[Prop]]
    sign_out: rx.Var[str]
    kept: rx.Var[str]
    lost: rx.Var[bool]
    on_find: rx.EventHandler[rx.event.no_args_event_spec]


def keys(shell: Shell) -> rx.Component:
    """Bind the keys that work everywhere, and list them with those of the screen."""
    host = Command("Host", navigation.ADMIN, also="admin server")
    rooms = rx.Var.create(_plain(ROOMS))
    return _Keys.create(
        notice.notices_within(),
        shell.reach.thought,
        lines=[
            {"letter": one.letter, "path": one.path, "name": one.name} for one in STATIONS
        ],
        rooms=rx.cond(shell.is_host, rx.Var.create(_plain([*ROOMS, host])), rooms),
        actions=_plain(ACTIONS),
        searches=_plain(SEARCHES),
        elsewhere=[{"keys": key, "name": words} for key, words in ELSEWHERE],
        places=shell.reach.places,
        sign_out=session.SIGN_OUT_PATH,
        kept=shell.reach.kept,
        lost=has_connection_errors | connection.PartsState.away,
        on_find=shell.reach.on_find,
    )


def _plain(commands: Sequence[Command]) -> list[dict[str, str]]:
    return [
        {"name": one.name, "path": one.path, "also": one.also, "press": one.press}
        for one in commands
    ]
