"""Buddies: who studies with the student, who asks, and whom they could ask."""

from typing import Any

import reflex as rx
from reflex.vars import ObjectVar

from studymaster.features.campus.page.rows import LIST, QUIET, SMALL, show_more
from studymaster.features.campus.rules.buddies import NOTE_MAX
from studymaster.features.campus.schemas.buddies import (
    BlockedView,
    BuddyView,
    SuggestionView,
)
from studymaster.features.campus.state.buddies import BuddiesState
from studymaster.ui import controls, layout
from studymaster.ui.asking import ask_first

ROW = "flex flex-wrap items-start gap-x-6 gap-y-3 py-4"


def buddies_panel() -> rx.Component:
    """Show the switch, the requests, the buddies and the suggestions."""
    return rx.cond(
        BuddiesState.loaded,
        rx.el.div(
            _switch(),
            _incoming(),
            _buddies(),
            rx.cond(BuddiesState.is_open, _suggestions()),
            _outgoing(),
            _blocked(),
            class_name="flex flex-col gap-6",
        ),
        controls.skeleton("h-20 w-full", "h-40 w-full", "h-40 w-full"),
    )


def _switch() -> rx.Component:
    return layout.card(
        controls.switch(
            "Open to buddies",
            checked=BuddiesState.is_open,
            hint="Students of your courses who are open too see your name and the courses "
            "you share. Nothing else.",
            on_change=BuddiesState.open_up,
        )
    )


def _incoming() -> rx.Component:
    return rx.cond(
        BuddiesState.incoming,
        layout.section(
            "Requests",
            layout.card(
                rx.el.ul(rx.foreach(BuddiesState.incoming, _request), class_name=LIST)
            ),
        ),
    )


def _request(one: ObjectVar[BuddyView]) -> rx.Component:
    return rx.el.li(
        _who(one, one.note),
        _row_actions(
            controls.button(
                "Accept", on_click=BuddiesState.accept(one.id), class_name=SMALL
            ),
            controls.button(
                "Decline",
                kind="ghost",
                on_click=BuddiesState.end(one.id),
                class_name=SMALL,
            ),
            _block(one.account_id, one.name),
        ),
        class_name=ROW,
        key=one.id,
    )


def _buddies() -> rx.Component:
    return layout.section(
        "Your buddies",
        layout.card(
            rx.cond(
                BuddiesState.buddies,
                rx.el.ul(rx.foreach(BuddiesState.buddies, _buddy), class_name=LIST),
                _no_buddies(),
            ),
            rx.cond(BuddiesState.more_buddies, show_more(BuddiesState.show_more_buddies)),
        ),
    )


def _no_buddies() -> rx.Component:
    return controls.empty_state(
        "users",
        "No buddies yet",
        rx.cond(
            BuddiesState.is_open,
            "Ask somebody from the suggestions below. You are buddies once they accept.",
            "A buddy takes your pledges and knows which courses you share. Switch on "
            "“Open to buddies” to see who of your courses is looking for one.",
        ),
        rx.cond(
            BuddiesState.is_open,
            rx.fragment(),
            controls.button(
                "Be open to buddies",
                kind="ghost",
                on_click=BuddiesState.open_up(True),  # noqa: FBT003  (sent in place)
            ),
        ),
    )


def _buddy(one: ObjectVar[BuddyView]) -> rx.Component:
    return rx.el.li(
        _who(one, ""),
        _row_actions(
            ask_first(
                controls.button("End", kind="ghost", class_name=SMALL),
                title=f"Study without {one.name}?",
                text="You are no longer buddies. Nobody is notified, and either of you can "
                "ask again.",
                label="End it",
                on_confirm=BuddiesState.end(one.id),
            ),
            _block(one.account_id, one.name),
        ),
        class_name=ROW,
        key=one.id,
    )


def _suggestions() -> rx.Component:
    return layout.section(
        "Students of your courses",
        layout.card(
            rx.cond(
                BuddiesState.suggestions,
                rx.el.ul(
                    rx.foreach(BuddiesState.suggestions, _suggestion), class_name=LIST
                ),
                _nobody_to_ask(),
            ),
            rx.cond(
                BuddiesState.more_suggestions,
                show_more(BuddiesState.show_more_suggestions),
            ),
        ),
    )


def _nobody_to_ask() -> rx.Component:
    known, asking = (
        rx.Var.create(BuddiesState.buddies),
        rx.Var.create(BuddiesState.incoming),
    )
    asked = rx.Var.create(BuddiesState.outgoing)
    is_somebody_here = known.length() + asking.length() + asked.length() > 0
    return controls.empty_state(
        "search",
        rx.cond(is_somebody_here, "Nobody else to ask now", "Nobody else is open yet"),
        rx.cond(
            is_somebody_here,
            "Whoever of your courses is open and can be asked stands on this page already.",
            "You appear to others of your courses as soon as they switch it on. "
            "Tell somebody from a lecture.",
        ),
    )


def _suggestion(one: ObjectVar[SuggestionView]) -> rx.Component:
    is_asking = BuddiesState.asking == one.account_id
    return rx.el.li(
        _who(one, ""),
        _row_actions(
            rx.el.button(
                "Ask",
                type="button",
                aria_expanded=is_asking,
                aria_label=f"Ask {one.name}",
                on_click=BuddiesState.start_asking(one.account_id),
                class_name=QUIET,
            ),
            _block(one.account_id, one.name),
        ),
        rx.cond(is_asking, _note_form()),
        class_name=ROW,
        key=one.account_id,
    )


def _note_form() -> rx.Component:
    return rx.el.form(
        controls.text_area(
            "A few words",
            name="note",
            hint="What you want to study together, and when.",
            max_length=NOTE_MAX,
            rows=3,
            auto_focus=True,
        ),
        rx.el.div(
            controls.button("Send request", type="submit"),
            controls.button("Cancel", kind="ghost", on_click=BuddiesState.stop_asking),
            class_name="flex flex-wrap gap-2 mt-3",
        ),
        on_submit=BuddiesState.ask,
        class_name="basis-full",
    )


def _outgoing() -> rx.Component:
    return rx.cond(
        BuddiesState.outgoing,
        layout.section(
            "You asked them",
            layout.card(
                rx.el.ul(rx.foreach(BuddiesState.outgoing, _sent), class_name=LIST)
            ),
        ),
    )


def _sent(one: ObjectVar[BuddyView]) -> rx.Component:
    return rx.el.li(
        _who(one, one.note),
        _row_actions(
            controls.button(
                "Withdraw",
                kind="ghost",
                on_click=BuddiesState.end(one.id),
                aria_label=f"Withdraw the request to {one.name}",
                class_name=SMALL,
            )
        ),
        class_name=ROW,
        key=one.id,
    )


def _blocked() -> rx.Component:
    return rx.cond(
        BuddiesState.blocked,
        rx.el.details(
            rx.el.summary(
                "Blocked students",
                class_name="min-h-11 flex items-center cursor-pointer text-[14px] "
                "font-semibold text-ink2",
            ),
            layout.card(
                rx.el.ul(rx.foreach(BuddiesState.blocked, _blocked_one), class_name=LIST)
            ),
        ),
    )


def _blocked_one(one: ObjectVar[BlockedView]) -> rx.Component:
    return rx.el.li(
        rx.el.p(one.name, class_name="flex-1 min-w-0 py-2 font-medium"),
        controls.button(
            "Unblock",
            kind="ghost",
            on_click=BuddiesState.unblock(one.account_id),
            aria_label=f"Unblock {one.name}",
            class_name=SMALL,
        ),
        class_name=ROW,
        key=one.account_id,
    )


def _who(one: ObjectVar[Any], note: controls.Text) -> rx.Component:
    return rx.el.div(
        rx.el.p(one.name, class_name="font-semibold text-ink"),
        rx.el.p(note, class_name="mt-1 text-ink2 whitespace-pre-line empty:hidden"),
        rx.el.ul(
            rx.foreach(one.shared.to(list[str]), _course),
            aria_label="Courses you share",
            class_name="list-none flex flex-wrap gap-1.5 mt-2 empty:hidden",
        ),
        class_name="flex-1 min-w-[180px]",
    )


def _course(name: rx.Var[str]) -> rx.Component:
    return rx.el.li(controls.chip(name))


def _row_actions(*actions: rx.Component) -> rx.Component:
    return rx.el.div(*actions, class_name="flex flex-wrap items-center gap-2")


def _block(account_id: controls.Text, name: controls.Text) -> rx.Component:
    return ask_first(
        controls.button(
            "Block",
            kind="ghost",
            icon_name="ban",
            aria_label=f"Block {name}",
            class_name=SMALL,
        ),
        title=f"Block {name}?",
        text="It ends what ties you, quietly. Neither of you sees what the other asks, shares "
        "or writes any more.",
        label="Block",
        on_confirm=BuddiesState.block(account_id),
    )
