"""A term of any size is a campus like the small one, with files that are all its own."""

from collections import Counter
from io import BytesIO
from pathlib import Path
from random import Random

import pypdfium2
import pytest
from pypdf import PdfReader

from demo.campus import Campus, StoredFile
from demo.term import LARGEST, Size, open_term, with_ballast
from tests.demo.conftest import NOW


def files_of(campus: Campus) -> list[StoredFile]:
    return [
        file
        for course in campus.courses.values()
        for _section, module in course.modules
        for file in module.files
    ]


@pytest.fixture(scope="module")
def term(built: Path) -> Campus:
    return open_term(built, now=NOW, size=Size())


def test_it_has_as_many_courses_and_files_as_wished(term: Campus) -> None:
    assert len(term.courses) == 60
    assert len(files_of(term)) == 500
    [student] = term.students.values()
    assert len(term.courses_of(student)) == 60


def test_no_two_files_are_the_same_and_sizes_are_those_of_a_real_term(term: Campus) -> None:
    files = files_of(term)
    sizes = sorted(len(file.content) for file in files if file.mimetype != "text/plain")
    assert len({file.sha1 for file in files}) == 500
    assert sizes[-1] == pytest.approx(LARGEST, rel=0.01)
    assert sizes[-2] < 2_100_000
    assert sizes[0] >= 100_000
    assert (
        Counter(file.mimetype for file in files).most_common(1)[0][0] == "application/pdf"
    )


def test_every_kind_of_module_is_there_and_ids_are_used_once(term: Campus) -> None:
    modules = [m for course in term.courses.values() for _section, m in course.modules]
    contexts = [m.contextid for m in modules] + [c.contextid for c in term.courses.values()]
    assert len(contexts) == len(set(contexts))
    assert len({(m.kind, m.instance) for m in modules}) == len(modules)
    kinds = {m.kind for m in modules}
    assert kinds >= {"assign", "book", "folder", "forum", "glossary", "page", "quiz", "url"}


def test_the_same_wish_gives_the_same_bytes(built: Path) -> None:
    size = Size(courses=2, files=10, students=3, heavy=False)
    one, other = (open_term(built, now=NOW, size=size) for _ in range(2))
    assert [file.sha1 for file in files_of(one)] == [file.sha1 for file in files_of(other)]
    assert list(one.students) == ["student1", "student2", "student3"]


def test_ballast_changes_the_hash_and_no_page(built: Path, campus: Campus) -> None:
    course = campus.course_named("BIO 110")
    lecture = next(m.files[0] for _s, m in course.modules if m.name.startswith("Lecture 1"))
    heavy = with_ballast(lecture.content, size=300_000, random=Random(1))
    assert len(heavy) == pytest.approx(300_000, rel=0.01)
    texts = [
        [page.extract_text() for page in PdfReader(BytesIO(data), strict=True).pages]
        for data in (lecture.content, heavy)
    ]
    assert texts[0] == texts[1]
    assert len(pypdfium2.PdfDocument(heavy)) == len(texts[0])


def test_what_has_no_plain_table_is_refused() -> None:
    with pytest.raises(ValueError, match="cross-reference"):
        with_ballast(b"%PDF-1.7\ntrailer", size=10, random=Random(1))
