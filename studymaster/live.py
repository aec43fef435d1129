"""Brings news from other processes into the tabs that are open here."""

from asyncio import sleep
from dataclasses import dataclass, field
from uuid import UUID

import reflex as rx
import structlog
from reflex.event import Event
from reflex.state import StateUpdate

from studymaster.adapters import bus
from studymaster.adapters.bus import News, Topic

log = structlog.get_logger(__name__)

LISTEN_AGAIN_SECONDS = 1.0


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

    def updates_for(self, news: News, *, closing: dict[str, dict[str, bool]]) -> Updates:
        """Return what each tab has to be told; `closing` is the delta that closes a tab."""
        if news.topic is Topic.SESSION_ENDED:
            return {
                token: StateUpdate(delta=closing)
                for token, tab in self._tabs.items()
                if tab.session_id == news.subject
            }
        return {
            token: StateUpdate(events=list(tab.handlers[news.topic].values()))
            for token, tab in self._tabs.items()
            if tab.account_id == news.account_id and news.topic in tab.handlers
        }


tabs = Tabs()


async def relay(app: rx.App, *, closing: dict[str, dict[str, bool]]) -> None:
    """Listen for news as long as the process lives, and tell the tabs."""
    while True:
        try:
            async for news in bus.listen():
                await _tell(app, news, closing=closing)
        except ConnectionError as error:
            log.warning("news_interrupted", reason=str(error))
        await sleep(LISTEN_AGAIN_SECONDS)


async def _tell(app: rx.App, news: News, *, closing: dict[str, dict[str, bool]]) -> None:
    space = app.event_namespace
    if space is None:
        return
    tabs.forget_all_but(set(space.token_to_sid))
    for token, update in tabs.updates_for(news, closing=closing).items():
        await space.emit_update(update, token)
