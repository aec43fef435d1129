import pytest

from studymaster.errors import InvalidInputError
from studymaster.features.flashcards.rules.choices import (
    DUE_ORDERS,
    NEW_ORDERS,
    PARSERS,
    find_choice_problems,
    parse_choices,
)
from studymaster.models import Deck, DueOrder, NewOrder

GOOD = {
    "new_per_day": ("15", 15),
    "reviews_per_day": (0, 0),
    "new_today": ("", None),
    "reviews_today": ("30", 30),
    "new_order": ("random", "random"),
    "due_order": ("retrievability", "retrievability"),
    "steps": ("1, 10", "1 10"),
    "relearning_steps": ("", ""),
    "bury_siblings": (False, False),
    "leech_at": ("0", 0),
    "leech_suspends": (True, True),
    "language": ("EN_gb", "en-GB"),
}
ODD = {
    "new_per_day": ("-1", "10000", "ten", "", None, 1.5, True),
    "reviews_per_day": ("1e3",),
    "new_today": ("-1", "many", 12_000),
    "reviews_today": ("99999",),
    "new_order": ("oldest", "", None, ["random"]),
    "due_order": ("lecture", 3),
    "steps": ("10 1", "x"),
    "relearning_steps": ("0",),
    "bury_siblings": ("on", None, 1),
    "leech_at": ("100", ""),
    "leech_suspends": ("yes",),
    "language": ("english please", "e", "d€", "x" * 36),
}


def test_every_choice_of_a_deck_is_known() -> None:
    assert set(GOOD) == set(ODD) == set(PARSERS)
    assert set(PARSERS) < set(Deck.model_fields)
    assert set(NEW_ORDERS) == {*map(str, NewOrder)}
    assert set(DUE_ORDERS) == {*map(str, DueOrder)}


def test_good_choices_are_taken_as_they_are_meant() -> None:
    wanted = {name: typed for name, (typed, _) in GOOD.items()}
    assert parse_choices(wanted) == {name: meant for name, (_, meant) in GOOD.items()}
    assert not any(find_choice_problems(wanted).values())


@pytest.mark.parametrize(
    ("name", "odd"), [(name, odd) for name, values in ODD.items() for odd in values]
)
def test_an_odd_choice_is_told_at_its_own_field_in_one_sentence(name, odd) -> None:
    problems = find_choice_problems({name: odd})
    assert problems[name].endswith(".")
    assert problems[name].count(". ") == 0
    assert [one for one in problems if problems[one]] == [name]
    with pytest.raises(InvalidInputError):
        parse_choices({name: odd})


def test_what_is_not_named_stays_and_what_is_no_choice_is_left_out() -> None:
    assert parse_choices({"account_id": "x", "leech_at": 3}) == {"leech_at": 3}


@pytest.mark.parametrize(
    ("typed", "tag"),
    [
        ("de", "de"),
        ("zh-hant", "zh-Hant"),
        ("sr-latn-rs", "sr-Latn-RS"),
        ("es-419", "es-419"),
        ("de-CH-1901", "de-CH-1901"),
        (" ", ""),
    ],
)
def test_a_language_is_written_as_bcp_47_has_it(typed, tag) -> None:
    assert parse_choices({"language": typed}) == {"language": tag}
