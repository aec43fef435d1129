"""What every request passes on its way in, and every answer on its way out."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from secrets import token_hex
from time import perf_counter
from typing import Final, cast
from urllib.parse import urlsplit

import structlog
from granian.utils import proxies
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from studymaster.adapters import metrics
from studymaster.config import get_settings
from studymaster.problems import TOO_LARGE, problem, refusal

log = structlog.get_logger(__name__)

API: Final = "/api/"
UNSAFE: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
CARDS_COME_IN = "/api/v1/exchange/imports"
"""Files of cards may be larger than any other."""

TEXT_LIMIT: Final = 1_000_000
"""Bytes of a body that is JSON or a form without files."""

UPLOADS: Final = ("multipart/", "audio/", "video/", "application/octet-stream")
WRAPPING: Final = 1_000_000
"""Bytes that a form may need around the largest file."""

PACKED: Final = (
    *DEFAULT_EXCLUDED_CONTENT_TYPES,
    "application/pdf",
    "application/octet-stream",
)
"""Media types that compression would only make slower."""

HEADERS: Final = {
    "Content-Security-Policy": "default-src 'self'; script-src 'self' 'unsafe-inline'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; "
    "connect-src 'self' ws: wss:; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""On every answer, pages included. Reflex starts its pages by an inline script."""

YEAR: Final = "public, max-age=31536000, immutable"
WEEK: Final = "public, max-age=604800"
ASK_FIRST: Final = "no-cache"
NEVER: Final = "no-store"
KEEPING: Final = (
    ("/assets/", YEAR),
    ("/fonts/", WEEK),
    ("/api/docs", ASK_FIRST),
    (API, NEVER),
)
"""How long browsers keep what lies where; names under /assets change with their content."""


def with_headers(app: ASGIApp) -> ASGIApp:
    """Add HEADERS and a word on keeping to all an application answers, where it set none."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                kept = _keeping(scope["path"], status=message["status"])
                for name, value in {**HEADERS, "Cache-Control": kept}.items():
                    headers.setdefault(name, value)
            await send(message)

        await app(scope, receive, send_with_headers)

    return wrapped


def _keeping(path: str, *, status: int) -> str:
    kept = next((kept for start, kept in KEEPING if path.startswith(start)), ASK_FIRST)
    # What is missing today may be there after the next build.
    fails = status >= HTTPStatus.BAD_REQUEST
    return ASK_FIRST if fails and kept in {YEAR, WEEK} else kept


Wrap = Callable[[ASGIApp, list[str]], ASGIApp]


def behind_proxies(app: ASGIApp) -> ASGIApp:
    """Let an application see who asks, where one of TRUSTED_PROXIES asks for them.

    Of the addresses in X-Forwarded-For the last one counts that is no such proxy itself:
    what stands before it may be made up. From anybody else the header means nothing.
    """
    trusted = [str(network) for network in get_settings().trusted_proxies]
    # The server's own reading of the header; it says nothing of its types.
    wrap = cast("Wrap", proxies.wrap_asgi_with_proxy_headers)
    return wrap(app, trusted)


class Observed:
    """Times each request of the interface, gives it an id, and writes one line about it."""

    def __init__(self, app: ASGIApp, routes: Mapping[Callable[..., object], str]) -> None:
        """Stand around `app`; `routes` says which address an endpoint has, as a pattern."""
        self._app = app
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; what is no request of the interface is only passed on."""
        if scope["type"] != "http" or not scope["path"].startswith(API):
            await self._app(scope, receive, send)
            return
        status, request_id, began = 500, token_hex(8), perf_counter()

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = int(message["status"])
                MutableHeaders(scope=message)["X-Request-ID"] = request_id
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self._app(scope, receive, send_with_id)
            finally:
                self._note(scope, status=status, seconds=perf_counter() - began)

    def _note(self, scope: Scope, *, status: int, seconds: float) -> None:
        # The pattern, never the path: ids would make a metric of each.
        route = self._routes.get(scope.get("endpoint", _nowhere), "none")
        method = scope["method"] if scope["method"] in {"GET", *UNSAFE} else "other"
        metrics.REQUESTS.labels(method, route, str(status)).observe(seconds)
        milliseconds = round(seconds * 1000, 1)
        log.info("api_request", method=method, route=route, status=status, ms=milliseconds)


def _nowhere() -> None: ...


class OwnOrigin:
    """Refuses what another site makes a student's browser send with their cookies."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand in front of `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is ours, or came from no page at all."""
        if scope["type"] == "http" and scope["method"] in UNSAFE:
            headers = Headers(scope=scope)
            origin = headers.get("origin")
            if origin is not None and not is_ours(origin, host=headers.get("host", "")):
                detail = "This request came from another site, so it was not carried out."
                answer = problem(HTTPStatus.FORBIDDEN, detail, kind="ForeignOriginError")
                await answer(scope, receive, send)
                return
        await self._app(scope, receive, send)


def is_ours(origin: str, *, host: str) -> bool:
    """Tell whether a page of this origin is one of our own, as asked under `host`."""
    return urlsplit(origin).netloc in {host, urlsplit(get_settings().public_url).netloc}


class BodyLimit:
    """Takes no more of a body than its kind may need: files a lot, texts a little."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand in front of `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse by the announced length, else count while it comes."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers, taken = Headers(scope=scope), 0
        limit = _limit(headers.get("content-type", ""), path=str(scope["path"]))
        if _number(headers.get("content-length", "")) > limit:
            answer = refusal(HTTPException(TOO_LARGE), method=scope["method"])
            await answer(scope, receive, send)
            return

        async def receive_counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(cast("bytes", message.get("body", b"")))
            if taken > limit:
                raise HTTPException(TOO_LARGE)
            return message

        await self._app(scope, receive_counted, send)


def _limit(media_type: str, *, path: str) -> int:
    if not media_type.lower().startswith(UPLOADS):
        return TEXT_LIMIT
    settings = get_settings()
    most = settings.import_limit_mb if path == CARDS_COME_IN else settings.file_limit_mb
    return most * 1_000_000 + WRAPPING


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() else 0
