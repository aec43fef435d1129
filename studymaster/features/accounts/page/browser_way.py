"""Signing in to a Moodle through the browser: three steps, with a picture of what to copy."""

from collections.abc import Sequence
from typing import Final

import reflex as rx

from studymaster.features.accounts.schemas import BrowserView
from studymaster.features.accounts.state.session import LINK_FIELD, STEPS
from studymaster.ui import controls

LINK: Final = "moodlemobile://token="
LINK_WORDS: Final = "Click here if the app does not open"
NUMBER: Final = (
    "grid place-items-center size-7 shrink-0 rounded-full border-2 border-hue text-[14px] "
    "font-semibold tabular-nums"
)
NOTE: Final = "mt-1.5 text-[14px] text-ink2"
HELP: Final = (
    (
        "Firefox says that it does not understand the address",
        (
            f"That is the right page. The address bar now begins with {LINK}: click into it, "
            "select all of it, and copy it."
        ),
    ),
    (
        "Chrome or Edge shows an empty page, or nothing happens",
        (
            f"Press F12 and open “Console”. The line with {LINK} holds the link: right-click it "
            "there and copy the link address."
        ),
    ),
    (
        "Safari says that the address is invalid",
        (
            "Close the message. The link stays on the page behind it; hold down Control, click "
            "the link, and choose “Copy Link”."
        ),
    ),
    (
        "On a phone the Moodle app opens",
        (
            "Go back to the browser. The page with the link is still there: hold your finger on "
            "the link, and choose “Copy link”."
        ),
    ),
    (
        "Moodle says that this is not enabled",
        "Your Moodle has no sign-in page for apps. Use your password, or a token.",
    ),
)


def steps(
    browser: BrowserView,
    *,
    action: str,
    hidden: Sequence[rx.Component] = (),
    problem: rx.Component,
) -> rx.Component:
    """Lead through the sign-in at `browser.address`, and take the link that comes of it.

    Args:
        browser: The sign-in that was begun.
        action: Where the form with the link goes.
        hidden: Fields that go with it.
        problem: What is said when the last link was not the right one.
    """
    return rx.el.div(
        rx.el.h2(
            "Sign in to ",
            browser.site_name,
            id=STEPS,
            tab_index=-1,
            class_name="display text-xl font-semibold break-words outline-none",
        ),
        rx.el.p(
            "Three steps, about a minute. StudyMaster never sees your password.",
            class_name="mt-1.5 mb-5 text-ink2",
        ),
        problem,
        rx.el.ol(
            _step(1, "Open the sign-in page", *_opening(browser)),
            _step(2, "Copy the link on the page that follows", *_copying()),
            _step(3, "Paste it here", _form(browser, action=action, hidden=hidden)),
            class_name="grid gap-6",
        ),
        _other_screens(),
        _start_again(browser, action=action, hidden=hidden),
        class_name="min-w-0",
    )


def begin(
    words: controls.Text,
    site: controls.Text,
    *,
    action: str,
    hidden: Sequence[rx.Component] = (),
    kind: controls.Kind = "primary",
) -> rx.Component:
    """Return the button that begins to sign in to a known site through the browser."""
    return rx.el.form(
        rx.el.input(type="hidden", name="way", value="browser", read_only=True),
        rx.el.input(type="hidden", name="site", value=site, read_only=True),
        *hidden,
        controls.button(words, kind=kind, type="submit", class_name="max-sm:w-full"),
        action=action,
        method="post",
        on_submit=None,
    )


def _step(number: int, title: str, *parts: rx.Component) -> rx.Component:
    return rx.el.li(
        rx.el.span(str(number), aria_hidden="true", class_name=NUMBER),
        rx.el.div(
            rx.el.p(title, class_name="font-semibold"),
            *parts,
            class_name="min-w-0 flex-1",
        ),
        class_name="flex gap-3.5",
    )


def _opening(browser: BrowserView) -> tuple[rx.Component, ...]:
    return (
        rx.el.p("Sign in there as you always do. It opens in a new tab.", class_name=NOTE),
        rx.el.a(
            controls.icon("external_link"),
            "Open the sign-in page",
            href=browser.address,
            target="_blank",
            rel="noopener noreferrer",
            class_name=f"{controls.BUTTON_KINDS['primary']} mt-3 max-sm:w-full",
        ),
    )


def _copying() -> tuple[rx.Component, ...]:
    return (
        rx.el.p(
            "If the browser asks whether to open an app, choose “Cancel”. Do not press the "
            "link: right-click it and choose “Copy link address”. With the keyboard, go to it "
            "with Tab and press Shift and F10.",
            class_name=f"{NOTE} max-sm:hidden",
        ),
        rx.el.p(
            "If the browser asks whether to open an app, choose “Cancel”. Do not tap the link: "
            "hold your finger on it, then choose “Copy link address”.",
            class_name=f"{NOTE} sm:hidden",
        ),
        rx.el.figure(
            rx.el.div(_picture(), class_name="max-sm:hidden"),
            rx.el.div(_phone(), class_name="sm:hidden"),
            rx.el.figcaption(
                f"The link begins with {LINK} and is longer than it looks.",
                class_name="mt-2 text-[13px] text-ink2 break-words",
            ),
            class_name="mt-3 max-w-[440px] max-sm:-ml-[42px]",
        ),
    )


def _phone() -> rx.Component:
    """Draw the page at Moodle on a phone, a finger on its link, and the menu that opens."""
    return rx.el.svg(
        _box(1, 1, 278, 318, fill="var(--bg2)", stroke="var(--hairline2)", radius=22),
        _box(14, 14, 252, 28, fill="var(--bg)", stroke="var(--hairline)", radius=14),
        _text(30, 33, "your Moodle", fill="var(--ink2)"),
        _box(14, 54, 252, 34, fill="var(--card2)", stroke="var(--hairline)", radius=6),
        _text(26, 76, "✓ Confirmed", fill="var(--ink2)"),
        _box(8, 100, 264, 36, fill="none", stroke="var(--hue)", radius=8, width=2),
        _text(18, 123, LINK_WORDS, text_decoration="underline"),
        *_finger(246, 138),
        _box(1, 186, 278, 133, fill="var(--card)", stroke="var(--hairline2)", radius=22),
        _text(24, 215, "Open in new tab", font_size="14px", fill="var(--ink2)"),
        _box(12, 230, 256, 38, fill="none", stroke="var(--hue)", radius=8, width=2),
        _text(24, 254, "Copy link address", font_size="15px", font_weight="650"),
        _text(24, 295, "Share link", font_size="14px", fill="var(--ink2)"),
        view_box="0 0 280 320",
        role="img",
        aria_label="Moodle's page on a phone. Under “Confirmed” is the link “Click here if the "
        "app does not open”, with a finger held on it. The menu that opened has “Copy link "
        "address” marked.",
        class_name="w-full max-w-[320px] h-auto rounded-xl",
    )


def _finger(x: int, y: int) -> tuple[rx.Component, ...]:
    """Draw a finger that is held down: rings around its tip."""
    rings = [
        rx.el.circle(
            cx=str(x),
            cy=str(y),
            r=str(radius),
            fill="none",
            stroke="var(--hue)",
            stroke_width="2",
            opacity=opacity,
        )
        for radius, opacity in ((15, "1"), (22, "0.5"))
    ]
    hand = rx.el.path(
        d=f"M{x - 8} {y + 44} v-44 a8 8 0 0 1 16 0 v44 z",
        fill="var(--bg)",
        stroke="var(--ink)",
        stroke_width="2",
    )
    return (*rings, hand)


def _picture() -> rx.Component:
    """Draw the page at Moodle with its link, and the menu over it."""
    return rx.el.svg(
        _box(1, 1, 438, 228, fill="var(--bg2)", stroke="var(--hairline2)", radius=12),
        *[
            rx.el.circle(cx=str(x), cy="20", r="5", fill="var(--hairline2)")
            for x in (20, 38, 56)
        ],
        _box(76, 10, 344, 20, fill="var(--bg)", stroke="var(--hairline)", radius=10),
        _text(90, 24, "your Moodle", font_size="11px", fill="var(--ink2)"),
        _box(20, 48, 400, 30, fill="var(--card2)", stroke="var(--hairline)", radius=6),
        _text(34, 67, "✓ Confirmed", fill="var(--ink2)"),
        _box(14, 92, 330, 30, fill="none", stroke="var(--hue)", radius=8, width=2),
        _text(24, 112, LINK_WORDS, font_size="14px", text_decoration="underline"),
        rx.el.path(
            d="M236 110 l0 18 5 -5 4 9 4 -2 -4 -8 7 0 z",
            fill="var(--ink)",
            stroke="var(--bg)",
        ),
        _box(252, 126, 172, 92, fill="var(--card)", stroke="var(--hairline2)", radius=8),
        _text(266, 148, "Open link in new tab", font_size="12px", fill="var(--ink2)"),
        _box(258, 157, 160, 26, fill="none", stroke="var(--hue)", radius=6, width=2),
        _text(266, 174, "Copy link address", font_weight="650"),
        _text(266, 204, "Save link as…", font_size="12px", fill="var(--ink2)"),
        view_box="0 0 440 230",
        role="img",
        aria_label="Moodle's page after signing in. Under “Confirmed” is the link “Click "
        "here if the app does not open”. The menu over the link is open, with “Copy link "
        "address” marked.",
        class_name="w-full h-auto rounded-xl",
    )


def _box(x: int, y: int, wide: int, high: int, **look: controls.Prop) -> rx.Component:
    radius, line = look.pop("radius"), look.pop("width", 1)
    return rx.el.rect(
        x=str(x),
        y=str(y),
        width=str(wide),
        height=str(high),
        rx=str(radius),
        stroke_width=str(line),
        **look,
    )


def _text(x: int, y: int, words: str, **look: controls.Prop) -> rx.Component:
    style: dict[str, controls.Prop] = {"fill": "var(--ink)", "font_size": "13px"} | look
    return rx.el.text(words, x=str(x), y=str(y), **style)


def _form(
    browser: BrowserView,
    *,
    action: str,
    hidden: Sequence[rx.Component],
) -> rx.Component:
    return rx.el.form(
        rx.el.input(type="hidden", name="way", value="browser", read_only=True),
        rx.el.input(type="hidden", name="site", value=browser.site_url, read_only=True),
        *hidden,
        controls.text_field(
            "The link from Moodle",
            name="link",
            id=LINK_FIELD,
            placeholder=f"{LINK}…",
            hint="It is a key to your Moodle: paste it nowhere else.",
            required=True,
            auto_complete="off",
            auto_capitalize="none",
            spell_check=False,
        ),
        controls.button("Connect", type="submit", class_name="max-sm:w-full"),
        action=action,
        method="post",
        on_submit=None,
        class_name="mt-3 grid gap-4 justify-items-stretch sm:justify-items-start "
        "[&>div]:w-full",
    )


def _other_screens() -> rx.Component:
    return rx.el.details(
        rx.el.summary(
            "My screen looks different",
            class_name="py-2.5 font-semibold cursor-pointer",
        ),
        rx.el.dl(
            *[
                rx.el.div(
                    rx.el.dt(seen, class_name="font-medium"),
                    rx.el.dd(done, class_name="text-[14px] text-ink2 break-words"),
                )
                for seen, done in HELP
            ],
            class_name="mt-1 grid gap-3.5",
        ),
        class_name="mt-5 rounded-xl bg-card2 px-3.5 py-1",
    )


def _start_again(
    browser: BrowserView,
    *,
    action: str,
    hidden: Sequence[rx.Component],
) -> rx.Component:
    return rx.el.div(
        rx.el.p(
            "The sign-in page waits for half an hour. After that, start again.",
            class_name="text-[13px] text-ink2",
        ),
        begin("Start again", browser.site_url, action=action, hidden=hidden, kind="ghost"),
        class_name="mt-4 flex flex-wrap items-center justify-between gap-3",
    )
