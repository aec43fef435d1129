"""The open note: typing, reading, its course, its recordings, its way to cards."""

import reflex as rx

from studymaster.features.braindump.page.writing import (
    AskOnCampus,
    NotePad,
    VoiceRecorder,
)
from studymaster.features.braindump.schemas import Keep, MemoView
from studymaster.features.braindump.state import NoteState
from studymaster.ui import controls, layout
from studymaster.ui.written import Written

KINDS = (
    ("thought", "Thought"),
    ("todo", "Todo"),
    ("question", "Question"),
    ("study", "Study note"),
)


def opened() -> rx.Component:
    """Show the note that the address names, or what would be here."""
    return rx.el.section(
        rx.cond(
            NoteState.note.id != "",
            _note(),
            rx.cond(NoteState.missing, _missing(), _none()),
        ),
        aria_label="Open note",
        class_name="line-dump lg:sticky lg:top-[34px]",
    )


def _none() -> rx.Component:
    return rx.el.div(
        layout.card(
            controls.empty_state(
                "notebook_pen",
                "No note is open",
                "Choose one from the list to read it, to go on writing, or to make cards of it.",
            )
        ),
        class_name="max-lg:hidden",
    )


def _missing() -> rx.Component:
    return layout.card(
        controls.empty_state(
            "file_x",
            "That note is not one of yours",
            "The address may be mistyped, or the note was deleted for good.",
            controls.link_button("All notes", "/brain-dump"),
        )
    )


def _note() -> rx.Component:
    note = NoteState.note
    return layout.card(
        rx.el.div(
            controls.text_link(
                "All notes",
                "/brain-dump",
                class_name="lg:hidden inline-flex items-center min-h-11 text-[14px]",
            ),
            rx.el.h2(note.title, class_name="display text-xl font-semibold truncate"),
            rx.cond(rx.cond(note.deleted, "", note.copy_of) != "", _copy()),
            rx.cond(rx.cond(note.deleted, "", note.copy_id) != "", _has_copy()),
            class_name="mb-3",
        ),
        rx.cond(note.deleted, rx.fragment(_in_the_bin(), _read()), _words_and_tools()),
        _memos(),
        rx.cond(note.deleted, rx.fragment(), _ways_on()),
    )


def _copy() -> rx.Component:
    """Say that the note is a copy, and offer to keep one of the two."""
    note = NoteState.note
    return rx.el.div(
        rx.el.p(
            "Copy: typed while the note changed elsewhere, ",
            controls.ago(note.copied_at),
            ". ",
            controls.text_link("Open the other one", f"/brain-dump?note={note.copy_of}"),
            class_name="text-ink2",
        ),
        rx.el.div(
            controls.button(
                "Keep only this one", on_click=NoteState.settle(Keep.COPY.value)
            ),
            controls.button(
                "Keep only the other one",
                kind="ghost",
                on_click=NoteState.settle(Keep.ORIGINAL.value),
            ),
            controls.button(
                "Keep both", kind="ghost", on_click=NoteState.settle(Keep.BOTH.value)
            ),
            class_name="flex flex-wrap gap-2 mt-2",
        ),
        rx.el.p(
            "What you do not keep goes to the bin, and can come back.",
            class_name="mt-2 text-[13px] text-ink3",
        ),
        role="group",
        aria_label="Copy of a note",
        class_name="rounded-xl border border-hairline2 p-4 mt-2",
    )


def _has_copy() -> rx.Component:
    """Say that other words were typed into the note than those that stand in it."""
    return rx.el.p(
        "A copy with other words exists. ",
        controls.text_link("Open the copy", f"/brain-dump?note={NoteState.note.copy_id}"),
        role="status",
        class_name="rounded-xl border border-hairline2 p-4 mt-2 text-ink2",
    )


def _words_and_tools() -> rx.Component:
    """Show the words first on a phone, where both do not fit."""
    return rx.el.div(
        rx.el.div(
            controls.tabs(
                "How the note is shown",
                {"write": ("Write", _pad()), "read": ("Read", _read())},
            )
        ),
        _tools(),
        class_name="flex flex-col gap-4",
    )


def _tools() -> rx.Component:
    note = NoteState.note
    return rx.el.div(
        rx.el.div(
            controls.select(
                "Kind",
                name="note-kind",
                options=KINDS,
                value=note.kind,
                on_change=NoteState.choose_kind,
            ),
            _course(),
            class_name="grid gap-3 sm:grid-cols-2",
        ),
        rx.el.div(
            rx.cond(
                note.kind == "todo",
                controls.switch(
                    "Done",
                    checked=note.done,
                    on_change=NoteState.toggle_done,
                ),
            ),
            controls.switch(
                "Keep on top",
                checked=note.pinned,
                on_change=NoteState.toggle_pinned,
            ),
            controls.button(
                "Move to the bin",
                kind="ghost",
                icon_name="trash_2",
                on_click=NoteState.delete,
                class_name="ml-auto",
            ),
            class_name="flex flex-wrap items-center gap-x-6 gap-y-2",
        ),
        class_name="flex flex-col gap-3 lg:order-first",
    )


def _course() -> rx.Component:
    """Offer the student's courses; the first choice ties the note to none."""
    return rx.el.div(
        rx.el.label("Course", html_for="field-note-course", class_name=controls.LABEL),
        rx.el.select(
            rx.el.option("No course", value=""),
            rx.foreach(NoteState.courses, _option),
            id="field-note-course",
            value=NoteState.note.course_id,
            on_change=NoteState.choose_course,
            class_name=controls.FIELD,
        ),
    )


def _option(course: tuple[str, str]) -> rx.Component:
    return rx.el.option(course[1], value=course[0])


def _in_the_bin() -> rx.Component:
    return rx.el.div(
        rx.el.p("This note lies in the bin.", class_name="text-ink2"),
        rx.el.div(
            controls.button("Take it back", on_click=NoteState.restore),
            controls.dialog(
                "Delete this note for good?",
                rx.el.p(
                    "Its words and recordings are gone then. Cards that were made from it stay, "
                    "without the page they cite.",
                    class_name="text-ink2 mb-5",
                ),
                controls.button(
                    "Delete for good",
                    kind="danger",
                    on_click=NoteState.delete_for_good,
                ),
                trigger=controls.button("Delete for good", kind="ghost"),
            ),
            class_name="flex flex-wrap gap-3",
        ),
        class_name="flex flex-wrap items-center justify-between gap-3 mb-4",
    )


def _pad() -> rx.Component:
    note = NoteState.note
    return NotePad.create(
        account=NoteState.account,
        note_id=note.id,
        version=note.version,
        text=note.text,
        label="Words of the note",
        on_save=NoteState.save,
    )


def _read() -> rx.Component:
    return rx.el.div(
        Written.create(
            text=NoteState.note.text,
            class_name="font-study text-[18px] leading-relaxed text-ink",
        ),
        class_name="min-h-[20dvh]",
    )


def _memos() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h3("Recordings", class_name="font-semibold"),
            rx.cond(
                NoteState.note.deleted,
                rx.fragment(),
                VoiceRecorder.create(note_id=NoteState.note.id),
            ),
            class_name="flex flex-wrap items-center justify-between gap-3",
        ),
        rx.el.ul(
            rx.foreach(NoteState.note.memos, _memo),
            class_name="flex flex-col gap-3 mt-3 list-none",
        ),
        aria_label="Recordings",
        class_name="mt-6 pt-5 border-t border-hairline",
    )


def _memo(memo: MemoView) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.audio(
                controls=True,
                preload="metadata",
                src=memo.address,
                aria_label="Recording",
                class_name="flex-1 min-w-[220px] h-11",
            ),
            rx.el.span(
                rx.cond(memo.duration != "", f"{memo.duration} · {memo.size}", memo.size),
                class_name="text-[13px] text-ink3 tabular-nums",
            ),
            controls.dialog(
                "Delete this recording?",
                rx.el.p("Nothing brings it back.", class_name="text-ink2 mb-5"),
                controls.button(
                    "Delete the recording",
                    kind="danger",
                    on_click=NoteState.remove_memo(memo.id),
                ),
                trigger=controls.icon_button("Delete the recording", "trash_2"),
            ),
            class_name="flex flex-wrap items-center gap-3",
        ),
        rx.match(
            memo.state,
            ("queued", _working()),
            ("running", _working()),
            ("done", _transcript(memo)),
            ("failed", _failed(memo)),
            rx.cond(NoteState.has_model, _ask(memo, "Write down what was said")),
        ),
    )


def _working() -> rx.Component:
    return rx.el.p(
        "The words are being written down.", role="status", class_name="text-ink2 mt-1"
    )


def _transcript(memo: MemoView) -> rx.Component:
    return rx.el.div(
        rx.el.p(memo.transcript, class_name="font-study text-ink whitespace-pre-wrap"),
        rx.cond(
            NoteState.note.deleted,
            rx.fragment(),
            controls.button(
                "Put it into the note",
                kind="ghost",
                on_click=NoteState.take_words_over(memo.id),
                class_name="mt-2",
            ),
        ),
        class_name="mt-2",
    )


def _failed(memo: MemoView) -> rx.Component:
    return rx.el.div(
        rx.el.p(memo.failure, class_name="text-acct-ink"),
        _ask(memo, "Try again"),
        class_name="mt-1",
    )


def _ask(memo: MemoView, words: str) -> rx.Component:
    return controls.button(
        words, kind="ghost", on_click=NoteState.transcribe(memo.id), class_name="mt-2"
    )


def _ways_on() -> rx.Component:
    """Show where a note can go from here: to cards, and a question to others."""
    note = NoteState.note
    return rx.el.div(
        rx.cond(
            note.course_id != "",
            controls.button(
                "Make cards",
                icon_name="sparkles",
                keys="M",
                on_click=NoteState.make_cards,
            ),
            rx.el.p(
                "Choose a course above to make cards from this note.",
                class_name="text-[14px] text-ink2",
            ),
        ),
        rx.cond(
            note.material_id != "",
            controls.link_button(
                "See the proposals",
                f"/smart-study/lecture/{note.material_id}",
                kind="ghost",
            ),
        ),
        rx.cond(
            note.kind == "question",
            AskOnCampus.create(title=note.title, text=note.text),
        ),
        class_name="flex flex-wrap items-center gap-3 mt-6 pt-5 border-t border-hairline",
    )
