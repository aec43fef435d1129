"""The settings' switches: what is told, who sees what, and whose model writes cards."""

from typing import Final

import reflex as rx

from studymaster.features.accounts.state import ChoicesState
from studymaster.ui import controls, layout

TOLD: Final = (
    ("notify_sync", "Live Sync", "When a sync brought something new, or could not go on."),
    ("notify_cards", "Cards", "When proposals wait for your word."),
    ("notify_focus", "Focus", "When a session ends."),
    ("notify_campus", "Campus", "Requests, groups, and answers to your questions."),
    ("notify_points", "Points", "Streak, challenges, achievements and pledges."),
)
SEEN: Final = (
    (
        "on_leaderboard",
        "Show me on the leaderboard",
        "Students of this StudyMaster see your name and the points of your week.",
    ),
    (
        "open_to_buddies",
        "Let me be found as a study buddy",
        "Students who share a course with you see your name and which courses you share.",
    ),
)
PROPOSED: Final = (
    "From lectures that arrive or change after a course's first sync, up to five a sync. "
    "You decide on every card before it is studied."
)
SYNCED: Final = (
    (
        "sync_enabled",
        "Sync by itself",
        "Every 30 minutes. Off: only when you press Sync now.",
    ),
    (
        "propose_after_sync",
        "Propose cards after a sync",
        PROPOSED,
    ),
)
MAILED: Final = (
    "To {address}: what is still unread after two minutes, at most one mail in 15 minutes."
)
NO_ADDRESS: Final = (
    "There is no e-mail address in your account: you sign in with Moodle. The inbox here "
    "keeps everything."
)
ALWAYS_SEEN: Final = (
    "With both off, others see you only where you write yourself: your name stands beside "
    "what you post in a group, share or answer. Who holds the link to a group that you own "
    "also sees your name and the group's course. Nobody sees your grades, your notes, your "
    "cards or your Moodle."
)
WHAT_LEAVES: Final = (
    "What leaves this server: the text of the pages, notes or recordings that you ask the "
    "model to work on, and nothing else. Not your name, your grades, your courses or other "
    "students. Without a model nothing leaves: cards are made by rules right here."
)
KEY_KEPT: Final = (
    "A key is kept, encrypted. It is never shown again; type a new one to replace it."
)


def switches(choices: tuple[tuple[str, str, str], ...]) -> rx.Component:
    """Show a switch per choice: its name in the account, its words, what it means."""
    return rx.el.div(
        *[
            controls.switch(
                words,
                hint=hint,
                checked=getattr(ChoicesState.chosen, name),
                on_change=ChoicesState.flip(name),
                disabled=ChoicesState.waits,
            )
            for name, words, hint in choices
        ],
        class_name="grid gap-3 max-w-[560px]",
    )


class _Permission(rx.Component):
    """Asks the browser whether StudyMaster may show notifications of its own."""

    library = f"$/public{rx.asset('permission.jsx', shared=True)}"
    tag = "Permission"

    button: rx.Var[str]


def told() -> rx.Component:
    """Let the student choose what the inbox tells."""
    return layout.card(
        layout.section(
            "Notifications",
            switches(TOLD),
            rx.el.p(
                "What concerns your account itself is always told.",
                class_name="mt-4 text-[13.5px] text-ink2",
            ),
            rx.cond(ChoicesState.mail_offered, _mailed()),
            _Permission.create(
                button=f"{controls.BUTTON_KINDS['ghost']} max-sm:w-full",
                class_name="mt-4",
            ),
            action=controls.text_link(
                "Open the inbox", "/notifications", class_name="inline-block py-3.5 -my-3.5"
            ),
        )
    )


def _mailed() -> rx.Component:
    """Let the student have by e-mail what the inbox tells, if they have an address."""
    address = ChoicesState.mail_address
    return rx.el.div(
        controls.switch(
            "By e-mail too",
            hint=rx.cond(address != "", MAILED.format(address=address), NO_ADDRESS),
            checked=ChoicesState.chosen.notify_by_email & (address != ""),
            on_change=ChoicesState.flip_mail,
            disabled=ChoicesState.waits | (address == ""),
        ),
        class_name="mt-4 pt-4 border-t border-hairline max-w-[560px]",
    )


def privacy() -> rx.Component:
    """Let the student choose who sees them, and say what others see."""
    return layout.card(
        layout.section(
            "Privacy",
            switches(SEEN),
            rx.el.p(ALWAYS_SEEN, class_name="mt-4 text-[13.5px] text-ink2 max-w-[62ch]"),
        )
    )


def model() -> rx.Component:
    """Let the student name a language model of their own."""
    return layout.card(
        layout.section(
            "AI endpoint",
            rx.el.p(
                "Any endpoint that speaks OpenAI's interface, with your own key. It makes "
                "better cards than our rules do.",
                rx.cond(
                    ChoicesState.host_model != "",
                    f" Without your own, {ChoicesState.host_model} of this server is used.",
                    "",
                ),
                class_name="text-ink2 mb-4 max-w-[62ch]",
            ),
            _model_form(),
            _model_actions(),
            rx.el.p(
                ChoicesState.model_note,
                role="status",
                class_name="mt-3 text-ink empty:hidden",
            ),
            rx.el.p(WHAT_LEAVES, class_name="mt-4 text-[13.5px] text-ink2 max-w-[62ch]"),
        )
    )


def _model_form() -> rx.Component:
    chosen = ChoicesState.chosen
    return rx.el.form(
        controls.text_field(
            "Address",
            name="ai_address",
            default_value=chosen.ai_address,
            problem=_problem("ai_address"),
            placeholder="https://api.example.com/v1",
            input_mode="url",
            auto_complete="off",
            hint="Begins with https:// and usually ends in /v1.",
        ),
        controls.text_field(
            "Name of the model",
            name="ai_model",
            default_value=chosen.ai_model,
            problem=_problem("ai_model"),
            auto_complete="off",
            spell_check=False,
        ),
        controls.text_field(
            "Key",
            name="ai_key",
            type="password",
            problem=_problem("ai_key"),
            auto_complete="off",
            hint=rx.cond(
                chosen.ai_has_key,
                KEY_KEPT,
                "Kept encrypted and never shown again. Leave it empty if there is none.",
            ),
        ),
        controls.button("Save", type="submit", class_name="max-sm:w-full w-fit"),
        # What is kept draws the fields anew: the typed key is gone from the page then.
        key=f"{chosen.ai_address} {chosen.ai_model} {chosen.ai_has_key} {ChoicesState.saved}",
        on_submit=ChoicesState.save_model,
        class_name="grid gap-4 max-w-[560px]",
    )


def _problem(field: str) -> rx.Var[str]:
    found = ChoicesState.problem
    return rx.cond(found.field == field, found.sentence, "")


def _model_actions() -> rx.Component:
    return rx.cond(
        ChoicesState.chosen.ai_ready,
        rx.el.div(
            controls.button(
                "Test it",
                kind="ghost",
                icon_name="plug",
                loading=ChoicesState.is_trying,
                on_click=ChoicesState.try_model,
            ),
            controls.button("Remove", kind="danger", on_click=ChoicesState.remove_model),
            class_name="flex flex-wrap gap-2.5 mt-4",
        ),
    )
