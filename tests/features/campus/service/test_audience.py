from uuid import UUID, uuid4

import pytest

from studymaster.adapters.database import unit_of_work
from studymaster.errors import NotFoundError
from studymaster.features.campus.service import audience
from tests.features.campus.mates import BIOLOGY, SITE, enrol


async def test_the_courses_that_moodle_lists_can_be_chosen(student, other_student) -> None:
    listed = await enrol(student)
    await enrol(student, moodle_id=102, listed=False)
    await enrol(other_student, moodle_id=103)
    async with unit_of_work() as work:
        choices = await audience.course_choices(work, account_id=student.account_id)
    assert [(one.id, one.name, one.line) for one in choices] == [
        (str(listed.id), "BIO 101", 3)
    ]


async def test_a_course_is_known_by_its_site_and_number(student) -> None:
    course = await enrol(student)
    async with unit_of_work() as work:
        by_id = await audience.get_course(
            work, account_id=student.account_id, course_id=course.id
        )
        by_number = await audience.course_of_moodle_id(
            work, account_id=student.account_id, moodle_id=BIOLOGY
        )
    assert by_id == by_number
    assert (by_id.site_url, by_id.moodle_id) == (SITE, BIOLOGY)


@pytest.mark.parametrize("moodle_id", [0, -1, 999, 2**63, 2**200])
async def test_a_number_that_no_own_course_has(student, moodle_id: int) -> None:
    await enrol(student)
    async with unit_of_work() as work:
        with pytest.raises(NotFoundError):
            await audience.course_of_moodle_id(
                work, account_id=student.account_id, moodle_id=moodle_id
            )


async def test_another_students_course_is_not_there(student, other_student) -> None:
    course = await enrol(other_student)
    async with unit_of_work() as work:
        for course_id in (course.id, uuid4(), UUID(int=0)):
            with pytest.raises(NotFoundError):
                await audience.get_course(
                    work, account_id=student.account_id, course_id=course_id
                )
