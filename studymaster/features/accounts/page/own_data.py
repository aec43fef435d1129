"""The end of the settings: taking one's data along, and leaving for good."""

from typing import Final

import reflex as rx

from studymaster.features.accounts.schemas import ExportView
from studymaster.features.accounts.state import OwnDataState, SettingsState
from studymaster.ui import controls, layout

WHAT_IS_IN: Final = (
    "One ZIP file: everything we keep about you as JSON, and the files that you uploaded or "
    "recorded. Passwords, Moodle tokens and keys are left out; lectures stay in Moodle."
)
WHAT_GOES: Final = (
    "Gone for good: your courses and cards here, reviews, focus sessions, notes, recordings, "
    "points, buddies, Moodle token and AI key."
)
WHAT_STAYS: Final = (
    "What stays, without your name: what you wrote in groups, shared with a course or "
    "answered. Moodle itself is not touched."
)


PLACE: Final = "your-data"
"""Where an address lands that ends in `#your-data`."""


class _Landing(rx.Component):
    """Brings the part of the page into sight that the address names."""

    library = f"$/public{rx.asset('landing.jsx', shared=True)}"
    tag = "Landing"

    place: rx.Var[str]


def section() -> rx.Component:
    """Show the exports, and the way out."""
    return layout.card(
        _Landing.create(place=PLACE),
        layout.section(
            "Your data",
            rx.el.p(WHAT_IS_IN, class_name="text-ink2 mb-4 max-w-[62ch]"),
            rx.el.ul(
                rx.foreach(OwnDataState.exports, _export),
                aria_label="Exports",
                custom_attrs={"aria-live": "polite"},
                class_name="empty:hidden mb-4",
            ),
            rx.el.div(
                controls.button(
                    "Export my data",
                    kind="ghost",
                    icon_name="download",
                    loading=OwnDataState.is_packing,
                    on_click=OwnDataState.request_export,
                ),
                _delete(),
                class_name="flex flex-wrap gap-2.5",
            ),
            id=PLACE,
            tab_index=-1,
            class_name="scroll-mt-6",
        ),
    )


def _export(one: ExportView) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.match(
                one.state,
                ("done", rx.el.p(f"Ready, {one.size}", class_name="font-semibold")),
                ("failed", rx.el.p(one.failure, class_name="line-acct text-hue-ink")),
                rx.el.p("Being packed. You can leave this page."),
            ),
            rx.el.p(
                "asked for ",
                controls.ago(one.asked_at),
                rx.cond(one.address != "", ", kept for seven days", ""),
                class_name="text-[13.5px] text-ink2",
            ),
            class_name="min-w-0 flex-1",
        ),
        rx.cond(
            one.address != "",
            rx.el.a(
                controls.icon("download"),
                "Download",
                href=one.address,
                custom_attrs={"download": "studymaster.zip"},
                reload_document=True,
                class_name=controls.BUTTON_KINDS["ghost"],
            ),
        ),
        key=one.id,
        class_name="flex flex-wrap items-center gap-4 py-3 border-t border-hairline",
    )


def _delete() -> rx.Component:
    return controls.dialog(
        "Delete my account",
        rx.el.div(
            rx.el.p(WHAT_GOES),
            rx.el.p(WHAT_STAYS),
            rx.el.p("You are signed out everywhere at once; nobody can undo it."),
            class_name="grid gap-2.5 text-ink2 mb-5",
        ),
        rx.el.form(
            controls.text_field(
                "Type delete, or your name",
                name="word",
                auto_complete="off",
                spell_check=False,
                required=True,
            ),
            rx.cond(
                SettingsState.has_password,
                controls.text_field(
                    "Your password",
                    name="password",
                    type="password",
                    auto_complete="current-password",
                    required=True,
                ),
            ),
            controls.button(
                "Delete my account for good",
                kind="danger",
                type="submit",
                class_name="max-sm:w-full w-fit",
            ),
            on_submit=OwnDataState.delete_account,
            class_name="grid gap-4",
        ),
        trigger=controls.button("Delete my account", kind="danger", icon_name="trash_2"),
    )
