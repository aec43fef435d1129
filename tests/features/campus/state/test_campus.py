import pytest

from studymaster.adapters.database import unit_of_work
from studymaster.errors import SignInError
from studymaster.features.accounts import service as accounts
from studymaster.features.campus.state.campus import LOADS, CampusState
from studymaster.features.points import service as points
from tests.conftest import NOON
from tests.features.campus.people import tab_of
from tests.tabs import open_tab


async def be_on_the_leaderboard(student, *, amount: int) -> None:
    async with unit_of_work() as work:
        await accounts.save_preference(
            work, account_id=student.account_id, name="on_leaderboard", on=True
        )
        await points.award(
            work,
            student=student,
            amount=amount,
            cause=f"test:{student.account_id}",
            sentence="Earned",
            now=NOON,
        )
    async with unit_of_work() as work:
        await points.refresh_leaderboard(work)


@pytest.mark.parametrize("part", list(LOADS))
async def test_the_address_opens_a_part(student, part: str) -> None:
    tab = tab_of(student, CampusState, path=f"/campus?tab={part}")
    assert await CampusState.load.fn(tab) is LOADS[part]
    assert tab.tab == part


@pytest.mark.parametrize("path", ["/campus", "/campus?tab=", "/campus?tab=nonsense"])
async def test_groups_open_first(student, path: str) -> None:
    tab = tab_of(student, CampusState, path=path)
    assert await CampusState.load.fn(tab) is LOADS["groups"]
    assert tab.tab == "groups"


async def test_another_part_has_an_address_of_its_own(student) -> None:
    tab = tab_of(student, CampusState)
    event = await CampusState.open_tab.fn(tab, "buddies")
    assert "/campus?tab=buddies" in str(event.args)
    assert tab.tab == "buddies"
    for nonsense in ("", "nonsense", "../settings"):
        event = await CampusState.open_tab.fn(tab, nonsense)
        assert "/campus?tab=groups" in str(event.args)


async def test_the_excerpt_shows_who_chose_to_be_seen(student, other_student) -> None:
    await be_on_the_leaderboard(other_student, amount=30)
    tab = tab_of(student, CampusState)
    await CampusState.load.fn(tab)
    assert [(row.name, row.points) for row in tab.rows] == [("Jonas Keller", 30)]
    assert tab.you.rank == 0


async def test_ones_own_place_is_marked(student, other_student) -> None:
    await be_on_the_leaderboard(other_student, amount=30)
    await be_on_the_leaderboard(student, amount=10)
    tab = tab_of(student, CampusState)
    await CampusState.load.fn(tab)
    assert [(row.rank, row.is_you) for row in tab.rows] == [(1, False), (2, True)]
    assert tab.you.rank == 2


async def test_who_takes_part_has_a_place_before_anybody_has_points(student) -> None:
    tab = tab_of(student, CampusState)
    await CampusState.load.fn(tab)
    assert (tab.rows, tab.you.rank) == ([], 0)
    async with unit_of_work() as work:
        await accounts.save_preference(
            work, account_id=student.account_id, name="on_leaderboard", on=True
        )
    await CampusState.refresh.fn(tab)
    assert (tab.rows, tab.you.rank) == ([], 1)


async def test_a_visitor_sees_nothing(student) -> None:
    for handler in (CampusState.load, CampusState.refresh):
        with pytest.raises(SignInError):
            await handler.fn(open_tab(CampusState))
