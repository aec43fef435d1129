"""The files of the demo are what a student would get: readable lectures and known trouble."""

import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from pypdf import PdfReader
from pypdf.errors import PdfReadError

from demo.campus import Campus, StoredFile
from demo.markup import read_blocks
from demo.opening import CONTENT, open_campus
from tests.demo.conftest import NOW

LECTURES = sorted(path.relative_to(CONTENT) for path in CONTENT.glob("*/[0-9]*.md"))
DEFINED = re.compile(r"\*\*[^*]+\*\*[^.\n]{0,60} (?:is|are|states?) ")


def stored_files(campus: Campus) -> dict[tuple[int, str, str], StoredFile]:
    return {
        (module.cmid, file.path, file.name): file
        for course in campus.courses.values()
        for _section, module in course.modules
        for file in module.files
    }


def file_named(campus: Campus, name: str) -> bytes:
    return next(
        file.content
        for (_c, _p, found), file in stored_files(campus).items()
        if found == name
    )


def lectures(campus: Campus) -> list[StoredFile]:
    return [
        module.files[0]
        for course in campus.courses.values()
        for _section, module in course.visible_modules("resource")
        if module.name.startswith("Lecture ")
    ]


def test_there_are_five_courses_and_fifteen_lectures(campus: Campus):
    assert len(campus.courses) == 5
    assert len(lectures(campus)) == len(LECTURES) == 15


def test_every_lecture_has_four_to_eight_pages_of_text_for_two_readers(campus: Campus):
    for file in lectures(campus):
        pages = [page.extract_text() for page in PdfReader(BytesIO(file.content)).pages]
        document = pypdfium2.PdfDocument(file.content)
        seen = [page.get_textpage().get_text_range() for page in document]

        assert 4 <= len(pages) <= 8, file.name
        assert len(seen) == len(pages)
        assert min(map(len, pages)) > 100, file.name
        assert min(map(len, seen)) > 100, file.name


@pytest.mark.parametrize("source", LECTURES, ids=str)
def test_every_lecture_defines_terms_lists_things_and_shows_a_figure(source: Path):
    text = (CONTENT / source).read_text("utf-8")
    kinds = {block.kind for block in read_blocks(text)}

    assert len(DEFINED.findall(text)) >= 5
    assert kinds >= {"title", "heading", "paragraph", "bullets", "table", "figure"}


def test_a_definition_survives_the_way_into_the_pdf(campus: Campus):
    pages = PdfReader(
        BytesIO(file_named(campus, "BIO110 Lecture 02 \u2013 Enzymes.pdf"))
    ).pages
    text = " ".join(" ".join(page.extract_text().split()) for page in pages)

    assert "A coenzyme is an organic cofactor; many are made from vitamins." in text
    assert "v = Vₘₐₓ·[S] / (Kₘ + [S])" in text
    assert "page 1 of" in text


def test_two_builds_give_the_same_bytes(campus: Campus, tmp_path: Path):
    again = open_campus(tmp_path, now=NOW)

    assert {key: file.sha1 for key, file in stored_files(again).items()} == {
        key: file.sha1 for key, file in stored_files(campus).items()
    }


def test_what_was_built_is_used_again(built: Path, campus: Campus):
    before = {path: path.stat().st_mtime_ns for path in built.iterdir()}
    open_campus(built, now=NOW)

    assert {path: path.stat().st_mtime_ns for path in built.iterdir()} == before


def test_files_keep_their_times_and_due_dates_move_with_the_day(
    built: Path, campus: Campus
):
    later = open_campus(built, now=NOW + timedelta(days=3))

    assert {key: file.modified for key, file in stored_files(later).items()} == {
        key: file.modified for key, file in stored_files(campus).items()
    }
    moved = {
        new.task.due - old.task.due
        for a, b in zip(campus.courses.values(), later.courses.values(), strict=True)
        for (_s, old), (_t, new) in zip(a.modules, b.modules, strict=True)
        if old.task.due
    }
    assert moved == {3 * 86_400}


def test_the_scan_has_pages_but_no_text(campus: Campus):
    content = file_named(campus, "Lab manual 1987 (scan).pdf")
    reader = PdfReader(BytesIO(content))

    assert len(reader.pages) == 2
    assert [page.extract_text().strip() for page in reader.pages] == ["", ""]
    assert all(page.images for page in reader.pages)
    assert pypdfium2.PdfDocument(content)[0].get_textpage().get_text_range().strip() == ""


def test_the_examination_opens_only_with_its_password(campus: Campus):
    content = file_named(campus, "Examination.pdf")
    locked = PdfReader(BytesIO(content))

    assert locked.is_encrypted
    assert not locked.decrypt("")
    with pytest.raises(pypdfium2.PdfiumError, match=r"[Pp]assword"):
        pypdfium2.PdfDocument(content)
    opened = pypdfium2.PdfDocument(content, password="lecture")
    assert "2,3-dibromobutane" in opened[0].get_textpage().get_text_range()


def test_the_drill_is_broken_and_the_map_is_empty(campus: Campus):
    drill = file_named(campus, "Mechanism drill.pdf")

    assert drill.startswith(b"%PDF")
    with pytest.raises(PdfReadError):
        PdfReader(BytesIO(drill), strict=True)
    with pytest.raises(pypdfium2.PdfiumError):
        pypdfium2.PdfDocument(drill)
    assert file_named(campus, "Railway map.pdf") == b""
