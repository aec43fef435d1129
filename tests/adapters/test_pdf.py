import io
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pypdf
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from studymaster.adapters.pdf import (
    Box,
    CorruptPdfError,
    EmptyPdfError,
    EncryptedPdfError,
    quote_boxes,
    read_text,
    render_page,
)
from studymaster.errors import NotFoundError

WIDTH, HEIGHT = 600, 800
LINES = [
    "Substitution by the bimolecular path is con-",
    "certed: bond making and bond breaking",
    "happen in one step.",
]


def printed(path: Path, pages: list[list[str]]) -> Path:
    canvas = Canvas(str(path), pagesize=(WIDTH, HEIGHT))
    for lines in pages:
        text = canvas.beginText(100, 700)
        text.setFont("Times-Roman", 14)
        text.textLines("\n".join(lines))
        canvas.drawText(text)
        canvas.showPage()
    canvas.save()
    return path


@pytest.fixture
def lecture(tmp_path: Path) -> Path:
    return printed(tmp_path / "lecture.pdf", [LINES, ["The end."]])


def rewritten(path: Path, change) -> Path:
    writer = pypdf.PdfWriter(clone_from=path)
    change(writer)
    writer.write(path)
    return path


def covers(box: Box, *, left: float, top: float, right: float, bottom: float) -> bool:
    return (
        box.left <= left + 0.01
        and box.top <= top + 0.01
        and box.left + box.width >= right - 0.01
        and box.top + box.height >= bottom - 0.01
    )


def test_a_lecture_is_read_page_by_page(lecture: Path) -> None:
    text = read_text(lecture, max_pages=10)
    assert text.pages == ("\n".join(LINES), "The end.")
    assert text.page_count == 2
    assert text.has_text


def test_reading_stops_at_the_limit_and_knows_how_many_there_are(lecture: Path) -> None:
    text = read_text(lecture, max_pages=1)
    assert (len(text.pages), text.page_count) == (1, 2)


def test_ligatures_and_columns_come_out_as_words(tmp_path: Path) -> None:
    path = tmp_path / "columns.pdf"
    canvas = Canvas(str(path), pagesize=(WIDTH, HEIGHT))
    for x, lines in [(50, ["left one", "left two"]), (320, ["right one", "right two"])]:
        text = canvas.beginText(x, 700)
        text.textLines("\n".join(lines))
        canvas.drawText(text)
    canvas.save()
    words = read_text(path, max_pages=1).pages[0].split()
    assert words == ["left", "one", "left", "two", "right", "one", "right", "two"]


def test_a_locked_pdf_says_that_it_is_locked(lecture: Path) -> None:
    rewritten(lecture, lambda writer: writer.encrypt("secret", algorithm="AES-256"))
    with pytest.raises(EncryptedPdfError, match="locked with a password"):
        read_text(lecture, max_pages=10)


def test_a_pdf_locked_only_against_changes_is_read(lecture: Path) -> None:
    rewritten(
        lecture, lambda writer: writer.encrypt("", owner_password="o", algorithm="AES-256")
    )
    assert "bond making" in read_text(lecture, max_pages=10).pages[0]


def test_a_file_of_0_bytes_says_that_it_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "empty.pdf"
    path.touch()
    with pytest.raises(EmptyPdfError, match="empty"):
        read_text(path, max_pages=10)


def test_a_damaged_file_is_not_called_locked_because_the_one_before_was(
    tmp_path: Path, lecture: Path
) -> None:
    rewritten(lecture, lambda writer: writer.encrypt("secret", algorithm="AES-256"))
    with pytest.raises(EncryptedPdfError):
        read_text(lecture, max_pages=10)
    pypdf.PdfWriter().write(tmp_path / "no pages.pdf")
    with pytest.raises(CorruptPdfError):
        read_text(tmp_path / "no pages.pdf", max_pages=10)


def test_a_file_that_vanished_says_how_to_get_it_back(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="Sync the course"):
        read_text(tmp_path / "gone.pdf", max_pages=10)


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: whole[: len(whole) // 2],
        lambda whole: whole[:9],
        lambda _: bytes(range(256)) * 40,
        lambda _: b"<!doctype html><title>Log in</title>" * 30,
        lambda _: b'{"error":"Course or activity not accessible.","errorcode":"x"}',
    ],
    ids=["cut in half", "only its header", "garbage", "a web page", "an error message"],
)
@pytest.mark.parametrize(
    "use",
    [
        lambda path: read_text(path, max_pages=10),
        lambda path: render_page(path, number=1, width_px=300),
        lambda path: quote_boxes(path, number=1, quote="bond making and"),
    ],
    ids=["text", "picture", "quote"],
)
def test_a_damaged_file_says_that_it_is_damaged(lecture: Path, damage, use) -> None:
    lecture.write_bytes(damage(lecture.read_bytes()))
    with pytest.raises(CorruptPdfError, match="damaged"):
        use(lecture)


def test_a_scan_has_pages_but_no_text(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    canvas = Canvas(str(path), pagesize=(WIDTH, HEIGHT))
    canvas.drawImage(ImageReader(Image.new("L", (60, 80), 128)), 0, 0, WIDTH, HEIGHT)
    canvas.save()
    text = read_text(path, max_pages=10)
    assert (text.has_text, text.pages, text.page_count) == (False, ("",), 1)


def test_one_broken_page_does_not_cost_the_others(lecture: Path) -> None:
    def break_first(writer: pypdf.PdfWriter) -> None:
        node = writer.pages[0].indirect_reference.get_object()
        node[pypdf.generic.NameObject("/Type")] = pypdf.generic.NameObject("/Nothing")

    rewritten(lecture, break_first)
    assert read_text(lecture, max_pages=10).pages[1] == "The end."


def test_3000_pages_are_read_in_bounded_memory(tmp_path: Path) -> None:
    path = printed(tmp_path / "book.pdf", [LINES] * 3_000)
    read_text(path, max_pages=1)
    before = psutil.Process().memory_info().rss
    text = read_text(path, max_pages=3_000)
    assert len(text.pages) == 3_000
    assert psutil.Process().memory_info().rss - before < 100_000_000


def test_a_page_is_drawn_as_a_picture_of_the_asked_width(lecture: Path) -> None:
    picture = Image.open(io.BytesIO(render_page(lecture, number=1, width_px=900)))
    assert (picture.format, picture.size) == ("WEBP", (900, 1200))
    darkest, lightest = picture.convert("L").getextrema()
    assert darkest < 80
    assert lightest > 250


def test_a_mile_long_page_becomes_a_smaller_picture(tmp_path: Path) -> None:
    path = tmp_path / "long.pdf"
    canvas = Canvas(str(path), pagesize=(20, 14_000))
    canvas.drawString(1, 1, "x")
    canvas.save()
    picture = Image.open(io.BytesIO(render_page(path, number=1, width_px=1_200)))
    assert picture.height in range(3_999, 4_002)


@pytest.mark.parametrize("number", [0, -1, 3, 9_999])
def test_a_page_that_is_not_there_is_not_found(lecture: Path, number: int) -> None:
    with pytest.raises(NotFoundError, match="This PDF has 2 pages"):
        render_page(lecture, number=number, width_px=300)


def test_a_quote_has_one_box_per_line_around_its_words(lecture: Path) -> None:
    first, second = quote_boxes(lecture, number=1, quote="is concerted: bond making")
    assert first.top < second.top
    baselines = [100 / HEIGHT, 116.8 / HEIGHT]
    for box, baseline in zip((first, second), baselines, strict=True):
        assert box.top < baseline < box.top + box.height
        assert 0.01 < box.height < 0.03
    assert first.left > 100 / WIDTH
    assert second.left == pytest.approx(100 / WIDTH, abs=0.003)


@pytest.mark.parametrize(
    "quote",
    ["path is con-\ncerted: bond", "path is concerted :bond", "PATH IS CON CERTED BOND"],
)
def test_blanks_hyphens_and_line_breaks_do_not_hide_a_quote(lecture, quote) -> None:
    assert len(quote_boxes(lecture, number=1, quote=quote)) == 2


@pytest.mark.parametrize("quote", ["not on this page", "", " -- "])
def test_a_quote_that_is_not_there_has_no_box(lecture: Path, quote: str) -> None:
    assert quote_boxes(lecture, number=1, quote=quote) == ()


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_on_a_rotated_page_the_boxes_follow_the_picture(lecture, angle: int) -> None:
    upright = quote_boxes(lecture, number=1, quote="happen in one step")[0]
    rewritten(lecture, lambda writer: writer.pages[0].rotate(angle))
    (turned,) = quote_boxes(lecture, number=1, quote="happen in one step")
    picture = render_page(lecture, number=1, width_px=800)
    width, height = Image.open(io.BytesIO(picture)).size
    assert (width > height) == (angle != 180)
    assert ink_inside(picture, turned) > 0.03
    if angle == 180:
        assert turned.left == pytest.approx(1 - upright.left - upright.width, abs=0.001)


def ink_inside(picture: bytes, box: Box) -> float:
    """Return the share (0..1) of dark points of the picture inside the box."""
    page = Image.open(io.BytesIO(picture)).convert("L")
    left, top = box.left * page.width, box.top * page.height
    area = (left, top, left + box.width * page.width, top + box.height * page.height)
    inside = page.crop(tuple(round(edge) for edge in area))
    return sum(inside.histogram()[:128]) / (inside.width * inside.height)


def test_the_ink_of_the_quote_is_inside_its_box(lecture: Path) -> None:
    (box,) = quote_boxes(lecture, number=1, quote="happen in one step")
    picture = render_page(lecture, number=1, width_px=900)
    assert ink_inside(picture, box) > 0.05
    beside = Box(box.left + box.width + 0.1, box.top, box.width, box.height)
    assert ink_inside(picture, beside) == 0


def test_many_threads_may_read_and_draw_at_once(lecture: Path) -> None:
    start = threading.Barrier(8)

    def work(turn: int) -> object:
        start.wait()
        if turn % 2:
            return len(render_page(lecture, number=1, width_px=200)) > 0
        return read_text(lecture, max_pages=10).page_count == 2

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(work, range(8)))


def test_a_page_cut_to_a_smaller_window_keeps_the_boxes_on_the_words(lecture) -> None:
    def crop(writer: pypdf.PdfWriter) -> None:
        writer.pages[0].cropbox = pypdf.generic.RectangleObject((80, 400, 500, 780))

    rewritten(lecture, crop)
    (box,) = quote_boxes(lecture, number=1, quote="happen in one step")
    assert ink_inside(render_page(lecture, number=1, width_px=900), box) > 0.05
