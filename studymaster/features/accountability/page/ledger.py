"""The ledger: a sentence for every point."""

import reflex as rx

from studymaster.features.accountability.schemas import EntryView
from studymaster.features.accountability.state import LedgerState
from studymaster.ui import controls, layout


def ledger() -> rx.Component:
    """List what was won and lost, newest first, as far as it was unrolled."""
    return layout.card(
        layout.section(
            "Ledger",
            rx.cond(
                LedgerState.loaded,
                rx.cond(LedgerState.entries, _entries(), _nothing()),
                controls.skeleton("h-4 w-40", "h-11 w-full", "h-11 w-full"),
            ),
            action="newest first",
        ),
    )


def _entries() -> rx.Component:
    return rx.fragment(
        rx.el.ul(rx.foreach(LedgerState.entries, _entry)),
        rx.cond(
            LedgerState.more,
            controls.button(
                "Show more",
                kind="ghost",
                class_name="mt-4 max-md:w-full",
                on_click=LedgerState.show_more,
            ),
        ),
    )


def _entry(entry: EntryView) -> rx.Component:
    return rx.el.li(
        rx.cond(
            entry.heading != "",
            rx.el.h3(
                entry.heading, class_name="pt-3 pb-1 text-[13px] font-semibold text-ink2"
            ),
        ),
        rx.el.div(
            rx.el.span(
                entry.amount,
                class_name=rx.cond(
                    entry.gain,
                    "w-16 flex-none font-semibold tabular-nums text-ink",
                    "w-16 flex-none font-semibold tabular-nums text-acct-ink",
                ),
            ),
            rx.el.div(
                rx.el.p(entry.sentence),
                rx.el.p(entry.detail, class_name="text-[13px] text-ink2 empty:hidden"),
                class_name="min-w-0",
            ),
            class_name="flex gap-3 py-2 border-t border-hairline",
        ),
        key=entry.id,
    )


def _nothing() -> rx.Component:
    return controls.empty_state(
        "receipt_text",
        "No points yet",
        "Review a card or stay focused for 5 minutes, and the first line stands here.",
        controls.link_button("Review cards", "/smart-study/review"),
    )
