"""Moodle's wire format: how a request is spelt, and what an answer is before it has a shape."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from math import ceil
from typing import Final, NoReturn, TypeAlias, cast

import httpx
from pydantic_core import from_json

from studymaster.adapters.moodle.address import check_site_address
from studymaster.adapters.moodle.failures import (
    NAMED_FOR_FILES,
    NAMED_FOR_SITE_INFO,
    SITE_INFO_FUNCTION,
    AccessRefusedError,
    AddressRefusedError,
    FileBrokenError,
    FileElsewhereError,
    FileMissingError,
    FileRefusedError,
    MaintenanceError,
    MoodleError,
    MovedError,
    NotAnswerableError,
    NotMoodleError,
    ServiceDisabledError,
    SiteDownError,
    TooBusyError,
    name_failure,
)

JSON: TypeAlias = "bool | int | float | str | list[JSON] | dict[str, JSON] | None"
Parameter: TypeAlias = "bool | int | str | Sequence[Parameter] | Mapping[str, Parameter]"

STATUS_FAILURES: Final[Mapping[int, type[MoodleError]]] = {
    HTTPStatus.UNAUTHORIZED: AccessRefusedError,
    HTTPStatus.FORBIDDEN: ServiceDisabledError,
    HTTPStatus.NOT_FOUND: NotMoodleError,
    HTTPStatus.METHOD_NOT_ALLOWED: NotMoodleError,
    HTTPStatus.GONE: NotMoodleError,
    HTTPStatus.TOO_MANY_REQUESTS: TooBusyError,
}
FILE_STATUS_FAILURES: Final[Mapping[int, type[MoodleError]]] = {
    HTTPStatus.UNAUTHORIZED: FileRefusedError,
    HTTPStatus.FORBIDDEN: FileRefusedError,
    HTTPStatus.NOT_FOUND: FileMissingError,
    HTTPStatus.GONE: FileMissingError,
    HTTPStatus.PARTIAL_CONTENT: FileBrokenError,
    HTTPStatus.TOO_MANY_REQUESTS: TooBusyError,
}
LONGEST_PAUSE_S = 86_400
LARGEST_FILE_ERROR = 65_536

XML_FAILURE: Final = re.compile(
    rb"<EXCEPTION\b.*?<ERRORCODE>([^<]*)</ERRORCODE>(?:.*?<MESSAGE>([^<]*)</MESSAGE>)?",
    re.DOTALL,
)
# A proxy that compresses marks the validator as weak or adds a suffix; the hash stays.
SHA1_ETAG: Final = re.compile(r'(?:W/)?"([0-9a-f]{40})(?:-[a-z]+)?"')
TOKEN: Final = re.compile(r"[A-Za-z0-9]{16,128}")


@dataclass(frozen=True, slots=True)
class FileHead:
    """What the head of an answer says about the file that follows.

    `length` is in bytes of the file, None when not told; `sha1` is the hexadecimal content
    hash, None for files that Moodle makes on request. `named` tells whether a file name was
    announced, `suspect` whether the body may be a failure in disguise: `check_file_start`.
    """

    not_modified: bool
    mimetype: str
    length: int | None
    sha1: str | None
    suspect: bool
    named: bool


def encode_parameters(parameters: Mapping[str, Parameter]) -> dict[str, str]:
    """Spell parameters as Moodle reads them: 1/0, `ids[0]`, `options[0][name]`.

    An empty list has no spelling and disappears, which Moodle reads as "not given".
    """
    return {
        name: text for key, value in parameters.items() for name, text in _spell(key, value)
    }


def _spell(name: str, value: Parameter) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, (bool, int)):
        yield name, str(int(value))
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _spell(f"{name}[{key}]", inner)
    else:
        for index, inner in enumerate(value):
            yield from _spell(f"{name}[{index}]", inner)


def read_answer(
    function: str, status: int, headers: Mapping[str, str], body: bytes, *, host: str = ""
) -> JSON:
    """Return the value that a web service function answered, of any JSON type.

    Raises the named MoodleError for every failure, whichever of Moodle's forms it has.
    """
    _check_status(status, httpx.Headers(headers), body, host=host)
    value = _read_json(body, host=host)
    narrower = NAMED_FOR_SITE_INFO if function == SITE_INFO_FUNCTION else None
    _raise_if_failure(value, host=host, narrower=narrower)
    return value


def read_public_answer(
    status: int, headers: Mapping[str, str], body: bytes, *, host: str = ""
) -> JSON:
    """Return the value of a function that needs no token: the `data` of the only call."""
    try:
        value = read_answer("", status, headers, body, host=host)
    except NotAnswerableError as error:
        raise NotMoodleError(host, detail=error.detail) from error
    if not isinstance(value, list) or len(value) != 1 or not isinstance(value[0], dict):
        raise NotMoodleError(host, detail="not a list of one answer")
    answer = value[0]
    failure = answer.get("exception")
    if answer.get("error") is not False:
        _raise_if_failure(
            {"exception": "", **_as_mapping(failure)}, host=host, narrower=None
        )
    return answer.get("data")


def read_token(
    status: int, headers: Mapping[str, str], body: bytes, *, host: str = ""
) -> str:
    """Return the token that login/token.php gave, or raise why it gave none."""
    try:
        value = read_answer("", status, headers, body, host=host)
    except NotAnswerableError as error:
        raise NotMoodleError(host, detail=error.detail) from error
    token = _as_mapping(value).get("token")
    if not isinstance(token, str) or not TOKEN.fullmatch(token):
        raise NotMoodleError(host, detail="no token in the answer")
    return token


def read_file_head(status: int, headers: Mapping[str, str], *, host: str = "") -> FileHead:
    """Tell from the head of an answer what file follows, or raise why none does.

    A 404 of Moodle is JSON and one of the web server HTML: both mean that it is missing.
    """
    head = httpx.Headers(headers)
    if status in FILE_STATUS_FAILURES:
        raise FILE_STATUS_FAILURES[status](host, retry_after=read_pause(head))
    if (
        HTTPStatus(300) <= status < HTTPStatus.BAD_REQUEST
        and status != HTTPStatus.NOT_MODIFIED
    ):
        _raise_file_redirect(head, host=host)
    if status != HTTPStatus.NOT_MODIFIED:
        _check_status(status, head, b"", host=host)
    mimetype = head.get("content-type", "").partition(";")[0].strip().lower()
    sha1 = _read_sha1(head)
    named = "content-disposition" in head
    return FileHead(
        not_modified=status == HTTPStatus.NOT_MODIFIED,
        mimetype=mimetype or "application/octet-stream",
        length=_read_length(head),
        sha1=sha1,
        suspect=sha1 is None and (mimetype == "application/json" or not named),
        named=named,
    )


def check_file_start(start: bytes, *, named: bool, host: str = "") -> None:
    """Raise when the start of a suspect body is a failure that came with status 200.

    Moodle's failures are short JSON without a content hash. A body that announces no file
    name and is no failure of Moodle's either is a page of something in between.
    """
    try:
        value = _read_json(start, host=host)
    except NotAnswerableError:
        if named:
            return
        raise
    _raise_if_failure(value, host=host, narrower=NAMED_FOR_FILES)
    if not named:
        raise NotAnswerableError(host, detail="neither a file nor a failure")


def _check_status(status: int, head: httpx.Headers, body: bytes, *, host: str) -> None:
    if status == HTTPStatus.OK:
        return
    if HTTPStatus(300) <= status < HTTPStatus.BAD_REQUEST:
        _raise_redirect(head, host=host)
    pause = read_pause(head)
    if status == HTTPStatus.SERVICE_UNAVAILABLE and pause is not None:
        raise MaintenanceError(host, retry_after=pause)
    fallback = (
        SiteDownError if status >= HTTPStatus.INTERNAL_SERVER_ERROR else NotAnswerableError
    )
    detail = f"status {status}: {body[:1200].decode('utf-8', 'replace')}"
    raise STATUS_FAILURES.get(status, fallback)(host, detail=detail, retry_after=pause)


def _read_json(body: bytes, *, host: str) -> JSON:
    xml = XML_FAILURE.search(body[:LARGEST_FILE_ERROR])
    if xml and body.lstrip().startswith(b"<?xml"):
        code, message = (part.decode("utf-8", "replace") for part in xml.groups(b""))
        raise name_failure(code, message, host=host)
    try:
        return _parse(body)
    except (ValueError, RecursionError) as error:
        start = body[:1200].decode("utf-8", "replace")
        raise NotAnswerableError(host, detail=f"not JSON: {start}") from error


def _parse(body: bytes) -> JSON:
    try:
        return cast("JSON", from_json(body, allow_inf_nan=False))
    except ValueError:
        # Several times slower, and it bears what PHP writes: halves of characters, a mark
        # at the beginning.
        return cast("JSON", json.loads(body.decode("utf-8-sig"), parse_constant=_refuse))


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _raise_if_failure(
    value: JSON, *, host: str, narrower: Mapping[str, type[MoodleError]] | None
) -> None:
    answer = _as_mapping(value)
    if "exception" not in answer and not ("errorcode" in answer and "error" in answer):
        return
    code, message = answer.get("errorcode"), answer.get("message", answer.get("error"))
    raise name_failure(
        code if isinstance(code, str) else "",
        message if isinstance(message, str) else "",
        host=host,
        narrower=narrower,
    )


def _as_mapping(value: JSON) -> Mapping[str, JSON]:
    return value if isinstance(value, dict) else {}


def _raise_redirect(head: httpx.Headers, *, host: str) -> NoReturn:
    target = head.get("location", "")
    try:
        address = check_site_address(target, allowed_hosts=frozenset()).url
    except AddressRefusedError:
        address = ""
    raise MovedError(host, address=address, detail=f"to {target}")


def _raise_file_redirect(head: httpx.Headers, *, host: str) -> NoReturn:
    """Tell a file that wants a browser session from one that is kept at another place."""
    target = head.get("location", "")
    failure = FileRefusedError if "/login/" in target else FileElsewhereError
    raise failure(host, detail=f"redirected to {target.partition('?')[0]}")


def read_pause(head: httpx.Headers) -> int | None:
    """Return for how many seconds the site wants to be left alone; None when it did not say.

    A moment instead of a number is counted from the moment that the answer itself bears.
    """
    text = head.get("retry-after", "")
    if not re.fullmatch(r"[0-9]{1,9}", text):
        return _read_pause_until(text, head.get("date", ""))
    return min(int(text), LONGEST_PAUSE_S)


def _read_pause_until(moment: str, sent: str) -> int | None:
    try:
        pause = parsedate_to_datetime(moment) - parsedate_to_datetime(sent)
    except (TypeError, ValueError, OverflowError):
        return None
    return min(max(0, ceil(pause.total_seconds())), LONGEST_PAUSE_S)


def _read_length(head: httpx.Headers) -> int | None:
    text = head.get("content-length", "")
    encoded = head.get("content-encoding", "identity") != "identity"
    return int(text) if re.fullmatch(r"[0-9]{1,15}", text) and not encoded else None


def _read_sha1(head: httpx.Headers) -> str | None:
    match = SHA1_ETAG.fullmatch(head.get("etag", ""))
    return match[1] if match else None
