import pytest
from hypothesis import given
from hypothesis import strategies as st

from studymaster.errors import InvalidInputError
from studymaster.features.flashcards.rules.sm2 import Grade
from studymaster.features.flashcards.rules.steps import (
    Drill,
    Steps,
    meaning,
    next_drill,
    parse_steps,
    read_steps,
    wait_words,
    write_steps,
)

AGAIN, HARD, GOOD, EASY = Grade
TWO = Steps((1, 10), (15,))

ladders = st.lists(st.integers(1, 1_439), max_size=10).map(lambda one: tuple(sorted(one)))


def first(grade: Grade, *, steps: Steps = TWO, is_new: bool = True, forgotten=None):
    wanted = grade is AGAIN if forgotten is None else forgotten
    return next_drill(steps, grade, drilled=None, is_new=is_new, forgotten=wanted)


def then(grade: Grade, at: int, *, steps: Steps = TWO):
    return next_drill(steps, grade, drilled=at, is_new=False, forgotten=grade is AGAIN)


class TestTyping:
    @pytest.mark.parametrize(
        ("typed", "minutes"),
        [
            ("1 10", (1, 10)),
            (" 1,10 ;  30 ", (1, 10, 30)),
            ("1m 10min 2h", (1, 10, 120)),
            ("15", (15,)),
            ("", ()),
            (None, ()),
            ("10 10", (10, 10)),
        ],
    )
    def test_minutes_stand_with_spaces_between(self, typed, minutes) -> None:
        assert parse_steps(typed) == minutes

    @pytest.mark.parametrize(
        ("typed", "problem"),
        [
            ("one", "Type minutes with spaces"),
            ("1d", "Type minutes with spaces"),
            ("-5", "Type minutes with spaces"),
            ("1.5", "Type minutes with spaces"),
            ("٣", "Type minutes with spaces"),
            ("0", "at least 1 and less than a day"),
            ("1440", "at least 1 and less than a day"),
            ("24h", "at least 1 and less than a day"),
            ("10 1", "No step may be shorter"),
            ("1 2 3 4 5 6 7 8 9 10 11", "at most 10 steps"),
        ],
    )
    def test_what_does_not_do_is_told_in_one_sentence(self, typed, problem) -> None:
        with pytest.raises(InvalidInputError, match=problem) as caught:
            parse_steps(typed)
        assert caught.value.message.count(". ") == 0

    @given(ladders)
    def test_what_is_kept_is_read_again(self, steps) -> None:
        assert read_steps(write_steps(steps)) == steps == parse_steps(write_steps(steps))
        assert len(write_steps(steps)) <= 80


class TestNewCards:
    def test_each_grade_leads_where_it_says(self) -> None:
        assert first(AGAIN) == Drill(0, 1)
        assert first(HARD) == Drill(0, 1)
        assert first(GOOD) == Drill(1, 10)
        assert first(EASY) is None

    def test_a_good_answer_at_the_last_step_leaves_them(self) -> None:
        assert then(GOOD, 0) == Drill(1, 10)
        assert then(GOOD, 1) is None
        assert then(HARD, 1) == Drill(1, 10)
        assert then(AGAIN, 1) == Drill(0, 1)
        assert then(EASY, 0) is None

    def test_with_one_step_a_known_card_leaves_at_once(self) -> None:
        one = Steps((10,))
        assert first(GOOD, steps=one) is None
        assert first(AGAIN, steps=one) == Drill(0, 10)

    def test_without_steps_the_schedulers_word_holds(self) -> None:
        for grade in Grade:
            for forgotten in (True, False):
                drill = first(grade, steps=Steps(), forgotten=forgotten)
                assert drill == (Drill(0, None) if forgotten else None)

    def test_a_card_beyond_the_steps_of_a_deck_that_has_fewer_now_stands_at_the_last(
        self,
    ) -> None:
        assert then(HARD, 5) == Drill(1, 10)
        assert then(GOOD, 5) is None


class TestForgottenCards:
    def test_they_go_along_steps_of_their_own_counted_down(self) -> None:
        steps = Steps((1, 10), (5, 20))
        assert first(AGAIN, steps=steps, is_new=False) == Drill(-1, 5)
        assert then(GOOD, -1, steps=steps) == Drill(-2, 20)
        assert then(GOOD, -2, steps=steps) is None
        assert then(AGAIN, -2, steps=steps) == Drill(-1, 5)

    def test_a_known_card_has_no_steps(self) -> None:
        for grade in (HARD, GOOD, EASY):
            assert first(grade, is_new=False) is None

    def test_a_scheduler_that_wants_a_hard_card_once_more_gets_the_first_step(self) -> None:
        assert first(HARD, is_new=False, forgotten=True) == Drill(-1, 15)

    def test_without_steps_of_their_own_they_do_not_take_those_of_new_cards(self) -> None:
        steps = Steps((1, 10))
        assert first(AGAIN, steps=steps, is_new=False) == Drill(-1, None)
        assert then(GOOD, -1, steps=steps) is None
        assert then(AGAIN, -1, steps=steps) == Drill(-1, None)


@given(ladders, ladders, st.none() | st.integers(-10, 9), st.booleans())
def test_a_better_grade_never_brings_a_card_back_sooner(
    learning, relearning, drilled, is_new
) -> None:
    def wait(grade: Grade) -> float:
        drill = next_drill(
            Steps(learning, relearning),
            grade,
            drilled=drilled,
            is_new=is_new,
            forgotten=grade is AGAIN,
        )
        return float("inf") if drill is None else drill.minutes or 0

    waits = [wait(grade) for grade in Grade]
    assert waits == sorted(waits)


def test_a_wait_is_said_in_minutes_or_hours() -> None:
    assert [wait_words(one) for one in (1, 99, 120, 150)] == [
        "1 min",
        "99 min",
        "2 h",
        "2.5 h",
    ]


def test_the_meaning_names_every_step() -> None:
    words = meaning((1, 10, 120), is_learning=True)
    assert all(part in words for part in ("1 min", "10 min, then 2 h", "Easy"))
    assert "after 10 min; once you know it" in meaning((10,), is_learning=False)
    assert "at the end" in meaning((), is_learning=True)
    assert "you forgot" in meaning((), is_learning=False)
