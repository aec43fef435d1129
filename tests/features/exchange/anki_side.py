"""What the real Anki does with a package: takes it in, writes it, says what is in it."""

import struct
import zlib
from pathlib import Path

from anki.collection import (
    Collection,
    ExportAnkiPackageOptions,
    ImportAnkiPackageOptions,
    ImportAnkiPackageRequest,
)

ALL_OUT = {"with_scheduling": True, "with_deck_configs": True, "with_media": True}


def png(number: int) -> bytes:
    """Return a picture of one pixel, another one for each number."""

    def part(name: bytes, data: bytes) -> bytes:
        code = zlib.crc32(name + data)
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", code)

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixel = b"\x00" + (number % 2**24).to_bytes(3, "big")
    parts = (part(b"IHDR", head), part(b"IDAT", zlib.compress(pixel)), part(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def open_anki(folder: Path) -> Collection:
    folder.mkdir(parents=True, exist_ok=True)
    return Collection(str(folder / "collection.anki2"))


def take_in(collection: Collection, path: Path):
    options = ImportAnkiPackageOptions(with_scheduling=True, with_deck_configs=True)
    request = ImportAnkiPackageRequest(package_path=str(path), options=options)
    return collection.import_anki_package(request)


def write_out(collection: Collection, path: Path, *, legacy: bool) -> Path:
    options = ExportAnkiPackageOptions(**ALL_OUT, legacy=legacy)
    collection.export_anki_package(out_path=str(path), options=options, limit=None)
    return path
