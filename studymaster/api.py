"""The HTTP interface: every feature's router under /api/v1, and what stands around them."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from fastapi.routing import RouteContext, iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles

from studymaster import description, probes
from studymaster.description import UNFIT
from studymaster.features.accountability import api as accountability
from studymaster.features.accounts import api as accounts
from studymaster.features.braindump import api as braindump
from studymaster.features.campus import api as campus
from studymaster.features.courses import api as courses
from studymaster.features.dashboard import api as dashboard
from studymaster.features.deadlines import api as deadlines
from studymaster.features.exams import api as exams
from studymaster.features.exchange import api as exchange
from studymaster.features.flashcards import api as flashcards
from studymaster.features.focus import api as focus
from studymaster.features.grades import api as grades
from studymaster.features.library import api as library
from studymaster.features.notifications import api as notifications
from studymaster.features.quizzes import api as quizzes
from studymaster.features.sync import api as sync
from studymaster.passage import PACKED, BodyLimit, Observed, OwnOrigin
from studymaster.problems import answer_failures

PREFIX = "/api/v1"
DOCS_PARTS = "/api/docs/parts"
ROUTERS: tuple[APIRouter, ...] = (
    *accounts.ROUTERS,
    dashboard.router,
    notifications.router,
    sync.router,
    courses.router,
    deadlines.router,
    grades.router,
    library.router,
    flashcards.router,
    exams.router,
    exchange.router,
    quizzes.router,
    focus.router,
    campus.router,
    accountability.router,
    braindump.router,
)
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
QUICK_PACKING = 5
"""Of gzip's levels 1 to 9: nearly as small as 9, at a third of the time."""


class Interface(FastAPI):
    """The application behind /api; its description knows our proofs and failures."""

    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI document."""
        return description.describe(self, guard=accounts.current_student)


def create_api() -> FastAPI:
    """Assemble the routers, documented at /api/docs."""
    api = Interface(
        title="StudyMaster",
        docs_url=None,
        redoc_url=None,
        swagger_ui_oauth2_redirect_url=None,
        openapi_url="/api/openapi.json",
        responses=UNFIT,
    )
    api.add_api_route("/api/docs", _docs, include_in_schema=False)
    # The package carries Swagger UI; its own way of serving it does not work when mounted.
    api.mount(DOCS_PARTS, StaticFiles(packages=[("fastapi_swagger", "resources")]))
    for router in ROUTERS:
        api.include_router(router, prefix=PREFIX)
    api.add_api_route(f"{PREFIX}/health", probes.alive, tags=["health"])
    api.include_router(probes.router)
    answer_failures(api)
    _stand_around(api)
    # Last: whatever else lies under /api, so that it is not looked for among the pages.
    api.add_api_route(
        "/api/{rest:path}", _nowhere, methods=list(METHODS), include_in_schema=False
    )
    return api


def _stand_around(api: FastAPI) -> None:
    """Put the passage around the routes; the last one added is the outermost."""
    routes = {
        route.endpoint: str(route.path_format)
        for route in iter_route_contexts(api.routes)
        if route.endpoint is not None and str(route.path_format).startswith(PREFIX)
    }
    api.add_middleware(BodyLimit)
    api.add_middleware(OwnOrigin)
    api.add_middleware(
        GZipMiddleware, compresslevel=QUICK_PACKING, exclude_content_types=PACKED
    )
    api.add_middleware(Observed, routes=routes)


async def _docs() -> HTMLResponse:
    return get_swagger_ui_html(
        openapi_url="/api/openapi.json",
        title="StudyMaster API",
        swagger_js_url=f"{DOCS_PARTS}/swagger-ui-bundle.js",
        swagger_css_url=f"{DOCS_PARTS}/swagger-ui.css",
        swagger_favicon_url="/favicon.svg",
    )


async def _nowhere(request: Request) -> None:
    """Say what is wrong with an address that no route takes: itself, or the method."""
    taken = {method for route in _fitting(request) for method in route.methods or ()}
    if not taken:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    allowed = {"Allow": ", ".join(sorted(taken))}
    raise HTTPException(HTTPStatus.METHOD_NOT_ALLOWED, headers=allowed)


def _fitting(request: Request) -> Iterator[RouteContext]:
    """Yield the routes that know this address, whichever methods they take."""
    app: FastAPI = request.app
    for route in iter_route_contexts(app.routes):
        if route.endpoint is not _nowhere and route.path_regex.match(request.url.path):
            yield route
