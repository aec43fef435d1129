"""Half a year of reviews, a square a day."""

import reflex as rx

from studymaster.features.dashboard.state import DashboardState
from studymaster.ui import charts, layout
from studymaster.ui.theme import Line

_day = DashboardState


def reviews() -> rx.Component:
    """Show the heat map beside what it adds up to."""
    return layout.card(
        rx.el.div(
            rx.el.h2("Reviews", class_name="text-[14px] font-semibold text-ink2"),
            rx.el.p(
                _day.reviews.total,
                class_name="display text-[30px] font-[650] leading-tight",
            ),
            rx.el.p(_day.reviews.note, class_name="text-[14px] text-ink2"),
            class_name="flex-none lg:w-[196px]",
        ),
        charts.heatmap(_day.heat, summary=_day.reviews.summary, line=Line.STUDY.hue),
        class_name="flex flex-col lg:flex-row lg:items-center gap-5",
    )
