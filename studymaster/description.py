"""How the interface describes itself: who may ask, and every way in which asking may fail."""

from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from studymaster.problems import MEDIA_TYPE, Problem

REF: Final = "#/components/schemas/"
FAILURES: Final = {
    HTTPStatus.UNAUTHORIZED: "Nobody is signed in, or the proof of who it is was wrong.",
    HTTPStatus.NOT_FOUND: "It is not there, or not yours.",
    HTTPStatus.CONFLICT: "It cannot be done in this state.",
    HTTPStatus.TOO_MANY_REQUESTS: "Too often in a minute; Retry-After says when again.",
    HTTPStatus.SERVICE_UNAVAILABLE: "Something that is needed for it does not answer.",
}
FOR_WRITERS: Final = {
    HTTPStatus.BAD_REQUEST: "The body cannot be read.",
    HTTPStatus.FORBIDDEN: "The request came from a page of another site.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is larger than we take.",
}
WRITING: Final = frozenset({"post", "put", "patch", "delete"})
PROOFS: Final = {
    "cookie": {"type": "apiKey", "in": "cookie", "name": "sm_access"},
    "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
}


def _failure(meaning: str) -> dict[str, Any]:
    content = {MEDIA_TYPE: {"schema": {"$ref": f"{REF}Problem"}}}
    return {"description": meaning, "content": content}


UNFIT: Final[dict[int | str, dict[str, Any]]] = {
    HTTPStatus.UNPROCESSABLE_ENTITY.value: _failure(
        "What was sent cannot be used as it is."
    )
}
"""Said to FastAPI itself, which would otherwise describe answers of its own making."""


def describe(api: FastAPI, *, guard: Callable[..., object]) -> dict[str, Any]:
    """Return the OpenAPI document; operations that depend on `guard` need a proof."""
    document = FastAPI.openapi(api)
    parts = document.setdefault("components", {})
    parts["securitySchemes"] = PROOFS
    schema = Problem.model_json_schema(ref_template=REF + "{model}")
    inner: dict[str, Any] = schema.pop("$defs", {})
    parts.setdefault("schemas", {}).update({**inner, "Problem": schema})
    guarded = set(_guarded(api, guard))
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            _complete(operation, method=method, needs_proof=(path, method) in guarded)
    return document


def _complete(operation: dict[str, Any], *, method: str, needs_proof: bool) -> None:
    failures = dict(FAILURES)
    if needs_proof:
        operation["security"] = [{name: []} for name in PROOFS]
    if method in WRITING:
        failures |= FOR_WRITERS
    for status, meaning in failures.items():
        operation["responses"].setdefault(str(status.value), _failure(meaning))
    said = str(operation.get("description", ""))
    operation["summary"] = said.partition("\n")[0].removesuffix(".")


def _guarded(api: FastAPI, guard: Callable[..., object]) -> Iterator[tuple[str, str]]:
    for route in iter_route_contexts(api.routes):
        dependant: Dependant | None = getattr(route, "dependant", None)
        if dependant is not None and _asks(dependant, guard):
            for method in route.methods or ():
                yield str(route.path_format), method.lower()


def _asks(dependant: Dependant, guard: Callable[..., object]) -> bool:
    return dependant.call is guard or any(
        _asks(one, guard) for one in dependant.dependencies
    )
