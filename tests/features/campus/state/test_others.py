import pytest

from studymaster.errors import NotFoundError, SignInError
from studymaster.features.campus.state.buddies import BuddiesState
from studymaster.features.campus.state.resources import ResourcesState
from studymaster.features.campus.state.thread import ThreadState
from tests.features.campus.asking import ask
from tests.features.campus.sharing import share
from tests.tabs import open_tab, tab_of


async def test_blocking_an_author_empties_the_list(pair) -> None:
    mina, jonas = pair
    await share(mina, course_id=101)
    tab = tab_of(jonas, ResourcesState)
    await ResourcesState.load.fn(tab)
    await ResourcesState.block.fn(tab, tab.resources[0].author_id)
    assert tab.resources == []


async def test_blocking_who_asks_closes_the_question(pair) -> None:
    mina, jonas = pair
    question = await ask(mina)
    tab = tab_of(jonas, ThreadState)
    await ThreadState.toggle.fn(tab, question.id)
    await ThreadState.block.fn(tab, tab.question.author_id)
    assert tab.question.id == ""


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (BuddiesState, "You will not see each other here."),
        (ResourcesState, "You can lift it under Buddies."),
        (ThreadState, "You can lift it under Buddies."),
    ],
)
async def test_who_is_blocked_and_where_that_shows_is_said(pair, kind, words: str) -> None:
    said = await kind.block.fn(tab_of(pair[1], kind), str(pair[0].account_id))
    assert words in str(said)


@pytest.mark.parametrize("kind", [BuddiesState, ResourcesState, ThreadState])
async def test_only_a_student_is_blocked_and_only_by_one(student, kind) -> None:
    with pytest.raises(NotFoundError):
        await kind.block.fn(tab_of(student, kind), "nonsense")
    with pytest.raises(SignInError):
        await kind.block.fn(open_tab(kind), str(student.account_id))
