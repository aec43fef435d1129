import pytest

from studymaster.adapters.storage import get_storage
from studymaster.errors import InvalidInputError, NotFoundError, SignInError
from studymaster.features.campus.state.resources import ResourcesState
from tests.conftest import make_student
from tests.features.campus.mates import gather
from tests.features.campus.sharing import share
from tests.tabs import open_tab, tab_of


async def opened(student) -> ResourcesState:
    tab = tab_of(student, ResourcesState, path="/campus")
    await ResourcesState.load.fn(tab)
    return tab


async def test_the_panel_shows_what_is_shared(pair) -> None:
    mina, jonas = pair
    await share(mina, course_id=101)
    tab = await opened(jonas)
    assert (tab.loaded, tab.limit_mb) == (True, 200)
    assert [(one.title, one.author) for one in tab.resources] == [
        ("Osmosis in short", "Mina Aalto")
    ]
    assert [one.value for one in tab.audiences] == ["course:101"]


async def test_one_audience_can_be_chosen(pair) -> None:
    mina, _ = pair
    group_id = await gather(mina)
    await share(mina, course_id=101, title="Course")
    await share(mina, group_id=group_id, title="Group")
    tab = await opened(mina)
    for value, titles in (
        (f"group:{group_id}", ["Group"]),
        ("course:101", ["Course"]),
        ("", ["Course", "Group"]),
        ("group:nonsense", ["Course", "Group"]),
        ("course:102", ["Course", "Group"]),
    ):
        await ResourcesState.choose_audience.fn(tab, value)
        assert sorted(one.title for one in tab.resources) == titles


async def test_the_order_is_one_of_two(pair) -> None:
    tab = await opened(pair[0])
    await ResourcesState.choose_order.fn(tab, "useful")
    assert tab.order == "useful"
    with pytest.raises(InvalidInputError):
        await ResourcesState.choose_order.fn(tab, "nonsense")


async def test_a_long_note_opens_and_closes(pair) -> None:
    mina, _ = pair
    made = await share(mina, course_id=101, text="x" * 1000)
    tab = await opened(mina)
    await ResourcesState.read.fn(tab, made.id)
    assert (tab.reading, len(tab.note)) == (made.id, 1000)
    await ResourcesState.read.fn(tab, made.id)
    assert (tab.reading, tab.note) == ("", "")


async def test_a_vote_is_counted_and_taken_back(pair) -> None:
    mina, jonas = pair
    made = await share(mina, course_id=101)
    tab = await opened(jonas)
    for useful, votes in ((True, 1), (True, 1), (False, 0)):
        await ResourcesState.vote.fn(tab, made.id, useful)
        assert (tab.resources[0].votes, tab.resources[0].voted) == (votes, useful)


async def test_a_report_without_a_reason_keeps_its_form(pair) -> None:
    mina, jonas = pair
    made = await share(mina, course_id=101)
    tab = await opened(jonas)
    await ResourcesState.toggle_report.fn(tab, made.id)
    with pytest.raises(InvalidInputError):
        await ResourcesState.report.fn(tab, {"reason": " "})
    assert tab.reporting == made.id
    await ResourcesState.report.fn(tab, {"reason": "Copied"})
    assert tab.reporting == ""
    assert [one.reported for one in tab.resources] == [True]
    for about in (made.id, "nonsense"):
        await ResourcesState.toggle_report.fn(tab, about)
        assert tab.reporting == ""


async def test_a_group_restores_and_removes(student) -> None:
    others = [await make_student(f"Member {number}") for number in range(4)]
    group_id = await gather(student, *others)
    made = await share(others[0], group_id=group_id)
    for one in others[1:]:
        tab = await opened(one)
        await ResourcesState.toggle_report.fn(tab, made.id)
        await ResourcesState.report.fn(tab, {"reason": "Copied"})
    tab = await opened(student)
    assert tab.resources[0].hidden
    await ResourcesState.restore.fn(tab, made.id)
    assert not tab.resources[0].hidden
    await ResourcesState.remove.fn(tab, made.id)
    assert tab.resources == []


async def test_a_long_list_shows_more_when_asked(pair) -> None:
    for number in range(21):
        await share(pair[0], course_id=101, title=f"Note {number}")
    tab = await opened(pair[1])
    assert (len(tab.resources), tab.more) == (20, True)
    await ResourcesState.show_more.fn(tab)
    assert (len(tab.resources), tab.more) == (21, False)


async def test_what_was_shared_over_http_appears(pair) -> None:
    tab = await opened(pair[0])
    await share(pair[0], course_id=101)
    await ResourcesState.shared.fn(tab)
    assert len(tab.resources) == 1


@pytest.mark.parametrize("event", ["read", "restore", "remove", "vote"])
async def test_another_students_resource_looks_like_not_there(pair, event: str) -> None:
    made = await share(pair[0], course_id=101)
    stranger = await make_student("Ada")
    tab = await opened(stranger)
    more = (True,) if event == "vote" else ()
    for wrong in (made.id, "nonsense", ""):
        if (event, wrong) != ("read", ""):
            with pytest.raises(NotFoundError):
                await getattr(ResourcesState, event).fn(tab, wrong, *more)
    tab.reporting = made.id
    with pytest.raises(NotFoundError):
        await ResourcesState.report.fn(tab, {"reason": "Copied"})


async def test_removing_takes_the_bytes_along(pair) -> None:
    from studymaster.adapters.storage import FileGoneError
    from tests.features.campus.api.test_resources import upload
    from tests.features.campus.calls import client_of

    async with client_of(pair[0]) as client:
        made = (await upload(client)).json()["id"]
    tab = await opened(pair[0])
    await ResourcesState.remove.fn(tab, made)
    with pytest.raises(FileGoneError):
        await get_storage().get_bytes(f"shared/resources/{made}")


async def test_a_visitor_sees_nothing(student) -> None:
    for handler in (ResourcesState.load, ResourcesState.refresh, ResourcesState.shared):
        with pytest.raises(SignInError):
            await handler.fn(open_tab(ResourcesState))
