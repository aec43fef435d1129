"""Files that students add themselves, and what becomes of cards when they go."""

from collections.abc import AsyncIterator

import pytest
from sqlmodel import select

from studymaster.adapters.bus import Topic
from studymaster.adapters.database import unit_of_work
from studymaster.adapters.storage import FileGoneError, get_storage
from studymaster.errors import ConflictError
from studymaster.features.accounts.schemas import Student
from studymaster.features.flashcards.service import generation
from studymaster.features.library import rules, service
from studymaster.features.library.schemas import MaterialView
from studymaster.models import Card, CardKind, Course, Deck, Material, Proposal
from tests.conftest import NOON
from tests.features.library.shelf import lecture_pdf, make_course
from tests.jobs import carry_out
from workers.flashcards import generate


async def chunks(data: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(data), 100):
        yield data[start : start + 100]


async def add(student: Student, course: Course, *, name: str = "Notes.pdf") -> MaterialView:
    upload = await service.store_upload(
        get_storage(),
        account_id=student.account_id,
        name=name,
        chunks=chunks(lecture_pdf()),
    )
    async with unit_of_work() as work:
        return await service.keep_upload(
            work,
            account_id=student.account_id,
            course_id=course.id,
            upload=upload,
            now=NOON,
        )


async def material(view: MaterialView) -> Material:
    async with unit_of_work() as work:
        statement = select(Material).where(Material.id == view.id)
        return (await work.session.exec(statement)).one()


async def remove(student: Student, row: Material) -> None:
    async with unit_of_work() as work:
        leftovers = await service.remove_upload(
            work, account_id=student.account_id, material_id=row.id
        )
    await service.drop_files(get_storage(), leftovers)


async def card_from(row: Material) -> Card:
    async with unit_of_work() as work:
        deck = Deck(
            account_id=row.account_id, course_id=row.course_id, name="D", created_at=NOON
        )
        work.session.add(deck)
        await work.session.flush()
        card = Card(
            account_id=row.account_id,
            deck_id=deck.id,
            kind=CardKind.BASIC,
            front="What is osmosis?",
            back="Water through a membrane.",
            material_id=row.id,
            blob_sha1=row.blob_sha1,
            page=1,
            quote="Osmosis is the movement of water",
            due_on=NOON.date(),
            created_at=NOON,
        )
        work.session.add(card)
    return card


async def test_its_pages_are_read_in_order(student) -> None:
    view = await add(student, await make_course(student))
    async with unit_of_work() as work:
        pages = await service.list_page_texts(
            work, account_id=student.account_id, material_id=(await material(view)).id
        )
    assert [number for number, _ in pages] == [1, 2]
    assert "Osmosis" in pages[0][1]
    assert "Chlorophyll" in pages[1][1]


async def test_cards_can_be_proposed_from_it(student) -> None:
    row = await material(await add(student, await make_course(student)))
    async with unit_of_work() as work:
        promise = await generation.request_generation(
            work, student=student, material_id=row.id, now=NOON
        )
    await carry_out(generate, account_id=str(student.account_id), generation_id=promise.id)
    async with unit_of_work() as work:
        found = (await work.session.exec(select(Proposal))).all()
    assert found
    assert {proposal.material_id for proposal in found} == {row.id}


async def test_own_files_stand_first_and_are_not_news(student) -> None:
    course = await make_course(student)
    await add(student, course)
    async with unit_of_work() as work:
        shelf = await service.list_materials(
            work, account_id=student.account_id, course_id=course.id
        )
    (section,) = shelf.sections
    (view,) = section.materials
    assert (section.name, view.own, view.fresh) == (rules.OWN_SECTION, True, False)


async def test_cards_outlive_the_file_they_were_made_from(student) -> None:
    row = await material(await add(student, await make_course(student)))
    card = await card_from(row)
    await remove(student, row)
    async with unit_of_work() as work:
        kept = await work.session.get(Card, card.id)
    assert kept is not None
    assert (kept.front, kept.material_id, kept.blob_sha1) == (card.front, None, None)


async def test_bytes_stay_as_long_as_another_course_has_them(student) -> None:
    one, two = await make_course(student), await make_course(student)
    first = await material(await add(student, one))
    second = await material(await add(student, two))
    assert first.blob_sha1 == second.blob_sha1
    await remove(student, first)
    async with unit_of_work() as work:
        source = await service.get_file(
            work, account_id=student.account_id, material_id=second.id
        )
    assert await get_storage().get_bytes(source.key) == lecture_pdf()
    await remove(student, second)
    with pytest.raises(FileGoneError):
        await get_storage().get_bytes(source.key)


async def test_a_student_cannot_fill_the_store(student, monkeypatch) -> None:
    monkeypatch.setattr(rules, "MOST_UPLOADS", 1)
    course = await make_course(student)
    async with unit_of_work() as work:
        await service.require_room(work, account_id=student.account_id)
    await add(student, course)
    async with unit_of_work() as work:
        with pytest.raises(ConflictError, match="Remove one"):
            await service.require_room(work, account_id=student.account_id)


async def test_open_lists_learn_of_a_new_file(student, monkeypatch) -> None:
    from studymaster.adapters import bus

    told: list[bus.News] = []

    async def publish(*news: bus.News) -> None:
        told.extend(news)

    monkeypatch.setattr(bus, "publish", publish)
    await add(student, await make_course(student))
    assert {news.topic for news in told} == {Topic.SYNC, Topic.CARDS}
    assert {news.account_id for news in told} == {str(student.account_id)}
