from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studymaster.features.flashcards.rules import cram
from studymaster.features.flashcards.rules.cram import Cram, Pass, What
from studymaster.features.flashcards.rules.language import WrongSearchError, parse
from studymaster.features.flashcards.rules.search import conjunction

IDS = [UUID(int=number) for number in range(1, 9)]


def test_a_known_card_is_done() -> None:
    session = cram.answer(cram.begin(IDS[:2]), Pass(IDS[0]), knows=True)
    assert session == Cram((Pass(IDS[1]),), known=1)


def test_a_missed_card_comes_again_after_four_others() -> None:
    session = cram.answer(cram.begin(IDS), Pass(IDS[0]), knows=False)
    assert [one.card_id for one in session.waiting[:6]] == [*IDS[1:5], IDS[0], IDS[5]]
    assert session.waiting[4].lap == 1


def test_the_last_card_comes_again_at_once() -> None:
    session = cram.answer(cram.begin(IDS[:1]), Pass(IDS[0]), knows=False)
    assert session == Cram((Pass(IDS[0], 1),), again=1)


def test_a_repeated_answer_changes_nothing() -> None:
    once = cram.answer(cram.begin(IDS), Pass(IDS[0]), knows=False)
    assert cram.answer(once, Pass(IDS[0]), knows=False) == once
    assert cram.answer(once, Pass(UUID(int=99)), knows=True) == once


@given(st.lists(st.booleans(), max_size=80), st.integers(1, 8))
def test_every_card_is_asked_until_it_is_known(answers, count) -> None:
    session = cram.begin(IDS[:count])
    for knows in answers:
        if session.waiting:
            session = cram.answer(session, session.waiting[0], knows=knows)
    waiting = [one.card_id for one in session.waiting]
    assert len(waiting) == len(set(waiting)) == count - session.known
    while session.waiting:
        session = cram.answer(session, session.waiting[0], knows=True)
    assert session.known == count


def test_cards_that_are_gone_leave_the_session() -> None:
    kept = cram.keep(cram.begin(IDS), {*IDS[1:3], *IDS[4:]})
    assert [one.card_id for one in kept.waiting] == [*IDS[1:3], *IDS[4:]]


@pytest.mark.parametrize(
    ("what", "search"),
    [
        (What.FORGOTTEN, "-is:suspended rated:7:1"),
        (What.AHEAD, "-is:suspended prop:due<=7 -is:new"),
        (What.NEW, "-is:suspended is:new"),
        (What.FLAGGED, "-is:suspended -flag:0"),
        (What.ALL, "-is:suspended"),
        (What.SEARCH, "-is:suspended (tag:x or dog)"),
    ],
)
def test_each_choice_is_a_search(what, search) -> None:
    assert cram.wanted(what, days=7, text="tag:x or dog") == conjunction([parse(search)])


def test_a_wrong_search_says_where() -> None:
    with pytest.raises(WrongSearchError):
        cram.wanted(What.SEARCH, days=1, text="is:nonsense")
