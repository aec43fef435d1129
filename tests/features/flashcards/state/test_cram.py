import pytest
from sqlmodel import select

from studymaster.adapters.database import unit_of_work
from studymaster.errors import ConflictError, InvalidInputError, NotFoundError
from studymaster.features.flashcards.state import CramState
from studymaster.models import Card, PointsEntry, ReviewLog
from tests.features.flashcards.pile import make_deck, make_own_card
from tests.tabs import tab_of

FORM = {"pile": "", "what": "all", "days": "7", "count": "50", "order": "oldest"}


async def opened(student) -> CramState:
    tab = tab_of(student, CramState, path="/smart-study/cram")
    await CramState.load.fn(tab)
    return tab


async def begun(student, *fronts: str) -> CramState:
    deck = await make_deck(student, "Latin")
    for front in fronts:
        await make_own_card(student, deck, front=front)
    tab = await opened(student)
    await CramState.start.fn(tab, FORM)
    return tab


async def stored(kind) -> list:
    async with unit_of_work() as work:
        return [row.model_dump() for row in (await work.session.exec(select(kind))).all()]


async def test_a_session_to_its_end_changes_no_card_no_log_and_no_points(student) -> None:
    tab = await begun(student, "canis", "felis")
    before = await stored(Card)
    first = tab.cards[0]
    await CramState.answer.fn(tab, first.id, first.turn, knows=False)
    assert (tab.left, tab.known, tab.again) == (2, 0, 1)
    while tab.is_going:
        card = tab.cards[0]
        await CramState.answer.fn(tab, card.id, card.turn, knows=True)
    assert (tab.is_over, tab.known, tab.again) == (True, 2, 1)
    assert await stored(Card) == before
    assert (await stored(ReviewLog), await stored(PointsEntry)) == ([], [])


async def test_the_same_answer_twice_counts_once(student) -> None:
    tab = await begun(student, "canis", "felis", "avis")
    first = tab.cards[0]
    for _ in range(2):
        await CramState.answer.fn(tab, first.id, first.turn, knows=False)
    assert (tab.left, tab.again) == (3, 1)


async def test_a_reload_goes_on_where_it_was(student) -> None:
    tab = await begun(student, "canis", "felis")
    first, second = tab.cards
    await CramState.answer.fn(tab, first.id, first.turn, knows=True)
    await CramState.load.fn(tab)
    assert ([one.id for one in tab.cards], tab.known) == ([second.id], 1)


async def test_an_edited_card_is_seen_and_a_deleted_one_leaves(student) -> None:
    tab = await begun(student, "canis", "felis")
    async with unit_of_work() as work:
        rows = (await work.session.exec(select(Card).order_by(Card.front))).all()
        rows[0].front = "canes"
        await work.session.delete(rows[1])
    await CramState.refresh.fn(tab)
    assert ([one.front for one in tab.cards], tab.left) == (["canes"], 1)


async def test_stopping_tells_what_was_done_and_the_cards_can_come_again(student) -> None:
    tab = await begun(student, "canis", "felis")
    first = tab.cards[0]
    await CramState.answer.fn(tab, first.id, first.turn, knows=True)
    await CramState.stop.fn(tab)
    assert (tab.is_going, tab.is_over, tab.known) == (False, True, 1)
    await CramState.once_more.fn(tab)
    assert (tab.is_going, tab.left, tab.known) == (True, 2, 0)
    await CramState.stop.fn(tab)
    assert (tab.is_going, tab.is_over) == (False, False)


async def test_after_the_end_the_page_opens_with_the_choice(student) -> None:
    tab = await begun(student, "canis")
    card = tab.cards[0]
    await CramState.answer.fn(tab, card.id, card.turn, knows=True)
    await CramState.load.fn(tab)
    assert (tab.is_going, tab.is_over, tab.known) == (False, False, 0)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"what": "everything"}, "Choose which cards"),
        ({"order": ""}, "Choose which cards"),
        ({"count": "501"}, "from 1 to 500"),
        ({"count": "ten"}, "from 1 to 500"),
        ({"days": "0"}, "from 1 to 365"),
        ({"what": "search", "search": "is:odd"}, "is:"),
    ],
)
async def test_a_wrong_choice_is_one_sentence(student, wrong, words) -> None:
    tab = await opened(student)
    with pytest.raises(InvalidInputError, match=words):
        await CramState.start.fn(tab, FORM | wrong)
    assert not tab.is_going


async def test_no_card_is_like_that(student) -> None:
    tab = await opened(student)
    with pytest.raises(ConflictError, match="No card"):
        await CramState.start.fn(tab, FORM)


async def test_a_card_that_was_not_chosen_is_not_there(student) -> None:
    tab = await begun(student, "canis")
    stranger = await make_own_card(student, await make_deck(student, "Greek"))
    with pytest.raises(NotFoundError):
        await CramState.answer.fn(tab, str(stranger.id), 0, knows=True)


async def test_an_answer_that_is_none(student) -> None:
    tab = await begun(student, "canis")
    with pytest.raises(InvalidInputError, match="known or not"):
        await CramState.answer.fn(tab, tab.cards[0].id, 0, knows="yes")


async def test_the_number_of_days_is_asked_where_it_means_something(student) -> None:
    tab = await opened(student)
    await CramState.choose_what.fn(tab, "new")
    assert tab.what == "new"
    await CramState.choose_what.fn(tab, "nonsense")
    assert tab.what == "new"
