"""Many pieces become one file that anything can open."""

import json
import zipfile
from pathlib import Path

import pytest

from studymaster.adapters import archives
from studymaster.adapters.archives import Archive
from studymaster.adapters.storage import StorageAwayError


async def test_texts_and_files_lie_under_their_names(tmp_path: Path) -> None:
    file = tmp_path / "a.bin"
    file.write_bytes(b"\x00bytes")

    async def fill(archive: Archive) -> None:
        await archive.add_text("Read me", "README.txt")
        async with archive.entry("rows.json") as write:
            for part in ("[1", ",2", ",\u00fc]".replace("\u00fc", '"\u00fc"')):
                await write(part)
        await archive.add_file(file, "files/a.bin")

    async with archives.packed(fill) as path:
        with zipfile.ZipFile(path) as target:
            assert target.testzip() is None
            assert target.read("README.txt") == b"Read me"
            assert json.loads(target.read("rows.json")) == [1, 2, "\u00fc"]
            assert target.read("files/a.bin") == b"\x00bytes"
    assert not path.exists()


async def test_a_failure_while_filling_leaves_nothing_behind(tmp_path: Path) -> None:
    async def fill(archive: Archive) -> None:
        await archive.add_file(tmp_path / "gone", "x")

    with pytest.raises(StorageAwayError, match="no room"):
        async with archives.packed(fill):
            pass
