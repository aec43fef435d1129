from contextlib import asynccontextmanager
from uuid import uuid4

import pytest
from pydantic import SecretStr

from studymaster.adapters.database import unit_of_work
from studymaster.errors import InvalidInputError, NotFoundError, SignInError
from studymaster.features.accounts import service as accounts
from studymaster.features.accounts.schemas import ModelAccess
from studymaster.features.flashcards.schemas import LeechView, Suggestion
from studymaster.features.flashcards.state import deeds
from studymaster.features.flashcards.state.deeds import DeedState
from studymaster.features.flashcards.state.review import ReviewState
from studymaster.models import CardKind
from tests.features.flashcards.pile import TODAY, make_card, make_deck, make_own_card
from tests.features.flashcards.service.test_leeches import KNOWN, Model
from tests.features.library.shelf import make_lecture
from tests.tabs import open_tab, tab_of

ONE = uuid4().hex


async def opened(student) -> DeedState:
    tab = tab_of(student, DeedState, path="/smart-study/review")
    await ReviewState.load.fn(tab)
    return tab


async def at_two_cards(student) -> tuple[DeedState, str]:
    deck_id = await make_deck(student, "Latin")
    first = await make_own_card(student, deck_id, front="canis", page=1)
    await make_own_card(student, deck_id, front="feles", page=2)
    return await opened(student), str(first.id)


def fronts(tab: DeedState) -> list[str]:
    return [card.front for card in tab.cards]


@pytest.mark.parametrize(
    ("event", "told"),
    [
        ("bury", [False]),
        ("suspend", [True]),
        ("set_due", ["4"]),
        ("set_due", ["2030-02-01"]),
        ("delete", []),
    ],
)
async def test_what_is_put_away_leaves_the_table_and_comes_back(
    student, event: str, told
) -> None:
    tab, card_id = await at_two_cards(student)
    assert tab.undo_count == 0
    await getattr(DeedState, event).fn(tab, card_id, *told)
    assert (fronts(tab), tab.counts.left, tab.undo_count) == (["feles"], 1, 1)
    await DeedState.undo.fn(tab)
    assert (fronts(tab), tab.counts.left, tab.undo_count) == (["canis", "feles"], 2, 0)
    await DeedState.undo.fn(tab)
    assert fronts(tab) == ["canis", "feles"]


async def test_a_flag_shows_on_the_card(student) -> None:
    tab, card_id = await at_two_cards(student)
    await DeedState.flag.fn(tab, card_id, 4)
    assert tab.cards[0].flag == 4


async def test_a_card_begins_anew(student) -> None:
    deck_id = await make_deck(student, "Latin")
    card = await make_own_card(student, deck_id, lapses=3, **KNOWN)
    tab = await opened(student)
    await DeedState.reset_card.fn(tab, str(card.id))
    assert [(one.id, one.turn) for one in tab.cards] == [(str(card.id), 6)]
    assert tab.cards[0].intervals[2] == "1 d"


async def test_answers_and_deeds_are_taken_back_in_their_order(student) -> None:
    tab, card_id = await at_two_cards(student)
    other = tab.cards[1].id
    await ReviewState.grade.fn(tab, card_id, 0, 4, 900, ONE)
    await DeedState.bury.fn(tab, other, siblings=False)
    assert (fronts(tab), tab.report.answers) == ([], 1)
    await DeedState.undo.fn(tab)
    assert (fronts(tab), tab.report.answers) == (["feles"], 1)
    await DeedState.undo.fn(tab)
    assert (fronts(tab), tab.report.answers, tab.settled) == (["canis", "feles"], 0, [])
    await ReviewState.grade.fn(tab, card_id, 0, 2, 900, ONE)
    assert (tab.report.again, tab.settled) == (1, [f"{card_id}:0"])


async def at_a_leech(student) -> tuple[DeedState, str]:
    lecture = await make_lecture(student)
    card = await make_card(student, lecture, lapses=7, **KNOWN)
    tab = await opened(student)
    await ReviewState.grade.fn(tab, str(card.id), 5, 2, 900, ONE)
    return tab, str(card.id)


async def test_a_leech_is_told_of_at_once_with_its_page(student) -> None:
    tab, card_id = await at_a_leech(student)
    assert (tab.leech.card_id, tab.leech.suspended, tab.leeches) == (card_id, True, 1)
    assert (tab.leech.source.page, tab.counts.left) == (1, 0)
    await DeedState.dismiss_leech.fn(tab)
    assert (tab.leech, tab.leeches) == (LeechView(), 1)


@pytest.mark.parametrize("event", ["undo", "bring_back"])
async def test_a_leech_that_is_none_any_more_is_not_told_of(student, event: str) -> None:
    tab, card_id = await at_a_leech(student)
    told = [card_id] if event == "bring_back" else []
    await getattr(DeedState, event).fn(tab, *told)
    assert (tab.leech, tab.leeches, tab.counts.left) == (LeechView(), 0, 1)


async def test_a_card_of_a_late_answer_is_told_of_too(student) -> None:
    card = await make_card(student, await make_lecture(student), lapses=7, **KNOWN)
    tab = await opened(student)
    kept = {"card_id": str(card.id), "turn": 5, "grade": 2, "elapsed_ms": 1}
    await ReviewState.resend.fn(tab, [kept])
    assert tab.leech.card_id == str(card.id)


async def test_tomorrow_is_counted_at_the_end(student) -> None:
    deck_id = await make_deck(student, "Latin")
    card = await make_own_card(student, deck_id)
    tab = await opened(student)
    await ReviewState.grade.fn(tab, str(card.id), 0, 4, 900, ONE)
    assert (tab.counts.left, tab.due_tomorrow) == (0, 1)


async def test_the_pause_is_chosen_once_for_every_review(student) -> None:
    tab = await opened(student)
    assert tab.timebox_minutes == 0
    await DeedState.choose_timebox.fn(tab, "25")
    assert (tab.timebox_minutes, (await opened(student)).timebox_minutes) == (25, 25)
    with pytest.raises(InvalidInputError):
        await DeedState.choose_timebox.fn(tab, "7")


class TestSuggestions:
    @pytest.fixture
    def model(self, monkeypatch) -> Model:
        asked = Model()

        @asynccontextmanager
        async def open_model(**_told):
            yield asked

        async def find_model(_work, *, account_id):
            return ModelAccess("https://model.example/v1", "m", SecretStr(""))

        monkeypatch.setattr(deeds, "open_model", open_model)
        monkeypatch.setattr(accounts, "find_model", find_model)
        return asked

    async def test_a_model_suggests_other_words(self, student, model) -> None:
        card = await make_card(student, await make_lecture(student))
        tab = await opened(student)
        async for _ in DeedState.suggest.fn(tab, str(card.id)):
            assert tab.is_asking
        assert (tab.is_asking, tab.suggested_for) == (False, str(card.id))
        assert tab.suggestions == [Suggestion("What makes proteins?", "Ribosomes")]
        assert len(model.asked) == 1

    async def test_without_a_model_that_is_said(self, student) -> None:
        card = await make_card(student, await make_lecture(student))
        tab = await opened(student)
        assert not tab.can_suggest
        with pytest.raises(NotFoundError, match="no model"):
            async for _ in DeedState.suggest.fn(tab, str(card.id)):
                pass


@pytest.mark.parametrize("wrong", ["", "-1", "40000", "2029-01-01", "soon", None])
async def test_a_day_that_is_none_changes_nothing(student, wrong) -> None:
    tab, card_id = await at_two_cards(student)
    with pytest.raises(InvalidInputError):
        await DeedState.set_due.fn(tab, card_id, wrong)
    assert tab.counts.left == 2


async def test_a_note_goes_as_a_whole(student) -> None:
    deck_id, note_id = await make_deck(student, "Latin"), uuid4()
    sides = {"kind": CardKind.CLOZE, "front": "{{c1::Canis}} {{c2::latrat}}"}
    for ordinal in (1, 2):
        card = await make_own_card(
            student, deck_id, note_id=note_id, ordinal=ordinal, due_on=TODAY, **sides
        )
    tab = await opened(student)
    await DeedState.bury.fn(tab, str(card.id), siblings=True)
    assert (tab.cards, tab.counts.left) == ([], 0)


async def test_a_visitor_and_another_student_do_nothing(student, other_student) -> None:
    _, card_id = await at_two_cards(student)
    with pytest.raises(SignInError):
        await DeedState.bury.fn(open_tab(DeedState), card_id, siblings=False)
    theirs = await opened(other_student)
    with pytest.raises(NotFoundError):
        await DeedState.delete.fn(theirs, card_id)
    async with unit_of_work() as work:
        assert await accounts.has_model(work, account_id=student.account_id) is False
