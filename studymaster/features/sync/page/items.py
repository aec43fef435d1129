"""A course item by item: what is here, what is not and why, and what happened to it."""

from typing import Final

import reflex as rx

from studymaster.features.sync.state.items import (
    CourseItemsState,
    ItemView,
    PastChange,
    SectionItems,
)
from studymaster.ui import controls, layout
from studymaster.ui.theme import Line, course_line

ROUTE: Final = "/live-sync/course/[course_id]"
TITLE: Final = "Course"
LINE: Final = Line.SYNC

TYPING_MS: Final = 300
SMALL: Final = "px-3.5! text-[14px]!"
LIST: Final = "course-items"

ICONS: Final = (
    ("File", "file_text"),
    ("Recording", "clapperboard"),
    ("Page", "book_open"),
    ("Chapter", "book_open"),
    ("Glossary", "book_a"),
    ("Link", "link"),
    ("Note", "sticky_note"),
    ("Assignment", "clipboard_list"),
    ("Quiz", "list_checks"),
    ("Forum", "messages_square"),
)
"""Every other kind of thing happens in Moodle."""

SHOWS: Final = (
    ("all", "All", CourseItemsState.counts.all),
    ("fresh", "New and changed", CourseItemsState.counts.fresh),
    ("missing", "Not here", CourseItemsState.counts.missing),
    ("gone", "Gone", CourseItemsState.counts.gone),
)

NOTHING_OF: Final = (
    (
        "fresh",
        "Nothing new",
        "Since this course was first read nothing came or changed.",
    ),
    (
        "missing",
        "Everything is here",
        "Whatever Moodle lists in this course and can be fetched is here.",
    ),
    (
        "gone",
        "Nothing is gone",
        "Moodle still lists everything that was ever in this course.",
    ),
)

_head = CourseItemsState.head
_opened = CourseItemsState.opened


def page() -> rx.Component:
    """Show a course and all that Moodle ever listed in it."""
    return rx.cond(
        CourseItemsState.missing,
        _missing(),
        rx.cond(CourseItemsState.loaded, _course(), _coming()),
    )


def _coming() -> rx.Component:
    return rx.fragment(
        rx.el.h1(TITLE, class_name="sr-only"),
        controls.skeleton("h-9 w-2/3", "h-32 w-full", "h-16 w-full", "h-64 w-full"),
    )


def _missing() -> rx.Component:
    return rx.fragment(
        rx.el.h1(TITLE, class_name="sr-only"),
        layout.card(
            controls.empty_state(
                "folder_x",
                "This course is not one of yours",
                "The address may be mistyped. Your courses stand on the Live Sync page.",
                controls.link_button("Go to Live Sync", "/live-sync"),
            ),
            class_name="max-w-[720px] mx-auto mt-[8dvh]",
        ),
    )


def _course() -> rx.Component:
    return rx.el.div(
        controls.text_link(
            "Live Sync",
            "/live-sync",
            class_name="inline-flex items-center min-h-11 -mt-2 text-[14px]",
        ),
        layout.heading(_head.fullname, _whose(), actions=_sync_button()),
        _standing(),
        _choice(),
        rx.el.div(
            rx.cond(CourseItemsState.sections, _sections(), _nothing()),
            id=LIST,
        ),
        class_name=course_line(_head.line),
    )


def _whose() -> rx.Var[str]:
    return rx.Var.create(f"{_head.shortname} · {_head.site_name}")


def _sync_button() -> rx.Component:
    return rx.cond(
        _head.obstacle == "",
        controls.button(
            rx.cond(_head.coming, "Syncing", "Sync only this course"),
            icon_name="refresh_cw",
            loading=_head.coming,
            on_click=CourseItemsState.sync_course,
        ),
    )


def _standing() -> rx.Component:
    """Draw how the course stands: progress, figures, and the switch."""
    return layout.card(
        rx.cond(_head.progress >= 0, _progress()),
        rx.el.dl(
            _figure(
                "Last read",
                rx.cond(_head.read != "", controls.ago(_head.read), "Not yet"),
            ),
            _figure("Items", rx.Var.create(f"{CourseItemsState.counts.all}")),
            _figure("Not here", rx.Var.create(f"{CourseItemsState.counts.missing}")),
            _figure("Space used", rx.cond(_head.space != "", _head.space, "None")),
            class_name="grid grid-cols-2 lg:grid-cols-4 gap-4",
        ),
        rx.cond(
            _head.listed & _head.connected,
            rx.el.div(
                controls.switch(
                    "Keep up to date",
                    checked=_head.sync_enabled,
                    hint=_head.obstacle,
                    on_change=CourseItemsState.switch_course,
                ),
                class_name="mt-4 border-t border-hairline pt-3",
            ),
            rx.el.p(
                controls.icon("info", size=16),
                rx.el.span(_head.obstacle),
                class_name="mt-4 border-t border-hairline pt-4 flex gap-2.5 text-[14px] text-ink2",
            ),
        ),
        class_name="mb-6",
    )


def _progress() -> rx.Component:
    return rx.el.div(
        rx.el.p(
            rx.el.span("Done, as Moodle counts it"),
            rx.el.span(
                f"{_head.progress} %", class_name="font-semibold text-ink tabular-nums"
            ),
            class_name="flex justify-between gap-3 mb-2 text-[13px] text-ink2",
        ),
        controls.progress_bar(_head.progress, 100, label="Done, as Moodle counts it"),
        class_name="mb-5",
    )


def _figure(name: str, value: controls.Prop) -> rx.Component:
    return rx.el.div(
        rx.el.dt(name, class_name="text-[13px] text-ink2"),
        rx.el.dd(value, class_name="display text-[17px] font-semibold tabular-nums"),
        class_name="flex flex-col-reverse justify-end",
    )


def _choice() -> rx.Component:
    """Draw what can be shown, and the search."""
    return rx.el.div(
        rx.el.div(
            *[_show(*one) for one in SHOWS],
            role="group",
            aria_label="Show",
            class_name="flex flex-wrap gap-1",
        ),
        rx.el.div(
            rx.el.label("Search", html_for="course-search", class_name="sr-only"),
            rx.el.input(
                id="course-search",
                type="search",
                key=CourseItemsState.visit,
                default_value=CourseItemsState.words,
                placeholder="Search by name",
                max_length=100,
                on_change=CourseItemsState.search.debounce(TYPING_MS),
                custom_attrs={"dir": "auto"},
                class_name=controls.FIELD,
            ),
            class_name="w-full sm:w-64",
        ),
        rx.el.p(
            rx.cond(CourseItemsState.words != "", _found(), ""),
            role="status",
            class_name="sr-only",
        ),
        role="search",
        aria_label="Items of this course",
        class_name="flex flex-wrap items-center justify-between gap-3 mb-5",
    )


def _found() -> rx.Var[str]:
    number = CourseItemsState.counts.all
    return rx.cond(number == 1, "1 item found", f"{number} items found")


def _show(value: str, words: str, count: controls.Number) -> rx.Component:
    is_chosen = CourseItemsState.show == value
    return rx.el.button(
        words,
        " ",
        rx.el.span(count, class_name="text-ink3 tabular-nums"),
        type="button",
        aria_pressed=is_chosen,
        on_click=CourseItemsState.choose(value),
        class_name="inline-flex items-center gap-1.5 min-h-11 px-3 rounded-[10px] border "
        "border-transparent text-[14px] font-semibold text-ink2 hover:text-ink hover:bg-card2 "
        "aria-pressed:bg-card2 aria-pressed:text-ink aria-pressed:border-hue",
    )


def _sections() -> rx.Component:
    return rx.fragment(
        rx.el.div(rx.foreach(CourseItemsState.sections, _section), class_name="grid gap-6"),
        rx.cond(
            CourseItemsState.left > 0,
            rx.el.div(
                controls.button(
                    f"Show more ({CourseItemsState.left} left)",
                    kind="ghost",
                    on_click=CourseItemsState.show_more,
                ),
                class_name="mt-5",
            ),
        ),
    )


def _section(section: SectionItems) -> rx.Component:
    return rx.el.section(
        rx.el.h2(section.name, class_name="text-[14px] font-semibold text-ink2"),
        rx.el.p(
            section.note,
            custom_attrs={"dir": "auto"},
            class_name="mt-1 text-[13px] text-ink2 empty:hidden",
        ),
        rx.cond(
            section.rows,
            rx.el.ul(
                rx.foreach(section.rows, _item),
                class_name="mt-3 surface !py-1 list-none divide-y divide-hairline",
            ),
            rx.el.p(
                "Moodle lists nothing in this section.",
                class_name="mt-1 text-[13px] text-ink2",
            ),
        ),
        key=section.key,
    )


def _item(item: ItemView) -> rx.Component:
    is_open = _opened.id == item.id
    return rx.el.li(
        rx.el.div(
            rx.el.span(_icon(item), class_name="mt-[13px] text-ink3"),
            rx.el.div(
                rx.el.div(
                    rx.el.div(
                        _name(item),
                        _mark(item),
                        _tick(item),
                        class_name="flex flex-wrap items-center gap-x-2.5 gap-y-1",
                    ),
                    rx.el.p(
                        item.why,
                        custom_attrs={"dir": "auto"},
                        class_name="text-[14px] text-ink2 md:pb-2",
                    ),
                    class_name="flex-1 min-w-0 basis-[340px]",
                ),
                _facts(item, is_open=is_open),
                class_name="flex-1 min-w-0 flex flex-wrap items-start gap-x-6",
            ),
            class_name="flex items-start gap-x-3",
        ),
        rx.cond(is_open, _past()),
        class_name="py-1.5",
        key=item.id,
    )


def _icon(item: ItemView) -> rx.Component:
    icons = [(kind, controls.icon(name)) for kind, name in ICONS]
    return rx.fragment(rx.match(item.kind, *icons, controls.icon("puzzle")))


def _name(item: ItemView) -> rx.Component:
    """Draw the name: it leads to what is here, or outside, or nowhere."""
    look = "inline-flex items-center min-h-11 min-w-0 py-1"
    plain = rx.el.span(item.name, class_name=f"{look} font-medium text-ink")
    return rx.el.span(
        rx.cond(
            item.page,
            controls.text_link(item.name, item.page, class_name=look),
            rx.cond(item.link, _outside(item.name, item.link, look=look), plain),
        ),
        custom_attrs={"dir": "auto"},
        class_name="min-w-0",
    )


def _outside(words: controls.Text, address: controls.Text, *, look: str) -> rx.Component:
    return rx.el.a(
        rx.el.span(
            words,
            rx.el.span(" (opens outside)", class_name="sr-only"),
            controls.icon("external_link", size=14),
            class_name="inline-flex items-center gap-1.5",
        ),
        href=address,
        target="_blank",
        rel="noreferrer noopener",
        class_name=f"{look} font-medium text-ink underline underline-offset-4 decoration-edge "
        "hover:decoration-ink",
    )


def _mark(item: ItemView) -> rx.Component:
    return rx.cond(
        item.mark,
        controls.chip(
            rx.cond(item.mark_date, f"{item.mark} · {item.mark_date}", item.mark),
            line=f"{item.mark_line}",
        ),
    )


def _tick(item: ItemView) -> rx.Component:
    return rx.cond(
        item.tick,
        rx.el.span(
            rx.match(
                item.tick,
                ("done", controls.icon("circle_check", size=16)),
                ("missed", controls.icon("circle_x", size=16)),
                controls.icon("circle", size=16),
            ),
            item.tick_words,
            class_name="inline-flex items-center gap-1.5 text-[13px] text-ink2",
        ),
    )


def _facts(item: ItemView, *, is_open: controls.Flag) -> rx.Component:
    """Draw the small facts of an item, with the ways to its past and to Moodle."""
    quiet = (
        "inline-flex items-center min-h-11 text-[13px] font-medium text-ink2 underline "
        "underline-offset-4 decoration-edge hover:text-ink"
    )
    return rx.el.div(
        rx.el.span(
            item.kind,
            rx.cond(item.size, f" · {item.size}", ""),
            class_name="text-[13px] text-ink3",
        ),
        rx.el.button(
            rx.cond(is_open, "Hide history", "History"),
            type="button",
            aria_expanded=is_open,
            aria_label=rx.cond(
                is_open, f"Hide history: {item.name}", f"History: {item.name}"
            ),
            on_click=rx.cond(
                is_open, CourseItemsState.close_item, CourseItemsState.open_item(item.id)
            ),
            class_name=quiet,
        ),
        rx.cond(
            item.moodle,
            rx.el.a(
                "Open in Moodle",
                aria_label=f"Open in Moodle: {item.name}",
                href=item.moodle,
                target="_blank",
                rel="noreferrer noopener",
                class_name=quiet,
            ),
        ),
        rx.cond(item.fetchable, _fetch(item)),
        class_name="flex flex-wrap items-center gap-x-4",
    )


def _fetch(item: ItemView) -> rx.Component:
    return controls.button(
        "Fetch it",
        kind="ghost",
        icon_name="download",
        aria_label=f"Fetch it: {item.name}",
        on_click=CourseItemsState.ask_for(item.id),
        class_name=SMALL,
    )


def _past() -> rx.Component:
    return rx.el.ol(
        rx.foreach(_opened.changes, _change),
        aria_label="History",
        class_name="list-none grid gap-1.5 mb-2 sm:ml-[30px] rounded-xl bg-card2 p-3.5",
    )


def _change(change: PastChange) -> rx.Component:
    return rx.el.li(
        rx.el.span(change.what, custom_attrs={"dir": "auto"}),
        rx.el.span(change.moment, class_name="text-ink2 tabular-nums"),
        class_name="flex flex-wrap justify-between gap-x-4 text-[14px]",
        key=change.id,
    )


def _nothing() -> rx.Component:
    everything = controls.button(
        "Show everything", kind="ghost", on_click=CourseItemsState.show_everything
    )
    of_a_kind = [
        (show, controls.empty_state("check", title, text, everything))
        for show, title, text in NOTHING_OF
    ]
    return layout.card(
        rx.cond(
            CourseItemsState.words != "",
            controls.empty_state(
                "search", "Nothing is called that", "Try fewer words.", everything
            ),
            rx.match(
                CourseItemsState.show,
                *of_a_kind,
                controls.empty_state(
                    "folder_open",
                    "Nothing is in this course yet",
                    "As soon as Moodle lists something in it, the next sync brings it.",
                ),
            ),
        )
    )
