"""A note that was typed on two devices at once, and which of the two stays."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from studymaster.adapters.database import unit_of_work
from studymaster.errors import ConflictError, InvalidInputError, NotFoundError
from studymaster.features.accounts.schemas import Student
from studymaster.features.braindump.schemas import Filter, NoteRow, NoteView
from studymaster.features.braindump.service import copies, memos, notes
from studymaster.paging import Window
from tests.conftest import NOON
from tests.features.braindump.service.test_notes import caught, found, save
from tests.waiting import until_it_waits

LATER = NOON + timedelta(minutes=5)


async def doubled(student: Student) -> tuple[NoteView, NoteView]:
    """Return a note and the copy of it that a second device made at five past noon."""
    note = await caught(student, "Start #bio")
    await save(student, note, "One #bio")
    copy = await save(student, note, "Two #bio #late", now=LATER)
    return note, copy.note


async def rows(student: Student) -> dict[str, NoteRow]:
    async with unit_of_work() as work:
        listed = await notes.list_notes(
            work, account_id=student.account_id, wanted=Filter(), window=Window()
        )
    return {row.id: row for row in listed.items}


async def settle(student: Student, note: NoteView, keep: str) -> NoteView:
    async with unit_of_work() as work:
        return await copies.settle(
            work,
            account_id=student.account_id,
            note_id=UUID(note.id),
            keep=keep,
            now=LATER,
        )


async def everything(student: Student) -> tuple[list[str], list[str]]:
    """Return the titles of all notes in use, and of all in the bin."""
    return sorted(await found(student)), sorted(await found(student, deleted=True))


async def read(student: Student, note: NoteView) -> NoteView:
    async with unit_of_work() as work:
        return await notes.get_note(
            work, account_id=student.account_id, note_id=UUID(note.id)
        )


async def throw_away(student: Student, note: NoteView) -> None:
    async with unit_of_work() as work:
        await notes.delete(
            work, account_id=student.account_id, note_id=UUID(note.id), now=LATER
        )


class TestMark:
    async def test_of_two_devices_that_write_at_once_the_later_ones_words_are_a_copy(
        self, student
    ) -> None:
        note = await caught(student, "Start")
        one = {"account_id": student.account_id, "note_id": UUID(note.id)}
        async with unit_of_work() as work:
            first = await notes.save(
                work, **one, version=note.version, text="One", now=NOON
            )
            other = asyncio.create_task(save(student, note, "Two", now=LATER))
            await until_it_waits(other)
        second = await other
        assert (first.note.copy_of, first.note.copied_at) == ("", "")
        assert (second.note.copy_of, second.note.copied_at) == (note.id, LATER.isoformat())
        listed = await rows(student)
        assert listed[note.id].copied_at == ""
        assert listed[second.note.id].copied_at == LATER.isoformat()

    async def test_it_stays_while_the_copy_is_typed_on(self, student) -> None:
        note, copy = await doubled(student)
        saved = await save(student, copy, "Two, and more #new")
        assert (saved.note.copy_of, saved.note.tags) == (note.id, ["new"])

    async def test_the_same_late_words_sent_again_are_one_copy(self, student) -> None:
        note, copy = await doubled(student)
        again = await save(student, note, "Two #bio #late")
        assert (again.is_copy, again.note.id) == (True, copy.id)
        assert len(await rows(student)) == 2

    async def test_the_same_late_words_of_two_devices_at_once_are_one_copy(
        self, student
    ) -> None:
        note = await caught(student, "Start")
        await save(student, note, "One")
        both = await asyncio.gather(*[save(student, note, "Two") for _ in range(2)])
        assert both[0].note.id == both[1].note.id
        assert sorted(await found(student)) == ["One", "Two"]

    @pytest.mark.parametrize("keep", ["copy", "original", "both"])
    async def test_the_same_late_words_after_the_choice_are_found_and_not_kept_again(
        self, student, keep: str
    ) -> None:
        note, copy = await doubled(student)
        await settle(student, copy, keep)
        before = await everything(student)
        again = await save(student, note, "Two #bio #late", now=LATER)
        assert (again.is_copy, again.note) == (True, await read(student, copy))
        assert await everything(student) == before

    async def test_late_words_that_were_typed_on_since_are_kept_once_more_and_only_once(
        self, student
    ) -> None:
        note, copy = await doubled(student)
        await save(student, copy, "Two, and more")
        late = [await save(student, note, "Two #bio #late", now=LATER) for _ in range(3)]
        assert {one.note.id for one in late}.isdisjoint({note.id, copy.id})
        assert sorted(await found(student)) == ["One", "Two", "Two, and more"]

    async def test_of_the_same_words_two_notes_have_a_copy_each(self, student) -> None:
        notes_of_two = [await doubled(student) for _ in range(2)]
        assert len({copy.id for _, copy in notes_of_two}) == 2
        assert len(await rows(student)) == 4

    async def test_words_for_a_note_in_the_bin_are_no_copy(self, student) -> None:
        note = await caught(student, "Start")
        await throw_away(student, note)
        assert (await save(student, note, "Start, and more")).note.copy_of == ""

    async def test_with_its_original_in_the_bin_a_note_is_no_copy_any_more(
        self, student
    ) -> None:
        note, copy = await doubled(student)
        await throw_away(student, note)
        assert (await read(student, copy)).copy_of == ""


class TestChoice:
    async def test_the_copy_is_kept_and_the_original_goes_to_the_bin(self, student) -> None:
        _, copy = await doubled(student)
        kept = await settle(student, copy, "copy")
        assert (kept.id, kept.text, kept.copy_of) == (copy.id, "Two #bio #late", "")
        assert (await found(student), await found(student, deleted=True)) == (
            ["Two"],
            ["One"],
        )

    async def test_the_original_is_kept_and_the_copy_goes_to_the_bin(self, student) -> None:
        note, copy = await doubled(student)
        assert (await settle(student, copy, "original")).id == note.id
        assert (await found(student), await found(student, deleted=True)) == (
            ["One"],
            ["Two"],
        )

    @pytest.mark.parametrize(
        ("keep", "in_use", "in_bin"),
        [
            ("copy", ["Two"], ["One"]),
            ("original", ["One"], ["Two"]),
            ("both", ["One", "Two"], []),
        ],
    )
    async def test_a_copy_that_lay_in_the_bin_is_there_again_when_it_is_kept(
        self, student, keep: str, in_use: list[str], in_bin: list[str]
    ) -> None:
        note, copy = await doubled(student)
        await throw_away(student, copy)
        kept = await settle(student, copy, keep)
        assert (kept.id, kept.deleted) == (
            note.id if keep == "original" else copy.id,
            False,
        )
        assert await everything(student) == (in_use, in_bin)

    @pytest.mark.parametrize("keep", ["copy", "both"])
    async def test_a_copy_that_goes_to_the_bin_at_the_same_time_is_there_again(
        self, student, keep: str
    ) -> None:
        _, copy = await doubled(student)
        async with unit_of_work() as work:
            await notes.delete(
                work, account_id=student.account_id, note_id=UUID(copy.id), now=NOON
            )
            other = asyncio.create_task(settle(student, copy, keep))
            await until_it_waits(other)
        assert not (await other).deleted
        assert "Two" in await found(student)

    async def test_a_copy_that_goes_has_no_copies_of_its_own_any_more(
        self, student
    ) -> None:
        _, copy = await doubled(student)
        await save(student, copy, "Two, typed on")
        third = (await save(student, copy, "Three", now=LATER)).note
        assert third.copy_of == copy.id
        await settle(student, copy, "original")
        assert (await read(student, third)).copy_of == ""
        assert await everything(student) == (["One", "Three"], ["Two, typed on"])

    async def test_an_original_that_is_deleted_for_good_at_the_same_time_leaves_none(
        self, student
    ) -> None:
        note, copy = await doubled(student)
        async with unit_of_work() as work:
            one = {"account_id": student.account_id, "note_id": UUID(note.id)}
            await notes.delete(work, **one, now=NOON)
            await memos.delete_for_good(work, **one)
            other = asyncio.create_task(settle(student, copy, "original"))
            await until_it_waits(other)
        with pytest.raises(ConflictError, match="not a copy"):
            await other
        assert await everything(student) == (["Two"], [])

    async def test_both_are_kept_each_by_itself(self, student) -> None:
        _, copy = await doubled(student)
        assert (await settle(student, copy, "both")).copy_of == ""
        assert sorted(await found(student)) == ["One", "Two"]

    async def test_it_is_made_once_by_two_tabs_at_once(self, student) -> None:
        _, copy = await doubled(student)
        async with unit_of_work() as work:
            await copies.settle(
                work,
                account_id=student.account_id,
                note_id=UUID(copy.id),
                keep="copy",
                now=NOON,
            )
            other = asyncio.create_task(settle(student, copy, "original"))
            await until_it_waits(other)
        with pytest.raises(ConflictError, match="not a copy"):
            await other
        assert await found(student) == ["Two"]

    async def test_it_and_the_bin_at_once_leave_one_of_the_two(self, student) -> None:
        note, copy = await doubled(student)
        async with unit_of_work() as work:
            await notes.delete(
                work, account_id=student.account_id, note_id=UUID(note.id), now=NOON
            )
            other = asyncio.create_task(settle(student, copy, "original"))
            await until_it_waits(other)
        with pytest.raises(ConflictError, match="not a copy"):
            await other
        assert await found(student) == ["Two"]

    @pytest.mark.parametrize("keep", ["", "neither", "\x00"])
    async def test_there_is_no_other(self, student, keep: str) -> None:
        _, copy = await doubled(student)
        with pytest.raises(InvalidInputError, match="Keep the copy"):
            await settle(student, copy, keep)

    async def test_a_note_that_is_no_copy_leaves_none_to_make(self, student) -> None:
        with pytest.raises(ConflictError, match="not a copy"):
            await settle(student, await caught(student, "Alone"), "both")

    async def test_another_students_copy_is_not_there(self, student, other_student) -> None:
        _, copy = await doubled(student)
        with pytest.raises(NotFoundError):
            await settle(other_student, copy, "copy")
        assert (await read(student, copy)).copy_of != ""
