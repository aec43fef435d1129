"""The settings page: everything a student can change about their own account."""

from typing import Final

import reflex as rx
from reflex.event import IndividualEventType

from studymaster.features.accounts.page import choices, own_data
from studymaster.features.accounts.page.sign_in import CHOICE
from studymaster.features.accounts.schemas import ConnectionView, SessionView
from studymaster.features.accounts.state import SettingsState
from studymaster.ui import controls, layout
from studymaster.ui.theme import Line

ROUTE: Final = "/settings"
TITLE: Final = "Settings"
LINE: Final = None
LOOKS: Final = (
    ("system", "Like my device", "monitor"),
    ("dark", "Dark", "moon"),
    ("light", "Light", "sun"),
)
TWO_DIGITS: Final = 10


def page(*, theme_saved: IndividualEventType[()]) -> rx.Component:
    """Show what a student can change; `theme_saved` runs after the look was kept."""
    return rx.fragment(
        layout.heading(TITLE, "They hold for your account, on every device."),
        rx.cond(
            SettingsState.zones,
            rx.el.div(
                _look(theme_saved),
                _day(),
                _moodle(),
                choices.model(),
                choices.told(),
                choices.privacy(),
                _sessions(),
                own_data.section(),
                class_name="grid gap-5",
            ),
            controls.skeleton("h-[140px] w-full", "h-[230px] w-full", "h-[160px] w-full"),
        ),
    )


def _look(theme_saved: IndividualEventType[()]) -> rx.Component:
    return layout.card(
        layout.section(
            "Look",
            rx.el.fieldset(
                rx.el.legend("Look", class_name="sr-only"),
                *[_look_choice(*look, theme_saved=theme_saved) for look in LOOKS],
                class_name="grid gap-2 sm:flex sm:flex-wrap",
            ),
        )
    )


def _look_choice(
    value: str, words: str, icon_name: str, *, theme_saved: IndividualEventType[()]
) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="radio",
            name="theme",
            value=value,
            checked=SettingsState.theme == value,
            on_change=[SettingsState.save_theme(value), theme_saved],
            class_name="sr-only",
        ),
        controls.icon(icon_name),
        words,
        class_name=f"{CHOICE} whitespace-nowrap",
    )


def _day() -> rx.Component:
    hours = [(str(hour), f"{hour:02}:00") for hour in range(24)]
    return layout.card(
        layout.section(
            "Your day",
            rx.el.form(
                controls.select(
                    "Time zone",
                    name="time_zone",
                    options=SettingsState.zones,
                    default_value=SettingsState.time_zone,
                    key=SettingsState.time_zone,
                ),
                controls.select(
                    "The day starts at",
                    name="day_start_hour",
                    options=hours,
                    default_value=SettingsState.day_start_hour.to_string(),  # pyright: ignore[reportAttributeAccessIssue]  # a Var on the class
                    key=SettingsState.day_start_hour,
                    hint="Reviews after midnight still count for the evening before.",
                ),
                controls.button("Save", type="submit", class_name="max-sm:w-full w-fit"),
                on_submit=SettingsState.save_day,
                class_name="grid gap-4 max-w-[560px]",
            ),
            rx.el.p(
                "Your day starts at ",
                rx.cond(SettingsState.day_start_hour < TWO_DIGITS, "0", ""),
                f"{SettingsState.day_start_hour}:00, time zone {SettingsState.time_zone}.",
                role="status",
                class_name="mt-4 text-[13.5px] text-ink2",
            ),
        )
    )


def _sessions() -> rx.Component:
    return layout.card(
        layout.section(
            "Where you are signed in",
            rx.el.ul(rx.foreach(SettingsState.sessions, _session)),
        )
    )


def _session(session: SessionView) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(session.device, class_name="font-semibold"),
            rx.el.p(f"since {session.since}", class_name="text-[13.5px] text-ink2"),
            class_name="min-w-0 flex-1",
        ),
        rx.cond(session.current, controls.chip("this one", line=Line.CAMPUS.hue)),
        controls.button(
            "End",
            kind="ghost",
            aria_label=f"End the session on {session.device} since {session.since}",
            on_click=SettingsState.end_session(session.id),
        ),
        key=session.id,
        class_name="flex items-center gap-4 py-3 border-t border-hairline",
    )


def _moodle() -> rx.Component:
    return layout.card(
        layout.section(
            "Moodle",
            rx.cond(
                SettingsState.connections,
                rx.el.ul(rx.foreach(SettingsState.connections, _connection)),
                rx.el.p("No Moodle is connected.", class_name="text-ink2"),
            ),
            rx.el.div(choices.switches(choices.SYNCED), class_name="mt-4"),
            action=controls.text_link(
                "Manage in Live Sync",
                "/live-sync",
                class_name="inline-block py-3.5 -my-3.5",
            ),
        )
    )


def _connection(one: ConnectionView) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(one.site_name, class_name="font-semibold"),
            rx.el.p(
                f"{one.username} at {one.site_url}",
                class_name="text-[13.5px] text-ink2 break-words",
            ),
            rx.cond(
                one.failure,
                rx.el.p(
                    one.failure, class_name="line-acct text-[13.5px] text-hue-ink mt-1"
                ),
            ),
        ),
        key=one.id,
        class_name="py-3 border-t border-hairline",
    )
