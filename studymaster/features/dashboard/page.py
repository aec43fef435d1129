"""The first page: today's route, the courses, and how it has gone so far."""

from typing import Final

import reflex as rx

from studymaster.features.dashboard.schemas import CourseTile, DeadlineRow, Stop
from studymaster.features.dashboard.state import DashboardState, ShellState
from studymaster.features.points.page import places
from studymaster.ui import charts, controls, layout
from studymaster.ui.navigation import Newest, Shell
from studymaster.ui.theme import Line, course_line

ROUTE: Final = "/"
TITLE: Final = "Dashboard"
LINE: Final = Line.HUB

REVIEW: Final = "/smart-study/review"
STUDY: Final = "/smart-study"
SYNC: Final = "/live-sync"

_day = DashboardState
_sync = DashboardState.sync
_troubled = (_sync.state == "failed") | (_sync.state == "broken")


def shell() -> Shell:
    """Return what the frame of every page shows about the student."""
    return Shell(
        name=ShellState.name,
        initials=ShellState.initials,
        summary=ShellState.summary,
        due_count=ShellState.due,
        unread=ShellState.bell.unread,
        is_host=ShellState.is_host,
        newest=Newest(
            looked=ShellState.bell.looked,
            id=ShellState.bell.newest_id,
            at=ShellState.bell.newest_at,
            title=ShellState.bell.newest_title,
            text=ShellState.bell.newest_text,
            path=ShellState.bell.newest_path,
        ),
        ended=ShellState.ended,
        theme=ShellState.theme,
    )


def page() -> rx.Component:
    """Show the day."""
    return rx.fragment(
        layout.heading(
            rx.cond(_day.loaded, _day.greeting, TITLE),
            rx.cond(_day.loaded, _day.sentence, "Looking up your day."),
            actions=rx.cond(
                _day.loaded, _actions(), controls.skeleton("h-11 w-[340px] max-w-full")
            ),
        ),
        rx.cond(_day.loaded, _content(), _waiting()),
    )


def _actions() -> rx.Component:
    return rx.fragment(
        _sync_chip(),
        rx.cond(
            _day.due > 0,
            controls.link_button(
                "Start today's route", REVIEW, keys="S", class_name="max-md:w-full"
            ),
        ),
    )


def _sync_chip() -> rx.Component:
    return rx.el.div(
        controls.page_link(
            rx.cond(_troubled, controls.dot(Line.ACCOUNT.hue), controls.dot(Line.SYNC.hue)),
            rx.el.span(
                _sync.text,
                rx.cond(_sync.moment, rx.fragment(" ", controls.ago(_sync.moment))),
                rx.cond(_sync.note, rx.fragment(" · ", _sync.note)),
            ),
            href=SYNC,
            class_name="inline-flex items-center gap-2 min-h-11 px-3.5 rounded-xl bg-card2 "
            "text-[12.5px] font-medium text-ink2 hover:text-ink max-md:w-full",
        ),
        role="status",
        class_name="max-md:w-full",
    )


def _content() -> rx.Component:
    return rx.el.div(
        rx.cond(_day.stops, _route()),
        rx.el.div(
            rx.el.div(
                rx.match(
                    _day.stage,
                    ("connect", _connect_first()),
                    ("sync", _sync_first()),
                    ("no_courses", _no_courses()),
                    ("cards", rx.fragment(_cards_first(), _courses())),
                    _courses(),
                ),
                _reviews(),
                class_name="min-w-0 grid gap-5",
            ),
            rx.el.div(
                _figures(), _deadlines(), _leaderboard(), class_name="min-w-0 grid gap-5"
            ),
            class_name="grid items-start gap-5 xl:grid-cols-[minmax(0,1fr)_366px]",
        ),
        key="day",
        class_name="grid gap-5",
    )


def _waiting() -> rx.Component:
    tile = "h-[137px] w-full rounded-2xl"
    return rx.el.div(
        controls.skeleton("h-[206px] w-full rounded-2xl"),
        rx.el.div(
            controls.skeleton("h-5 w-24", tile, tile, "h-[176px] w-full rounded-2xl"),
            controls.skeleton(
                "h-[97px] w-full rounded-2xl", "h-[280px] w-full rounded-2xl"
            ),
            class_name="grid gap-5 xl:grid-cols-[minmax(0,1fr)_366px]",
        ),
        # A key of its own: the day takes its place instead of growing out of it.
        key="waiting",
        class_name="grid gap-5",
    )


def _route() -> rx.Component:
    return layout.card(
        layout.section(
            "Today's route",
            rx.el.ol(rx.foreach(_day.stops, _stop), class_name="day-map"),
            action=_day.minutes_left,
        ),
        class_name="md:px-7 md:py-6",
    )


def _stop(stop: Stop) -> rx.Component:
    return rx.el.li(
        rx.el.p(
            rx.cond(
                stop.path != "",
                controls.page_link(
                    stop.title,
                    href=stop.path,
                    class_name="hover:underline underline-offset-4",
                ),
                stop.title,
            ),
            class_name=rx.cond(
                stop.state == "done",
                "font-semibold text-ink3 line-clamp-2",
                "font-semibold text-ink line-clamp-2",
            ),
        ),
        rx.el.p(stop.detail, class_name="text-[14px] text-ink2 line-clamp-2"),
        rx.el.p(stop.when, class_name="text-[13px] font-semibold text-hue-ink"),
        custom_attrs={"data-state": stop.state},
        class_name=f"stop line-{stop.line} next-{stop.next_line}",
    )


def _courses() -> rx.Component:
    return layout.section(
        "Courses",
        rx.el.ul(
            rx.foreach(_day.courses, _course),
            class_name="grid gap-3.5 sm:grid-cols-2",
        ),
        action=controls.page_link(
            f"All {_day.course_count}",
            href=STUDY,
            class_name="hover:text-ink inline-block px-2 -mx-2 py-3.5 -my-3.5",
        ),
    )


def _course(tile: CourseTile) -> rx.Component:
    return rx.el.li(
        controls.page_link(
            _course_head(tile),
            rx.el.h3(
                tile.fullname,
                class_name="display text-[17px] font-semibold tracking-normal leading-snug mt-3.5 mb-2 line-clamp-2",
            ),
            controls.progress_bar(
                rx.cond(tile.remembered > 0, tile.remembered, 0),
                100,
                label=f"Remembered in {tile.fullname}",
            ),
            _course_foot(tile),
            href=f"{STUDY}?course={tile.id}",
            class_name=f"surface {course_line(tile.line)} block h-full px-[18px] py-4 "
            "hover:bg-card2 transition-colors duration-150",
        ),
        key=tile.id,
    )


def _course_head(tile: CourseTile) -> rx.Component:
    return rx.el.div(
        controls.chip(tile.shortname, line="tint", class_name="truncate"),
        rx.cond(
            tile.fresh > 0,
            rx.el.span(
                f"{tile.fresh} new",
                title="Arrived or changed in the last 14 days, not opened yet",
                class_name="line-sync text-[12.5px] font-semibold text-hue-ink flex-none",
            ),
        ),
        class_name="flex items-center justify-between gap-3",
    )


def _course_foot(tile: CourseTile) -> rx.Component:
    return rx.el.div(
        rx.el.span(
            rx.cond(
                tile.remembered >= 0, f"{tile.remembered}% remembered", "no reviews yet"
            )
        ),
        rx.el.span(f"{tile.due} due"),
        class_name="flex justify-between gap-2 mt-2.5 text-[13px] text-ink2 "
        "tabular-nums whitespace-nowrap",
    )


def _reviews() -> rx.Component:
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


def _figures() -> rx.Component:
    figures = _day.figures
    return layout.card(
        rx.el.h2("Your figures", class_name="sr-only"),
        rx.el.dl(
            _figure(figures.streak, "day streak", Line.ACCOUNT.hue),
            _figure(figures.focus_week, "focus this week", Line.FOCUS.hue),
            _figure(figures.reviewed_today, "cards today", Line.STUDY.hue),
            _figure(figures.points, "points", Line.HUB.hue),
            class_name="grid grid-cols-2 gap-x-3 gap-y-4",
        ),
        rx.cond(
            figures.decay != "",
            rx.el.p(
                controls.page_link(
                    figures.decay,
                    href="/accountability",
                    class_name="hover:text-ink inline-block py-1",
                ),
                class_name="mt-3 text-[13px] text-ink2",
            ),
        ),
    )


def _figure(value: str, words: str, line: str) -> rx.Component:
    return rx.el.div(
        rx.el.dt(words, class_name="order-2 text-[13.5px] text-ink2"),
        rx.el.dd(
            value,
            class_name=f"{line} display text-[28px] font-[650] leading-tight text-hue-ink",
        ),
        class_name="flex flex-col",
    )


def _leaderboard() -> rx.Component:
    return layout.card(
        layout.section(
            "Leaderboard",
            rx.cond(
                _day.place_count > 0,
                places(_day.places, you=_day.you),
                rx.el.p("Nobody is on it this week yet.", class_name="text-ink2 pb-1"),
            ),
            rx.cond(
                _day.you.rank == 0,
                rx.el.p(
                    controls.text_link("Show me on it", "/accountability"),
                    class_name="mt-2 text-[13px] text-ink2",
                ),
            ),
            action="this week",
        ),
    )


def _deadlines() -> rx.Component:
    return layout.card(
        layout.section(
            "Deadlines",
            rx.cond(
                _day.deadlines,
                rx.el.ul(rx.foreach(_day.deadlines, _deadline)),
                rx.el.p("Nothing is due in the next 14 days.", class_name="text-ink2 pb-1"),
            ),
            action="next 14 days",
        ),
        rx.cond(_day.passed, _passed()),
    )


def _passed() -> rx.Component:
    return rx.el.div(
        rx.el.h3("Passed", class_name="mt-4 mb-1 text-[13px] font-semibold text-ink2"),
        rx.el.ul(
            rx.foreach(_day.passed, _deadline),
            class_name="[&_.when]:text-acct-ink",
        ),
    )


def _deadline(row: DeadlineRow) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            aria_hidden="true",
            class_name=f"{course_line(row.line)} w-1 self-stretch my-0.5 rounded-sm bg-hue flex-none",
        ),
        rx.el.div(
            rx.el.p(row.title, class_name="font-semibold leading-snug"),
            rx.el.p(row.course, class_name="text-[13.5px] text-ink3"),
            class_name="min-w-0 flex-1",
        ),
        rx.el.span(row.when, class_name="when text-[13.5px] text-ink2 text-right"),
        key=row.id,
        class_name="flex items-center gap-3.5 py-2.5 border-t border-hairline",
    )


def _connect_first() -> rx.Component:
    return layout.card(
        controls.empty_state(
            "unplug",
            "Connect your Moodle.",
            "StudyMaster reads your courses, lectures and deadlines from it, and never writes.",
            controls.link_button("Connect Moodle", SYNC),
        ),
        class_name=Line.SYNC.hue,
    )


def _sync_first() -> rx.Component:
    return layout.card(
        controls.empty_state(
            "refresh_cw",
            "Your courses are on their way.",
            "They appear here by themselves. You can watch them arrive, or start the sync again.",
            controls.link_button("Watch the sync", SYNC),
        ),
        class_name=Line.SYNC.hue,
    )


def _no_courses() -> rx.Component:
    return layout.card(
        controls.empty_state(
            "book_open",
            "Moodle lists no courses for you.",
            "Once you are enrolled in one, the next sync brings it here. If one is missing, "
            "look for it under My courses in Moodle, or ask whoever teaches it.",
            controls.link_button("Open Live Sync", SYNC),
        ),
        class_name=Line.SYNC.hue,
    )


def _cards_first() -> rx.Component:
    return layout.card(
        controls.empty_state(
            "layers",
            "Make your first cards.",
            "Open a lecture. StudyMaster proposes cards from it, each with the page it comes "
            "from; you keep the ones you want.",
            controls.link_button("Open a lecture", STUDY),
        ),
        class_name=Line.STUDY.hue,
    )
