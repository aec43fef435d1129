"""LibreOffice's files are read as Microsoft's are."""

from pathlib import Path

import pytest
from odfdo import Document, DrawPage, Frame, Header, List, Paragraph, Table

from studymaster.adapters import documents
from studymaster.adapters.documents import Finding, kinds
from tests.adapters.documents.samples import zipped


@pytest.fixture
def read(tmp_path: Path):
    def read(document: Document, kind: str) -> documents.Reading:
        path = tmp_path / "file"
        document.save(path)
        return documents.read(path, mimetype=kind)

    return read


def test_headings_lists_and_tables_come_in_reading_order(read) -> None:
    document = Document("text")
    document.body.clear()
    table = Table("t", width=2, height=1)
    table.set_value((0, 0), "side")
    table.set_value((1, 0), "salt")
    for part in (
        Header(1, "Osmosis"),
        Paragraph("Water moves."),
        List(["downhill"]),
        table,
    ):
        document.body.append(part)
    assert read(document, kinds.ODT).pages == (
        "Osmosis\nWater moves.\n- downhill\nside | salt",
    )


def test_one_slide_is_one_page(read) -> None:
    document = Document("presentation")
    document.body.clear()
    for name in ("one", "two"):
        page = DrawPage(name)
        page.append(Frame.text_frame(f"slide {name}", size=("7cm", "5cm"), style="x"))
        document.body.append(page)
    assert read(document, kinds.ODP).pages == ("slide one", "slide two")


def test_pages_that_libreoffice_noted_are_the_pages(tmp_path: Path) -> None:
    path = zipped(
        tmp_path / "script.odt",
        {
            "mimetype": kinds.ODT,
            "content.xml": "<text><p>one</p><soft-page-break/><p>two<s c='3'/>more</p></text>",
        },
    )
    assert documents.read(path, mimetype=kinds.ODT).pages == ("one", "two   more")


def test_a_locked_file_says_that_it_is_locked(tmp_path: Path) -> None:
    path = zipped(
        tmp_path / "locked.odt",
        {
            "mimetype": kinds.ODT,
            "META-INF/manifest.xml": "<manifest:encryption-data/>",
            "content.xml": [bytes(range(256))],
        },
    )
    assert documents.read(path, mimetype=kinds.ODT).finding is Finding.ENCRYPTED
