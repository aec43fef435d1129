"""How every failure of the interface looks: a problem document (RFC 9457) with a sentence."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request

from studymaster.errors import StudyMasterError, TooManyRequestsError

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"

TOO_LARGE = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
TOO_FAR = HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
BROKEN = "Something broke on our side. Nothing you had before is lost; try again."
SENTENCES = {
    HTTPStatus.BAD_REQUEST: "This request cannot be read. Look at /api/docs for its form.",
    HTTPStatus.NOT_FOUND: "There is nothing at this address. /api/docs lists what there is.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This address does not take {method}.",
    TOO_LARGE: "That is more than we take at once. Send less.",
    TOO_FAR: "The file ends before the part you asked for. Content-Range says its size.",
}
"""For failures that are found before any of our own code is asked."""

EXPECTED = {
    "missing": "is missing",
    "int_parsing": "has to be a whole number",
    "int_type": "has to be a whole number",
    "int_from_float": "has to be a whole number",
    "int_parsing_size": "is too large a number",
    "float_parsing": "has to be a number",
    "float_type": "has to be a number",
    "bool_parsing": "has to be true or false",
    "bool_type": "has to be true or false",
    "string_type": "has to be text",
    "string_too_long": "is too long",
    "string_too_short": "is too short",
    "string_unicode": "has to be text in UTF-8",
    "list_type": "has to be a list",
    "dict_type": "has to be an object",
    "model_type": "has to be an object",
    "model_attributes_type": "has to be an object",
    "uuid_parsing": "is not an id",
    "uuid_type": "is not an id",
    "datetime_parsing": "has to be a time such as 2030-01-16T12:00:00Z",
    "datetime_from_date_parsing": "has to be a time such as 2030-01-16T12:00:00Z",
    "datetime_type": "has to be a time such as 2030-01-16T12:00:00Z",
    "timezone_aware": "has to be a time with its zone, such as 2030-01-16T12:00:00Z",
    "enum": "is none of the allowed values",
    "literal_error": "is none of the allowed values",
    "greater_than_equal": "is too small",
    "greater_than": "is too small",
    "less_than_equal": "is too large",
    "less_than": "is too large",
    "finite_number": "has to be a finite number",
}
"""Kinds of pydantic's errors in our words; its own would repeat what was sent."""


class InputProblem(BaseModel):
    """One thing about a request that does not fit: where it stands, and what is wrong."""

    field: str
    detail: str


class Problem(BaseModel):
    """Why a request was not carried out (RFC 9457)."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="Kind of the failure, the same for the same reason.")
    title: str = Field(description="The HTTP status in words.")
    status: int
    detail: str = Field(description="A sentence for a person.")
    errors: list[InputProblem] | None = Field(
        default=None, description="With status 422: every field that does not fit."
    )


def problem(
    status: HTTPStatus,
    detail: str,
    *,
    kind: str,
    headers: Mapping[str, str] | None = None,
    errors: Sequence[InputProblem] = (),
    **more: Mapping[str, str],
) -> JSONResponse:
    """Return a problem document as an answer; `more` are members of its own."""
    content = Problem(
        type=kind,
        title=status.phrase,
        status=status,
        detail=detail,
        errors=list(errors) or None,
    ).model_dump(exclude_none=True)
    content |= more
    return JSONResponse(content, status, dict(headers or {}), media_type=MEDIA_TYPE)


def answer_failures(api: FastAPI) -> None:
    """Make every failure of an application answer with a problem document."""
    api.add_exception_handler(StudyMasterError, _expected)
    api.add_exception_handler(RequestValidationError, _unfit)
    api.add_exception_handler(HTTPException, _refused)
    api.add_exception_handler(Exception, _broken)


async def _expected(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, StudyMasterError)
    headers: dict[str, str] = {}
    if isinstance(error, TooManyRequestsError):
        headers["Retry-After"] = str(error.retry_after_s)
    if error.status is HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    kind = type(error).__name__
    return problem(error.status, error.message, kind=kind, headers=headers)


async def _unfit(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    found = [_input_problem(one) for one in error.errors()]
    first = found[0].detail if found else SENTENCES[HTTPStatus.BAD_REQUEST]
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    return problem(status, first, kind="InvalidInputError", errors=found)


def _input_problem(error: Mapping[str, Any]) -> InputProblem:
    if error["type"] == "json_invalid":
        return InputProblem(field="body", detail="The body is not valid JSON.")
    name = ".".join(str(part)[:60] for part in error["loc"][1:]) or str(error["loc"][0])
    what = EXPECTED.get(error["type"], "has a value that cannot be used")
    subject = "The body" if name == "body" else f"`{name}`"
    return InputProblem(field=name, detail=f"{subject} {what}.")


async def _refused(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    return refusal(error, method=request.method)


def refusal(error: HTTPException, *, method: str) -> JSONResponse:
    """Return the problem document for what the framework itself refuses."""
    status = HTTPStatus(error.status_code)
    sentence = SENTENCES.get(status, f"{status.phrase}.").format(method=method)
    kind = f"{status.phrase.title().replace(' ', '')}Error"
    return problem(status, sentence, kind=kind, headers=error.headers)


async def _broken(_: Request, error: Exception) -> JSONResponse:
    log.error("request_failed", exc_info=error)
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    return problem(status, BROKEN, kind="UnexpectedError")
