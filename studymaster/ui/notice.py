"""What the product says in passing: a short list of notices in a live region.

They stand at the top of the page, away from what is pressed at its bottom. What goes wrong
while a window is open stands inside it, so that nothing lies over its buttons.
"""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, cast

import reflex as rx
from reflex.event import EventSpec

Kind: TypeAlias = Literal["info", "success", "error"]

SHOWN_MS: Final = 8_000
ERROR_SHOWN_MS: Final = 20_000
MOST_AT_ONCE: Final = 4
LONGEST: Final = 500


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence that was said."""

    number: int
    text: str
    kind: str


class NoticeState(rx.State):
    """The notices of one tab, oldest first; they belong to the page on which they were said."""

    notices: list[Notice] = []
    _said: int = 0
    _place: str = ""

    @rx.event
    def arrive(self) -> None:
        """Leave behind what was said on another page, or before this one was loaded anew."""
        place = f"{self.router.session.session_id} {self.router.url.path}"
        if self._place != place:
            self._place = place
            self.notices = []

    @rx.event
    def say(self, text: str, kind: str) -> None:
        """Add a notice; the same words are not said twice, and what went well ends errors."""
        self._said += 1
        others = [one for one in self.notices if one.text != text]
        if kind == "success":
            others = [one for one in others if one.kind != "error"]
        new = Notice(self._said, str(text)[:LONGEST], kind)
        self.notices = [*others, new][-MOST_AT_ONCE:]

    @rx.event
    def dismiss(self, number: int) -> None:
        """Take a notice away."""
        self.notices = [one for one in self.notices if one.number != number]


def notify(text: str, kind: Kind = "info") -> EventSpec:
    """Return the event that says `text` for 8 seconds.

    An error stays for 20, unless something else is pressed: then it is answered.
    """
    return cast("EventSpec", NoticeState.say(text, kind))


class _Expiring(rx.Component):
    """Runs `on_expire` once nobody has pointed at or focused its content for `after` ms.

    With `until_pressed`, also soon after something else was pressed.
    """

    library = f"$/public{rx.asset('expiring.jsx', shared=True)}"
    tag = "Expiring"

    after: rx.Var[int]
    until_pressed: rx.Var[bool]
    on_expire: rx.EventHandler[rx.event.no_args_event_spec]


def notices(*, inset: str = "inset-x-4") -> rx.Component:
    """Show the notices of this tab above the page; errors only while no window is open.

    `inset` is the classes that say how far they stay from both edges of the screen.
    """
    return rx.el.section(
        rx.el.div(
            rx.foreach(NoticeState.notices, _notice),
            role="log",
            aria_live="polite",
            aria_label="Notices",
            class_name="flex flex-col gap-2 w-full max-w-[440px]",
        ),
        aria_label="Notices",
        class_name=f"fixed z-[60] top-[calc(var(--above)+10px)] {inset} flex justify-center "
        "pointer-events-none [body:has([role=dialog]_[data-notices])_&_[role=alert]]:hidden",
    )


def notices_within() -> rx.Component:
    """Show the errors of this tab in the window that is open over the page.

    The rest is only read out: what lies outside of a window is silent while it is open.
    """
    return rx.el.div(
        rx.foreach(NoticeState.notices, _notice_within),
        aria_live="polite",
        custom_attrs={"data-notices": "here"},
        class_name="sticky top-0 z-10 flex flex-col gap-2 has-[[role=alert]]:mb-4",
    )


def _notice_within(one: Notice) -> rx.Component:
    return rx.cond(
        one.kind == "error",
        _notice(one),
        rx.el.p(one.text, class_name="sr-only", key=one.number),
    )


def _notice(one: Notice) -> rx.Component:
    is_error = one.kind == "error"
    return _Expiring.create(
        rx.el.div(
            rx.cond(
                is_error,
                rx.icon("circle_alert", size=18),
                rx.cond(
                    one.kind == "success",
                    rx.icon("circle_check", size=18),
                    rx.icon("info", size=18),
                ),
            ),
            rx.el.p(one.text, class_name="flex-1 min-w-0 py-2.5 text-ink"),
            _close(one),
            role=rx.cond(is_error, "alert", "group"),
            class_name="rise pointer-events-auto flex items-center gap-3 pl-4 pr-1 "
            "rounded-xl bg-card2 border border-hairline2 text-hue-ink",
        ),
        after=rx.cond(is_error, ERROR_SHOWN_MS, SHOWN_MS),
        until_pressed=is_error,
        on_expire=NoticeState.dismiss(one.number),
        key=one.number,
        class_name=rx.match(
            one.kind, ("error", "line-acct"), ("success", "line-campus"), "line-sync"
        ),
    )


def _close(one: Notice) -> rx.Component:
    return rx.el.button(
        rx.icon("x", size=18),
        type="button",
        aria_label="Dismiss",
        title="Dismiss",
        on_click=NoticeState.dismiss(one.number),
        class_name="grid place-items-center size-11 rounded-[10px] text-ink2 hover:bg-card "
        "hover:text-ink",
    )
