"""A browser tab without a browser: the whole tree of states, as one student has it open."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import uuid4

import reflex as rx
from reflex.event import Event, EventType
from reflex.istate.data import RouterData
from reflex.state import BaseState
from reflex.utils.format import json_dumps  # pyright: ignore[reportUnknownVariableType]

CLIENTS_OWN = "_"
"""How the names of events begin that the browser carries out by itself."""


def _new_tree() -> BaseState:
    return rx.State(_reflex_internal_init=True)  # pyright: ignore[reportCallIssue]


@dataclass(slots=True)
class Tab:
    """A tab that stays open while pages are visited one after the other."""

    cookie: str
    root: BaseState = field(default_factory=_new_tree)
    token: str = field(default_factory=lambda: str(uuid4()))

    def go_to(self, path: str) -> None:
        """Have the tab stand at an address; nothing is loaded yet."""
        router = RouterData.from_router_data(
            {
                "pathname": path.partition("?")[0],
                "asPath": path,
                "token": self.token,
                "headers": {"cookie": self.cookie, "origin": "http://127.0.0.1"},
            }
        )
        object.__setattr__(self.root, "router", router)
        self._take_delta()

    async def carry_out(self, *asked: EventType[()]) -> int:
        """Run events and all that follow from them; return the bytes for the browser."""
        return await self._run_all(
            event for one in asked for event in Event.from_event_type(one)
        )

    async def call(self, kind: type[BaseState], name: str, **payload: object) -> int:
        """Run one event with what a browser sends along; return the bytes for it."""
        event = Event(name=f"{kind.get_full_name()}.{name}", payload=payload)
        return await self._run_all([event])

    async def _run_all(self, events: Iterable[Event]) -> int:
        waiting, sent = deque(events), 0
        while waiting:
            event = waiting.popleft()
            if event.name.startswith(CLIENTS_OWN):
                continue
            waiting.extend(await self._run(event))
            delta = self._take_delta()
            sent += len(json_dumps(delta)) if delta else 0
        return sent

    def _take_delta(self) -> Mapping[str, object]:
        delta = self.root.get_delta()
        self.root._clean()  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - as Reflex does
        return delta

    async def _run(self, event: Event) -> list[Event]:
        *way, name = event.name.split(".")
        state = self.root.get_substate(way)
        followed = await state.event_handlers[name].fn(state, **event.payload)
        return Event.from_event_type(followed) if followed else []
