"""The settings page: everything a student can change about their own account."""

from typing import Final

import reflex as rx
from reflex.event import IndividualEventType
from reflex.vars import ObjectVar

from studymaster.features.accounts.page import choices, credentials, own_data
from studymaster.features.accounts.page.sign_in import CHOICE
from studymaster.features.accounts.schemas import ConnectionView, DeviceView, SessionView
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
                _column(credentials.section(), _look(theme_saved), _day(), choices.model()),
                _column(
                    _moodle(),
                    choices.told(),
                    choices.privacy(),
                    _sessions(),
                    own_data.section(),
                ),
                class_name="grid gap-5 items-start xl:grid-cols-2",
            ),
            rx.el.div(
                *[controls.skeleton("h-[230px] w-full", "h-[140px] w-full")] * 2,
                class_name="grid gap-5 xl:grid-cols-2",
            ),
        ),
    )


def _column(*cards: rx.Component) -> rx.Component:
    return rx.el.div(*cards, class_name="grid gap-5 min-w-0")


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
            rx.el.ul(rx.foreach(SettingsState.devices, _device)),
            action=rx.cond(
                SettingsState.devices.length() > 1,  # pyright: ignore[reportAttributeAccessIssue]  # a Var on the class
                controls.button(
                    "End all others",
                    kind="ghost",
                    on_click=SettingsState.end_others,
                    class_name="-my-2.5",
                ),
            ),
        )
    )


def _device(device: ObjectVar[DeviceView]) -> rx.Component:
    """Show the one session on a device, or how many there are and each on demand."""
    return rx.el.li(
        rx.cond(
            device.count == 1,
            rx.foreach(device.sessions, _alone),
            rx.el.details(
                rx.el.summary(
                    rx.el.span(device.name, class_name="font-semibold"),
                    rx.el.span(
                        f" · {device.count} sign-ins", class_name="text-[13.5px] text-ink2"
                    ),
                    class_name="py-3 cursor-pointer",
                ),
                rx.el.ul(rx.foreach(device.sessions, _one_of_many), class_name="pl-4"),
            ),
        ),
        key=f"{device.current} {device.name}",
        class_name="border-t border-hairline",
    )


def _alone(session: ObjectVar[SessionView]) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.p(session.device, class_name="font-semibold"),
            _when(session),
            class_name="min-w-0 flex-1",
        ),
        rx.cond(session.current, controls.chip("this one", line=Line.CAMPUS.hue)),
        _end(session),
        key=session.id,
        class_name="flex items-center gap-4 py-3",
    )


def _one_of_many(session: ObjectVar[SessionView]) -> rx.Component:
    return rx.el.li(
        rx.el.div(_when(session), class_name="min-w-0 flex-1"),
        _end(session),
        key=session.id,
        class_name="flex items-center gap-4 py-2 border-t border-hairline",
    )


def _when(session: ObjectVar[SessionView]) -> rx.Component:
    return rx.el.p(
        rx.cond(session.current, "in use now", f"last used {session.used}"),
        f" · since {session.since}",
        class_name="text-[13.5px] text-ink2",
    )


def _end(session: ObjectVar[SessionView]) -> rx.Component:
    return controls.button(
        "End",
        kind="ghost",
        aria_label=f"End the session on {session.device} since {session.since}",
        on_click=SettingsState.end_session(session.id),
    )


def _moodle() -> rx.Component:
    return layout.card(
        layout.section(
            "Moodle",
            rx.cond(
                SettingsState.connections,
                rx.fragment(
                    rx.el.ul(rx.foreach(SettingsState.connections, _connection)),
                    rx.el.div(choices.switches(choices.SYNCED), class_name="mt-4"),
                ),
                _unconnected(),
            ),
            action=rx.cond(
                SettingsState.connections,
                controls.text_link(
                    "Manage in Live Sync",
                    "/live-sync",
                    class_name="inline-block py-3.5 -my-3.5",
                ),
            ),
        )
    )


def _unconnected() -> rx.Component:
    return rx.fragment(
        rx.el.p(
            "No Moodle is connected. Connect one first; then you choose here whether it is "
            "synced by itself and whether cards are proposed.",
            class_name="text-ink2 max-w-[62ch]",
        ),
        controls.link_button(
            "Connect a Moodle", "/live-sync", kind="ghost", class_name="mt-4 max-sm:w-full"
        ),
    )


def _connection(one: ConnectionView) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(one.site_name, class_name="font-semibold"),
            rx.el.p(
                f"{one.username} at {one.site_url}",
                class_name="text-[13.5px] text-ink2",
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
