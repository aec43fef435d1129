"""Reads a form with a file, once it is clear who sends it and how large it may be."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, Final, cast

from starlette.datastructures import FormData, UploadFile
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message

from studymaster.errors import InvalidInputError

WRAPPING_BYTES: Final = 1_000_000
"""What a form may need around its file."""

MOST_FIELDS: Final = 10
CUT_OFF: Final = "The upload broke off. Nothing was kept; try again."
ONE_FILE: Final = "Send one file, under the name “file”, and everything else as text."


def form_with(**fields: dict[str, Any]) -> dict[str, Any]:
    """Describe a form with a file and some fields, for the document of the interface.

    By hand, as a framework that knew the form would read it before anybody is asked for.
    """
    properties = {"file": {"type": "string", "format": "binary"}, **fields}
    schema = {"type": "object", "required": ["file"], "properties": properties}
    content = {"multipart/form-data": {"schema": schema}}
    return {"requestBody": {"required": True, "content": content}}


@asynccontextmanager
async def form_of(
    request: Request, *, most_bytes: int, too_large: str
) -> AsyncGenerator[FormData]:
    """Read a form as it streams in; what grows large lies on disk and is removed.

    Args:
        request: a request whose body nobody has read.
        most_bytes: what its file may have; the form around it comes on top.
        too_large: the sentence for a larger one.

    Raises:
        InvalidInputError: it is larger, or ends before its end.
        HTTPException: it is no form (400).
    """
    taken, most = 0, most_bytes + WRAPPING_BYTES

    async def counted() -> Message:
        nonlocal taken
        message = await request.receive()
        taken += len(cast("bytes", message.get("body", b"")))
        if taken > most:
            raise InvalidInputError(too_large)
        return message

    announced = request.headers.get("content-length", "")
    if announced.isascii() and announced.isdecimal() and int(announced) > most:
        raise InvalidInputError(too_large)
    try:
        form = await Request(request.scope, counted).form(
            max_files=1, max_fields=MOST_FIELDS
        )
    except ClientDisconnect as gone:
        raise InvalidInputError(CUT_OFF) from gone
    try:
        yield form
    finally:
        await form.close()


def file_in(form: FormData) -> UploadFile:
    """Return the file of a form.

    Raises:
        InvalidInputError: there is none.
    """
    file = form.get("file")
    if not isinstance(file, UploadFile):
        raise InvalidInputError(ONE_FILE)
    return file


def text_in(form: FormData, name: str) -> str:
    """Return a field of a form, empty when it is not there.

    Raises:
        InvalidInputError: it is a file.
    """
    text = form.get(name, "")
    if not isinstance(text, str):
        raise InvalidInputError(ONE_FILE)
    return text
