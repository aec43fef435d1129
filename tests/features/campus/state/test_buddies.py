import pytest

from studymaster.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    SignInError,
    TooManyRequestsError,
)
from studymaster.features.campus.state.buddies import BuddiesState
from tests.conftest import make_student
from tests.features.campus.mates import enrol, open_up
from tests.tabs import open_tab, tab_of


@pytest.fixture
async def pair(pair):
    await open_up(pair[1])
    return pair


async def opened(student) -> BuddiesState:
    tab = tab_of(student, BuddiesState, path="/campus")
    await BuddiesState.load.fn(tab)
    return tab


async def asked(pair) -> tuple[BuddiesState, BuddiesState]:
    await open_up(pair[0])
    mina, jonas = await opened(pair[0]), await opened(pair[1])
    await BuddiesState.start_asking.fn(mina, str(pair[1].account_id))
    await BuddiesState.ask.fn(mina, {"note": "Osmosis?"})
    await BuddiesState.refresh.fn(jonas)
    return mina, jonas


async def test_nobody_is_shown_before_the_switch_is_on(pair) -> None:
    tab = await opened(pair[0])
    assert (tab.loaded, tab.is_open, tab.suggestions) == (True, False, [])
    await BuddiesState.open_up.fn(tab, on=True)
    assert (tab.is_open, [one.name for one in tab.suggestions]) == (True, ["Jonas Keller"])


async def test_a_switch_has_two_positions(pair) -> None:
    tab = await opened(pair[0])
    with pytest.raises(InvalidInputError):
        await BuddiesState.open_up.fn(tab, on="yes")


async def test_a_request_is_sent_accepted_and_ended(pair) -> None:
    mina, jonas = await asked(pair)
    assert (mina.asking, [one.name for one in mina.outgoing]) == ("", ["Jonas Keller"])
    (request,) = jonas.incoming
    assert (request.name, request.note) == ("Mina Aalto", "Osmosis?")
    await BuddiesState.accept.fn(jonas, request.id)
    await BuddiesState.refresh.fn(mina)
    assert [one.name for one in mina.buddies] == ["Jonas Keller"]
    await BuddiesState.end.fn(mina, request.id)
    assert mina.buddies == []


async def test_a_note_that_is_too_long_keeps_the_form_open(pair) -> None:
    await open_up(pair[0])
    tab, other = await opened(pair[0]), str(pair[1].account_id)
    await BuddiesState.start_asking.fn(tab, other)
    with pytest.raises(InvalidInputError):
        await BuddiesState.ask.fn(tab, {"note": "x" * 301})
    assert tab.asking == other
    await BuddiesState.stop_asking.fn(tab)
    assert tab.asking == ""


async def test_a_second_press_leaves_the_note_to_a_student_open(pair) -> None:
    await open_up(pair[0])
    tab, other = await opened(pair[0]), str(pair[1].account_id)
    for _ in range(2):
        await BuddiesState.start_asking.fn(tab, other)
    assert tab.asking == other


async def test_only_a_suggested_student_can_be_asked(pair) -> None:
    stranger = await make_student("Ada")
    await open_up(pair[0])
    tab = await opened(pair[0])
    await BuddiesState.start_asking.fn(tab, str(stranger.account_id))
    assert tab.asking == ""
    with pytest.raises(NotFoundError):
        await BuddiesState.ask.fn(tab, {"note": ""})


async def test_a_block_takes_the_request_away_until_it_is_lifted(pair) -> None:
    mina, jonas = await asked(pair)
    await BuddiesState.block.fn(jonas, str(pair[0].account_id))
    assert (jonas.incoming, [one.name for one in jonas.blocked]) == ([], ["Mina Aalto"])
    await BuddiesState.refresh.fn(mina)
    assert (mina.outgoing, mina.suggestions, mina.blocked) == ([], [], [])
    await BuddiesState.unblock.fn(jonas, str(pair[0].account_id))
    assert (jonas.blocked, len(jonas.suggestions)) == ([], 1)


async def test_a_long_list_shows_more_when_asked(pair) -> None:
    await open_up(pair[0])
    for number in range(20):
        other = await make_student(f"Student {number}")
        await enrol(other)
        await open_up(other)
    tab = await opened(pair[0])
    assert (len(tab.suggestions), tab.more_suggestions) == (20, True)
    await BuddiesState.show_more_suggestions.fn(tab)
    assert (len(tab.suggestions), tab.more_suggestions) == (21, False)


@pytest.mark.parametrize("event", ["accept", "end", "block", "unblock"])
async def test_another_students_tie_looks_like_not_there(pair, event: str) -> None:
    mina, _ = await asked(pair)
    stranger = await make_student("Ada")
    tab = await opened(stranger)
    for wrong in (mina.outgoing[0].id, "nonsense", ""):
        with pytest.raises(NotFoundError):
            await getattr(BuddiesState, event).fn(tab, wrong)


async def test_a_minute_has_ten_requests(pair) -> None:
    mina, _ = await asked(pair)
    other = str(pair[1].account_id)
    for _ in range(9):
        await BuddiesState.end.fn(mina, mina.outgoing[0].id)
        await BuddiesState.start_asking.fn(mina, other)
        await BuddiesState.ask.fn(mina, {"note": ""})
    await BuddiesState.end.fn(mina, mina.outgoing[0].id)
    await BuddiesState.start_asking.fn(mina, other)
    with pytest.raises(TooManyRequestsError):
        await BuddiesState.ask.fn(mina, {"note": ""})
    assert mina.asking == other


async def test_asking_twice_says_so(pair) -> None:
    mina, _ = await asked(pair)
    mina.asking = str(pair[1].account_id)
    with pytest.raises(ConflictError, match="already"):
        await BuddiesState.ask.fn(mina, {"note": ""})


async def test_a_visitor_sees_nothing(student) -> None:
    for handler in (BuddiesState.load, BuddiesState.refresh):
        with pytest.raises(SignInError):
            await handler.fn(open_tab(BuddiesState))
