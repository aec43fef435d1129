"""The HTTP interface: every feature's router under /api/v1, and how an error looks."""

from http import HTTPStatus
from urllib.parse import urlsplit

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse, Response
from starlette.middleware.base import RequestResponseEndpoint

from studymaster.config import get_settings
from studymaster.errors import StudyMasterError
from studymaster.features.accounts import api as accounts
from studymaster.features.flashcards import api as flashcards
from studymaster.features.library import api as library

PREFIX = "/api/v1"
ROUTERS: tuple[APIRouter, ...] = (
    accounts.router,
    library.router,
    flashcards.router,
)
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


def create_api() -> FastAPI:
    """Assemble the routers, documented at /api/docs."""
    api = FastAPI(
        title="StudyMaster",
        docs_url="/api/docs",
        redoc_url=None,
        openapi_url="/api/openapi.json",
    )
    for router in ROUTERS:
        api.include_router(router, prefix=PREFIX)
    api.add_api_route(f"{PREFIX}/health", _health, tags=["health"])
    api.add_exception_handler(StudyMasterError, _problem)
    api.middleware("http")(_refuse_foreign_origins)
    return api


async def _health() -> dict[str, str]:
    return {"status": "ok"}


async def _problem(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, StudyMasterError)
    return problem(error.status, error.message, kind=type(error).__name__)


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
