"""Adding and removing files of one's own, in one tab."""

from uuid import uuid4

import pytest

from studymaster.adapters.database import unit_of_work
from studymaster.errors import ConflictError, NotFoundError, SignInError
from studymaster.features.library.state import OwnFilesState
from studymaster.models import Material
from tests.features.accounts.test_state import signed_in
from tests.features.library.service.test_uploads import add, material
from tests.features.library.shelf import make_course, make_lecture
from tests.tabs import open_tab


@pytest.mark.parametrize("event", ["open", "remove"])
async def test_a_visitor_may_do_nothing(empty_database, event) -> None:
    with pytest.raises(SignInError):
        await getattr(OwnFilesState, event).fn(open_tab(OwnFilesState), str(uuid4()))


async def test_the_window_knows_where_the_file_goes(empty_database) -> None:
    tokens, student = await signed_in()
    course = await make_course(student)
    tab = open_tab(OwnFilesState, access=tokens.access)
    await OwnFilesState.open.fn(tab, str(course.id))
    assert (tab.course, tab.course_name) == (str(course.id), course.fullname)
    assert tab.address == (
        f"/api/v1/courses/{course.moodle_id}/materials"
        "?site=https%3A%2F%2Fmoodle.example.edu"
    )
    await OwnFilesState.close.fn(tab)
    assert (tab.course, tab.address) == ("", "")


async def test_only_own_files_of_ones_own_can_be_removed(
    empty_database, other_student
) -> None:
    tokens, student = await signed_in()
    tab = open_tab(OwnFilesState, access=tokens.access)
    own = await material(await add(student, await make_course(student)))
    lecture = await make_lecture(student)
    foreign_course = await make_course(other_student)
    foreign = await material(await add(other_student, foreign_course))
    for wrong in (str(foreign.id), str(uuid4()), "no id", ""):
        with pytest.raises(NotFoundError):
            await OwnFilesState.remove.fn(tab, wrong)
    for wrong in (str(foreign_course.id), "no id"):
        with pytest.raises(NotFoundError):
            await OwnFilesState.open.fn(tab, wrong)
    with pytest.raises(ConflictError):
        await OwnFilesState.remove.fn(tab, str(lecture.id))
    await OwnFilesState.remove.fn(tab, str(own.id))
    async with unit_of_work() as work:
        assert await work.session.get(Material, own.id) is None
        assert await work.session.get(Material, foreign.id) is not None
