"""Opens an .apkg file of any age: its collection, and the pictures and sounds beside it.

Everything goes piece by piece through files that are removed afterwards. Whatever swells
beyond what the host allows is refused before it fills the disk.
"""

import json
import zipfile
import zlib
from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, Final, NamedTuple, cast

from zstandard import ZstdDecompressor, ZstdError

from studymaster.adapters.anki.collection import Collection, open_collection
from studymaster.adapters.anki.wire import bytes_in, number_in, read_message, text_in
from studymaster.errors import InvalidInputError

CHUNK_BYTES: Final = 1024 * 1024
LARGEST_WINDOW: Final = 1 << 27
MOST_MEDIA: Final = 200_000
MOST_LIST_BYTES: Final = 64_000_000
NEWEST: Final = "collection.anki21b"
COLLECTIONS: Final = (NEWEST, "collection.anki21", "collection.anki2")
"""Names of the collection, the newest first; beside a newer one an older holds a note only."""

NO_PACKAGE: Final = (
    "This is no Anki package. In Anki choose File, Export, and “Anki Deck Package (.apkg)”."
)
CUT_OFF: Final = (
    "This Anki package is broken: it ends too early. Export it from Anki again."
)
SWELLS: Final = "What is packed in this file is larger than this host takes. Export fewer decks at once."
TOO_MANY: Final = (
    f"A package can have {MOST_MEDIA:,} pictures and sounds. Export fewer decks."
)
LOCKED: Final = (
    "This file is locked with a password. Export it from Anki again without one."
)
BROKEN: Final = (zipfile.BadZipFile, zlib.error, ZstdError, EOFError, NotImplementedError)


class Medium(NamedTuple):
    """A picture or a sound of a package: its name in cards, and where it lies."""

    name: str
    entry: str


class Package:
    """An opened package."""

    def __init__(self, archive: zipfile.ZipFile, collection: Collection) -> None:
        """Hold what was opened."""
        self._archive = archive
        self._is_new = NEWEST in archive.namelist()
        self.collection = collection
        self.media = _media(archive, is_new=self._is_new)

    def extract(self, medium: Medium, target: Path, *, most_bytes: int) -> bool:
        """Write a picture or a sound into a file; False when it is larger, or not there.

        Raises:
            InvalidInputError: the package is broken there.
        """
        try:
            with _entry(self._archive, medium.entry, packed=self._is_new) as source:
                return _copy(source, target, most_bytes=most_bytes)
        except KeyError:
            return False
        except BROKEN as error:
            raise InvalidInputError(CUT_OFF) from error


@contextmanager
def opened(path: Path, *, most_bytes: int) -> Generator[Package]:
    """Open a package; `most_bytes` is what its collection may come to.

    Raises:
        InvalidInputError: it is none, broken, or larger.
    """
    with TemporaryDirectory(prefix="apkg-") as folder:
        try:
            archive = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError) as error:
            sentence = CUT_OFF if _begins_as_zip(path) else NO_PACKAGE
            raise InvalidInputError(sentence) from error
        with archive:
            target = Path(folder) / "collection"
            _unpack(archive, target, most_bytes=most_bytes)
            with open_collection(target) as collection:
                yield Package(archive, collection)


def _begins_as_zip(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(4) == b"PK\x03\x04"


def _unpack(archive: zipfile.ZipFile, target: Path, *, most_bytes: int) -> None:
    names = set(archive.namelist())
    name = next((one for one in COLLECTIONS if one in names), None)
    if name is None:
        raise InvalidInputError(NO_PACKAGE)
    try:
        with _entry(archive, name, packed=name == NEWEST) as source:
            whole = _copy(source, target, most_bytes=most_bytes)
    except RuntimeError as error:
        raise InvalidInputError(LOCKED) from error
    except BROKEN as error:
        raise InvalidInputError(CUT_OFF) from error
    if not whole:
        raise InvalidInputError(SWELLS)


@contextmanager
def _entry(archive: zipfile.ZipFile, name: str, *, packed: bool) -> Generator[IO[bytes]]:
    with archive.open(name) as raw:
        unpacker = ZstdDecompressor(max_window_size=LARGEST_WINDOW)
        reader: AbstractContextManager[Any] = (
            unpacker.stream_reader(raw, read_across_frames=True)
            if packed
            else nullcontext(raw)
        )
        with reader as source:
            yield cast("IO[bytes]", source)


def _copy(source: IO[bytes], target: Path, *, most_bytes: int) -> bool:
    """Copy piece by piece; False as soon as it is more than may be."""
    taken = 0
    with target.open("wb") as stream:
        while chunk := source.read(CHUNK_BYTES):
            taken += len(chunk)
            if taken > most_bytes:
                return False
            stream.write(chunk)
    return True


def _media(archive: zipfile.ZipFile, *, is_new: bool) -> list[Medium]:
    """Return the pictures and sounds that the package names.

    Raises:
        InvalidInputError: the list cannot be read.
    """
    try:
        with _entry(archive, "media", packed=is_new) as source:
            data = source.read(MOST_LIST_BYTES + 1)
        if len(data) > MOST_LIST_BYTES:
            raise InvalidInputError(SWELLS)
        found = _new_list(data) if is_new else _old_list(data)
    except KeyError:
        return []
    except (*BROKEN, ValueError, RuntimeError) as error:
        raise InvalidInputError(CUT_OFF) from error
    if len(found) > MOST_MEDIA:
        raise InvalidInputError(TOO_MANY)
    return [one for one in found if one.name]


def _new_list(data: bytes) -> list[Medium]:
    entries = read_message(data).get(1, [])
    found: list[Medium] = []
    for number, entry in enumerate(entries):
        facts = read_message(entry) if isinstance(entry, bytes) else {}
        place = number_in(facts, 255) or number
        found.append(Medium(text_in(facts, 1) if bytes_in(facts, 1) else "", str(place)))
    return found


def _old_list(data: bytes) -> list[Medium]:
    names: object = json.loads(data or b"{}")
    if not isinstance(names, dict):
        raise InvalidInputError(CUT_OFF)
    pairs = cast("dict[str, object]", names).items()
    return [Medium(name, entry) for entry, name in pairs if isinstance(name, str)]
