from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studymaster.errors import InvalidInputError
from studymaster.features.flashcards.rules import spreads
from studymaster.features.flashcards.rules.spreads import EDGES, REACHES, Span, Spread

TODAY = date(2030, 1, 16)
DAY = timedelta(days=1)


def test_days_are_put_together_from_the_first_on() -> None:
    counts = {TODAY: 2, TODAY + DAY: 1, TODAY + 7 * DAY: 5, TODAY - DAY: 9}
    found = spreads.parts(counts, first=TODAY, days=10, step=7)
    assert [one.cards for one in found] == [3, 5]
    assert [one.name for one in found] == ["16 Jan to 22 Jan 2030", "23 Jan to 25 Jan 2030"]
    assert spreads.parts(counts, first=TODAY, days=1, step=1)[0].name == "Wed 16 Jan"


@given(
    st.dictionaries(
        st.integers(-40, 500).map(lambda n: TODAY + n * DAY), st.integers(0, 99)
    ),
    st.integers(1, 400),
    st.integers(1, 40),
)
def test_no_day_is_lost_or_counted_twice(counts, days, step) -> None:
    found = spreads.parts(counts, first=TODAY, days=days, step=step)
    within = [n for day, n in counts.items() if TODAY <= day < TODAY + days * DAY]
    assert sum(one.cards for one in found) == sum(within)
    assert found[0].first == TODAY
    assert found[-1].last == TODAY + (days - 1) * DAY
    for before, after in pairwise(found):
        assert before.last + DAY == after.first


@given(st.integers(1, 5_000))
def test_a_chart_never_has_too_many_bars(days) -> None:
    step = spreads.step_for(days)
    assert -(-days // step) <= 30
    assert step == 1 or step % 7 == 0


@pytest.mark.parametrize("spread", list(Spread))
def test_each_part_of_a_spread_has_a_name(spread) -> None:
    names = spreads.part_names(spread)
    assert len(names) == len(EDGES[spread]) + 1
    assert len({name for name, _ in names}) == len(names)
    assert all(short for _, short in names)


@pytest.mark.parametrize(
    ("value", "span"), [(None, Span.QUARTER), ("", Span.QUARTER), ("all", Span.ALL)]
)
def test_a_span_is_named(value, span) -> None:
    assert spreads.parse_span(value) is span


@pytest.mark.parametrize("value", ["day", "ALL", 3, ["all"], True])
def test_there_are_no_other_spans(value) -> None:
    with pytest.raises(InvalidInputError, match="a month, a quarter, a year or all"):
        spreads.parse_span(value)


def test_a_span_looks_back_as_far_as_ahead() -> None:
    assert spreads.first_day(Span.MONTH, today=TODAY) == TODAY - 29 * DAY
    assert spreads.first_day(Span.ALL, today=TODAY) == date.min
    assert {reach.days % reach.step for reach in REACHES.values()} == {0}
