"""Sends a stored file over HTTP and gives it back to the store afterwards."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse
from starlette.types import Message, Receive, Scope, Send

BYTES: Final = {"*/*": {"schema": {"type": "string", "format": "binary"}}}
PROBLEM: Final = {
    "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
}
FILE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The file.", "content": BYTES},
    206: {"description": "The part of it that `Range` asked for.", "content": BYTES},
    400: {"description": "`Range` cannot be read.", "content": PROBLEM},
    416: {"description": "The file ends before that part of it.", "content": PROBLEM},
}
"""How the interface describes an address from which a file comes."""

UNCHANGED: Final[dict[int | str, dict[str, Any]]] = {
    304: {"description": "The browser has it already."}
}


class LentFile(FileResponse):
    """A file that is given back once it is sent, also when its reader leaves early."""

    def __init__(
        self,
        path: Path,
        *,
        loan: AsyncExitStack,
        media_type: str,
        headers: Mapping[str, str],
    ) -> None:
        """Send what lies under `path`; closing the loan gives it back."""
        super().__init__(path, media_type=media_type, headers=headers)
        self._loan = loan

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the file, or the range of it that was asked for.

        Raises:
            HTTPException: the range cannot be read (400), or begins behind the end (416).
        """
        # A server that opens the path by itself may come after the loan has ended.
        by_us: Scope = {**scope, "extensions": {}}
        async with self._loan:
            await super().__call__(by_us, receive, _unless_refused(send))


def _unless_refused(send: Send) -> Send:
    """Send a file; a refusal, which would go out as plain text, is raised instead."""

    async def pass_on(message: Message) -> None:
        status: int = message.get("status", HTTPStatus.OK)
        if status >= HTTPStatus.BAD_REQUEST:
            size = Headers(raw=message["headers"]).get("content-range")
            raise HTTPException(status, headers={"Content-Range": size} if size else None)
        await send(message)

    return pass_on
