"""Packs files and texts into one ZIP file, piece by piece, off the event loop."""

import zipfile
from asyncio import to_thread
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

from studymaster.adapters.storage import StorageAwayError

NO_ROOM = "There is no room to pack the file at the moment. Try again in a while."

Write = Callable[[str], Awaitable[None]]


class Archive:
    """A ZIP file that is being written; one entry at a time."""

    def __init__(self, target: zipfile.ZipFile) -> None:
        """Write into an opened file."""
        self._target = target

    async def add_file(self, path: Path, name: str) -> None:
        """Add a copy of a file."""
        await to_thread(self._target.write, path, name)

    async def add_text(self, text: str, name: str) -> None:
        """Add a text."""
        await to_thread(self._target.writestr, name, text)

    @asynccontextmanager
    async def entry(self, name: str) -> AsyncGenerator[Write]:
        """Begin a text; what is given to the writer is added to its end."""
        with self._target.open(name, "w", force_zip64=True) as stream:

            async def write(text: str) -> None:
                await to_thread(stream.write, text.encode())

            yield write


@asynccontextmanager
async def packed(fill: Callable[[Archive], Awaitable[None]]) -> AsyncGenerator[Path]:
    """Lend a ZIP file that `fill` has filled; it is removed afterwards.

    Raises:
        StorageAwayError: this machine's disk does not take it.
    """
    with ExitStack() as stack:
        try:
            part = stack.enter_context(NamedTemporaryFile(suffix=".zip"))
            with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as target:
                await fill(Archive(target))
            part.flush()
        except OSError as error:
            raise StorageAwayError(NO_ROOM) from error
        yield Path(part.name)
