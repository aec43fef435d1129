import pytest

from studymaster.errors import InvalidInputError, NotFoundError, SignInError
from studymaster.features.campus.state.groups import GroupsState
from tests.conftest import NOON
from tests.features.campus.mates import enrol
from tests.features.campus.people import (
    code_of,
    join,
    make_group,
    say,
    tab_of,
)
from tests.tabs import open_tab


async def test_the_tab_shows_own_groups_and_those_to_join(student, other_student) -> None:
    await make_group(student, name="Mine")
    await make_group(other_student, name="Theirs", course=await enrol(other_student))
    await enrol(student)
    tab = tab_of(student, GroupsState)
    await GroupsState.load.fn(tab)
    assert [one.name for one in tab.groups] == ["Mine"]
    assert [one.name for one in tab.found] == ["Theirs"]
    assert [one.name for one in tab.courses] == ["BIO 101"]
    assert (tab.loaded, tab.more) == (True, False)


async def test_a_new_group_opens(student) -> None:
    course = await enrol(student)
    tab = tab_of(student, GroupsState)
    await GroupsState.load.fn(tab)
    await GroupsState.make.fn(tab, is_open=True)
    form = {"name": "Owls", "about": "", "course": str(course.id), "listed": "yes"}
    assert await GroupsState.create.fn(tab, form) is not None
    assert await GroupsState.create.fn(tab, form) is None  # pressed twice
    await GroupsState.refresh.fn(tab)
    assert [(one.name, one.listed) for one in tab.groups] == [("Owls", True)]
    assert not tab.making


async def test_a_refused_group_keeps_its_window_open(student) -> None:
    tab = tab_of(student, GroupsState)
    await GroupsState.make.fn(tab, is_open=True)
    with pytest.raises(InvalidInputError):
        await GroupsState.create.fn(tab, {"name": " "})
    assert tab.making


@pytest.mark.parametrize("form", [{}, {"name": None}, {"name": 7}, {"name": {"a": 1}}])
async def test_nonsense_makes_no_group(student, form) -> None:
    tab = tab_of(student, GroupsState)
    await GroupsState.make.fn(tab, is_open=True)
    with pytest.raises(InvalidInputError):
        await GroupsState.create.fn(tab, form)


async def test_a_listed_group_is_joined_from_the_tab(student, other_student) -> None:
    group = await make_group(other_student, course=await enrol(other_student))
    await enrol(student)
    tab = tab_of(student, GroupsState)
    await GroupsState.load.fn(tab)
    await GroupsState.join.fn(tab, group.id)
    await GroupsState.refresh.fn(tab)
    assert ([one.id for one in tab.groups], tab.found) == ([group.id], [])


@pytest.mark.parametrize("group_id", ["", "nonsense", None, 7])
async def test_a_group_that_is_not_there_is_not_joined(student, group_id) -> None:
    tab = tab_of(student, GroupsState)
    with pytest.raises(NotFoundError):
        await GroupsState.join.fn(tab, group_id)


async def test_another_students_group_is_not_there(student, other_student) -> None:
    group = await make_group(other_student)
    tab = tab_of(student, GroupsState)
    with pytest.raises(NotFoundError):
        await GroupsState.join.fn(tab, group.id)


async def test_more_groups_come_when_asked_for(student, other_student) -> None:
    course = await enrol(other_student)
    await enrol(student)
    for number in range(22):
        await make_group(other_student, name=f"G{number}", course=course)
    tab = tab_of(student, GroupsState)
    await GroupsState.load.fn(tab)
    assert (len(tab.found), tab.more) == (20, True)
    await GroupsState.show_more.fn(tab)
    assert (len(tab.found), tab.more) == (22, False)


async def test_new_messages_are_counted_live(student, other_student) -> None:
    group = await make_group(other_student)
    await join(student, group, code=await code_of(other_student, group))
    tab = tab_of(student, GroupsState)
    await GroupsState.load.fn(tab)
    await say(other_student, group, "Hello", now=NOON.replace(hour=13))
    await GroupsState.refresh.fn(tab)
    assert [one.unread for one in tab.groups] == [1]


async def test_a_visitor_sees_nothing(student) -> None:
    for handler in (GroupsState.load, GroupsState.refresh, GroupsState.show_more):
        with pytest.raises(SignInError):
            await handler.fn(open_tab(GroupsState))
