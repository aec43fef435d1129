"""How Moodle 4.4 puts answers and refusals on the wire: its JSON, its XML, its error bodies."""

from html import escape
from typing import Any, cast

import pydantic_core
from starlette.responses import Response

Json = Any  # what json can write: the shapes are held to the recordings by the conformance test

PLUGIN_VERSION = "2024042203.03"


class RefusalError(Exception):
    """A call that Moodle answers with an exception body and HTTP 200."""

    def __init__(
        self, *, errorcode: str, message: str, exception: str = "moodle_exception"
    ) -> None:
        """Keep the three things that Moodle tells about it."""
        super().__init__(message)
        self.errorcode = errorcode
        self.message = message
        self.exception = exception


def invalid_parameter() -> RefusalError:
    """Missing, of the wrong type or unexpected: Moodle does not say which."""
    return RefusalError(
        errorcode="invalidparameter",
        message="Invalid parameter value detected",
        exception="invalid_parameter_exception",
    )


def missing_record(table: str) -> RefusalError:
    """A row that does not exist in a table of Moodle's."""
    return RefusalError(
        errorcode="invalidrecord",
        message=f"Can't find data record in database table {table}.",
        exception="dml_missing_record_exception",
    )


def course_not_valid(course_id: int, reason: str) -> RefusalError:
    """A course whose context this student may not use, and why."""
    return RefusalError(
        errorcode="errorcoursecontextnotvalid",
        message="You cannot execute functions in the course context "
        f"(course id:{course_id}). The context error message was: {reason}",
    )


NOT_ACCESSIBLE = "Course or activity not accessible."


def invalid_token() -> RefusalError:
    """A token that was never given, was revoked or is used up."""
    return RefusalError(errorcode="invalidtoken", message="Invalid token - token not found")


def access_exception() -> RefusalError:
    """A token that just expired, or a function outside its service."""
    return RefusalError(
        errorcode="accessexception",
        message="Access control exception",
        exception="webservice_access_exception",
    )


def to_json(value: Json) -> str:
    """JSON as PHP writes it: no spaces, slashes escaped, ASCII only."""
    written = pydantic_core.to_json(value, ensure_ascii=True)
    return written.replace(b"/", b"\\/").decode("ascii")


def to_xml(value: Json) -> bytes:
    """The XML of a REST call that did not ask for JSON."""
    return f'<?xml version="1.0" encoding="UTF-8" ?>\n<RESPONSE>\n{_xml(value)}</RESPONSE>\n'.encode()


def _xml(value: Json) -> str:
    if isinstance(value, dict):
        keys = "".join(
            f'<KEY name="{key}">{_xml(item)}</KEY>\n'
            for key, item in cast("dict[str, Json]", value).items()
        )
        return f"<SINGLE>\n{keys}</SINGLE>\n"
    if isinstance(value, list):
        return f"<MULTIPLE>\n{''.join(map(_xml, cast('list[Json]', value)))}</MULTIPLE>\n"
    if value is None:
        return '<VALUE null="null"/>\n'
    text = str(int(value)) if isinstance(value, bool) else str(value)
    return f"<VALUE>{escape(text)}</VALUE>\n"


def rest_answer(value: Json, *, as_json: bool) -> Response:
    """A REST call that succeeded."""
    if as_json:
        return Response(to_json(value), media_type="application/json")
    return Response(to_xml(value), media_type="application/xml; charset=utf-8")


def rest_refusal(refusal: RefusalError, *, as_json: bool) -> Response:
    """A REST call that failed; the status is 200 all the same."""
    if as_json:
        body = {
            "exception": refusal.exception,
            "errorcode": refusal.errorcode,
            "message": refusal.message,
        }
        return Response(to_json(body), media_type="application/json")
    text = (
        '<?xml version="1.0" encoding="UTF-8" ?>\n'
        f'<EXCEPTION class="{refusal.exception}">\n'
        f"<ERRORCODE>{refusal.errorcode}</ERRORCODE>\n"
        f"<MESSAGE>{escape(refusal.message)}</MESSAGE>\n</EXCEPTION>\n"
    )
    return Response(text, media_type="application/xml; charset=utf-8")


# These two are written before Moodle is up, in another order of keys.
_EARLY = frozenset({"dbconnectionfailed", "upgraderunning"})


def ajax_json(value: Json, status: int = 200) -> Response:
    """JSON from the pages outside the REST server, which name their charset."""
    return Response(
        to_json(value), status_code=status, media_type="application/json; charset=utf-8"
    )


def ajax_refusal(refusal: RefusalError, *, status: int = 200) -> Response:
    """How sign-in and file download say no: {"error", "errorcode", ...}."""
    if refusal.errorcode in _EARLY:
        return ajax_json(
            {
                "error": refusal.message,
                "stacktrace": None,
                "debuginfo": None,
                "errorcode": refusal.errorcode,
            },
            status,
        )
    return ajax_json(
        {
            "error": refusal.message,
            "errorcode": refusal.errorcode,
            "stacktrace": None,
            "debuginfo": None,
            "reproductionlink": None,
        },
        status,
    )


def html_page(title: str, sentence: str, *, status: int = 200) -> Response:
    """A page for people where a program expected data."""
    return Response(
        f'<!DOCTYPE html>\n<html lang="en"><head><title>{escape(title)}</title></head>'
        f"<body><h1>{escape(title)}</h1><div>{sentence}</div></body></html>\n",
        status_code=status,
        media_type="text/html; charset=utf-8",
    )
