import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from studymaster.adapters import bus
from studymaster.adapters.bus import Topic
from studymaster.adapters.database import unit_of_work
from studymaster.errors import InvalidInputError, NotFoundError
from studymaster.features.braindump import queries
from studymaster.features.braindump.schemas import Caught, Filter, NoteView, Wish
from studymaster.features.braindump.service import notes
from studymaster.paging import Window
from tests.conftest import NOON
from tests.features.library.shelf import make_course
from tests.waiting import until_it_waits


async def caught(student, text: object = "A thought", kind: str = "thought", **more):
    new = Caught(more.pop("id", uuid4()), text, kind, **more)
    async with unit_of_work() as work:
        return await notes.catch(work, account_id=student.account_id, caught=new, now=NOON)


async def found(student, window: Window | None = None, **wanted) -> list[str]:
    async with unit_of_work() as work:
        rows = await notes.list_notes(
            work,
            account_id=student.account_id,
            wanted=Filter(**wanted),
            window=window or Window(),
        )
    return [row.title for row in rows.items]


async def save(student, note: NoteView, text: object, *, version: object = None, **at):
    async with unit_of_work() as work:
        return await notes.save(
            work,
            account_id=student.account_id,
            note_id=UUID(note.id),
            version=note.version if version is None else version,
            text=text,
            now=at.get("now", NOON),
        )


async def test_a_caught_thought_is_there_with_title_and_tags(student) -> None:
    note = await caught(student, "# Osmosis\nask #biology", "question")
    assert (note.title, note.tags, note.kind) == ("Osmosis", ["biology"], "question")
    assert await found(student) == ["Osmosis"]


async def test_the_same_thought_sent_twice_at_once_is_kept_once(student) -> None:
    one = uuid4()
    both = await asyncio.gather(*[caught(student, "Once", id=one) for _ in range(2)])
    assert both[0].id == both[1].id == str(one)
    assert await found(student) == ["Once"]


async def test_an_id_of_somebody_elses_note_opens_nothing(student, other_student) -> None:
    note = await caught(student, "Private")
    with pytest.raises(NotFoundError):
        await caught(other_student, "Mine now", id=UUID(note.id))
    assert await found(student) == ["Private"]
    assert await found(other_student) == []


@pytest.mark.parametrize("text", ["", "  \n ", None, 7, ["a"], "x" * 100_001])
async def test_what_is_no_note_is_refused(student, text: object) -> None:
    with pytest.raises(InvalidInputError):
        await caught(student, text)


@pytest.mark.parametrize("kind", ["", "diary", None, 3])
async def test_an_unknown_kind_is_refused(student, kind) -> None:
    with pytest.raises(InvalidInputError):
        await caught(student, "Words", kind)


async def test_odd_letters_are_kept_or_left_out_but_never_break(student) -> None:
    note = await caught(student, "null\x00 half\ud800 <script>alert(1)</script> 🎓\r\nnext")
    assert note.text == "null half <script>alert(1)</script> 🎓\nnext"


async def test_what_is_typed_is_saved_and_the_title_follows(student) -> None:
    note = await caught(student, "First")
    later = NOON + timedelta(minutes=1)
    saved = await save(student, note, "Second #new  ", now=later)
    assert (saved.note.title, saved.note.tags, saved.is_copy) == (
        "Second",
        ["new"],
        False,
    )
    assert saved.note.text == "Second #new  "
    assert saved.note.version == note.version + 1


async def test_the_same_words_twice_are_one_save(student) -> None:
    note = await caught(student, "First")
    once = await save(student, note, "Second")
    again = await save(student, note, "Second")
    assert again.note.version == once.note.version
    assert not again.is_copy


async def test_two_tabs_that_type_at_once_lose_nothing(student) -> None:
    note = await caught(student, "Start")
    results = await asyncio.gather(
        save(student, note, "From one tab"), save(student, note, "From the other")
    )
    assert sorted(result.is_copy for result in results) == [False, True]
    assert sorted(await found(student)) == ["From one tab", "From the other"]


@pytest.mark.parametrize("version", ["1", 0, -1, 99, 1.5, [1]])
async def test_a_version_that_never_was_makes_a_copy(student, version) -> None:
    note = await caught(student, "Start")
    assert (await save(student, note, "Typed", version=version)).is_copy
    assert sorted(await found(student)) == ["Start", "Typed"]


async def test_a_note_may_be_emptied_while_typing(student) -> None:
    note = await caught(student, "Start")
    assert (await save(student, note, "")).note.title == "Empty note"


async def test_notes_are_found_by_words_kind_tag_course_and_state(student) -> None:
    course = await make_course(student)
    await caught(student, "Membranes leak\n\nosmosis #bio", course_id=course.id)
    todo = await caught(student, "Hand in sheet 3", "todo")
    async with unit_of_work() as work:
        await notes.change(
            work,
            account_id=student.account_id,
            note_id=UUID(todo.id),
            wish=Wish(done=True),
            now=NOON,
        )
    assert await found(student, words="osmo membr") == ["Membranes leak"]
    assert await found(student, words="osmo sheet") == []
    assert await found(student, kind="todo") == ["Hand in sheet 3"]
    assert await found(student, kind="todo", done=False) == []
    assert await found(student, tag="BIO") == ["Membranes leak"]
    assert await found(student, course_id=course.id) == ["Membranes leak"]


async def test_pinned_notes_come_first_then_the_newest(student) -> None:
    first = await caught(student, "First")
    second = await caught(student, "Second")
    await save(student, second, "Second, later", now=NOON + timedelta(hours=1))
    assert await found(student) == ["Second, later", "First"]
    async with unit_of_work() as work:
        await notes.change(
            work,
            account_id=student.account_id,
            note_id=UUID(first.id),
            wish=Wish(pinned=True),
            now=NOON,
        )
    assert await found(student) == ["First", "Second, later"]


async def test_a_long_list_comes_in_stretches(student) -> None:
    for number in range(5):
        await caught(student, f"Note {number}")
    seen = await found(student, Window(0, 3)) + await found(student, Window(3, 3))
    assert sorted(seen) == [f"Note {number}" for number in range(5)]


async def test_tags_are_counted(student) -> None:
    await caught(student, "#a #b")
    await caught(student, "#a")
    async with unit_of_work() as work:
        counts = await notes.list_tags(work, account_id=student.account_id)
    assert [(tag.name, tag.count) for tag in counts] == [("a", 2), ("b", 1)]


async def test_the_bin_gives_back(student) -> None:
    note = await caught(student, "Thrown away #tag")
    one = {"account_id": student.account_id, "note_id": UUID(note.id)}
    async with unit_of_work() as work:
        await notes.delete(work, **one, now=NOON)
        await notes.delete(work, **one, now=NOON)
    assert (await found(student), await found(student, deleted=True)) == (
        [],
        ["Thrown away"],
    )
    async with unit_of_work() as work:
        assert await notes.list_tags(work, account_id=student.account_id) == []
        assert not (await notes.restore(work, **one)).deleted
    assert await found(student) == ["Thrown away"]


async def test_a_course_of_somebody_else_cannot_be_chosen(student, other_student) -> None:
    course = await make_course(other_student)
    with pytest.raises(NotFoundError):
        await caught(student, "Words", course_id=course.id)
    note = await caught(student, "Words")
    with pytest.raises(NotFoundError):
        async with unit_of_work() as work:
            await notes.file_under(
                work,
                account_id=student.account_id,
                note_id=UUID(note.id),
                course_id=course.id,
            )


async def test_another_students_note_is_not_there(student, other_student) -> None:
    note = await caught(student, "Private")
    one = {"account_id": other_student.account_id, "note_id": UUID(note.id)}
    calls = [
        lambda work: notes.get_note(work, **one),
        lambda work: notes.change(work, **one, wish=Wish(done=True), now=NOON),
        lambda work: notes.file_under(work, **one, course_id=None),
        lambda work: notes.delete(work, **one, now=NOON),
        lambda work: notes.restore(work, **one),
        lambda work: notes.save(work, **one, version=1, text="Mine", now=NOON),
    ]
    for call in calls:
        with pytest.raises(NotFoundError):
            async with unit_of_work() as work:
                await call(work)
    assert (await save(student, note, "Still mine")).note.title == "Still mine"


async def test_other_tabs_hear_of_a_note(student, monkeypatch) -> None:
    told: list[bus.News] = []

    async def hear(news: bus.News) -> None:
        told.append(news)

    monkeypatch.setattr(bus, "publish", hear)
    note = await caught(student, "Heard")
    assert told == [bus.news_for(student.account_id, Topic.NOTES, subject=note.id)]


async def test_two_tabs_that_save_at_once_lose_nothing(student) -> None:
    note = await caught(student, "Start")
    one = {"account_id": student.account_id, "note_id": UUID(note.id)}
    async with unit_of_work() as work:
        await notes.save(work, **one, version=note.version, text="One", now=NOON)
        other = asyncio.create_task(save(student, note, "Two"))
        await until_it_waits(other)
    assert (await other).is_copy
    assert sorted(await found(student)) == ["One", "Two"]


async def test_a_save_sees_what_another_tab_saved_since_the_note_was_read(student) -> None:
    note = await caught(student, "Start")
    async with unit_of_work() as work:
        one = {"account_id": student.account_id, "note_id": UUID(note.id)}
        before = await queries.note_by_id(work.session, student.account_id, one["note_id"])
        await save(student, note, "One")
        saved = await notes.save(work, **one, version=note.version, text="Two", now=NOON)
    assert (saved.is_copy, before is not None) == (True, True)
    assert sorted(await found(student)) == ["One", "Two"]


async def test_words_for_a_note_that_went_to_the_bin_become_a_note_of_their_own(
    student,
) -> None:
    note = await caught(student, "Start")
    async with unit_of_work() as work:
        await notes.delete(
            work, account_id=student.account_id, note_id=UUID(note.id), now=NOON
        )
    assert not (await save(student, note, "Start")).is_copy
    saved = await save(student, note, "Start, and more")
    assert (saved.is_copy, saved.note.deleted) == (True, False)
    again = await save(student, note, "Start, and more")
    assert (again.is_copy, again.note) == (True, saved.note)
    assert await found(student) == ["Start, and more"]
    assert await found(student, deleted=True) == ["Start"]


async def test_the_same_words_for_a_note_in_the_bin_at_once_are_one_note(student) -> None:
    note = await caught(student, "Start")
    async with unit_of_work() as work:
        await notes.delete(
            work, account_id=student.account_id, note_id=UUID(note.id), now=NOON
        )
    both = await asyncio.gather(*[save(student, note, "And more") for _ in range(2)])
    assert both[0].note.id == both[1].note.id
    assert await found(student) == ["And more"]
