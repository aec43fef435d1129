"""Says in every open tab that a part of the product is away, and that it is back."""

from asyncio import sleep
from collections.abc import Awaitable, Callable, Mapping

import reflex as rx
import structlog
from reflex.state import StateUpdate

log = structlog.get_logger(__name__)

LOOK_SECONDS = 3.0

Delta = Mapping[str, Mapping[str, bool]]


async def tell(
    app: rx.App,
    *,
    whole: Callable[[], Awaitable[bool]],
    away: Delta,
    back: Delta,
    every: float = LOOK_SECONDS,
) -> None:
    """Look every few seconds, as long as the process lives, whether all parts answer.

    While one does not, every tab is told each time, also those that were opened since. They
    are told from here alone: the part that is away may be the one that carries news.

    Args:
        app: whose tabs are told.
        whole: tells whether all parts answer; it must not take long itself.
        away: what a tab is sent while a part is away.
        back: what it is sent once all are there again.
        every: seconds between two looks.
    """
    was_away = False
    while True:
        is_away = not await whole()
        if is_away or was_away:
            await _tell_all(app, StateUpdate(delta=dict(away if is_away else back)))
        if is_away != was_away:
            log.warning("parts_away" if is_away else "parts_back")
        was_away = is_away
        await sleep(every)


async def _tell_all(app: rx.App, update: StateUpdate) -> None:
    space = app.event_namespace
    if space is None:
        return
    for token in list(space.token_to_sid):
        try:
            await space.emit_update(update, token)
        except Exception:
            # One tab that closes just now is no matter of the others.
            log.exception("tab_not_told")
