"""The line map: how a student sees where they are and gets to the other lines."""

from dataclasses import dataclass
from typing import Final

import reflex as rx

from studymaster.ui import controls, session
from studymaster.ui.theme import Line


@dataclass(frozen=True, slots=True)
class Station:
    """One page on the map; `letter` follows `g` on the keyboard."""

    line: Line
    name: str
    path: str
    letter: str
    icon_name: str


STATIONS: Final = (
    Station(Line.HUB, "Dashboard", "/", "h", "map"),
    Station(Line.STUDY, "Smart Study", "/smart-study", "s", "layers"),
    Station(Line.FOCUS, "Focus", "/focus", "f", "timer"),
    Station(Line.CAMPUS, "Campus Underground", "/campus", "c", "users"),
    Station(Line.SYNC, "Live Sync", "/live-sync", "l", "refresh_cw"),
    Station(Line.ACCOUNT, "Accountability", "/accountability", "a", "flame"),
    Station(Line.DUMP, "Brain Dump", "/brain-dump", "b", "lightbulb"),
)
ON_THE_BAR: Final = (Line.HUB, Line.STUDY, Line.SYNC, Line.FOCUS)
SHORT_NAMES: Final = {Line.HUB: "Today", Line.STUDY: "Study", Line.SYNC: "Sync"}
SETTINGS: Final = "/settings"
INBOX: Final = "/notifications"
ADMIN: Final = "/admin"


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest unread notification, once it was `looked` for; `at` is empty if none."""

    looked: controls.Flag
    id: controls.Text
    at: controls.Text
    title: controls.Text
    text: controls.Text
    path: controls.Text


@dataclass(frozen=True, slots=True)
class Reach:
    """What the keyboard reaches beyond the pages: Vars and parts of who knows them.

    Attributes:
        thought: The box that catches a thought.
        kept: Changes when what was in the box has become a note.
        places: The student's courses and decks: a Var of rows with name, detail and path.
        on_find: The event that fetches them.
    """

    thought: rx.Component
    kept: controls.Text
    places: controls.Prop
    on_find: controls.Prop


@dataclass(frozen=True, slots=True)
class Shell:
    """What the frame shows about the student: Vars of the state that keeps them."""

    name: controls.Text
    initials: controls.Text
    summary: controls.Text
    due_count: controls.Number
    unread: controls.Number
    is_host: controls.Flag
    newest: Newest
    ended: controls.Flag
    theme: controls.Text
    reach: Reach


def side_map(line: Line | None, shell: Shell) -> rx.Component:
    """Draw the whole map at the left edge of a wide screen."""
    return rx.el.header(
        rx.el.div(
            logo(),
            _bell(shell),
            class_name="flex items-start justify-between mb-4",
        ),
        _find(),
        rx.el.nav(
            *[_station(one, line=line, shell=shell) for one in STATIONS],
            aria_label="Lines",
            class_name="line-map flex flex-col gap-0.5 mt-4 mb-5",
        ),
        _by_hand(),
        _student(shell),
        class_name="hidden md:flex flex-col w-[236px] lg:w-[268px] flex-none sticky "
        "top-[var(--above)] h-[calc(100dvh-var(--above))] "
        "overflow-y-auto bg-bg2 border-r border-hairline px-4 lg:px-5 py-7",
    )


def bottom_bar(line: Line | None, shell: Shell) -> rx.Component:
    """Draw five stations under the thumb; the fifth opens the rest of the map."""
    bar = [one for one in STATIONS if one.line in ON_THE_BAR]
    bar.sort(key=lambda one: ON_THE_BAR.index(one.line))
    return rx.el.nav(
        *[_bar_station(one, line=line) for one in bar],
        _more(line, shell),
        aria_label="Lines",
        class_name="md:hidden fixed z-30 inset-x-0 bottom-0 grid grid-cols-5 bg-bg2 "
        "border-t border-hairline pb-[env(safe-area-inset-bottom)]",
    )


def logo() -> rx.Component:
    """Draw the mark and the name; the mark is a station with its line running through."""
    return controls.page_link(
        mark(),
        "StudyMaster",
        href="/",
        class_name="display flex items-center gap-2.5 text-[21px] font-bold text-ink "
        "h-[26px] mt-[9px] rounded-lg w-fit flex-none",
    )


def _bell(shell: Shell) -> rx.Component:
    """Lead to the inbox, and say how much in it is new."""
    return controls.page_link(
        controls.icon("bell"),
        rx.el.span("Notifications", class_name="sr-only"),
        rx.cond(
            _has_news(shell),
            rx.el.span(
                rx.cond(
                    rx.Var.create(shell.unread).to(int) > MOST_SHOWN, "99+", shell.unread
                ),
                rx.el.span(" unread", class_name="sr-only"),
                class_name="absolute top-0.5 right-0 min-w-[18px] px-1 rounded-full bg-ink "
                "text-bg text-[11px] font-semibold leading-[18px] text-center tabular-nums",
            ),
        ),
        href=INBOX,
        title="Notifications",
        class_name="relative grid place-items-center size-11 flex-none rounded-[10px] "
        "text-ink2 hover:bg-card2 hover:text-ink",
    )


def _has_news(shell: Shell) -> rx.Var[bool]:
    return rx.Var.create(shell.unread).to(int) > 0


MOST_SHOWN: Final = 99


def mark() -> rx.Component:
    """Draw the mark alone."""
    return rx.el.svg(
        rx.el.circle(
            cx=17, cy=11, r="8.5", fill="none", stroke="currentColor", stroke_width=5
        ),
        rx.el.rect(x=0, y=9, width=34, height=4, fill="currentColor"),
        width="34",
        height="22",
        view_box="0 0 34 22",
        custom_attrs={"aria-hidden": "true"},
        class_name="flex-none",
    )


def _station(one: Station, *, line: Line | None, shell: Shell) -> rx.Component:
    look = "bg-card2 text-ink" if one.line is line else "text-ink2 hover:text-ink"
    return controls.page_link(
        rx.el.span(class_name="station", aria_hidden="true"),
        rx.el.span(one.name),
        _count(one, shell),
        href=one.path,
        **_current(one, line),
        class_name=f"{one.line.hue} relative flex items-center gap-4 min-h-10 max-md:min-h-11 py-[9px] pl-2.5 "
        f"pr-3 rounded-[10px] font-medium leading-snug {look}",
    )


def _count(one: Station, shell: Shell) -> rx.Component:
    if one.line is not Line.STUDY:
        return rx.fragment()
    due = rx.Var.create(shell.due_count).to(int)
    meaning = rx.cond(due == 1, "card due", "cards due")
    return rx.cond(due > 0, controls.badge(due, meaning=meaning))


def _current(one: Station, line: Line | None) -> dict[str, controls.Prop]:
    return {"custom_attrs": {"aria-current": "page"}} if one.line is line else {}


def _bar_station(one: Station, *, line: Line | None) -> rx.Component:
    look = "text-hue-ink" if one.line is line else "text-ink2"
    return controls.page_link(
        controls.icon(one.icon_name, size=20),
        SHORT_NAMES.get(one.line, one.name),
        href=one.path,
        **_current(one, line),
        class_name=f"{one.line.hue} {BAR_ITEM} {look}",
    )


BAR_ITEM: Final = (
    "flex flex-col items-center justify-center gap-0.5 min-h-[60px] text-[12px] font-medium"
)


def _more(line: Line | None, shell: Shell) -> rx.Component:
    is_here = line is not None and line not in ON_THE_BAR
    look = f"{line.hue} text-hue-ink" if line and is_here else "text-ink2"
    opener = rx.el.button(
        rx.el.span(
            controls.icon("menu", size=20),
            rx.cond(_has_news(shell), _speck()),
            class_name="relative",
        ),
        "More",
        type="button",
        class_name=f"{BAR_ITEM} {look}",
    )
    return controls.dialog(
        "All lines",
        rx.el.nav(
            *[_station(one, line=line, shell=shell) for one in STATIONS],
            aria_label="All lines",
            class_name="line-map flex flex-col gap-0.5 mt-2 [--bg2:var(--card)]",
        ),
        controls.page_link(
            controls.icon("bell"),
            "Notifications",
            rx.cond(_has_news(shell), controls.badge(shell.unread, meaning="unread")),
            href=INBOX,
            class_name="flex items-center gap-4 min-h-11 mt-3 pl-2.5 pr-3 rounded-[10px] "
            "font-medium text-ink2 hover:text-ink",
        ),
        rx.el.div(
            _from_sheet("Go to", icon_name="search", opens="palette"),
            _from_sheet("Catch a thought", icon_name="lightbulb", opens="thought"),
            class_name="grid grid-cols-2 gap-2 mt-3",
        ),
        _student(shell),
        trigger=opener,
        sheet=True,
    )


def _from_sheet(label: str, *, icon_name: str, opens: str) -> rx.Component:
    return rx.radix.primitives.dialog.close(
        rx.el.button(
            controls.icon(icon_name),
            label,
            type="button",
            custom_attrs={"data-opens": opens},
            class_name="flex items-center gap-2 min-h-11 px-2.5 rounded-[10px] border "
            "border-hairline2 text-[14px] font-medium text-ink2 whitespace-nowrap",
        ),
        as_child=True,
    )


def _speck() -> rx.Component:
    return rx.el.span(
        rx.el.span("new notifications", class_name="sr-only"),
        class_name="absolute -top-0.5 -right-1.5 size-2.5 rounded-full bg-ink",
    )


def _find() -> rx.Component:
    """Open the command palette, and say which key does."""
    return rx.el.button(
        controls.icon("search", size=16),
        "Go to",
        rx.el.span(controls.kbd("Ctrl", "K"), class_name="ml-auto"),
        type="button",
        aria_keyshortcuts="Control+K Meta+K",
        custom_attrs={"data-opens": "palette"},
        class_name="flex items-center gap-2.5 w-full min-h-10 flex-none px-3 rounded-[10px] "
        "border border-hairline2 text-[14px] text-ink2 hover:text-ink hover:bg-card2",
    )


def _by_hand() -> rx.Component:
    """Do by pointer what `n` and `?` do."""
    return rx.el.div(
        rx.el.button(
            controls.icon("lightbulb", size=16),
            "Catch a thought",
            rx.el.span(controls.kbd("N"), class_name="ml-auto max-lg:hidden"),
            type="button",
            aria_keyshortcuts="N",
            custom_attrs={"data-opens": "thought"},
            class_name=f"{Line.DUMP.hue} {QUIET} flex-1",
        ),
        rx.el.button(
            rx.el.span("Show the keys", class_name="sr-only"),
            controls.kbd("?"),
            type="button",
            title="Show the keys",
            aria_keyshortcuts="?",
            custom_attrs={"data-opens": "keys"},
            class_name=f"{QUIET} justify-center w-10 flex-none",
        ),
        class_name="flex items-center gap-1 mt-auto mb-2 flex-none",
    )


QUIET: Final = (
    "flex items-center gap-2 min-h-10 px-2.5 rounded-[10px] text-[14px] text-ink2 "
    "whitespace-nowrap hover:text-ink hover:bg-card2"
)


def _student(shell: Shell) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.div(
                shell.initials,
                aria_hidden="true",
                class_name="grid place-items-center size-[34px] flex-none rounded-full "
                "bg-[#4ecdc4] text-[#06222a] text-[13px] font-semibold",
            ),
            rx.el.div(
                rx.el.p(shell.name, class_name="text-[14px] font-semibold truncate"),
                rx.el.p(shell.summary, class_name="text-[12.5px] text-ink3 leading-snug"),
                class_name="min-w-0 flex-1",
            ),
            class_name="flex items-center gap-3 px-3 pt-3",
        ),
        _account_actions(shell),
        class_name="rounded-xl bg-card max-md:mt-5 max-md:bg-card2",
    )


def _account_actions(shell: Shell) -> rx.Component:
    return rx.el.div(
        controls.page_link(
            controls.icon("settings", size=15),
            "Settings",
            href=SETTINGS,
            class_name=SMALL_ACTION,
        ),
        rx.cond(
            shell.is_host,
            controls.page_link(
                controls.icon("server", size=15),
                "Host",
                href=ADMIN,
                class_name=SMALL_ACTION,
            ),
        ),
        rx.el.form(
            rx.el.button(
                controls.icon("log_out", size=15),
                "Sign out",
                type="submit",
                class_name=SMALL_ACTION,
            ),
            action=session.SIGN_OUT_PATH,
            method="post",
            on_submit=None,
        ),
        class_name="flex flex-wrap justify-between gap-x-1 mt-1.5 px-1 pb-1",
    )


SMALL_ACTION: Final = (
    "inline-flex items-center gap-2 min-h-11 md:min-h-9 px-2 rounded-lg text-[12.5px] "
    "whitespace-nowrap font-medium text-ink2 hover:text-ink hover:bg-card2"
)


class _Teller(rx.Component):
    """Lets the browser say what is new while nobody looks at the tab."""

    library = f"$/public{rx.asset('teller.jsx', shared=True)}"
    tag = "Teller"

    looked: rx.Var[bool]
    newest: rx.Var[str]
    at: rx.Var[str]
    title: rx.Var[str]
    text: rx.Var[str]
    path: rx.Var[str]


def teller(newest: Newest) -> rx.Component:
    """Show a new notification as the browser's own, once that was allowed."""
    return _Teller.create(
        looked=newest.looked,
        newest=newest.id,
        at=newest.at,
        title=newest.title,
        text=newest.text,
        path=newest.path,
    )
