"""Opens office files (ZIP files of XML) with limits on what they may unfold to."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from os import fstat
from pathlib import Path
from typing import Protocol, cast

from lxml.etree import XMLParser  # pyright: ignore[reportUnknownVariableType]

from studymaster.adapters.documents.reading import (
    TEXT_LIMIT_BYTES,
    DamagedError,
    LockedError,
)

LIST_LIMIT_BYTES = 6_000_000
"""Of a ZIP file's list of entries; 10,000 slides with notes need 4 MB."""

XML_LIMIT_BYTES = 64_000_000
"""Unfolded from one document; the XML of a book of 1,000 pages is a third of it."""

ELEMENT_LIMIT = 2_000_000
"""XML elements looked at in one document: some seconds' worth."""

SILENCE_LIMIT_BYTES = 2_000_000
"""Of XML in which nothing begins, ends or is said: one tag with a million attributes."""

PIECE_BYTES = 1 << 16
ENTRY_IS_LOCKED = 0x1
PLAIN_WAYS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})

Attributes = Mapping[str, str]

BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    SyntaxError,
    ValueError,
)
"""What the libraries raise (lxml: a `SyntaxError`) for files that are not what they should be."""


class _EnoughError(Exception):
    """A limit is reached; what was read so far counts."""


class _Parser(Protocol):
    def feed(self, data: bytes) -> None: ...
    def close(self) -> object: ...


class _CautiousFile(io.FileIO):
    """A file of which nobody takes more at once than any honest ZIP file needs."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Return the next bytes.

        Raises:
            BadZipFile: an absurd number of them is asked for.
        """
        if size is None or size < 0:
            size = fstat(self.fileno()).st_size - self.tell()
        if size > LIST_LIMIT_BYTES:
            raise zipfile.BadZipFile
        return super().read(size)


class Walker:
    """Follows XML as it is read, without building a tree of it.

    Attributes:
        hidden: Elements whose content is not looked at, by local name.
        path: Local names of the open elements, outermost first.
        opening: What to do where an element begins, by its local name.
        closing: What to do where it ends.
        elements: How many elements began so far, in this entry and those before.
        heard: How many characters of text there were.
    """

    hidden: frozenset[str] = frozenset()

    def __init__(self) -> None:
        """Begin outside of everything."""
        self.path: list[str] = []
        self.opening: Mapping[str, Callable[[Attributes], None]] = {}
        self.closing: Mapping[str, Callable[[], None]] = {}
        self.elements = 0
        self.heard = 0
        self._inside_hidden = 0

    def hear(self, text: str) -> None:
        """Take a piece of text that stands in the open elements."""

    def start(self, tag: str, attributes: Attributes) -> None:
        """Note where an element begins; the parser calls it."""
        self.elements += 1
        if self.elements > ELEMENT_LIMIT:
            raise _EnoughError
        name = tag.rpartition("}")[2]
        self.path.append(name)
        if self._inside_hidden or name in self.hidden:
            self._inside_hidden += 1
        elif handle := self.opening.get(name):
            handle(attributes)

    def end(self, _tag: str) -> None:
        """Note where an element ends; the parser calls it."""
        name = self.path.pop()
        if self._inside_hidden:
            self._inside_hidden -= 1
        elif handle := self.closing.get(name):
            handle()

    def data(self, text: str) -> None:
        """Note text; the parser calls it."""
        self.heard += len(text)
        if self.heard > TEXT_LIMIT_BYTES:
            raise _EnoughError
        if not self._inside_hidden:
            self.hear(text)

    def doctype(self, *_names: str | None) -> None:
        """Refuse declarations, and so every trick with entities; office files have none."""
        raise DamagedError

    def close(self) -> None:
        """End; the parser calls it."""


def attribute(attributes: Attributes, name: str) -> str:
    """Return an attribute by its local name; empty when it is not there."""
    found = (value for key, value in attributes.items() if key.rpartition("}")[2] == name)
    return next(found, "")


class Package:
    """An open office file."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        """Read from an open archive."""
        self._archive = archive
        self._unfolded = 0
        self._elements = 0

    def has(self, name: str) -> bool:
        """Tell whether there is such an entry."""
        return name in self._archive.NameToInfo

    def walk(self, name: str, walker: Walker) -> bool:
        """Lead a walker through an XML entry; say whether there was room for all of it.

        Raises:
            DamagedError: it is not XML, or not there.
            LockedError: the entry is locked.
        """
        walker.elements = self._elements
        parser = cast(
            "_Parser", XMLParser(target=walker, resolve_entities=False, no_network=True)
        )
        try:
            self._feed(parser, name, walker)
            parser.close()
        except _EnoughError:
            return False
        except BROKEN as error:
            raise DamagedError from error
        finally:
            self._elements = walker.elements
        return True

    def _feed(self, parser: _Parser, name: str, walker: Walker) -> None:
        silent = 0
        for piece in self._pieces(name):
            before = walker.elements, walker.heard
            parser.feed(piece)
            moved = before != (walker.elements, walker.heard)
            silent = 0 if moved else silent + len(piece)
            if silent > SILENCE_LIMIT_BYTES:
                raise DamagedError

    def start_of(self, name: str, *, size: int) -> bytes:
        """Return the first bytes of an entry, at most `size`; none when it is not there."""
        if not self.has(name):
            return b""
        found = b""
        try:
            for piece in self._pieces(name):
                found += piece
                if len(found) >= size:
                    break
        except _EnoughError:
            pass
        except BROKEN as error:
            raise DamagedError from error
        return found[:size]

    def _pieces(self, name: str) -> Iterator[bytes]:
        info = self._archive.NameToInfo.get(name)
        if info is None:
            raise DamagedError
        if info.flag_bits & ENTRY_IS_LOCKED:
            raise LockedError
        if info.compress_type not in PLAIN_WAYS:
            raise DamagedError
        with self._archive.open(info) as stream:
            while piece := stream.read(PIECE_BYTES):
                self._unfolded += len(piece)
                if self._unfolded > XML_LIMIT_BYTES:
                    raise _EnoughError
                yield piece


@contextmanager
def opened(path: Path) -> Generator[Package]:
    """Open an office file.

    Raises:
        DamagedError: it is not a ZIP file, or cut off.
    """
    with _CautiousFile(path) as file:
        try:
            archive = zipfile.ZipFile(file)
        except BROKEN as error:
            raise DamagedError from error
        with archive:
            yield Package(archive)
