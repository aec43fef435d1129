"""The HTTP interface: every feature's router under /api/v1, and how an error looks."""

from http import HTTPStatus
from urllib.parse import urlsplit

import structlog
from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.datastructures import MutableHeaders
from starlette.middleware.base import RequestResponseEndpoint
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from studymaster.config import get_settings
from studymaster.errors import StudyMasterError
from studymaster.features.accounts import api as accounts
from studymaster.features.flashcards import api as flashcards
from studymaster.features.library import api as library

log = structlog.get_logger(__name__)

PREFIX = "/api/v1"
DOCS_PARTS = "/api/docs/parts"
ROUTERS: tuple[APIRouter, ...] = (
    accounts.router,
    library.router,
    flashcards.router,
)
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


HEADERS = {
    "Content-Security-Policy": "default-src 'self'; script-src 'self' 'unsafe-inline'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "connect-src 'self' ws: wss:; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""On every answer, pages included. Reflex starts its pages by an inline script."""


def with_headers(app: ASGIApp) -> ASGIApp:
    """Add HEADERS to everything an application answers, where it set no others."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await app(scope, receive, send_with_headers)

    return wrapped


def create_api() -> FastAPI:
    """Assemble the routers, documented at /api/docs."""
    api = FastAPI(
        title="StudyMaster",
        docs_url=None,
        redoc_url=None,
        swagger_ui_oauth2_redirect_url=None,
        openapi_url="/api/openapi.json",
    )
    api.add_api_route("/api/docs", _docs, include_in_schema=False)
    # The package carries Swagger UI; its own way of serving it does not work when mounted.
    api.mount(DOCS_PARTS, StaticFiles(packages=[("fastapi_swagger", "resources")]))
    for router in ROUTERS:
        api.include_router(router, prefix=PREFIX)
    api.add_api_route(f"{PREFIX}/health", _health, tags=["health"])
    api.add_exception_handler(StudyMasterError, _problem)
    api.add_exception_handler(Exception, _broken)
    api.middleware("http")(_refuse_foreign_origins)
    return api


async def _docs() -> HTMLResponse:
    return get_swagger_ui_html(
        openapi_url="/api/openapi.json",
        title="StudyMaster API",
        swagger_js_url=f"{DOCS_PARTS}/swagger-ui-bundle.js",
        swagger_css_url=f"{DOCS_PARTS}/swagger-ui.css",
        swagger_favicon_url="/favicon.svg",
    )


async def _health() -> dict[str, str]:
    return {"status": "ok"}


async def _problem(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, StudyMasterError)
    return problem(error.status, error.message, kind=type(error).__name__)


async def _broken(_: Request, error: Exception) -> JSONResponse:
    log.error("request_failed", exc_info=error)
    detail = "Something broke on our side. Nothing you had before is lost; try again."
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, detail, kind="UnexpectedError")


def problem(status: HTTPStatus, detail: str, *, kind: str) -> JSONResponse:
    """Return a problem document (RFC 9457)."""
    content = {"type": kind, "title": status.phrase, "status": status, "detail": detail}
    return JSONResponse(content, status_code=status, media_type="application/problem+json")


async def _refuse_foreign_origins(
    request: Request, call_next: RequestResponseEndpoint
) -> Response:
    """Refuse what another site makes a student's browser send with their cookies."""
    origin = request.headers.get("origin")
    if request.method in UNSAFE and origin is not None and not _is_ours(request, origin):
        detail = "This request came from another site, so it was not carried out."
        return problem(HTTPStatus.FORBIDDEN, detail, kind="ForeignOriginError")
    return await call_next(request)


def _is_ours(request: Request, origin: str) -> bool:
    hosts = {request.headers.get("host", ""), urlsplit(get_settings().public_url).netloc}
    return urlsplit(origin).netloc in hosts
