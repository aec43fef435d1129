"""What teachers announced: the newest first, each unfolded on demand."""

from typing import Final

import reflex as rx

from studymaster.features.deadlines.schemas import AnnouncementRow
from studymaster.features.deadlines.state import AnnouncementsState, DeadlinesState
from studymaster.ui import controls, layout
from studymaster.ui.theme import course_line

TITLE: Final = "Announcements"
PART: Final = "announcements"
AWAY: Final = (
    "inline-flex items-center min-h-11 font-medium text-ink underline "
    "underline-offset-4 decoration-edge hover:decoration-ink"
)


def announcements_part() -> rx.Component:
    """Show the announcements, or where they will come from."""
    return layout.section(
        TITLE,
        layout.card(
            rx.cond(
                AnnouncementsState.loaded,
                rx.cond(AnnouncementsState.items, _list(), _none()),
                controls.skeleton("h-12 w-full", "h-12 w-full", "h-12 w-full"),
            )
        ),
        action="newest first",
        id=PART,
    )


def _list() -> rx.Component:
    return rx.fragment(
        rx.el.ul(
            rx.foreach(AnnouncementsState.items, _item),
            aria_label=TITLE,
            custom_attrs={"aria-live": "polite", "aria-relevant": "additions"},
            class_name="list-none divide-y divide-hairline -my-2",
        ),
        rx.cond(
            AnnouncementsState.more,
            controls.button(
                "Show 20 more",
                kind="ghost",
                on_click=AnnouncementsState.show_more,
                class_name="mt-4 max-sm:w-full",
            ),
        ),
    )


def _item(one: AnnouncementRow) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            aria_hidden="true",
            class_name=f"{course_line(one.line)} w-1 self-stretch my-0.5 rounded-sm bg-hue flex-none",
        ),
        rx.el.details(
            rx.el.summary(
                rx.el.span(
                    one.subject,
                    class_name="font-semibold leading-snug text-ink break-words",
                ),
                rx.el.span(
                    one.course,
                    rx.cond(one.author != "", f" · {one.author}", ""),
                    " · ",
                    controls.ago(one.posted),
                    class_name="block text-[13.5px] text-ink3",
                ),
                class_name="min-h-11 py-1 cursor-pointer",
            ),
            rx.el.p(
                one.text,
                dir="auto",
                class_name="mt-2 whitespace-pre-line break-words max-w-[68ch] font-study "
                "text-[17px] leading-relaxed empty:hidden",
            ),
            rx.cond(one.cut, rx.el.p("It goes on in Moodle.", class_name="mt-2 text-ink2")),
            rx.cond(one.address != "", _away(one)),
            class_name="flex-1 min-w-0",
        ),
        key=one.id,
        class_name="flex items-start gap-3.5 py-2",
    )


def _away(one: AnnouncementRow) -> rx.Component:
    return rx.el.a(
        "Open in Moodle",
        rx.el.span(f": {one.subject} (in a new tab)", class_name="sr-only"),
        href=one.address,
        target="_blank",
        rel="noreferrer",
        class_name=AWAY,
    )


def _none() -> rx.Component:
    return rx.cond(
        AnnouncementsState.course != "",
        controls.empty_state(
            "megaphone",
            "No announcements in this course",
            "What its teachers write to everybody in Moodle stands here after the next sync.",
        ),
        rx.cond(DeadlinesState.courses, _nothing(), _no_courses()),
    )


def _no_courses() -> rx.Component:
    return controls.empty_state(
        "megaphone",
        "No announcements yet",
        "They come from your Moodle with its courses.",
        controls.link_button(
            "Connect Moodle", "/live-sync", kind="ghost", icon_name="refresh_cw"
        ),
    )


def _nothing() -> rx.Component:
    return controls.empty_state(
        "megaphone",
        "No announcements yet",
        "What a teacher writes to a whole course in Moodle stands here after the next sync.",
        controls.link_button(
            "Look at the sync", "/live-sync", kind="ghost", icon_name="refresh_cw"
        ),
    )
