"""The inbox: what happened while the student was away, and where it leads."""

from typing import Final

import reflex as rx

from studymaster.features.notifications.schemas import NotificationView
from studymaster.features.notifications.state import LIST, InboxState
from studymaster.ui import controls, layout
from studymaster.ui.theme import Line

ROUTE: Final = "/notifications"
TITLE: Final = "Notifications"
LINE: Final = None

LOOKS: Final = {
    "sync": ("refresh_cw", Line.SYNC),
    "cards": ("layers", Line.STUDY),
    "focus": ("timer", Line.FOCUS),
    "campus": ("users", Line.CAMPUS),
    "points": ("flame", Line.ACCOUNT),
    "account": ("bell", Line.HUB),
}
"""Icon and line of each kind."""


def page() -> rx.Component:
    """Show the inbox."""
    return rx.fragment(
        layout.heading(
            TITLE,
            "What happened while you were away. You choose in the settings what is told.",
            actions=rx.cond(
                InboxState.has_unread,
                controls.button(
                    "Mark all as read",
                    kind="ghost",
                    icon_name="check_check",
                    on_click=InboxState.read_all,
                ),
            ),
        ),
        rx.cond(
            InboxState.loaded,
            rx.cond(InboxState.items, _inbox(), _nothing()),
            layout.card(controls.skeleton("h-14 w-full", "h-14 w-full", "h-14 w-full")),
        ),
    )


def _inbox() -> rx.Component:
    return layout.card(
        rx.el.ul(
            rx.foreach(InboxState.items, _item),
            aria_label=TITLE,
            id=LIST,
            tab_index=-1,
            custom_attrs={"aria-live": "polite", "aria-relevant": "additions"},
        ),
        rx.cond(
            InboxState.has_more,
            controls.button(
                "Show more",
                kind="ghost",
                on_click=InboxState.more,
                class_name="mt-4 max-sm:w-full",
            ),
        ),
    )


def _item(one: NotificationView) -> rx.Component:
    return rx.el.li(
        _mark(one),
        rx.el.div(
            rx.cond(
                one.path != "",
                controls.text_link(
                    one.title,
                    one.path,
                    on_click=InboxState.read(one.id),
                    class_name="inline-block py-2.5 -my-2.5",
                ),
                rx.el.p(one.title, class_name="font-medium text-ink"),
            ),
            rx.cond(
                one.text != "",
                rx.el.p(one.text, class_name="text-ink2 mt-0.5"),
            ),
            rx.el.p(
                rx.cond(one.read, "", controls.chip("new", line=Line.HUB.hue)),
                controls.ago(one.created_at),
                rx.cond(one.read, rx.fragment(), _tick(one)),
                class_name="flex items-center gap-2 text-[13px] text-ink3 mt-1",
            ),
            class_name="min-w-0 flex-1",
        ),
        key=one.id,
        class_name="flex items-start gap-3 sm:gap-4 py-4 border-t border-hairline "
        "first:border-t-0 first:pt-0",
    )


def _tick(one: NotificationView) -> rx.Component:
    # Below the words, which have the whole width of a phone that way.
    return controls.icon_button(
        f"Mark as read: {one.title}",
        "check",
        # The tick goes with it, and the focus would go with the tick.
        on_click=[InboxState.read(one.id), rx.set_focus(LIST)],
        class_name="flex-none ml-auto -my-2.5 -mr-2.5",
    )


def _mark(one: NotificationView) -> rx.Component:
    """Draw the sign of its line."""
    looks = [(kind, _disc(icon_name, line)) for kind, (icon_name, line) in LOOKS.items()]
    return rx.el.span(rx.match(one.kind, *looks, rx.fragment()))


def _disc(icon_name: str, line: Line) -> rx.Component:
    return rx.el.span(
        controls.icon(icon_name, size=16),
        aria_hidden="true",
        class_name=f"{line.hue} tint grid place-items-center size-9 flex-none rounded-full",
    )


def _nothing() -> rx.Component:
    return layout.card(
        controls.empty_state(
            "bell",
            "Nothing to tell yet",
            "When a sync ends, cards wait or a buddy writes, it stands here.",
            controls.link_button(
                "Choose what is told", "/settings", kind="ghost", icon_name="settings"
            ),
        )
    )
