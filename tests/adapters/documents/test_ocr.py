"""Scans and pictures are read where the host has tesseract, and named where it has not.

A small program stands in for tesseract: it takes what the real one takes and fails as that
may fail. It proves how the program is called, not how well it reads.
"""

import os
import stat
import sys
from pathlib import Path

import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from studymaster.adapters import documents
from studymaster.adapters.documents import Finding, kinds, ocr
from studymaster.config import get_settings
from tests.adapters.documents.samples import png, printed

LISTS = """
if sys.argv[1:] == ["--list-langs"]:
    print("List of available languages (3):", "deu", "eng", "osd", sep="\\n")
    sys.exit()
picture = sys.stdin.buffer.read()
width, height = picture.split(b"\\n")[1].split()
"""
SAYS_WHAT_IT_GOT = """
print(*sys.argv[1:], picture[:2].decode(), int(width), os.environ["OMP_THREAD_LIMIT"])
"""
FAILS = "sys.exit(1)"
CRASHES = "os.abort()"
HANGS = "import time; time.sleep(600)"
SAYS_NOTHING = "print('  \\f')"
FAILS_AT_THE_THIRD = """
import pathlib
counter = pathlib.Path(__file__).with_name("count")
number = int(counter.read_text()) + 1 if counter.exists() else 1
counter.write_text(str(number))
print("page", number) if number < 3 else sys.exit(1)
"""


@pytest.fixture(autouse=True)
def forgotten():
    """What was asked once on this host is asked anew for each host that a test makes up."""
    for answer in (ocr.find_program, ocr.languages, get_settings):
        answer.cache_clear()
    yield
    for answer in (ocr.find_program, ocr.languages, get_settings):
        answer.cache_clear()


@pytest.fixture
def host(tmp_path: Path, monkeypatch):
    """Make a host whose only program is a tesseract that does what is said, or none."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))

    def with_program(does: str) -> None:
        program = folder / "tesseract"
        program.write_text(f"#!{sys.executable} -I\nimport os, sys\n{LISTS}\n{does}\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)

    return with_program


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    path = tmp_path / "scan.pdf"
    canvas = Canvas(str(path), pagesize=(595, 842))
    for number in range(1, 5):
        page = ImageReader(printed([f"Page {number}"]))
        canvas.drawImage(page, 0, 0, 595, 200)
        canvas.showPage()
    canvas.save()
    return path


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "board.png"
    path.write_bytes(png(printed(["The cell"])))
    return path


def test_a_host_without_the_program_names_scans_and_pictures(host, scan, picture) -> None:
    assert documents.read(scan, mimetype=kinds.PDF).finding is Finding.NO_TEXT
    assert documents.read(picture, mimetype=kinds.PNG).finding is Finding.UNSUPPORTED
    assert not documents.is_readable(kinds.PNG)
    assert documents.is_readable(kinds.PDF)


def test_each_page_of_a_scan_is_read_in_the_languages_of_the_host(host, scan) -> None:
    host(SAYS_WHAT_IT_GOT)
    reading = documents.read(scan, mimetype=kinds.PDF)
    assert (reading.finding, reading.by_ocr, reading.page_count) == (Finding.READY, True, 4)
    assert reading.pages == ("stdin stdout -l eng+deu --dpi 200 P5 1654 1",) * 4


def test_a_picture_is_one_page(host, picture) -> None:
    host(SAYS_WHAT_IT_GOT)
    reading = documents.read(picture, mimetype="", name="board.png")
    assert (reading.finding, reading.by_ocr, len(reading.pages)) == (Finding.READY, True, 1)
    assert documents.is_readable(kinds.PNG)


def test_what_has_text_is_not_read_from_its_picture(host, tmp_path: Path) -> None:
    host(SAYS_WHAT_IT_GOT)
    canvas = Canvas(str(tmp_path / "x.pdf"))
    canvas.drawString(72, 700, "typed")
    canvas.save()
    reading = documents.read(tmp_path / "x.pdf", mimetype=kinds.PDF)
    assert (reading.pages, reading.by_ocr) == (("typed",), False)


def test_a_host_may_limit_the_pages_or_want_none(host, scan, monkeypatch) -> None:
    host(SAYS_WHAT_IT_GOT)
    monkeypatch.setenv("OCR_PAGE_LIMIT", "2")
    get_settings.cache_clear()
    reading = documents.read(scan, mimetype=kinds.PDF)
    assert (len(reading.pages), reading.page_count) == (2, 4)
    monkeypatch.setenv("OCR_PAGE_LIMIT", "0")
    get_settings.cache_clear()
    assert documents.read(scan, mimetype=kinds.PDF).finding is Finding.NO_TEXT


@pytest.mark.parametrize("does", [FAILS, CRASHES, HANGS, SAYS_NOTHING])
def test_a_program_that_fails_leaves_a_scan_without_text(
    host, scan, does, monkeypatch
) -> None:
    host(does)
    monkeypatch.setattr(ocr, "PAGE_SECONDS", 2)
    reading = documents.read(scan, mimetype=kinds.PDF)
    assert (reading.finding, reading.by_ocr) == (Finding.NO_TEXT, False)
    assert reading.page_count == 4


def test_what_was_read_before_the_program_failed_is_kept(host, scan) -> None:
    host(FAILS_AT_THE_THIRD)
    reading = documents.read(scan, mimetype=kinds.PDF)
    assert (reading.finding, reading.pages) == (Finding.READY, ("page 1", "page 2"))
    assert reading.page_count == 4


def test_time_that_is_over_ends_the_reading(host, scan, monkeypatch) -> None:
    host(SAYS_WHAT_IT_GOT)
    monkeypatch.setattr(ocr, "DOCUMENT_SECONDS", 0)
    assert documents.read(scan, mimetype=kinds.PDF).finding is Finding.NO_TEXT


def test_a_program_without_languages_counts_as_none(host, scan, tmp_path: Path) -> None:
    host("")
    program = tmp_path / "programs" / "tesseract"
    program.write_text(f"#!{sys.executable} -I\nprint('List of available languages (0):')")
    assert not ocr.is_there()
    assert documents.read(scan, mimetype=kinds.PDF).finding is Finding.NO_TEXT


def test_a_damaged_picture_is_named_and_a_strange_size_has_no_text(host, tmp_path) -> None:
    host(SAYS_WHAT_IT_GOT)
    whole = png(printed(["The cell"]))
    path = tmp_path / "x.png"
    for data, finding in (
        (whole[:200], Finding.CORRUPT),
        (whole[:40] + os.urandom(3_000), Finding.CORRUPT),
        (png(Image.new("L", (3, 3))), Finding.NO_TEXT),
        (png(Image.new("1", (12_000, 12_000))), Finding.NO_TEXT),
    ):
        path.write_bytes(data)
        assert documents.read(path, mimetype=kinds.PNG).finding is finding
