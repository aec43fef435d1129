"""The list of notes: search, kinds, tags, and the bin."""

import reflex as rx

from studymaster.features.braindump.schemas import NoteRow, TagCount
from studymaster.features.braindump.state import NotesState, NoteState
from studymaster.ui import controls, layout
from studymaster.ui.theme import course_line

SEARCH_PAUSE_MS = 250
KINDS = (
    ("thought", "Thoughts", "lightbulb"),
    ("todo", "Todos", "square_check"),
    ("question", "Questions", "circle_help"),
    ("study", "Study", "book_open"),
)
CHOICE = (
    "inline-flex items-center gap-1.5 min-h-11 px-2.5 rounded-[10px] text-[14px] font-medium "
    "text-ink2 hover:bg-card2 hover:text-ink aria-pressed:bg-card2 aria-pressed:text-ink"
)

ROW = "block flex-1 min-w-0 py-3 pr-4 no-underline"


def notes() -> rx.Component:
    """Show the notes and what narrows them."""
    return rx.el.section(
        rx.el.div(_search(), _bin(), class_name="flex items-end gap-2"),
        _kinds(),
        rx.cond(NotesState.kind == "todo", _views()),
        rx.cond(NotesState.tag_count > 0, _tags()),
        rx.cond(NotesState.loaded, _list(), _coming()),
        aria_label="Notes",
        class_name=rx.cond(NoteState.note.id != "", "max-lg:hidden", ""),
    )


def _search() -> rx.Component:
    field = controls.text_field(
        "Search your notes",
        name="note-search",
        type="search",
        key=NotesState.visit,
        default_value=NotesState.words,
        max_length=200,
        on_change=NotesState.search.debounce(SEARCH_PAUSE_MS),
        custom_attrs={"data-key": "/", "data-key-label": "Search your notes"},
    )
    return rx.el.div(field, class_name="flex-1 min-w-0")


def _bin() -> rx.Component:
    return rx.el.button(
        controls.icon("trash_2", size=16),
        "Bin",
        type="button",
        aria_pressed=NotesState.bin,
        on_click=NotesState.toggle_bin,
        class_name=CHOICE,
    )


def _kinds() -> rx.Component:
    return rx.el.div(
        *[
            rx.el.button(
                words,
                type="button",
                aria_pressed=NotesState.kind == kind,
                on_click=NotesState.choose_kind(kind),
                class_name=CHOICE,
            )
            for kind, words, _ in KINDS
        ],
        role="group",
        aria_label="Show only",
        class_name="flex flex-wrap justify-between sm:justify-start gap-1 mt-3",
    )


def _views() -> rx.Component:
    return rx.el.div(
        _view("open", "Open"),
        _view("done", "Done"),
        role="group",
        aria_label="Todos to show",
        class_name="flex gap-1 mt-1",
    )


def _view(view: str, words: str) -> rx.Component:
    return rx.el.button(
        words,
        type="button",
        aria_pressed=NotesState.view == view,
        on_click=NotesState.choose_view(view),
        class_name=CHOICE,
    )


def _tags() -> rx.Component:
    return rx.el.div(
        rx.foreach(NotesState.tags, _tag),
        role="group",
        aria_label="Tags",
        # What is cut off fades, which says that there is more; the spans that only screen
        # readers see would widen the page if they were not held by the row.
        class_name="relative flex gap-1 mt-1 pr-10 overflow-x-auto "
        "[mask-image:linear-gradient(to_right,black_calc(100%-2.5rem),transparent)]",
    )


def _tag(tag: TagCount) -> rx.Component:
    return rx.el.button(
        f"#{tag.name}",
        rx.el.span(tag.count, class_name="text-ink3 tabular-nums"),
        rx.el.span(rx.cond(tag.count == 1, " note", " notes"), class_name="sr-only"),
        type="button",
        aria_pressed=NotesState.tag == tag.name,
        on_click=NotesState.choose_tag(tag.name),
        class_name=f"{CHOICE} whitespace-nowrap",
    )


def _list() -> rx.Component:
    return rx.cond(
        NotesState.count > 0,
        rx.fragment(
            rx.el.ul(
                rx.foreach(NotesState.rows, _row),
                class_name="flex flex-col gap-2 mt-4 list-none",
            ),
            rx.cond(
                NotesState.more,
                controls.button(
                    "Show more",
                    kind="ghost",
                    on_click=NotesState.show_more,
                    class_name="mt-4",
                ),
            ),
        ),
        _nothing(),
    )


def _row(row: NoteRow) -> rx.Component:
    is_open = row.id == NoteState.note.id
    is_todo = rx.cond(NotesState.bin, "", row.kind) == "todo"
    return rx.el.li(
        rx.cond(is_todo, _tick(row)),
        controls.page_link(
            _head(row, has_tick=is_todo),
            rx.cond(
                row.excerpt != "",
                rx.el.p(
                    row.excerpt, class_name="text-[14px] text-ink2 line-clamp-2 mt-0.5"
                ),
            ),
            _facts(row),
            href=f"/brain-dump?note={row.id}",
            aria_current=rx.cond(is_open, "true", "false"),
            class_name=rx.cond(is_todo, f"{ROW} pl-1", f"{ROW} pl-4"),
        ),
        class_name="surface line-dump flex items-start p-0! hover:border-hairline2! "
        "has-[[aria-current=true]]:border-hue!",
    )


def _tick(row: NoteRow) -> rx.Component:
    return rx.el.button(
        rx.cond(
            row.done,
            controls.icon("square_check", size=18),
            controls.icon("square", size=18),
        ),
        type="button",
        role="checkbox",
        aria_checked=row.done,
        aria_label=f"Done: {row.title}",
        on_click=NotesState.tick(row.id, row.done),
        class_name="grid place-items-center size-11 shrink-0 rounded-[10px] text-ink2 "
        "hover:bg-card2 hover:text-ink",
    )


def _head(row: NoteRow, *, has_tick: bool | rx.Var[bool]) -> rx.Component:
    icons = [(kind, controls.icon(name, size=16)) for kind, _, name in KINDS]
    return rx.el.div(
        rx.cond(
            has_tick,
            rx.fragment(),
            rx.match(row.kind, *icons, controls.icon("lightbulb", size=16)),
        ),
        rx.el.span(
            row.title,
            class_name=rx.cond(
                row.done,
                "font-semibold truncate line-through text-ink2",
                "font-semibold truncate text-ink",
            ),
        ),
        rx.cond(
            row.pinned,
            rx.el.span(
                controls.icon("pin", size=14),
                rx.el.span("on top", class_name="sr-only"),
                class_name="ml-auto text-hue-ink",
            ),
        ),
        class_name="flex items-center gap-2 min-w-0",
    )


def _facts(row: NoteRow) -> rx.Component:
    return rx.el.p(
        rx.cond(
            row.copied_at != "",
            rx.el.span(
                controls.icon("copy", size=13),
                "Copy: typed while the note changed elsewhere",
                class_name="inline-flex items-center gap-1 text-hue-ink font-medium",
            ),
        ),
        controls.ago(row.updated_at),
        rx.cond(
            row.course != "",
            rx.el.span(
                controls.dot(course_line(row.line)),
                row.course,
                class_name="inline-flex items-center gap-1.5",
            ),
        ),
        rx.cond(
            row.memos > 0,
            rx.el.span(
                controls.icon("mic", size=13),
                row.memos,
                rx.el.span(
                    rx.cond(row.memos == 1, " recording", " recordings"),
                    class_name="sr-only",
                ),
                class_name="relative inline-flex items-center gap-1",
            ),
        ),
        rx.foreach(row.tags, _mention),
        class_name="flex flex-wrap gap-x-3 gap-y-0.5 mt-1.5 text-[13px] text-ink3",
    )


def _mention(tag: str) -> rx.Component:
    return rx.el.span(f"#{tag}")


def _nothing() -> rx.Component:
    narrowed = (
        (NotesState.words != "")
        | (NotesState.kind != "")
        | (NotesState.tag != "")
        | NotesState.bin
    )
    return layout.card(
        rx.cond(
            narrowed,
            controls.empty_state(
                "search",
                "Nothing here",
                "No note fits what you are looking for. Fewer words find more.",
            ),
            controls.empty_state(
                "lightbulb",
                "No notes yet",
                "Type the first thought into the box above. It is kept the moment you press "
                "Keep, and can become a card later.",
            ),
        ),
        class_name="mt-4",
    )


def _coming() -> rx.Component:
    return rx.el.div(
        controls.skeleton("h-20 w-full", "h-20 w-full", "h-20 w-full"), class_name="mt-4"
    )
