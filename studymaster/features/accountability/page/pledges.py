"""Pledges: what was promised to a buddy, what buddies promised, and a form for the next."""

from typing import Final

import reflex as rx

from studymaster.features.accountability.schemas import BuddyChoice, PledgeView
from studymaster.features.accountability.state import PledgesState
from studymaster.features.accountability.state.pledges import NEW_PLEDGE
from studymaster.ui import controls, layout
from studymaster.ui.controls import Text

KINDS: Final = (
    ("reviews", "Cards reviewed"),
    ("focus_minutes", "Focused minutes"),
    ("days", "Active days"),
)
LENGTHS: Final = (
    ("1", "by tonight"),
    ("3", "within 3 days"),
    ("7", "within 7 days"),
    ("14", "within 14 days"),
    ("28", "within 28 days"),
)

_bounds = PledgesState.bounds


def pledges() -> rx.Component:
    """Show promises both ways; the log decides what is kept."""
    return layout.card(
        layout.section(
            "Pledges",
            rx.cond(PledgesState.loaded, _content(), controls.skeleton("h-32 w-full")),
        ),
        _withdrawal(),
    )


def _content() -> rx.Component:
    return rx.fragment(
        rx.cond(
            PledgesState.own,
            rx.el.ul(rx.foreach(PledgesState.own, _own), aria_label="What you promised"),
        ),
        rx.cond(
            PledgesState.theirs,
            rx.el.div(
                rx.el.h3(
                    "Promised to you",
                    class_name="mt-4 mb-1 text-[13px] font-semibold text-ink2",
                ),
                rx.el.ul(rx.foreach(PledgesState.theirs, _theirs)),
            ),
        ),
        rx.cond(PledgesState.buddies, _form(), _no_buddies()),
    )


def _own(one: PledgeView) -> rx.Component:
    return rx.el.li(
        _promise(
            one,
            rx.cond(one.seen, f"to {one.name}", f"to {one.name}, no buddy of yours now"),
        ),
        rx.cond(
            (one.state == "open") & (one.progress < one.goal),
            controls.button(
                "Withdraw",
                kind="ghost",
                aria_label=f"Withdraw your pledge of {one.words}",
                on_click=PledgesState.ask_withdrawal(one.id),
                class_name="mt-2",
            ),
        ),
        key=one.id,
        class_name="py-3 border-t border-hairline first:border-t-0 first:pt-0",
    )


def _theirs(one: PledgeView) -> rx.Component:
    return rx.el.li(
        _promise(one, f"by {one.name}"),
        key=one.id,
        class_name="py-3 border-t border-hairline",
    )


def _promise(one: PledgeView, whose: Text) -> rx.Component:
    return rx.fragment(
        rx.el.p(one.words, class_name="font-semibold leading-snug"),
        rx.el.p(whose, class_name="text-[13.5px] text-ink2 truncate"),
        rx.el.div(
            controls.progress_bar(
                one.progress, one.goal, label=f"Progress of the pledge: {one.words}"
            ),
            class_name="mt-2",
        ),
        rx.el.p(
            f"{one.counted} · {one.when}",
            class_name="mt-1.5 text-[13px] text-ink2 tabular-nums",
        ),
    )


def _form() -> rx.Component:
    return rx.el.details(
        rx.el.summary(
            "Make a pledge",
            id=NEW_PLEDGE,
            class_name="min-h-11 py-2.5 font-semibold",
        ),
        rx.el.form(
            rx.el.div(
                rx.el.label("To whom", html_for="pledge-buddy", class_name=controls.LABEL),
                rx.el.select(
                    rx.foreach(PledgesState.buddies, _buddy),
                    id="pledge-buddy",
                    name="buddy_id",
                    class_name=controls.FIELD,
                ),
            ),
            *_what(),
            controls.select("Until when", name="days", options=LENGTHS, default_value="7"),
            rx.el.p(
                "Counts from now on: each card once a day, and no focus session that is "
                "under way. Your buddy sees how far you are. As soon as the log holds "
                "enough, the pledge is kept and brings you 25 points.",
                class_name="text-[13px] text-ink2",
            ),
            controls.button("Promise it", type="submit"),
            on_submit=PledgesState.make,
            class_name="grid gap-3.5 pt-2",
        ),
        # Once a pledge is made, a closed and empty form takes the place of this one.
        key=PledgesState.made,
        class_name="mt-3 pt-2 border-t border-hairline",
    )


def _what() -> list[rx.Component]:
    """Ask what is promised, and how much of it; each kind has its own bounds."""
    return [
        controls.select(
            "What", name="kind", options=KINDS, on_change=PledgesState.choose_kind
        ),
        controls.text_field(
            "How many",
            name="amount",
            type="number",
            min=_bounds.least,
            max=_bounds.most,
            hint=_bounds.words,
            problem=PledgesState.problem,
            required=True,
            default_value="50",
        ),
    ]


def _buddy(one: BuddyChoice) -> rx.Component:
    return rx.el.option(one.name, value=one.id)


def _no_buddies() -> rx.Component:
    way = controls.link_button("Find a buddy", "/campus?tab=buddies", kind="ghost")
    return rx.cond(
        PledgesState.own,
        rx.el.div(
            rx.el.p(
                "You have no buddy now. Open pledges still count for you; nobody else sees "
                "them. The next one needs a buddy.",
                class_name="mb-3 text-[14px] text-ink2",
            ),
            way,
            class_name="mt-3 pt-3.5 border-t border-hairline",
        ),
        controls.empty_state(
            "handshake",
            "Promise it to somebody",
            "A pledge is a promise to a buddy: so many cards, focused minutes or active "
            "days. Find a buddy first.",
            way,
        ),
    )


def _withdrawal() -> rx.Component:
    return controls.dialog(
        "Withdraw this pledge?",
        rx.el.div(
            controls.button("Withdraw it", kind="danger", on_click=PledgesState.withdraw),
            controls.button(
                "Keep it", kind="ghost", on_click=PledgesState.ask_withdrawal("")
            ),
            class_name="flex flex-wrap gap-3",
        ),
        description="Your buddy no longer sees it, and it brings no points.",
        open=PledgesState.withdrawing != "",
        on_open_change=_close,
    )


def _close(_: rx.Var[bool]) -> rx.event.EventType[()]:
    return PledgesState.ask_withdrawal("")
