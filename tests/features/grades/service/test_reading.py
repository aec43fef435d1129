"""What a student sees of their gradebooks."""

from uuid import uuid4

import pytest

from studymaster.adapters.database import unit_of_work
from studymaster.errors import NotFoundError
from studymaster.features.accounts import service as accounts
from studymaster.features.grades import service
from studymaster.models import MoodleConnection
from studymaster.paging import Window
from tests.factories.moodle import make_run
from tests.features.grades.gradebooks import biology, keep, listed, make_course
from tests.statements import asked


async def standings(student):
    async with unit_of_work() as work:
        return await service.list_standings(work, account_id=student.account_id)


async def book(student, course_id):
    async with unit_of_work() as work:
        return await service.get_gradebook(work, student=student, course_id=course_id)


async def test_courses_with_a_gradebook_come_by_short_name(student) -> None:
    physics = await make_course(
        student, moodle_id=3, shortname="PHY 1", site_url="https://b"
    )
    biology_course = await make_course(student)
    await make_course(student, moodle_id=4, shortname="ART 1", site_url="https://c")
    await keep(student, physics.id, listed(5, grade=50.0))
    await keep(student, biology_course.id, *biology())
    found = await standings(student)
    assert [one.shortname for one in found] == ["BIO 110", "PHY 1"]
    assert [one.percent_words for one in found] == ["80.4%", "50%"]


async def test_the_list_asks_the_database_twice_however_many_courses(student) -> None:
    for number in range(4):
        course = await make_course(
            student, moodle_id=number, shortname=f"C {number}", site_url=f"https://{number}"
        )
        await keep(student, course.id, *biology())
    with asked() as statements:
        assert len(await standings(student)) == 4
    assert len(statements) == 2


async def test_the_list_comes_in_stretches(student) -> None:
    for number in range(3):
        course = await make_course(
            student, moodle_id=number, shortname=f"C {number}", site_url=f"https://{number}"
        )
        await keep(student, course.id, listed(2))
    async with unit_of_work() as work:
        found = await service.stretch_of_standings(
            work, account_id=student.account_id, window=Window(1, 1)
        )
    assert ([one.shortname for one in found.items], found.next_offset) == (["C 1"], 2)


async def test_nobody_sees_anothers_grades(student, other_student) -> None:
    course = await make_course(student)
    await keep(student, course.id, *biology())
    assert await standings(other_student) == []
    for number in (course.id, uuid4()):
        with pytest.raises(NotFoundError):
            await book(other_student, number)
    async with unit_of_work() as work:
        with pytest.raises(NotFoundError):
            await service.gradebook_of_moodle_id(
                work, student=other_student, moodle_id=course.moodle_id
            )


async def test_a_course_without_a_gradebook_is_empty_and_there(student) -> None:
    course = await make_course(student)
    found = await book(student, course.id)
    assert (found.course.shortname, found.lines) == ("BIO 110", ())


@pytest.mark.parametrize("number", [0, -1, 2**63, 99])
async def test_a_number_that_moodle_never_gave(student, number) -> None:
    await make_course(student)
    async with unit_of_work() as work:
        with pytest.raises(NotFoundError):
            await service.gradebook_of_moodle_id(work, student=student, moodle_id=number)


async def test_the_insight_is_for_those_who_want_it(student) -> None:
    course = await make_course(student)
    await keep(student, course.id, *biology())
    before = await book(student, course.id)
    assert (before.has_insight, before.insight) == (False, ())
    async with unit_of_work() as work:
        await accounts.save_preference(
            work, account_id=student.account_id, name="grade_insight", on=True
        )
    after = await book(student, course.id)
    assert (after.has_insight, len(after.insight)) == (True, 3)


async def test_when_a_run_last_ended(student, other_student) -> None:
    async def ended(of):
        async with unit_of_work() as work:
            return await service.newest_run_end(work, account_id=of.account_id)

    course = await make_course(student)
    assert await ended(student) is None
    async with unit_of_work() as work:
        connection = await work.session.get_one(MoodleConnection, course.connection_id)
    run = await make_run(connection)
    assert await ended(student) == run.finished_at
    assert await ended(other_student) is None
