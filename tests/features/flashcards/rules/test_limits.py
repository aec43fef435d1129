from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studymaster.errors import InvalidInputError
from studymaster.features.flashcards.rules.limits import (
    Asking,
    DeckDay,
    Share,
    above,
    allot,
    held_back,
    left,
    parse_asking,
    raised,
)

NAMES = ("Art", "art::Old", "Art::Old::Greek", "Art::New", "Artisans", "Latin")
NEW, DUE = Asking


def deck(
    number: int, name: str, *, most=(20, 200), done=(0, 0), waiting=(5, 5), course=None
) -> DeckDay:
    def by(pair):
        return dict(zip(Asking, pair, strict=True))

    return DeckDay(UUID(int=number), name, course, by(most), by(done), by(waiting))


def everything(decks) -> set[UUID]:
    return {one.id for one in decks}


def asked(decks, within=None) -> list[Share]:
    return [*allot(decks, within=within or everything(decks)).values()]


def test_a_deck_lies_in_those_whose_names_begin_its_own() -> None:
    decks = [deck(number, name) for number, name in enumerate(NAMES)]
    found = above(decks)
    by_name = {one.name: [each.int for each in found[one.id]] for one in decks}
    assert by_name == {
        "Art": [0],
        "art::Old": [1, 0],
        "Art::Old::Greek": [2, 0, 1],
        "Art::New": [3, 0],
        "Artisans": [4],
        "Latin": [5],
    }


def test_the_deck_of_a_course_lies_in_none() -> None:
    course = deck(1, "Art::Course", course=UUID(int=9))
    assert above([deck(0, "Art"), course])[course.id] == [course.id]


def test_a_limit_lets_so_many_through_and_what_was_done_counts() -> None:
    one = deck(0, "Latin", most=(3, 4), done=(1, 4), waiting=(9, 9))
    assert asked([one]) == [Share(2, 0)]
    assert left([one], NEW) == {one.id: 2}
    assert held_back([one], allot([one], within={one.id}), NEW) == 7


def test_a_deck_bounds_what_lies_in_it_when_the_whole_is_reviewed() -> None:
    decks = [
        deck(0, "Art", most=(3, 9), waiting=(0, 0)),
        deck(1, "Art::New", most=(2, 9)),
        deck(2, "Art::Old", most=(2, 9)),
    ]
    assert [share.new for share in asked(decks)] == [0, 2, 1]
    alone = allot(decks, within={decks[2].id})
    assert alone == {decks[2].id: Share(2, 5)}


def test_what_was_done_below_counts_above() -> None:
    decks = [
        deck(0, "Art", most=(3, 9), waiting=(5, 0)),
        deck(1, "Art::New", most=(9, 9), done=(2, 0), waiting=(0, 0)),
    ]
    assert [share.new for share in asked(decks)] == [1, 0]


def test_a_deck_that_asks_nothing_still_lets_others_ask() -> None:
    decks = [deck(0, "Art", most=(0, 0)), deck(1, "Latin")]
    assert asked(decks) == [Share(0, 0), Share(5, 5)]


def test_more_is_taken_from_all_decks_in_turn_and_raises_those_above() -> None:
    decks = [
        deck(0, "Art", most=(2, 9), done=(2, 0), waiting=(0, 0)),
        deck(1, "Art::New", most=(9, 9), done=(2, 0), waiting=(5, 0)),
        deck(2, "Latin", most=(0, 0), waiting=(1, 0)),
    ]
    assert raised(decks, NEW, within=everything(decks), by=4) == {
        decks[0].id: 7,
        decks[2].id: 1,
    }


trees = st.lists(
    st.tuples(*[st.integers(0, 12)] * 3), min_size=len(NAMES), max_size=len(NAMES)
).map(
    lambda rows: [
        deck(number, name, most=(most, 0), done=(done, 0), waiting=(waiting, 0))
        for number, (name, (most, done, waiting)) in enumerate(
            zip(NAMES, rows, strict=True)
        )
    ]
)


@given(trees, st.sets(st.integers(0, len(NAMES) - 1), min_size=1))
def test_no_limit_is_passed_and_nothing_is_asked_that_does_not_wait(decks, some) -> None:
    within = {UUID(int=one) for one in some}
    shares = allot(decks, within=within)
    assert set(shares) == within
    for one in decks:
        if one.id not in within:
            continue
        assert 0 <= shares[one.id].new <= one.waiting[NEW]
        inside = [each for each, holders in above(decks).items() if one.id in holders]
        done = sum(each.done[NEW] for each in decks if each.id in inside)
        given_out = sum(shares[each].new for each in inside if each in within)
        assert given_out <= max(one.most[NEW] - done, 0)


@given(trees, st.integers(0, 10))
def test_so_many_more_are_asked_as_were_wanted_and_wait(decks, by) -> None:
    within = everything(decks)
    before = sum(share.new for share in allot(decks, within=within).values())
    grown = raised(decks, NEW, within=within, by=by)
    after = [
        deck(
            one.id.int,
            one.name,
            most=(grown.get(one.id, one.most[NEW]), 0),
            done=(one.done[NEW], 0),
            waiting=(one.waiting[NEW], 0),
        )
        for one in decks
    ]
    spare = held_back(decks, allot(decks, within=within), NEW)
    assert sum(share.new for share in allot(after, within=within).values()) == before + min(
        by, spare
    )
    assert all(grown[one.id] > one.most[NEW] for one in decks if one.id in grown)


def test_more_is_asked_of_new_cards_or_due_ones() -> None:
    assert (parse_asking("new"), parse_asking("due")) == (NEW, DUE)
    for odd in ("", None, "all", ["new"], 1):
        with pytest.raises(InvalidInputError, match="new cards"):
            parse_asking(odd)
