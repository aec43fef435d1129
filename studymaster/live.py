"""Brings news from other processes into the tabs that are open here."""

from asyncio import sleep
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import product
from typing import Protocol
from uuid import UUID

import reflex as rx
import structlog
from reflex.event import Event
from reflex.state import StateUpdate

from studymaster.adapters import bus
from studymaster.adapters.bus import News, Topic

log = structlog.get_logger(__name__)

LISTEN_AGAIN_SECONDS = 1.0

EVERYBODY = ""
"""In place of an account's id: the news is the same for all who watch for it."""


Updates = dict[str, StateUpdate]


@dataclass(slots=True)
class Tab:
    """An open tab: whose it is, on which page, and which handlers want which news there."""

    account_id: str
    session_id: str
    path: str = ""
    handlers: dict[Topic, dict[str, Event]] = field(
        default_factory=dict[Topic, dict[str, Event]]
    )

    def events_for(self, told: set[tuple[str, Topic]]) -> list[Event]:
        """Return the handlers that want some of the news, each once.

        `told` says whose news it is (an account's id, or everybody's), and of what.
        """
        return _once(
            handlers
            for topic, handlers in self.handlers.items()
            if not told.isdisjoint({(self.account_id, topic), (EVERYBODY, topic)})
        )

    def all_events(self) -> list[Event]:
        """Return all handlers, each once."""
        return _once(self.handlers.values())


def _once(groups: Iterable[dict[str, Event]]) -> list[Event]:
    unique = {name: event for handlers in groups for name, event in handlers.items()}
    return list(unique.values())


class Tabs:
    """The tabs whose sockets this process holds, by client token."""

    def __init__(self) -> None:
        """Start with none."""
        self._tabs: dict[str, Tab] = {}

    def keep(self, token: str, account_id: UUID, *, session_id: UUID) -> None:
        """Remember whose tab this is; what it watched for somebody else is forgotten."""
        known = self._tabs.get(token)
        if known is None or known.session_id != str(session_id):
            self._tabs[token] = Tab(str(account_id), str(session_id))

    def watch(
        self, token: str, topic: Topic, handler: rx.event.EventType[()], *, path: str
    ) -> None:
        """Run an event handler when there is news of a topic, as long as the tab is there.

        What was watched on another page is forgotten: nobody looks at it any more.
        """
        tab = self._tabs[token]
        if tab.path != path:
            tab.path, tab.handlers = path, {}
        (event,) = Event.from_event_type(handler)
        tab.handlers.setdefault(topic, {})[event.name] = event

    def forget_all_but(self, connected: set[str]) -> None:
        """Drop the tabs that were closed."""
        self._tabs = {token: tab for token, tab in self._tabs.items() if token in connected}

    def updates_for(self, *news: News, closing: dict[str, dict[str, bool]]) -> Updates:
        """Return what each tab has to be told; `closing` is the delta that closes a tab.

        A tab is told once of all the news, and runs each of its handlers once.
        """
        ended = {one.subject for one in news if one.topic is Topic.SESSION_ENDED}
        told = {(one.account_id, one.topic) for one in news}
        updates: Updates = {}
        for token, tab in self._tabs.items():
            events = tab.events_for(told)
            if tab.session_id in ended:
                updates[token] = StateUpdate(delta=closing)
            elif events:
                updates[token] = StateUpdate(events=events)
        return updates

    def everything_missed(self) -> Updates:
        """Return all that each tab watches for, as if there were news of all of it."""
        return {
            token: StateUpdate(events=tab.all_events())
            for token, tab in self._tabs.items()
            if tab.handlers
        }


tabs = Tabs()


class Ear(Protocol):
    """Somebody else in this process who wants the news; it must not wait for anything."""

    def hear(self, news: News) -> None:
        """Take in what changed."""
        ...

    def catch_up(self) -> None:
        """Take in that anything may have changed unheard."""
        ...


async def relay(
    app: rx.App, *, closing: dict[str, dict[str, bool]], ears: Sequence[Ear] = ()
) -> None:
    """Listen for news as long as the process lives, and tell the tabs and the other ears.

    Whenever listening begins, every tab looks afresh: nobody knows what was missed.
    """

    async def catch_up() -> None:
        for ear in ears:
            ear.catch_up()
        await _tell(app, tabs.everything_missed)

    while True:
        try:
            async for news in bus.listen(catch_up):
                for ear, one in product(ears, news):
                    ear.hear(one)
                await _tell(app, partial(tabs.updates_for, *news, closing=closing))
        except ConnectionError as error:
            log.warning("news_interrupted", reason=str(error))
        await sleep(LISTEN_AGAIN_SECONDS)


async def _tell(app: rx.App, updates: Callable[[], Updates]) -> None:
    """Send every tab its update; what goes wrong with one tab is no matter of the others."""
    space = app.event_namespace
    if space is None:
        return
    tabs.forget_all_but(set(space.token_to_sid))
    for token, update in updates().items():
        try:
            await space.emit_update(update, token)
        except Exception:
            # Without its token: that would open the tab's state to whoever reads the log.
            log.exception("tab_not_told")
