import asyncio
from uuid import UUID

import pytest
from sqlmodel import col, select

from studymaster.adapters.database import unit_of_work
from studymaster.adapters.storage import LocalStorage, get_storage
from studymaster.config import get_settings
from studymaster.errors import ConflictError, NotFoundError
from studymaster.features.braindump.service import cards, memos, notes
from studymaster.features.flashcards.service import generation, proposals
from studymaster.features.library import service as library
from studymaster.models import Blob, BlobPage, Card
from tests.conftest import NOON
from tests.features.braindump.service.test_notes import caught, save
from tests.features.library.shelf import make_course
from tests.jobs import carry_out
from workers.flashcards import generate

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


async def texts_kept() -> set[str]:
    """Return every text of a note that is in the database or the store."""
    async with unit_of_work() as work:
        pages = (await work.session.exec(select(BlobPage.text))).all()
    folder = get_settings().storage_dir
    return {*pages, *(path.read_text() for path in folder.rglob("*.md"))}


async def proposed(student, sent, material_id: UUID) -> list[UUID]:
    await carry_out(generate, **sent.pop().arguments)
    async with unit_of_work() as work:
        pile = await proposals.list_proposals(
            work, account_id=student.account_id, material_id=material_id
        )
    return [UUID(item.id) for item in pile.items]


NEWER = "A vacuole is a space inside a cell that holds water and food."


async def test_an_earlier_version_goes_once_nothing_cites_it(student, sent) -> None:
    note = await study_note(student)
    first, second = await proposed(student, sent, await made(student, note))
    await save(student, note, NEWER)
    await made(student, note)
    assert await texts_kept() == {WORDS.strip(), NEWER}
    async with unit_of_work() as work:
        for one in (first, second):
            await proposals.reject(work, student=student, proposal_id=one)
    await made(student, note)
    assert await texts_kept() == {NEWER}


async def test_a_card_keeps_the_version_it_cites(student, sent) -> None:
    note = await study_note(student)
    first, second = await proposed(student, sent, await made(student, note))
    async with unit_of_work() as work:
        await proposals.accept(work, student=student, proposal_id=first, now=NOON)
        await proposals.reject(work, student=student, proposal_id=second)
    await save(student, note, NEWER)
    await made(student, note)
    assert await texts_kept() == {WORDS.strip(), NEWER}


async def test_no_word_of_a_note_that_was_deleted_for_good_is_left(student, sent) -> None:
    note = await study_note(student)
    first, _ = await proposed(student, sent, await made(student, note))
    async with unit_of_work() as work:
        await proposals.accept(work, student=student, proposal_id=first, now=NOON)
    await save(student, note, NEWER)
    await made(student, note)
    one = {"account_id": student.account_id, "note_id": UUID(note.id)}
    course = await make_course(student)
    async with unit_of_work() as work:
        await notes.file_under(work, **one, course_id=course.id)
    await made(student, note)
    async with unit_of_work() as work:
        await notes.delete(work, **one, now=NOON)
        remains = await memos.delete_for_good(work, **one)
    await memos.drop(remains)
    assert await texts_kept() == set()
    async with unit_of_work() as work:
        (card,) = (await work.session.exec(select(Card))).all()
    assert (card.material_id, card.blob_sha1) == (None, None)


async def test_a_note_that_goes_while_its_text_is_stored_leaves_none(
    student, monkeypatch
) -> None:
    note = await study_note(student)
    put = LocalStorage.put_bytes

    async def put_late(self, data, key) -> None:
        one = {"account_id": student.account_id, "note_id": UUID(note.id)}
        async with unit_of_work() as work:
            await notes.delete(work, **one, now=NOON)
            await memos.delete_for_good(work, **one)
        await put(self, data, key)

    monkeypatch.setattr(LocalStorage, "put_bytes", put_late)
    with pytest.raises(NotFoundError):
        await made(student, note)
    assert await texts_kept() == set()


async def test_a_failure_takes_no_text_that_cards_already_have(
    student, monkeypatch
) -> None:
    note = await study_note(student)
    await made(student, note)

    async def fail(*_: object, **__: object) -> None:
        raise ConflictError(CANNOT)

    monkeypatch.setattr(generation, "request_generation", fail)
    with pytest.raises(ConflictError, match=CANNOT):
        await made(student, note)
    assert await texts_kept() == {WORDS.strip()}


CANNOT = "It cannot be done now."


async def test_two_versions_at_once_are_one_source(student) -> None:
    note = await study_note(student)
    await asyncio.gather(*[made(student, note) for _ in range(3)])
    assert await texts_kept() == {WORDS.strip()}
