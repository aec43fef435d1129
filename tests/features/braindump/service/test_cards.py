from uuid import UUID

import pytest
from sqlmodel import col, select

from studymaster.adapters.database import unit_of_work
from studymaster.adapters.storage import get_storage
from studymaster.errors import ConflictError, NotFoundError
from studymaster.features.braindump.service import cards, notes
from studymaster.features.flashcards.service import generation, proposals
from studymaster.features.library import service as library
from studymaster.models import Blob
from tests.conftest import NOON
from tests.features.braindump.service.test_notes import caught, save
from tests.features.library.shelf import make_course

WORDS = """# Cells

Osmosis is the movement of water through a membrane towards the higher concentration.

A ribosome is a large complex that builds proteins from amino acids.
"""


async def study_note(student, text: str = WORDS):
    course = await make_course(student)
    return await caught(student, text, "study", course_id=course.id)


async def made(student, note) -> UUID:
    return await cards.make_cards(student, note_id=UUID(note.id), now=NOON)


async def test_a_note_becomes_a_source_that_cards_cite(student, sent) -> None:
    material_id = await made(student, await study_note(student))
    (job,) = sent
    promise = UUID(job.arguments["generation_id"])
    one = {"account_id": student.account_id, "generation_id": promise}
    async with unit_of_work() as work:
        lecture = await generation.start(work, **one, maker="rules", now=NOON)
    checked = generation.check(lecture, generation.draft_by_rules(lecture))
    async with unit_of_work() as work:
        await generation.finish(work, **one, sha1=lecture.sha1, checked=checked, now=NOON)
        pile = await proposals.list_proposals(
            work, account_id=student.account_id, material_id=material_id
        )
    assert pile.items
    assert all(item.quote in WORDS for item in pile.items)


async def test_the_text_lies_in_the_students_own_folder(student) -> None:
    await made(student, await study_note(student))
    async with unit_of_work() as work:
        key = (await work.session.exec(select(col(Blob.storage_key)))).one()
    assert key.startswith(f"users/{student.account_id}/notes/")
    assert (await get_storage().get_bytes(key)).decode() == WORDS.strip()


async def test_a_note_that_was_edited_is_the_same_source_with_new_words(student) -> None:
    note = await study_note(student)
    first = await made(student, note)
    await save(student, note, f"{WORDS}\nA vacuole is a space inside a cell.")
    assert await made(student, note) == first
    async with unit_of_work() as work:
        pages = await library.list_page_texts(
            work, account_id=student.account_id, material_id=first
        )
    assert [number for number, _ in pages] == [1]
    assert "vacuole" in pages[0][1]


async def test_equal_notes_of_two_students_share_nothing(student, other_student) -> None:
    mine = await made(student, await study_note(student))
    await made(other_student, await study_note(other_student))
    async with unit_of_work() as work:
        keys = (await work.session.exec(select(col(Blob.storage_key)))).all()
        assert len(set(keys)) == 2
        with pytest.raises(NotFoundError):
            await library.get_material(
                work, account_id=other_student.account_id, material_id=mine
            )


async def test_a_note_without_course_or_words_says_what_is_missing(student) -> None:
    with pytest.raises(ConflictError, match="Choose the course"):
        await made(student, await caught(student, "Loose"))
    note = await study_note(student)
    await save(student, note, "  ")
    with pytest.raises(ConflictError, match="no words"):
        await made(student, note)


async def test_the_open_note_knows_its_source(student) -> None:
    note = await study_note(student)
    material_id = await made(student, note)
    async with unit_of_work() as work:
        view = await notes.get_note(
            work, account_id=student.account_id, note_id=UUID(note.id)
        )
    assert view.material_id == str(material_id)


async def test_another_students_note_makes_no_cards(student, other_student, sent) -> None:
    note = await study_note(student)
    with pytest.raises(NotFoundError):
        await made(other_student, note)
    assert sent == []
