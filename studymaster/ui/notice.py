"""What the product says in passing: a short list of notices in a live region."""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, cast

import reflex as rx
from reflex.event import EventSpec

from studymaster.ui import controls

Kind: TypeAlias = Literal["info", "success", "error"]

SHOWN_MS: Final = 8_000
MOST_AT_ONCE: Final = 4
LONGEST: Final = 500


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence that was said; an error stays until it is dismissed."""

    number: int
    text: str
    kind: str


class NoticeState(rx.State):
    """The notices of one tab, oldest first."""

    notices: list[Notice] = []
    _said: int = 0

    @rx.event
    def say(self, text: str, kind: str) -> None:
        """Add a notice; the same words are not said twice at once."""
        self._said += 1
        others = [one for one in self.notices if one.text != text]
        new = Notice(self._said, str(text)[:LONGEST], kind)
        self.notices = [*others, new][-MOST_AT_ONCE:]

    @rx.event
    def dismiss(self, number: int) -> None:
        """Take a notice away."""
        self.notices = [one for one in self.notices if one.number != number]


def notify(text: str, kind: Kind = "info") -> EventSpec:
    """Return the event that says `text`; errors stay, the rest leaves after 8 seconds."""
    return cast("EventSpec", NoticeState.say(text, kind))


class _Expiring(rx.Component):
    """Runs `on_expire` once nobody has pointed at or focused its content for `after` ms."""

    library = f"$/public{rx.asset('expiring.jsx', shared=True)}"
    tag = "Expiring"

    after: rx.Var[int]
    on_expire: rx.EventHandler[rx.event.no_args_event_spec]


def notices() -> rx.Component:
    """Show the notices of this tab above everything else."""
    return rx.el.section(
        rx.el.div(
            rx.foreach(NoticeState.notices, _notice),
            role="log",
            aria_live="polite",
            aria_label="Notices",
            class_name="flex flex-col gap-2",
        ),
        aria_label="Notices",
        class_name="fixed z-[60] right-4 left-4 bottom-[84px] md:left-auto md:bottom-6 "
        "md:right-6 md:w-[400px] pointer-events-none",
    )


def _notice(one: Notice) -> rx.Component:
    is_error = one.kind == "error"
    return _Expiring.create(
        rx.el.div(
            rx.cond(
                is_error,
                controls.icon("circle_alert"),
                rx.cond(
                    one.kind == "success",
                    controls.icon("circle_check"),
                    controls.icon("info"),
                ),
            ),
            rx.el.p(one.text, class_name="flex-1 py-2.5 text-ink"),
            controls.icon_button("Dismiss", "x", on_click=NoticeState.dismiss(one.number)),
            role=rx.cond(is_error, "alert", "group"),
            class_name="rise pointer-events-auto flex items-center gap-3 pl-4 pr-1 "
            "rounded-xl bg-card2 border border-hairline2 text-hue-ink",
        ),
        after=rx.cond(is_error, 0, SHOWN_MS),
        on_expire=NoticeState.dismiss(one.number),
        key=one.number,
        class_name=rx.match(
            one.kind, ("error", "line-acct"), ("success", "line-campus"), "line-sync"
        ),
    )
