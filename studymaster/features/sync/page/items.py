"""A course item by item: what is here, what is not and why, and what happened to it."""

from typing import Final

import reflex as rx

from studymaster.features.sync.page.item_rows import section_rows
from studymaster.features.sync.state.items import CourseItemsState
from studymaster.ui import controls, layout
from studymaster.ui.theme import Line, course_line

ROUTE: Final = "/live-sync/course/[course_id]"
TITLE: Final = "Course"
LINE: Final = Line.SYNC

TYPING_MS: Final = 300
LIST: Final = "course-items"

SHOWS: Final = (
    ("all", "All", CourseItemsState.counts.all),
    ("fresh", "New and changed", CourseItemsState.counts.fresh),
    ("missing", "Not here", CourseItemsState.counts.missing),
    ("gone", "Not visible any more", CourseItemsState.counts.gone),
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
            _figure(
                "Items in Moodle", rx.Var.create(f"{_head.materials}"), note=_no_more()
            ),
            _figure("Files here", rx.Var.create(f"{_head.files}")),
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


def _no_more() -> rx.Var[str]:
    return rx.cond(_head.gone > 0, f"and {_head.gone} not visible any more", "")


def _figure(name: str, value: controls.Prop, *, note: controls.Text = "") -> rx.Component:
    return rx.el.div(
        rx.el.dt(name, class_name="order-2 text-[13px] text-ink2"),
        rx.el.dd(value, class_name="display text-[17px] font-semibold tabular-nums"),
        rx.el.dd(note, class_name="order-3 text-[13px] text-ink2 empty:hidden"),
        class_name="flex flex-col",
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
        rx.el.div(
            rx.foreach(CourseItemsState.sections, section_rows), class_name="grid gap-6"
        ),
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
