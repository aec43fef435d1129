"""The calendar feed: its private address, another one, or none."""

import reflex as rx

from studymaster.features.deadlines.state import CalendarState
from studymaster.features.deadlines.state.calendar import PART
from studymaster.ui import controls, layout
from studymaster.ui.asking import ask_first
from studymaster.ui.copying import CopyLine
from studymaster.ui.folding import folded


def calendar_part() -> rx.Component:
    """Show the address of the feed and what to do with it, or offer to make one."""
    return layout.section(
        "Due dates in your calendar",
        layout.card(
            rx.cond(
                CalendarState.loaded,
                rx.cond(CalendarState.address != "", _address(), _offer()),
                controls.skeleton("h-5 w-2/3", "h-11 w-full"),
            )
        ),
        id=PART,
        tab_index=-1,
    )


def _offer() -> rx.Component:
    return controls.empty_state(
        "calendar_plus",
        "See due dates in your own calendar",
        "You get a private address that your calendar program reads by itself. Whoever has "
        "it can read your due dates, so it is off until you want it.",
        controls.button(
            "Make an address", icon_name="link", on_click=CalendarState.switch_on
        ),
    )


def _address() -> rx.Component:
    return rx.el.div(
        CopyLine.create(label="Private address", value=CalendarState.address),
        rx.el.p(
            "Whoever has this address can read your due dates and how far you are with them, "
            "without signing in. Renew it if it got into the wrong hands.",
            class_name="text-[14px] text-ink2 max-w-[68ch]",
        ),
        rx.el.div(
            rx.el.a(
                controls.icon("calendar_plus"),
                "Add to this device",
                href=CalendarState.subscription,
                class_name=controls.BUTTON_KINDS["primary"],
            ),
            ask_first(
                controls.button("Renew the address", kind="ghost", icon_name="refresh_cw"),
                title="Renew the address?",
                text="The old address shows nothing any more. Calendars that read it have "
                "to be given the new one.",
                label="Renew it",
                on_confirm=CalendarState.renew,
            ),
            ask_first(
                controls.button("Switch off", kind="ghost"),
                title="Switch the calendar feed off?",
                text="The address shows nothing any more. Due dates stay here, and leave "
                "your calendar the next time it looks.",
                label="Switch it off",
                on_confirm=CalendarState.switch_off,
            ),
            class_name="flex flex-wrap gap-2.5",
        ),
        _how(),
        class_name="flex flex-col gap-4",
    )


def _how() -> rx.Component:
    ways = (
        ("Apple Calendar", "File, New calendar subscription, paste the address."),
        ("Google Calendar", "Other calendars, plus, From URL, paste the address."),
        ("Outlook", "Add calendar, Subscribe from web, paste the address."),
        ("Thunderbird", "New calendar, On the network, paste the address."),
    )
    return folded(
        "How to add it",
        rx.el.ul(
            *[
                rx.el.li(rx.el.strong(name), ": ", way, class_name="text-[14px]")
                for name, way in ways
            ],
            class_name="list-disc pl-5 grid gap-1.5 text-ink2",
        ),
        rx.el.p(
            "Programs look again about once an hour; some only a few times a day.",
            class_name="mt-3 text-[14px] text-ink2",
        ),
    )
