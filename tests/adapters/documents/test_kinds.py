"""A file is what its bytes show, then what the server says, then what it is called."""

from pathlib import Path

import pytest

from studymaster.adapters import documents
from studymaster.adapters.documents import START_BYTES, Finding, kind_of, kinds
from tests.adapters.documents.samples import (
    LOCKED_OFFICE,
    OLD_WORD,
    slides,
    word,
    zipped,
)

NOTHING = "application/octet-stream"


@pytest.mark.parametrize(
    ("start", "listed", "name", "kind"),
    [
        (b"%PDF-1.7", NOTHING, "x", kinds.PDF),
        (b"%PDF-1.7", "text/html", "x.html", kinds.PDF),
        (b"\n\n%PDF-1.7", kinds.PDF, "x.pdf", kinds.PDF),
        (b"How to spell %PDF-1.7", kinds.PLAIN, "x.txt", kinds.PLAIN),
        (b"<p>", "text/html; charset=UTF-8", "", kinds.HTML),
        (b"<p>", "TEXT/HTML", "", kinds.HTML),
        (b"abc", NOTHING, "Skript.TXT", kinds.PLAIN),
        (b"abc", "document/unknown", "notes.md", kinds.MARKDOWN),
        (b"abc", "", "talk.srt", kinds.SRT),
        (b"abc", kinds.PLAIN, "talk.srt", kinds.SRT),
        (b"abc", kinds.PLAIN, "README.md", kinds.MARKDOWN),
        (b"abc", kinds.PLAIN, "program.html", kinds.PLAIN),
        (b"WEBVTT\n", kinds.PLAIN, "talk", kinds.VTT),
        (b"\x89PNG\r\n\x1a\n", NOTHING, "x.txt", kinds.PNG),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", NOTHING, "", kinds.WEBP),
        (b"{\\rtf1", kinds.PLAIN, "x.txt", "application/rtf"),
        (b"PK\x03\x04....word/document.xml", NOTHING, "x.zip", kinds.DOCX),
        (b"PK\x03\x04....", NOTHING, "x.pptx", kinds.PPTX),
        (b"PK\x03\x04....", NOTHING, "photos.zip", kinds.ZIP),
        (b"PK\x03\x04....", kinds.PDF, "x.pdf", kinds.ZIP),
        (OLD_WORD, "application/msword", "x.doc", "application/msword"),
        (OLD_WORD, NOTHING, "x", kinds.OLD_OFFICE),
        (LOCKED_OFFICE, NOTHING, "x.docx", kinds.DOCX),
        (b"abc", NOTHING, "no ending", NOTHING),
        (b"", "", "", ""),
    ],
)
def test_a_kind_is_told_by_the_best_witness(start, listed, name, kind) -> None:
    assert kind_of(start, listed=listed, name=name) == kind


@pytest.mark.parametrize(("write", "kind"), [(word, kinds.DOCX), (slides, kinds.PPTX)])
def test_office_files_are_known_without_name_and_type(tmp_path: Path, write, kind) -> None:
    path = write(tmp_path / "x", lambda _: None)
    assert kind_of(path.read_bytes()[:START_BYTES], listed="", name="") == kind


@pytest.mark.parametrize("mimetype", [kinds.PPTX, kinds.PDF, NOTHING, "image/png"])
def test_a_file_with_a_wrong_ending_is_read_as_what_it_is(tmp_path, mimetype) -> None:
    path = word(tmp_path / "x", lambda document: document.add_paragraph("Hello"))
    assert documents.read(path, mimetype=mimetype, name="x.pptx").pages == ("Hello",)


@pytest.mark.parametrize(
    ("data", "mimetype", "finding"),
    [
        (LOCKED_OFFICE, kinds.DOCX, Finding.ENCRYPTED),
        (LOCKED_OFFICE, kinds.PPTX, Finding.ENCRYPTED),
        (LOCKED_OFFICE, NOTHING, Finding.ENCRYPTED),
        (OLD_WORD, "application/msword", Finding.UNSUPPORTED),
        (OLD_WORD, kinds.DOCX, Finding.UNSUPPORTED),
        (b"", kinds.DOCX, Finding.EMPTY),
        (b"PK\x03\x04 cut off", kinds.DOCX, Finding.CORRUPT),
        (b"PK\x03\x04 cut off", "application/zip", Finding.UNSUPPORTED),
        (b"no office file", kinds.PPTX, Finding.CORRUPT),
        (b"<html>Log in</html>", kinds.DOCX, Finding.CORRUPT),
        (b"{\\rtf1 hello}", "application/rtf", Finding.UNSUPPORTED),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, data, mimetype, finding) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)
    assert documents.read(path, mimetype=mimetype).finding is finding


def test_an_archive_of_other_files_is_not_an_office_file(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", {"solution.txt": "42"})
    assert documents.read(path, mimetype="application/zip").finding is Finding.UNSUPPORTED
    assert documents.read(path, mimetype=kinds.DOCX).finding is Finding.CORRUPT


def test_a_spreadsheet_is_not_read(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.xlsx", {"[Content_Types].xml": "spreadsheetml.sheet.main"})
    assert documents.read(path, mimetype=kinds.DOCX).finding is Finding.UNSUPPORTED
