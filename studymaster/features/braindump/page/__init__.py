"""The Brain Dump page: catch a thought, find it again, and open it."""

from typing import Final

import reflex as rx

from studymaster.features.braindump.page import listing, note
from studymaster.features.braindump.page.writing import CatchBox, VoiceRecorder
from studymaster.features.braindump.state import NotesState, NoteState
from studymaster.ui import layout
from studymaster.ui.theme import Line

ROUTE: Final = "/brain-dump"
TITLE: Final = "Brain Dump"
LINE: Final = Line.DUMP


def page() -> rx.Component:
    """Show the box, the list of notes, and the note that is open."""
    return rx.fragment(
        layout.heading(TITLE, "Take a thought before it is gone; sort it out later."),
        layout.card(
            _box(),
            class_name=rx.cond(NoteState.note.id != "", "mb-6 max-lg:hidden", "mb-6"),
        ),
        rx.el.div(
            listing.notes(),
            note.opened(),
            class_name="grid gap-6 grid-cols-[minmax(0,1fr)] lg:grid-cols-[minmax(0,5fr)_minmax(0,7fr)] items-start",
        ),
    )


def _box() -> rx.Component:
    return CatchBox.create(
        VoiceRecorder.create(note_id=""),
        account=NotesState.account,
        caught=NotesState.caught,
        on_catch=NotesState.catch,
    )
