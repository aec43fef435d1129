"""How an open tab stays signed in, and how it leaves when the session is over."""

from typing import Final, cast
from urllib.parse import quote

import reflex as rx
from reflex.event import EventSpec

SIGN_IN: Final = "/sign-in"
REFRESH_PATH: Final = "/api/v1/auth/refresh"
REFRESH_SECONDS: Final = 600
SIGN_OUT_PATH: Final = "/api/v1/auth/logout"


class LeavingState(rx.State):
    """Knows where the tab is, so that signing in leads back there."""

    @rx.event
    def leave(self) -> EventSpec | None:
        """Go to the sign-in page, unless the tab is there."""
        path = self.router.url.path or "/"
        if path.startswith(SIGN_IN):
            return None
        query = self.router.url.query
        return rx.redirect(sign_in_path(f"{path}?{query}" if query else path))


def to_sign_in() -> EventSpec:
    """Return the event that leads a signed-out visitor to the sign-in page and back."""
    return cast("EventSpec", LeavingState.leave())


def sign_in_path(back_to: str) -> str:
    """Return the address of the sign-in page that leads back to `back_to`."""
    return f"{SIGN_IN}?next={quote(back_to, safe='/')}"


class _Keeper(rx.Component):
    """Renews the session's cookies while the tab is open; leaves when that is refused.

    Drafts of this tab survive a session that ends, and go with who signs out themselves.
    """

    library = f"$/public{rx.asset('session.jsx', shared=True)}"
    tag = "SessionKeeper"

    refresh_path: rx.Var[str]
    sign_in: rx.Var[str]
    sign_out: rx.Var[str]
    seconds: rx.Var[int]
    ended: rx.Var[bool]


def keeper(*, ended: bool | rx.Var[bool] = False) -> rx.Component:
    """Keep this tab signed in every 10 minutes; go when the session has `ended`."""
    return _Keeper.create(
        refresh_path=REFRESH_PATH,
        sign_in=SIGN_IN,
        sign_out=SIGN_OUT_PATH,
        seconds=REFRESH_SECONDS,
        ended=ended,
    )
