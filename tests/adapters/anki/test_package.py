"""Files that are no package, or a broken or a hostile one, are refused with a sentence."""

import json
import sqlite3
import zipfile
from pathlib import Path

import pytest
import zstandard

from studymaster.adapters.anki.package import opened
from studymaster.errors import InvalidInputError
from tests.features.exchange.anki_side import open_anki, write_out

MOST = 3_000_000


def refused(path: Path) -> str:
    with pytest.raises(InvalidInputError) as caught, opened(path, most_bytes=MOST):
        pass
    return caught.value.message


def packed(path: Path, **entries: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name.replace("_", "."), data)
    return path


@pytest.fixture
def good(tmp_path: Path) -> Path:
    anki = open_anki(tmp_path / "anki")
    try:
        note = anki.new_note(anki.models.by_name("Basic"))
        note.fields = ["front", "back"]
        anki.add_note(note, 1)
        return write_out(anki, tmp_path / "good.apkg", legacy=False)
    finally:
        anki.close()


def test_what_is_no_zip_is_no_package(tmp_path: Path) -> None:
    path = tmp_path / "one.apkg"
    path.write_bytes(b"%PDF-1.7 and more")
    assert "no Anki package" in refused(path)
    assert "no Anki package" in refused(packed(tmp_path / "two.apkg", readme_txt=b"hello"))


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_file_that_was_cut_off_says_so(good: Path, share) -> None:
    whole = good.read_bytes()
    good.write_bytes(whole[: int(len(whole) * share)])
    assert "ends too early" in refused(good)


@pytest.mark.parametrize("name", ["collection_anki21", "collection_anki21b"])
def test_what_swells_is_refused_before_it_fills_the_disk(tmp_path: Path, name) -> None:
    data = b"\0" * (MOST + 1)
    bomb = zstandard.compress(data) if name.endswith("b") else data
    path = packed(tmp_path / "bomb.apkg", **{name: bomb})
    assert path.stat().st_size < 10_000
    assert "larger than this host takes" in refused(path)


@pytest.mark.parametrize(
    "data", [b"not a database", zstandard.compress(b"SQLite format 3\0 broken")]
)
def test_a_collection_that_cannot_be_read_says_so(tmp_path: Path, data) -> None:
    path = packed(tmp_path / "broken.apkg", collection_anki21b=data)
    assert refused(path).endswith((".", "again."))


def test_wrong_json_in_an_old_file_says_so(tmp_path: Path) -> None:
    file = tmp_path / "collection"
    with sqlite3.connect(file) as connection:
        connection.executescript(
            "CREATE TABLE col (ver, crt, models, decks, dconf);"
            "CREATE TABLE notes (id); CREATE TABLE cards (id);"
            "INSERT INTO col VALUES (11, 0, '{broken', '{}', '{}');"
        )
    connection.close()
    path = packed(tmp_path / "json.apkg", collection_anki2=file.read_bytes(), media=b"{}")
    assert "cannot be read" in refused(path)


def test_a_view_in_the_place_of_a_table_is_never_asked(tmp_path: Path) -> None:
    file = tmp_path / "collection"
    with sqlite3.connect(file) as connection:
        connection.executescript(
            "CREATE TABLE col (ver, crt); CREATE TABLE cards (id);"
            "CREATE VIEW notes AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 "
            "FROM n) SELECT i AS id FROM n;"
        )
    connection.close()
    path = packed(tmp_path / "view.apkg", collection_anki2=file.read_bytes())
    assert "cannot be read" in refused(path)


def test_a_list_of_media_that_is_none_is_refused(good: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(good) as archive:
        data = archive.read("collection.anki21b")
    path = packed(tmp_path / "list.apkg", collection_anki21b=data, media=b"nothing")
    assert "ends too early" in refused(path)
    path = packed(tmp_path / "none.apkg", collection_anki21b=data)
    with opened(path, most_bytes=MOST) as package:
        assert package.media == []
        assert package.collection.count_notes() == 1
        assert json.dumps(
            [one.fields for one in package.collection.notes(after=0, limit=9)]
        )
