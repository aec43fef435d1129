import json
from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studymaster.features.quizzes.rules.comparing import fold, is_right
from studymaster.features.quizzes.rules.making import (
    FALSE,
    TRUE,
    Card,
    make_items,
    matching_item,
    shown,
    shuffle_options,
    wrong_answers,
)
from studymaster.typed import clean

CAPITALS = {
    "France": "Paris",
    "Italy": "Rome",
    "Spain": "Madrid",
    "Japan": "Tokyo",
    "Peru": "Lima",
    "Kenya": "Nairobi",
    "Norway": "Oslo",
    "Egypt": "Cairo",
}


def card(key: str, front: str, back: str, *, deck="geo", is_cloze=False) -> Card:
    return Card(key, deck, is_cloze, front, back)


CARDS = [card(land, f"Capital of {land}?", city) for land, city in CAPITALS.items()]

cards = st.lists(
    st.builds(
        Card,
        key=st.uuids().map(str),
        deck=st.sampled_from(["a", "b"]),
        is_cloze=st.just(value=False),
        front=st.text(min_size=1, max_size=30).map(clean),
        back=st.text(min_size=1, max_size=60).map(clean),
    ),
    max_size=12,
    unique_by=lambda one: one.key,
)


def test_the_same_seed_makes_the_same_quiz_and_another_one_another() -> None:
    assert make_items(CARDS, count=6, seed=7) == make_items(CARDS, count=6, seed=7)
    assert make_items(CARDS, count=6, seed=7) != make_items(CARDS, count=6, seed=8)


def test_the_kinds_take_turns() -> None:
    items = make_items(CARDS, count=6, seed=1)
    assert Counter(item.kind for item in items) == {
        "choice": 2,
        "true_false": 2,
        "short": 2,
    }


def test_a_quiz_has_no_more_questions_than_cards() -> None:
    items = make_items(CARDS, count=30, seed=1)
    assert sorted(item.key for item in items) == sorted(CAPITALS)


def test_the_wrong_answers_come_from_the_same_deck_first() -> None:
    history = [card(str(n), f"When {n}?", f"In 18{n}0", deck="history") for n in range(9)]
    chances = [make_items([*CARDS, *history], count=17, seed=seed) for seed in range(5)]
    choices = [one for items in chances for one in items if one.kind == "choice"]
    assert choices
    for item in choices:
        years = [option.startswith("In 18") for option in item.options]
        assert all(years) or not any(years)


def test_a_wrong_answer_is_never_nearly_right() -> None:
    from random import Random

    one = card("1", "What moves water?", "osmosis")
    others = [
        card("2", "Which process?", "Osmosis."),
        card("3", "Spelt badly?", "osmosys"),
        card("4", "With more?", "osmosis through a membrane"),
        card("5", "What moves water?", "pressure"),
        card("6", "Real?", "diffusion"),
    ]
    assert wrong_answers(one, [one, *others], Random(1)) == ["diffusion"]


def test_the_question_itself_is_no_choice() -> None:
    pairs = {"Hund": "dog", "Katze": "cat", "Pferd": "horse", "Kuh": "cow"}
    there = [card(word, word, meaning) for word, meaning in pairs.items()]
    back = [card(f"-{word}", meaning, word) for word, meaning in pairs.items()]
    for seed in range(40):
        for item in make_items([*there, *back], count=8, seed=seed):
            asked = item.prompt.partition("\n")[0]
            assert asked not in item.options
            assert f"Answer: {asked}\n" not in item.prompt


def test_a_list_is_mistaken_for_a_list_on_the_same_matter() -> None:
    from random import Random

    pump = card("1", "Which steps does the pump take?", "- binds sodium\n- turns round")
    others = [
        card("2", "What turns the pump round?", "phosphate"),
        card("3", "What is cholesterol good for?", "- stiffness\n- signals"),
        card("4", "How does the pump end?", "- lets sodium go\n- turns back"),
    ]
    first = wrong_answers(pump, [pump, *others], Random(1))[:2]
    assert first == ["- lets sodium go\n- turns back", "- stiffness\n- signals"]


def test_an_option_keeps_the_lines_of_a_list() -> None:
    text = "Two:  of\tthem\n\n- one  \n  - nested   deeply\n"
    assert shown(text) == "Two: of them\n\n- one\n  - nested deeply"


def test_a_claimed_list_begins_below_its_word() -> None:
    lists = [card(str(n), f"What has {n}?", f"- a{n}{n}\n- b{n}{n}") for n in range(9)]
    claims = [
        item.prompt
        for item in make_items(lists, count=9, seed=2)
        if item.kind == "true_false"
    ]
    assert claims
    assert all("Answer:\n\n- a" in claim for claim in claims)


def test_a_gap_is_asked_as_a_blank_and_explained_whole() -> None:
    gap = card("1", "Water is {{c1::wet}}.", "wet", is_cloze=True)
    (item,) = make_items([gap], count=5, seed=3)
    assert (item.kind, item.prompt, item.answer) == ("short", "Water is _____.", "wet")
    assert item.explanation == "Water is wet."


def test_a_long_answer_without_wrong_ones_is_not_asked() -> None:
    assert make_items([card("1", "Why?", "because " * 40)], count=5, seed=3) == []


def test_a_long_option_is_cut_between_words() -> None:
    option = shown("word " * 100)
    assert len(option) <= 220
    assert option.endswith("word…")


def test_the_wrong_ones_come_again_in_another_order() -> None:
    items = make_items(CARDS, count=8, seed=1)
    again = shuffle_options(items, seed=5)
    assert {one.key: one.answer for one in again} == {one.key: one.answer for one in items}
    assert [one.key for one in again] != [one.key for one in items]
    by_key = {one.key: set(one.options) for one in items}
    assert all(set(one.options) == by_key[one.key] for one in again)


@pytest.mark.parametrize("seed", range(10))
def test_a_claim_says_what_its_answer_says(seed: int) -> None:
    for item in make_items(CARDS, count=8, seed=seed):
        if item.kind == "true_false":
            right = f"Answer: {CAPITALS[item.key]}\n" in item.prompt
            assert item.answer == (TRUE if right else FALSE)


@given(cards, st.integers(1, 30), st.integers(0, 2**31 - 1))
def test_every_question_is_fair(pool: list[Card], count: int, seed: int) -> None:
    items = make_items(pool, count=count, seed=seed)
    by_key = {one.key: one for one in pool}
    assert len(items) <= min(count, len(pool))
    assert len({item.key for item in items}) == len(items)
    for item in items:
        if item.kind == "matching":
            answers = json.loads(item.answer)
            assert answers == [clean(by_key[key].back) for key in item.keys]
            assert sorted(item.options) == sorted(answers)
            assert len({fold(one) for one in answers}) == len(item.asked) == 4
            continue
        back = by_key[item.key].back
        if item.kind == "choice":
            assert 3 <= len(item.options) <= 4
            assert len({fold(option) or option for option in item.options}) == len(
                item.options
            )
            assert item.options.count(item.answer) == 1
            others = [one for one in item.options if one != item.answer]
            assert not any(is_right(one, answer=shown(back)) for one in others)
        elif item.kind == "true_false":
            assert item.options == (TRUE, FALSE)
        else:
            assert item.options == ()
            assert is_right(item.answer, answer=back)


def test_four_cards_that_are_left_over_are_paired_at_the_end() -> None:
    *others, last = make_items(CARDS, count=4, seed=3)
    assert last.kind == "matching"
    assert {item.kind for item in others} == {"choice", "true_false", "short"}
    answers = json.loads(last.answer)
    assert answers == [CAPITALS[key] for key in last.keys]
    assert last.asked == tuple(f"Capital of {key}?" for key in last.keys)
    assert sorted(last.options) == sorted(answers)
    assert not {item.key for item in others} & set(last.keys)
    assert all(
        f"- {one}: {other}" in last.explanation
        for one, other in zip(last.asked, answers, strict=True)
    )


@pytest.mark.parametrize(
    ("front", "back"),
    [
        ("Capital of Lazio?", "Rome"),
        ("Capital of Italy?", "Turin"),
        ("Long?", "x" * 81),
        ("Drawn?", "**bold**"),
        ("Formula?", "$x$"),
        ("Lines?", "one\ntwo"),
        ("Nothing?", "!"),
    ],
)
def test_what_cannot_be_told_apart_or_shown_in_a_list_is_not_paired(front, back) -> None:
    three = CARDS[:3]
    odd = card("odd", front, back)
    assert matching_item([*three, odd], Random(1)) is None
    assert matching_item([*three, odd, CARDS[3]], Random(1)) is not None


def test_what_is_paired_again_has_its_choices_in_another_order() -> None:
    item = matching_item(CARDS, Random(1))
    again = {shuffle_options([item], seed=seed)[0].options for seed in range(9)}
    assert len(again) > 1
    assert {tuple(sorted(one)) for one in again} == {tuple(sorted(item.options))}
