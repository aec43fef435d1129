import io

import pytest
from PIL import Image
from sqlmodel import select

from studymaster.adapters.database import unit_of_work
from studymaster.errors import NotFoundError
from studymaster.features.flashcards.rules.media import pictures_in
from studymaster.features.flashcards.service import media, pages
from studymaster.models import CardMedia
from tests.conftest import NOON
from tests.features.library.shelf import make_blob, make_course, make_lecture, make_material


async def taken(student, material, number=2):
    return await pages.take_page(
        student=student, material_id=material.id, number=number, now=NOON
    )


async def kept() -> list[CardMedia]:
    async with unit_of_work() as work:
        return list((await work.session.exec(select(CardMedia))).all())


async def test_a_page_becomes_a_picture_of_the_students_own(student) -> None:
    material = await make_lecture(student)
    draft = await taken(student, material)
    (name,) = pictures_in(draft.front)
    assert (name, draft.kind) == ("Lecture 7 page 2.webp", "occlusion")
    assert draft.front == "![Page 2 of Lecture 7.pdf](<Lecture 7 page 2.webp>)"
    assert (draft.material, draft.page) == (str(material.id), 2)
    assert draft.deck == f"course:{material.course_id}"
    async with media.lend_media(account_id=student.account_id, name=name) as path:
        picture = Image.open(io.BytesIO(path.read_bytes()))
    assert (picture.format, picture.width) == ("WEBP", 1200)


async def test_the_same_page_is_kept_once(student) -> None:
    material = await make_lecture(student)
    first, again = [await taken(student, material) for _ in range(2)]
    assert first == again
    assert (await taken(student, material, 1)).front != first.front
    assert len(await kept()) == 2


async def test_a_name_with_marks_does_not_break_the_text(student) -> None:
    course = await make_course(student)
    blob = (await make_lecture(student, course=course)).blob_sha1
    material = await make_material(course, name="A [draft] (b)\\.pdf", blob=None)
    async with unit_of_work() as work:
        row = await work.session.get_one(type(material), material.id)
        row.blob_sha1 = blob
    draft = await taken(student, material)
    assert len(pictures_in(draft.front)) == 1


@pytest.mark.parametrize("number", [0, 99, -1, "2", None, True, 10**30])
async def test_a_page_that_is_not_there_leaves_nothing(student, number) -> None:
    material = await make_lecture(student)
    with pytest.raises(NotFoundError):
        await taken(student, material, number)
    assert await kept() == []


async def test_anothers_page_is_not_there(student, other_student) -> None:
    material = await make_lecture(student)
    with pytest.raises(NotFoundError):
        await taken(other_student, material)
    assert await kept() == []


async def test_words_without_pages_have_no_picture(student) -> None:
    blob = await make_blob(b"<p>words</p>", mimetype="text/html", pages=("words",))
    material = await make_material(await make_course(student), name="words", blob=blob)
    with pytest.raises(NotFoundError, match="cannot be shown as pictures"):
        await taken(student, material, 1)
