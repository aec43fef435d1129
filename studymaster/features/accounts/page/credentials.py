"""Who a student is here: their name and, with a local account, how they sign in."""

import reflex as rx

from studymaster.features.accounts import rules
from studymaster.features.accounts.state import CredentialsState
from studymaster.ui import controls, layout


def section() -> rx.Component:
    """Let the student change their name, e-mail address and password."""
    return layout.card(
        layout.section(
            "You",
            _name(),
            rx.cond(
                CredentialsState.has_password,
                rx.el.div(_email(), _password(), class_name="mt-4"),
                rx.el.p(
                    "You sign in with Moodle, so your password is kept and changed there.",
                    class_name="mt-4 text-[13.5px] text-ink2",
                ),
            ),
        )
    )


def _name() -> rx.Component:
    return _form(
        "name",
        controls.text_field(
            "Your name",
            name="display_name",
            id="name-display_name",
            default_value=CredentialsState.display_name,
            max_length=rules.NAME_MAX,
            auto_complete="name",
            hint="As others see it beside what you write, and on the leaderboard.",
            problem=_problem("name", "display_name"),
        ),
        controls.button("Save", type="submit", class_name="max-sm:w-full w-fit"),
        on_submit=CredentialsState.save_name,
    )


def _email() -> rx.Component:
    return _opened(
        "email",
        f"Change your e-mail address, {CredentialsState.email}",
        _form(
            "email",
            controls.text_field(
                "New e-mail address",
                name="email",
                id="email-email",
                type="email",
                auto_complete="email",
                problem=_problem("email", "email"),
            ),
            _current("email"),
            controls.button(
                "Change the address", type="submit", class_name="max-sm:w-full w-fit"
            ),
            on_submit=CredentialsState.save_email,
        ),
    )


def _password() -> rx.Component:
    return _opened(
        "password",
        "Change your password",
        _form(
            "password",
            _current("password"),
            controls.text_field(
                "New password",
                name="new_password",
                id="password-new_password",
                type="password",
                auto_complete="new-password",
                hint=f"{rules.PASSWORD_MIN} characters or more. Every other session ends.",
                problem=_problem("password", "new_password"),
            ),
            controls.button(
                "Change the password", type="submit", class_name="max-sm:w-full w-fit"
            ),
            on_submit=CredentialsState.save_password,
        ),
    )


def _current(place: str) -> rx.Component:
    return controls.text_field(
        "Current password",
        name="current_password",
        id=f"{place}-current_password",
        type="password",
        auto_complete="current-password",
        problem=_problem(place, "current_password"),
    )


def _opened(place: str, words: controls.Text, form: rx.Component) -> rx.Component:
    return rx.el.details(
        rx.el.summary(
            words,
            class_name="py-3 font-medium cursor-pointer [overflow-wrap:anywhere] text-[15px]",
        ),
        rx.el.div(form, class_name="pb-4"),
        id=f"change-{place}",
        class_name="border-t border-hairline",
    )


def _form(place: str, *fields: rx.Component, on_submit: controls.Prop) -> rx.Component:
    """Return a form that is drawn anew, and empty of passwords, once it was kept."""
    return rx.el.div(
        rx.el.form(
            *fields,
            key=f"{CredentialsState.saved} {CredentialsState.display_name}",
            no_validate=True,  # what is wrong is said at the field, in our words
            on_submit=on_submit,
            class_name="grid gap-4 max-w-[560px]",
        ),
        rx.el.p(
            rx.cond(CredentialsState.place == place, CredentialsState.note, ""),
            role="status",
            class_name="mt-3 text-ink empty:hidden",
        ),
    )


def _problem(place: str, field: str) -> rx.Var[str]:
    found = CredentialsState.problem
    is_here = (CredentialsState.place == place) & (found.field == field)
    return rx.cond(is_here, found.sentence, "")
