"""The sign-in page, which works without a script."""

from collections.abc import Sequence
from typing import Final

import reflex as rx

from studymaster.features.accounts.page import browser_way
from studymaster.features.accounts.state import SignInState
from studymaster.features.accounts.state.session import PROBLEM
from studymaster.ui import controls, layout, navigation
from studymaster.ui.theme import Line

ROUTE: Final = "/sign-in"
TITLE: Final = "Sign in"

LOGIN: Final = "/api/v1/auth/login"
DEMO_USER: Final = "robin"
DEMO_PASSWORD: Final = "campus"  # noqa: S105 - everybody's, of a student who does not exist
FORM_ID: Final = "sign-in"
ENDED: Final = (
    "Your session is over: it was ended here or on another device, or it ran out. Sign in, and "
    "you are back where you were."
)
WAYS: Final = (
    ("moodle", "Moodle password"),
    ("token", "Moodle token"),
    ("local", "StudyMaster account"),
    ("register", "New account"),
)
CHOICE: Final = (
    "relative flex items-center justify-center gap-2 min-h-11 px-3 rounded-[10px] border "
    "border-edge text-[14px] font-medium text-ink2 text-center has-[:checked]:bg-ink "
    "has-[:checked]:border-ink has-[:checked]:text-bg has-[:focus-visible]:outline-2 "
    "has-[:focus-visible]:outline-offset-2 has-[:focus-visible]:outline-hue "
)


def page() -> rx.Component:
    """Show the ways in, or the one through the browser once it is begun."""
    return layout.bare_frame(
        rx.el.div(
            _picture(),
            rx.el.div(
                rx.el.div(
                    rx.el.p(
                        navigation.mark(),
                        "StudyMaster",
                        class_name="display flex items-center gap-2.5 text-[21px] font-bold mb-8",
                    ),
                    layout.heading(
                        "Get on at your station.",
                        "Your courses, your cards, your day: one line map.",
                    ),
                    rx.cond(
                        SignInState.browser.address,
                        _by_browser(),
                        rx.fragment(_form(), _to_browser(), _demo()),
                    ),
                    class_name="w-full max-w-[440px]",
                ),
                class_name="flex justify-center px-4 py-8 md:px-10 lg:items-center",
            ),
            class_name="min-h-dvh grid max-lg:grid-rows-[auto_1fr] "
            "lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]",
        ),
        line=Line.STUDY,
    )


def _picture() -> rx.Component:
    """Draw the seven lines of the map, each with its stations."""
    bends = ((120, 150), (200, 260), (280, 370), (360, 480), (440, 590), (520, 700))
    lines = (Line.STUDY, Line.FOCUS, Line.CAMPUS, Line.SYNC, Line.ACCOUNT, Line.DUMP)
    return rx.el.div(
        rx.el.svg(
            *[_line(line, *bend) for line, bend in zip(lines, bends, strict=True)],
            rx.el.path(
                d="M400 -40V900", fill="none", stroke="var(--hub)", stroke_width="10"
            ),
            *[
                rx.el.circle(
                    cx="400",
                    cy=str(y + 30),
                    r="15",
                    fill="var(--bg2)",
                    stroke="var(--hub)",
                    stroke_width="8",
                )
                for y, _ in bends
            ],
            view_box="0 0 800 860",
            preserve_aspect_ratio="xMidYMid slice",
            custom_attrs={"aria-hidden": "true"},
            class_name="size-full",
        ),
        class_name="bg-bg2 overflow-hidden max-lg:h-[132px] lg:border-r lg:border-hairline",
    )


def _line(line: Line, left: int, right: int) -> rx.Component:
    start, colour = left + 30, f"var(--{line.value})"
    drop = right - left
    return rx.el.g(
        rx.el.path(
            d=f"M-40 {start}H{520}L{520 + drop} {start + drop}H900",
            fill="none",
            stroke=colour,
            stroke_width="10",
            stroke_linejoin="round",
        ),
        *[
            rx.el.circle(
                cx=str(x),
                cy=str(y),
                r="9",
                fill="var(--bg2)",
                stroke=colour,
                stroke_width="6",
            )
            for x, y in ((180 - left // 6, start), (560 + drop, start + drop))
        ],
    )


def _farewell() -> rx.Component:
    """Say to whoever did not leave by themselves why they are here."""
    return rx.cond(
        SignInState.was_ended & (SignInState.problem == ""),
        rx.el.p(
            controls.icon("circle_alert"),
            ENDED,
            role="status",
            class_name="flex gap-3 rounded-xl border border-hairline2 px-4 py-3 text-ink",
        ),
    )


def _problem() -> rx.Component:
    """Say why the way that was tried failed; it is no news of another way."""
    return rx.el.div(
        rx.cond(
            rx.cond(SignInState.by_browser, "", SignInState.problem),
            rx.el.p(
                controls.icon("circle_alert"),
                SignInState.problem,
                id=PROBLEM,
                tab_index=-1,
                class_name="line-acct flex gap-3 rounded-xl border border-acct px-4 py-3 "
                "text-ink outline-none",
            ),
        ),
        role="alert",
        custom_attrs={"data-for": SignInState.way},
        class_name="empty:-mb-4",
    )


def _form() -> rx.Component:
    return rx.el.form(
        *_kept_fields(),
        _farewell(),
        _problem(),
        _choice("How do you sign in?", [_way(value, words) for value, words in WAYS]),
        *_moodle_fields(),
        *_local_fields(),
        _password_field(),
        rx.el.button(
            _for("moodle token local", "Sign in"),
            _for("register", "Create the account"),
            type="submit",
            class_name=f"{controls.BUTTON_KINDS['primary']} w-full",
        ),
        # A failure brings back what was typed: the new key draws the fields anew with it.
        key=SignInState.way + SignInState.problem + SignInState.site + SignInState.email,
        id=FORM_ID,
        action=LOGIN,
        method="post",
        on_submit=None,
        class_name="grid gap-4",
    )


def _to_browser() -> rx.Component:
    """Offer the sign-in page of the university, for a Moodle that takes no passwords."""
    return rx.el.details(
        rx.el.summary(
            "Your university signs you in on a page of its own?",
            class_name="py-2.5 font-semibold cursor-pointer",
        ),
        _browser_problem(),
        rx.el.form(
            rx.el.input(type="hidden", name="way", value="browser", read_only=True),
            *_kept_fields(),
            controls.text_field(
                "Where your Moodle is",
                name="site",
                id="browser-site",
                default_value=SignInState.site,
                placeholder="moodle.university.edu",
                hint="You sign in there, in the browser, and bring a link back.",
                required=True,
                auto_complete="url",
                input_mode="url",
            ),
            controls.button(
                "Sign in through the browser", type="submit", class_name="w-full"
            ),
            key=f"{SignInState.by_browser}{SignInState.site}",
            action=LOGIN,
            method="post",
            on_submit=None,
            class_name="mt-3 mb-3 grid gap-4",
        ),
        open=SignInState.by_browser,
        class_name="mt-5 rounded-xl bg-card2 px-3.5 py-1",
    )


def _by_browser() -> rx.Component:
    return rx.fragment(
        browser_way.steps(
            SignInState.browser,
            action=LOGIN,
            hidden=_kept_fields(),
            problem=_browser_problem(),
        ),
        rx.el.a(
            "Sign in another way",
            href=ROUTE,
            class_name="mt-4 inline-flex items-center min-h-11 font-medium underline "
            "underline-offset-4",
        ),
    )


def _kept_fields() -> tuple[rx.Component, ...]:
    return (
        rx.el.input(
            type="hidden", name="next", value=SignInState.next_path, read_only=True
        ),
        controls.zone_field("time_zone"),
    )


def _browser_problem() -> rx.Component:
    return rx.el.div(
        rx.cond(
            SignInState.by_browser & (SignInState.problem != ""),
            rx.el.p(
                controls.icon("circle_alert"),
                SignInState.problem,
                id=PROBLEM,
                tab_index=-1,
                class_name="line-acct flex gap-3 rounded-xl border border-acct px-4 py-3 "
                "mb-4 text-ink outline-none",
            ),
        ),
        role="alert",
    )


def _moodle_fields() -> tuple[rx.Component, ...]:
    site = controls.text_field(
        "Address of your Moodle",
        name="site",
        default_value=SignInState.site,
        placeholder="moodle.university.edu",
        auto_complete="url",
        input_mode="url",
    )
    username = controls.text_field(
        "Moodle user name",
        name="username",
        default_value=SignInState.username,
        auto_complete="username",
    )
    token = controls.text_field(
        "Token",
        name="token",
        hint="Moodle shows it under Preferences, Security keys. It is kept encrypted.",
        auto_complete="off",
        spell_check=False,
    )
    return _for("moodle token", site), _for("moodle", username), _for("token", token)


def _local_fields() -> tuple[rx.Component, ...]:
    name = controls.text_field(
        "Your name",
        name="display_name",
        default_value=SignInState.display_name,
        auto_complete="name",
    )
    email = controls.text_field(
        "E-mail",
        name="email",
        type="email",
        default_value=SignInState.email,
        auto_complete="email",
    )
    return _for("register", name), _for("local register", email)


def _password_field() -> rx.Component:
    return _for(
        "moodle local register",
        controls.text_field(
            "Password", name="password", type="password", auto_complete="current-password"
        ),
        controls.completing(
            "password",
            by="way",
            kinds={"register": "new-password"},
            otherwise="current-password",
        ),
        _note("moodle", "Used once to ask Moodle for a token, then forgotten."),
        _note("register", "10 characters or more."),
    )


def _for(ways: str, *children: controls.Prop) -> rx.Component:
    """Show something only while one of `ways` is chosen."""
    return rx.el.div(*children, custom_attrs={"data-for": ways})


def _note(way: str, words: str) -> rx.Component:
    return rx.el.p(
        words, custom_attrs={"data-for": way}, class_name="mt-1.5 text-[13px] text-ink2"
    )


def _choice(question: str, choices: Sequence[rx.Component]) -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(question, class_name=controls.LABEL),
        rx.el.div(*choices, class_name="grid grid-cols-2 gap-2"),
    )


def _way(value: str, words: str) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="radio",
            name="way",
            value=value,
            default_checked=SignInState.way == value,
            class_name="sr-only",
        ),
        words,
        class_name=CHOICE,
    )


def _demo() -> rx.Component:
    return rx.cond(
        SignInState.demo_url,
        rx.el.form(
            *[
                rx.el.input(type="hidden", name=name, value=value, read_only=True)
                for name, value in (
                    ("way", "moodle"),
                    ("site", SignInState.demo_url),
                    ("username", DEMO_USER),
                    ("password", DEMO_PASSWORD),
                    ("next", SignInState.next_path),
                )
            ],
            controls.zone_field("time_zone"),
            controls.button(
                "Try the demo",
                kind="ghost",
                icon_name="train_front",
                type="submit",
                class_name="w-full",
            ),
            rx.el.p(
                "Signs you in as Robin, a student of a made-up Moodle with five courses. "
                "Everybody who tries it shares this account, so keep nothing private in it.",
                class_name="mt-2 text-[13px] text-ink2",
            ),
            action=LOGIN,
            method="post",
            on_submit=None,
            class_name="mt-6 pt-6 border-t border-hairline",
        ),
    )
