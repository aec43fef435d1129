from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studymaster.features.accounts.rules import day_of
from studymaster.features.points import rules
from studymaster.features.points.rules import Facts, Fate, Footing, Span
from studymaster.features.points.schemas import Earned
from tests.features.points.golden import DAY_START_HOUR, THIRTY_DAYS, ZONE, GoldenDay, read

DAY = date(2030, 1, 16)
YOU = UUID(int=1)
ZONES = [
    "Europe/Berlin",
    "America/New_York",
    "America/Havana",
    "Asia/Beirut",
    "Atlantic/Azores",
    "Australia/Lord_Howe",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "Asia/Kathmandu",
    "America/St_Johns",
]


def berlin(first: date, last: date, *, after: datetime | None = None) -> list[Span]:
    return rules.spans(
        first, last, after=after, time_zone=ZONE, day_start_hour=DAY_START_HOUR
    )


def facts_of(row: GoldenDay) -> Facts:
    return Facts(row.reviews, row.minutes * 60, row.earned)


def test_thirty_days_end_as_they_were_worked_by_hand() -> None:
    table = read(THIRTY_DAYS)
    assert len(table) == 30
    days = berlin(table[0].day, table[-1].day)
    facts = [facts_of(row) for row in table]
    endings = rules.end_days(Footing(), zip(days, facts, strict=True))
    assert [
        (
            one.span.day,
            one.fate.value,
            one.after.streak,
            one.after.freezes,
            one.decay,
            one.after.balance,
        )
        for one in endings
    ] == [
        (row.day, row.fate, row.streak, row.freezes, row.lost, row.balance) for row in table
    ]


def test_a_student_of_thirty_good_days_keeps_two_freezes() -> None:
    days = berlin(DAY, DAY + timedelta(days=29))
    *_, last = rules.end_days(Footing(), [(span, Facts(reviews=1)) for span in days])
    assert (last.after.streak, last.after.freezes) == (30, rules.MOST_FREEZES)


def test_two_freezes_cover_a_weekend_and_the_third_idle_day_ends_the_streak() -> None:
    days = berlin(DAY, DAY + timedelta(days=2))
    start = Footing(balance=1000, streak=20, freezes=2)
    endings = rules.end_days(start, [(span, Facts()) for span in days])
    assert [(one.fate, one.after.streak, one.decay) for one in endings] == [
        (Fate.FROZEN, 20, 0),
        (Fate.FROZEN, 20, 0),
        (Fate.IDLE, 0, 20),
    ]


def test_without_a_streak_there_is_nothing_to_freeze() -> None:
    (span,) = berlin(DAY, DAY)
    ending = rules.end_one(Footing(balance=1000, streak=0, freezes=1), span, Facts())
    assert (ending.fate, ending.decay, ending.after.freezes) == (Fate.IDLE, 20, 1)


@pytest.mark.parametrize(
    ("balance", "lost"),
    [
        (0, 0),
        (-3, 0),
        (1, 1),
        (24, 1),
        (25, 1),
        (74, 1),
        (75, 2),
        (524, 10),
        (525, 11),
        (1284, 26),
        (10**9, 2 * 10**7),
    ],
)
def test_an_idle_day_takes_two_percent_rounded_half_up_and_at_least_one(
    balance: int, lost: int
) -> None:
    assert rules.decay(balance) == lost


@given(st.integers(min_value=1, max_value=10**12))
def test_decay_is_as_near_to_two_percent_as_whole_points_can_be(balance: int) -> None:
    lost = rules.decay(balance)
    assert 1 <= lost <= balance
    assert lost == 1 or abs(lost - Fraction(balance, 50)) <= Fraction(1, 2)


@given(st.lists(st.integers(min_value=0, max_value=500), max_size=200))
def test_no_history_brings_a_balance_below_zero(earned: list[int]) -> None:
    days = berlin(DAY, DAY + timedelta(days=len(earned) - 1))
    facts = [Facts(reviews=amount % 2, points=amount) for amount in earned]
    for ending in rules.end_days(Footing(), zip(days, facts, strict=True)):
        assert 0 <= ending.after.balance <= ending.before.balance
        assert 0 <= ending.after.freezes <= rules.MOST_FREEZES
        assert (ending.after.streak == 0) == (ending.fate is Fate.IDLE) or (
            ending.before.streak == 0 and ending.fate is Fate.SPARED
        )


@given(
    st.lists(st.integers(min_value=0, max_value=3), min_size=1, max_size=90),
    st.integers(min_value=0, max_value=90),
)
def test_days_end_alike_in_one_go_and_in_two(reviews: list[int], cut: int) -> None:
    days = berlin(DAY, DAY + timedelta(days=len(reviews) - 1))
    told = [
        (span, Facts(count, points=2 * count))
        for span, count in zip(days, reviews, strict=True)
    ]
    at_once = rules.end_days(Footing(), told)
    first = rules.end_days(Footing(), told[:cut])
    footing = first[-1].after if first else Footing()
    assert at_once == [*first, *rules.end_days(footing, told[cut:])]


@given(
    st.sampled_from(ZONES),
    st.integers(min_value=0, max_value=23),
    st.dates(min_value=date(2029, 1, 1), max_value=date(2031, 12, 31)),
)
def test_a_day_ends_exactly_where_the_next_one_begins(
    zone: str, hour: int, day: date
) -> None:
    end = rules.end_of_day(day, time_zone=zone, day_start_hour=hour)
    before = end - timedelta(microseconds=1)
    assert day_of(before, time_zone=zone, day_start_hour=hour) == day
    after = day_of(end, time_zone=zone, day_start_hour=hour)
    assert after == day + timedelta(days=1)


def test_daylight_saving_makes_a_day_an_hour_shorter_or_longer_and_spares_none() -> None:
    def hours(day: date) -> float:
        (span,) = berlin(day, day)
        assert not span.short
        return (span.end - span.start) / timedelta(hours=1)

    assert [hours(date(2030, 3, day)) for day in (29, 30, 31)] == [24, 23, 24]
    assert [hours(date(2030, 10, day)) for day in (25, 26, 27)] == [24, 25, 24]


@given(
    st.lists(
        st.tuples(st.sampled_from(ZONES), st.integers(min_value=0, max_value=23)),
        min_size=2,
        max_size=12,
    )
)
def test_moves_leave_no_gap_and_no_overlap_between_days(moves: list) -> None:
    """Every day is closed by another clock, and still no moment is lost or counted twice."""
    after, day = None, DAY
    for zone, hour in moves:
        (span,) = rules.spans(day, day, after=after, time_zone=zone, day_start_hour=hour)
        assert after is None or span.start == after
        assert span.end >= span.start
        after, day = span.end, day + timedelta(days=1)


def test_a_move_to_the_east_cuts_a_day_short_and_an_idle_short_day_is_spared() -> None:
    (berlin_day,) = berlin(DAY, DAY)
    (cut,) = rules.spans(
        DAY + timedelta(days=1),
        DAY + timedelta(days=1),
        after=berlin_day.end,
        time_zone="Pacific/Auckland",
        day_start_hour=DAY_START_HOUR,
    )
    assert cut.end - cut.start == timedelta(hours=12)
    ending = rules.end_one(Footing(balance=1000, streak=5), cut, Facts())
    assert (ending.fate, ending.decay, ending.after.streak) == (Fate.SPARED, 0, 5)
    studied = rules.end_one(Footing(balance=1000, streak=5), cut, Facts(reviews=1))
    assert (studied.fate, studied.after.streak) == (Fate.ACTIVE, 6)


def test_moving_back_and_forth_does_not_spare_a_second_day_of_the_same_week() -> None:
    def short(day: date) -> Span:
        start = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
        return Span(day, start, start + timedelta(hours=12))

    footing = Footing(balance=1000, streak=5)
    first = rules.end_one(footing, short(DAY), Facts())
    again = rules.end_one(first.after, short(DAY + timedelta(days=6)), Facts())
    assert (first.fate, again.fate) == (Fate.SPARED, Fate.IDLE)
    later = rules.end_one(first.after, short(DAY + timedelta(days=7)), Facts())
    assert later.fate is Fate.SPARED


def test_a_move_to_the_west_makes_one_day_longer_and_none_twice() -> None:
    auckland = ZoneInfo("Pacific/Auckland")
    ended = datetime(2030, 1, 17, 4, tzinfo=auckland).astimezone(UTC)
    (long,) = berlin(DAY + timedelta(days=1), DAY + timedelta(days=1), after=ended)
    assert long.start == ended
    assert long.end - long.start == timedelta(hours=36)


def test_the_sentence_of_decay_tells_the_day_the_cost_and_the_reason() -> None:
    sentence = rules.decay_sentence(date(2030, 1, 15), balance=1284, cost=26)
    assert sentence == (
        "Tue 15 Jan went by without a review or 10 focused minutes: "
        "26 of 1,284 points faded (2 %)."
    )


@pytest.mark.parametrize(
    ("fate", "cost", "words"),
    [
        (Fate.ACTIVE, 0, "Wed 16 Jan: active"),
        (Fate.FROZEN, 0, "Wed 16 Jan: covered by a freeze"),
        (Fate.SPARED, 0, "Wed 16 Jan: cut short by your move, costs nothing"),
        (Fate.IDLE, 0, "Wed 16 Jan: idle"),
        (Fate.IDLE, 1, "Wed 16 Jan: idle, 1 point faded"),
    ],
)
def test_every_fate_has_its_words(fate: Fate, cost: int, words: str) -> None:
    assert rules.day_words(DAY, fate, cost=cost) == words


def test_equal_points_share_a_rank_and_the_next_rank_is_left_out() -> None:
    names = [("Priya", 20), ("Leo", 30), ("Ada", 20), ("Mina", 5)]
    earned = [Earned(uuid5(YOU, name), name, points) for name, points in names]
    rows = rules.ranked(earned, you=uuid5(YOU, "Ada"))
    assert [(row.rank, row.name, row.points, row.is_you) for row in rows] == [
        (1, "Leo", 30, False),
        (2, "Ada", 20, True),
        (2, "Priya", 20, False),
        (4, "Mina", 5, False),
    ]


@pytest.mark.parametrize(
    ("day", "monday"),
    [
        (date(2030, 1, 14), date(2030, 1, 14)),
        (date(2030, 1, 20), date(2030, 1, 14)),
        (date(2030, 1, 1), date(2029, 12, 31)),
    ],
)
def test_a_week_begins_on_its_monday(day: date, monday: date) -> None:
    assert rules.monday_of(day) == monday
