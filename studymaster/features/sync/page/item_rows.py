"""The list of a course, row by row: what a thing is, why it is here, and its past."""

from typing import Final

import reflex as rx

from studymaster.features.sync.state.items import (
    CourseItemsState,
    ItemView,
    PastChange,
    SectionItems,
)
from studymaster.ui import controls

SMALL: Final = "px-3.5! text-[14px]!"

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

_opened = CourseItemsState.opened


def section_rows(section: SectionItems) -> rx.Component:
    """Show a section with what lies in it."""
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
                        rx.el.span(item.why, custom_attrs={"dir": "auto"}),
                        rx.cond(item.here_page, _here(item)),
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


def _here(item: ItemView) -> rx.Component:
    """Lead to what of a thing is on another page of ours."""
    return rx.fragment(
        " ",
        controls.text_link(
            item.here, item.here_page, class_name="inline-block py-2.5 -my-2.5"
        ),
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
