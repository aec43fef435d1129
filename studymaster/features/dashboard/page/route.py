"""Today's route: what is behind, what is next, what waits further on."""

import reflex as rx

from studymaster.features.dashboard.schemas import Stop
from studymaster.features.dashboard.state import DashboardState
from studymaster.ui import controls, layout

LINK = "group block relative rounded-lg underline-offset-4"


def route() -> rx.Component:
    """Show the stops of today, with what is left of it."""
    return layout.card(
        layout.section(
            "Today's route",
            rx.el.ol(rx.foreach(DashboardState.stops, _stop), class_name="day-map"),
            action=DashboardState.minutes_left,
        ),
        class_name="md:px-7 md:py-6",
    )


def _stop(stop: Stop) -> rx.Component:
    """Draw a stop; all of its words lead to it, so that a thumb finds them."""
    words = _words(stop)
    return rx.el.li(
        rx.cond(
            stop.path != "",
            controls.page_link(words, href=stop.path, class_name=LINK),
            rx.cond(
                stop.address != "",
                rx.el.a(
                    words,
                    rx.el.span(" (opens Moodle in a new tab)", class_name="sr-only"),
                    href=stop.address,
                    target="_blank",
                    rel="noreferrer",
                    class_name=LINK,
                ),
                words,
            ),
        ),
        custom_attrs={"data-state": stop.state},
        class_name=f"stop line-{stop.line} next-{stop.next_line}",
    )


def _words(stop: Stop) -> rx.Component:
    return rx.fragment(
        rx.el.p(
            stop.title,
            class_name=rx.cond(
                stop.state == "done",
                "font-semibold text-ink3 line-clamp-2 group-hover:underline",
                "font-semibold text-ink line-clamp-2 group-hover:underline",
            ),
        ),
        rx.el.p(stop.detail, class_name="text-[14px] text-ink2 line-clamp-2"),
        rx.el.p(stop.when, class_name="text-[13px] font-semibold text-hue-ink"),
    )
