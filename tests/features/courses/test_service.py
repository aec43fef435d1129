from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from studymaster.adapters import cache
from studymaster.adapters.cache import Kept
from studymaster.adapters.database import unit_of_work
from studymaster.errors import NotFoundError
from studymaster.features.courses import service
from studymaster.features.courses.schemas import CourseView, ListedCourse
from studymaster.models import MoodleConnection
from tests.conftest import NOON
from tests.factories.moodle import connect
from tests.statements import asked

BIOLOGY = ListedCourse(2, "BIO 110", "Biology")
CHEMISTRY = ListedCourse(3, "CHEM 221", "Chemistry")


@pytest.fixture
async def connection(student) -> MoodleConnection:
    return await connect(student)


async def keep(connection, *listed: ListedCourse) -> list[CourseView]:
    async with unit_of_work() as work:
        return await service.keep_listed(
            work,
            account_id=connection.account_id,
            connection_id=connection.id,
            listed=listed,
            now=NOON,
        )


async def courses(account_id) -> dict[str, CourseView]:
    async with unit_of_work() as work:
        views = await service.list_courses(work, account_id=account_id)
    return {view.shortname: view for view in views}


async def test_a_course_that_moodle_lists_no_more_stays_marked(connection) -> None:
    await keep(connection, BIOLOGY, CHEMISTRY)
    await keep(connection, CHEMISTRY)
    found = await courses(connection.account_id)
    assert (found["BIO 110"].listed, found["CHEM 221"].listed) == (False, True)


async def test_a_renamed_course_keeps_its_id_and_its_colour(connection) -> None:
    (before,) = await keep(connection, BIOLOGY)
    (after,) = await keep(connection, ListedCourse(2, "BIO 111", "Biology II"))
    assert (before.id, before.line) == (after.id, after.line)
    assert after.fullname == "Biology II"


async def test_names_longer_than_the_column_are_cut(connection) -> None:
    (view,) = await keep(connection, ListedCourse(4, "S" * 400, "F" * 900))
    assert (len(view.shortname), len(view.fullname)) == (255, 400)


async def test_another_students_course_is_not_there(connection, other_student) -> None:
    (view,) = await keep(connection, BIOLOGY)
    with pytest.raises(NotFoundError):
        async with unit_of_work() as work:
            await service.get_course(
                work, account_id=other_student.account_id, course_id=uuid4()
            )
    assert await courses(other_student.account_id) == {}
    assert view.shortname == "BIO 110"


async def test_a_course_is_found_by_its_number_in_moodle(connection) -> None:
    (view,) = await keep(connection, BIOLOGY)
    async with unit_of_work() as work:
        found = await service.course_of_moodle_id(
            work, account_id=connection.account_id, moodle_id=2
        )
    assert (found, found.site_url) == (view, connection.site_url)


async def test_of_several_sites_the_first_one_is_meant(connection, student) -> None:
    second = await connect(student, site_url="https://other.edu")
    await keep(second, BIOLOGY)
    (first,) = await keep(connection, BIOLOGY)
    async with unit_of_work() as work:
        found = await service.course_of_moodle_id(
            work, account_id=student.account_id, moodle_id=2
        )
    assert found.id == first.id


@pytest.mark.parametrize("number", [0, -1, 2**63, 2**100])
async def test_what_moodle_cannot_count_is_not_found(connection, number) -> None:
    with pytest.raises(NotFoundError):
        async with unit_of_work() as work:
            await service.course_of_moodle_id(
                work, account_id=connection.account_id, moodle_id=number
            )


async def test_a_switch_holds_through_the_next_listing(connection) -> None:
    (view,) = await keep(connection, BIOLOGY)
    async with unit_of_work() as work:
        await service.switch_sync(
            work,
            account_id=connection.account_id,
            course_id=UUID(view.id),
            on=False,
            now=NOON,
        )
    (after,) = await keep(connection, BIOLOGY)
    assert not after.sync_enabled


async def test_a_switch_flipped_during_a_listing_is_not_undone(connection) -> None:
    (view,) = await keep(connection, BIOLOGY)
    async with unit_of_work() as listing:
        await service.list_courses(listing, account_id=connection.account_id)
        async with unit_of_work() as work:
            await service.switch_sync(
                work,
                account_id=connection.account_id,
                course_id=UUID(view.id),
                on=False,
                now=NOON,
            )
        await service.keep_listed(
            listing,
            account_id=connection.account_id,
            connection_id=connection.id,
            listed=[ListedCourse(2, "BIO 111", "Biology II")],
            now=NOON,
        )
    found = await courses(connection.account_id)
    assert not found["BIO 111"].sync_enabled


async def test_a_new_name_ends_what_was_kept_of_the_old_one(connection) -> None:
    await keep(connection, BIOLOGY)
    owner = str(connection.account_id)

    async def look(kind: Kept) -> str:
        async def name() -> str:
            return next(iter((await courses(connection.account_id)).values())).shortname

        return await cache.kept(kind, owner, "name", shape=str, make=name)

    kinds = (Kept.RESPONSES, Kept.STATISTICS)
    assert [await look(kind) for kind in kinds] == [BIOLOGY.shortname] * 2
    await keep(connection, replace(BIOLOGY, shortname="BIO-2"))
    assert [await look(kind) for kind in kinds] == ["BIO-2"] * 2


async def test_the_same_list_again_writes_nothing(connection) -> None:
    listed = [replace(BIOLOGY, progress=40.0), CHEMISTRY]
    await keep(connection, *listed)
    with asked() as statements:
        await keep(connection, *listed)
    assert {one.split()[0] for one in statements} == {"SELECT"}
    assert len(statements) == 1
