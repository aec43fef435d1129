"""The beginnings of files that did not arrive whole, kept on this machine for the next try."""

import fcntl
import hashlib
import os
import re
from asyncio import to_thread
from collections.abc import AsyncGenerator, Generator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import datetime, timedelta
from io import FileIO
from pathlib import Path
from tempfile import gettempdir
from threading import RLock
from typing import Final
from uuid import uuid4

from studymaster.adapters.storage import StorageAwayError

KEPT_FOR: Final = timedelta(days=7)
"""A beginning that nobody asked for so long is thrown away."""

HASHED_AT_ONCE = 1024 * 1024
START_BYTES = 4096
SCRAP = ".scrap"
"""What this file ends in when it can never be continued: nobody told its content hash."""

BEGINNING: Final = re.compile(r"[0-9a-f]{40}\.([0-9a-f]{40})\.part")
OURS: Final = re.compile(rf"[0-9a-f]{{40}}\.([0-9a-f]{{40}}\.part|[0-9a-f]{{32}}\{SCRAP})")


class Part:
    """One file on its way to this machine's disk; nobody else writes to it meanwhile.

    `sha1` is the content hash (hex) of the version it belongs to, None as long as there is
    none; `size` counts the bytes that are here, all of which `digest` has read; `start` are
    the first START_BYTES of them. A thread that comes after `close` changes nothing.
    """

    def __init__(self, folder: Path, owner: str) -> None:
        """Stand in `folder` for the file that `owner` (40 hex digits) names."""
        self._folder = folder
        self._owner = owner
        self._file: FileIO | None = None
        self._guard = RLock()
        self._closed = False
        self.path = folder
        self._forget()

    @property
    def whole(self) -> bool:
        """Whether the bytes that are here are the whole version."""
        return self.sha1 is not None and self.digest.hexdigest() == self.sha1

    def find(self) -> None:
        """Take up what an earlier try left, and read it to know its hash."""
        with self._guard, _disk_failures():
            if self._closed:
                return
            for path in sorted(self._beginnings(), key=_changed_at, reverse=True):
                self._take_up(path)

    def has_beginning(self) -> bool:
        """Tell whether an earlier try left anything."""
        with _disk_failures():
            return bool(self._beginnings())

    def _beginnings(self) -> list[Path]:
        with suppress(FileNotFoundError):
            return [
                self._folder / name
                for name in os.listdir(self._folder)  # noqa: PTH208 - asked for every file
                if name.startswith(self._owner) and BEGINNING.fullmatch(name)
            ]
        return []

    def _take_up(self, path: Path) -> None:
        """Hold the youngest beginning that nobody else holds; older ones are of no use."""
        if self._file is not None:
            _throw_away(path)
            return
        file = _hold(path, make=False)
        if file is None:
            return
        self._file, self.path, self.sha1 = file, path, path.name.split(".")[1]
        while block := file.read(HASHED_AT_ONCE):
            self._know(block)

    def _know(self, block: bytes) -> None:
        """Take note of bytes that follow on disk."""
        if len(self.start) < START_BYTES:
            self.start += block[: START_BYTES - len(self.start)]
        self.size += len(block)
        self.digest.update(block)

    def begin(self, sha1: str | None) -> None:
        """Throw away what is here and start a version; without a hash it is never kept."""
        with self._guard, _disk_failures():
            self.discard()
            if self._closed:
                return
            path = self._folder / f"{self._owner}.{sha1}.part"
            file = _hold(path, make=True) if sha1 else None
            if file is None:
                # No hash to check a second half against, or somebody else is at it.
                path = self._folder / f"{self._owner}.{uuid4().hex}{SCRAP}"
                file = _hold(path, make=True)
            if file is not None and os.fstat(file.fileno()).st_size:
                file.truncate(0)
            self._file, self.path, self.sha1 = file, path, sha1

    def append(self, data: bytes) -> None:
        """Write the bytes that follow."""
        with self._guard, _disk_failures():
            if self._file is None:
                return
            rest = memoryview(data)
            while rest:
                rest = rest[self._file.write(rest) :]
            self._know(data)

    def discard(self) -> None:
        """Throw away what is here."""
        with self._guard, _disk_failures():
            self._remove()
            self._forget()

    def close(self, *, keep: bool) -> None:
        """Let go of it for good; a beginning that can be continued stays when kept."""
        with self._guard, _disk_failures():
            self._closed = True
            if not keep or self.path.suffix == SCRAP:
                self._remove()
            elif self._file is not None:
                self._file.close()
                self._file = None

    def _remove(self) -> None:
        if self._file is not None:
            self.path.unlink(missing_ok=True)
            self._file.close()
            self._file = None

    def _forget(self) -> None:
        self.sha1: str | None = None
        self.size = 0
        self.start = b""
        self.digest = hashlib.sha1(usedforsecurity=False)


@asynccontextmanager
async def open_part(folder: Path | None, *, file: str) -> AsyncGenerator[Part]:
    """Lend what is here of a file; it goes once it was used, and stays on a failure.

    Args:
        folder: where beginnings wait; without one nothing is found and nothing stays.
        file: its address on its site.

    Raises:
        StorageAwayError: this machine's disk does not take it.
    """
    name = file if folder else uuid4().hex
    owner = hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest()
    part = Part(folder or Path(gettempdir()), owner)
    try:
        if folder is not None and part.has_beginning():
            await to_thread(part.find)
        yield part
    except BaseException:
        part.close(keep=folder is not None)
        raise
    part.close(keep=False)


def clean(folder: Path, *, now: datetime, most_bytes: int) -> int:
    """Throw away old beginnings, then the oldest until the rest fits; return bytes freed.

    What is just being downloaded stays.

    Raises:
        StorageAwayError: this machine's disk does not do it.
    """
    freed = 0
    with _disk_failures():
        left = sorted(_left_in(folder), key=lambda item: item[1])
        total = sum(size for _path, _time, size in left)
        for path, seconds, size in left:
            is_old = seconds < (now - KEPT_FOR).timestamp()
            if (is_old or total - freed > most_bytes) and _throw_away(path):
                freed += size
    return freed


def _left_in(folder: Path) -> Iterator[tuple[Path, float, int]]:
    if not folder.exists():
        return
    for path in folder.iterdir():
        if OURS.fullmatch(path.name):
            with suppress(FileNotFoundError):
                known = path.stat()
                yield path, known.st_mtime, known.st_size


def _throw_away(path: Path) -> bool:
    file = _hold(path, make=False)
    if file is None:
        return False
    path.unlink(missing_ok=True)
    file.close()
    return True


def _hold(path: Path, *, make: bool) -> FileIO | None:
    """Open a file for this holder alone; None when another one has it or it is gone."""
    flags = os.O_RDWR | os.O_CLOEXEC | (os.O_CREAT if make else 0)
    while True:
        try:
            file = FileIO(os.open(path, flags, 0o600), "r+")
        except FileNotFoundError:
            if not make:
                return None
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            continue
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return None
        if _is_still_there(file.fileno(), path):
            return file
        # It was thrown away between the two steps: the next turn makes or misses it.
        file.close()


def _is_still_there(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _changed_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


@contextmanager
def _disk_failures() -> Generator[None]:
    try:
        yield
    except OSError as error:
        msg = (
            "This server's disk does not take the file: it is full or cannot be written. "
            "Nothing of yours is lost; the next sync goes on from here."
        )
        raise StorageAwayError(msg) from error
