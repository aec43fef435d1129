"""Whatever Moodle holds is read, or named as unreadable; nothing raises."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from studymaster.adapters import documents
from studymaster.adapters.documents import Finding


@pytest.fixture
def file(tmp_path: Path):
    def write(data: bytes) -> Path:
        path = tmp_path / "file"
        path.write_bytes(data)
        return path

    return write


@pytest.mark.parametrize(
    ("mimetype", "data", "finding"),
    [
        ("application/pdf", b"", Finding.EMPTY),
        ("application/pdf", b"not a PDF at all", Finding.CORRUPT),
        ("application/pdf", b"%PDF-1.7\n1 0 obj\n<<", Finding.CORRUPT),
        ("text/html", b"<p>Hello</p>", Finding.READY),
        ("text/html; charset=utf-8", b"<p>Hello</p>", Finding.READY),
        ("text/html", b"<script>alert(1)</script>", Finding.NO_TEXT),
        ("text/html", b"<" * 5000, Finding.READY),
        ("text/plain", b"  \n ", Finding.NO_TEXT),
        ("text/plain", b"\xff\xfe\x00a", Finding.READY),
        ("image/png", b"\x89PNG", Finding.UNSUPPORTED),
        ("", b"x", Finding.UNSUPPORTED),
    ],
)
def test_a_document_is_read_or_named(file, mimetype, data, finding) -> None:
    assert documents.read(file(data), mimetype=mimetype).finding is finding


def test_a_pdf_of_three_thousand_pages_is_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "long.pdf"
    canvas = Canvas(str(path), pageCompression=0)
    for number in range(1, 3001):
        canvas.drawString(72, 700, f"This is page {number} of a very long script.")
        canvas.showPage()
    canvas.save()
    reading = documents.read(path, mimetype="application/pdf")
    assert (reading.finding, reading.page_count) == (Finding.READY, 3000)
    assert "page 3000 of" in reading.pages[-1]


def test_html_keeps_its_paragraphs_and_its_formulas() -> None:
    html = "<h2>Water</h2><p>H<sub>2</sub>O is a <b>polar</b> molecule.</p><ul><li>one</li></ul>"
    lines = documents.html_to_text(html).split("\n")
    assert lines[0] == "Water"
    assert "H2O is a polar molecule." in lines
    assert any(line.strip() == "* one" for line in lines)


@given(st.text(max_size=300))
def test_no_html_is_too_broken_to_read(html: str) -> None:
    assert isinstance(documents.html_to_text(html), str)
