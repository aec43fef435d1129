"""What a due date means now, in words and in its place."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studymaster.features.deadlines import rules
from studymaster.features.deadlines.rules import Due, Group, Stage, Wall
from studymaster.models import DeadlineKind

BERLIN = ZoneInfo("Europe/Berlin")
WEDNESDAY_NOON = datetime(2030, 1, 16, 12, tzinfo=BERLIN)


def wall(now: datetime = WEDNESDAY_NOON, *, zone: str = "Europe/Berlin", start: int = 4):
    return Wall(now.astimezone(UTC), zone, start)


def at(day: int, hour: int = 12, minute: int = 0, *, month: int = 1, year: int = 2030):
    return datetime(year, month, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


def essay(due_at: datetime, **fields) -> Due:
    return Due(**{"kind": "assignment", "due_at": due_at, "submission": "none", **fields})


GOLDEN = [
    (essay(at(16, 23, 59)), "Not handed in yet", "Due today, Wed 23:59", "week"),
    (essay(at(17, 3, 0)), "Not handed in yet", "Due tonight, Thu 03:00", "week"),
    (essay(at(17, 4, 0)), "Not handed in yet", "Due tomorrow, Thu 04:00", "week"),
    (essay(at(18, 1, 0)), "Not handed in yet", "Due tomorrow night, Fri 01:00", "week"),
    (essay(at(19, 17, 0)), "Not handed in yet", "Due in 3 days, Sat 17:00", "week"),
    (essay(at(20, 1)), "Not handed in yet", "Due in 3 days, at night, Sun 01:00", "week"),
    (essay(at(22, 23, 59)), "Not handed in yet", "Due in 6 days, Tue 23:59", "week"),
    (essay(at(23, 4)), "Not handed in yet", "Due in 7 days, Wed 23 Jan, 04:00", "later"),
    (
        essay(at(5, 9, year=2031)),
        "Not handed in yet",
        "Due in 354 days, Sun 5 Jan 2031, 09:00",
        "later",
    ),
    (
        essay(at(18, 17), submission="draft"),
        "Draft saved",
        "Due in 2 days, Fri 17:00",
        "week",
    ),
    (essay(at(18, 17), submission=None), "", "Due in 2 days, Fri 17:00", "week"),
    (
        essay(at(18, 17), opens_at=at(17, 8)),
        "Not open yet",
        "Opens Thu 08:00; due in 2 days, Fri 17:00",
        "week",
    ),
    (
        essay(at(18, 17), opens_at=at(10)),
        "Not handed in yet",
        "Due in 2 days, Fri 17:00",
        "week",
    ),
    (
        essay(at(15, 23, 59), closes_at=at(18, 17)),
        "Overdue",
        "Was due yesterday, Tue 23:59; still taken until Fri 17:00",
        "overdue",
    ),
    (
        essay(at(15, 23, 59), closes_at=at(18, 17), submission="draft"),
        "Overdue, draft saved",
        "Was due yesterday, Tue 23:59; still taken until Fri 17:00",
        "overdue",
    ),
    (
        essay(at(13, 8)),
        "Overdue",
        "Was due 3 days ago, Sun 08:00; still taken",
        "overdue",
    ),
    (
        essay(at(16, 8), kind="event", submission=None),
        "Overdue",
        "Was due today, Wed 08:00; Moodle still waits for it",
        "overdue",
    ),
    (
        essay(at(10, 8), closes_at=at(12, 8)),
        "Not handed in",
        "Closed 4 days ago, Sat 08:00",
        "done",
    ),
    (
        essay(at(10, 8), closes_at=at(12, 8), submission="draft"),
        "Draft never handed in",
        "Closed 4 days ago, Sat 08:00",
        "done",
    ),
    # Nobody knows whether it was handed in: it is not called overdue.
    (essay(at(13, 8), submission=None), "", "Was due Sun 08:00", "done"),
    (essay(at(15, 8), kind="quiz"), "Not handed in", "Closed yesterday, Tue 08:00", "done"),
    (essay(at(15, 8), kind="quiz", submission=None), "", "Was due Tue 08:00", "done"),
    (
        essay(at(18, 8), submission="submitted", submitted_at=at(16, 9, 5)),
        "Handed in",
        "Handed in Wed 09:05",
        "done",
    ),
    (
        essay(at(14, 8), submission="submitted", submitted_at=at(15, 9)),
        "Handed in late",
        "Handed in Tue 09:00",
        "done",
    ),
    (essay(at(18, 8), submission="submitted"), "Handed in", "Due Fri 08:00", "done"),
    (
        essay(at(4, 8), submission="graded", submitted_at=at(3, 20)),
        "Graded",
        "Handed in Thu 3 Jan, 20:00",
        "done",
    ),
    (essay(at(4, 8), submission="graded"), "Graded", "Was due Fri 4 Jan, 08:00", "done"),
    # An extension of the due date counts more than the cut-off of everybody else.
    (
        essay(at(18, 17), closes_at=at(12)),
        "Not handed in yet",
        "Due in 2 days, Fri 17:00",
        "week",
    ),
    # Sixty days on, nobody waits for it any more.
    (
        essay(at(1, 8, month=11, year=2029)),
        "Overdue",
        "Was due 76 days ago, Thu 1 Nov 2029, 08:00; still taken",
        "done",
    ),
]


@pytest.mark.parametrize(("due", "state", "when", "group"), GOLDEN)
def test_a_due_date_says_how_it_stands(due: Due, state, when, group) -> None:
    clock = wall()
    assert rules.state_words(due, now=clock.now) == state
    assert rules.when_words(due, wall=clock) == when
    assert rules.group_of(due, wall=clock).value == group


def test_every_stage_has_a_line_in_the_table() -> None:
    seen = {rules.stage_of(due, now=wall().now) for due, *_ in GOLDEN}
    assert seen == set(Stage)


def test_at_its_very_moment_it_is_not_late_and_not_closed() -> None:
    now = wall().now
    assert rules.stage_of(essay(now), now=now) is Stage.AHEAD
    late = essay(now - timedelta(days=1), closes_at=now)
    assert rules.stage_of(late, now=now) is Stage.LATE
    assert rules.stage_of(late, now=now + timedelta(seconds=1)) is Stage.CLOSED


@pytest.mark.parametrize(
    ("now", "due", "words"),
    [
        # Clocks go forward in the night to Sunday 31 March: the day before has 23 hours.
        (at(30, 12, month=3), at(31, 3, 30, month=3), "Due tonight, Sun 03:30"),
        (at(30, 12, month=3), at(31, 4, 0, month=3), "Due tomorrow, Sun 04:00"),
        (at(30, 12, month=3), at(1, 12, month=4), "Due in 2 days, Mon 12:00"),
        # Back in the night to Sunday 27 October: that day has 25.
        (at(26, 12, month=10), at(27, 2, 30, month=10), "Due tonight, Sun 02:30"),
        (at(26, 12, month=10), at(27, 4, 0, month=10), "Due tomorrow, Sun 04:00"),
        (at(26, 12, month=10), at(28, 12, month=10), "Due in 2 days, Mon 12:00"),
    ],
)
def test_days_are_those_of_the_wall_clock_also_when_it_is_moved(now, due, words) -> None:
    assert rules.when_words(essay(due), wall=wall(now)) == words


def test_the_same_moment_falls_on_the_days_of_each_place() -> None:
    due = essay(datetime(2030, 1, 16, 22, 59, tzinfo=UTC))
    here = {
        zone: rules.when_words(due, wall=wall(zone=zone))
        for zone in ("Europe/Berlin", "Asia/Tokyo", "America/Los_Angeles")
    }
    assert here == {
        "Europe/Berlin": "Due today, Wed 23:59",
        "Asia/Tokyo": "Due tomorrow, Thu 07:59",
        "America/Los_Angeles": "Due tomorrow, Wed 14:59",
    }


def test_what_needs_doing_first_comes_first() -> None:
    closing_soon = essay(at(15), closes_at=at(17))
    closing_later = essay(at(14), closes_at=at(20))
    never_closing = essay(at(13))
    tomorrow, later = essay(at(17)), essay(at(30))
    done, long_done = (
        essay(at(12), submission="graded"),
        essay(at(2), submission="submitted"),
    )
    wanted = [
        closing_soon,
        closing_later,
        never_closing,
        tomorrow,
        later,
        done,
        long_done,
    ]
    mixed = [*reversed(wanted)]
    assert sorted(mixed, key=lambda due: rules.urgency(due, wall=wall())) == wanted


MOMENTS = st.datetimes(
    min_value=datetime(2024, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2034, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
DUES = st.builds(
    Due,
    kind=st.sampled_from(["assignment", "quiz", "event"]),
    due_at=MOMENTS,
    opens_at=st.none() | MOMENTS,
    closes_at=st.none() | MOMENTS,
    submission=st.sampled_from([None, "none", "draft", "submitted", "graded"]),
    submitted_at=st.none() | MOMENTS,
)
WALLS = st.builds(
    Wall,
    now=MOMENTS,
    time_zone=st.sampled_from(
        ["UTC", "Europe/Berlin", "America/St_Johns", "Antarctica/Troll", "Pacific/Chatham"]
    ),
    day_start_hour=st.integers(0, 23),
)


@given(due=DUES, clock=WALLS)
def test_whatever_moodle_says_there_are_words_for_it(due: Due, clock: Wall) -> None:
    when = rules.when_words(due, wall=clock)
    assert when[0].isupper()
    assert "-" not in when
    assert "None" not in when


@given(due=DUES, clock=WALLS)
def test_what_was_handed_in_is_never_overdue(due: Due, clock: Wall) -> None:
    group = rules.group_of(due, wall=clock)
    if due.submission in {"submitted", "graded"}:
        assert group is Group.DONE
    if group is Group.OVERDUE:
        assert due.due_at < clock.now
        assert rules.state_words(due, now=clock.now).startswith("Overdue")
    if due.due_at < clock.now:
        assert group in {Group.OVERDUE, Group.DONE}


@given(dues=st.lists(DUES, max_size=8), clock=WALLS)
def test_sorted_by_urgency_the_groups_follow_each_other(dues, clock: Wall) -> None:
    ordered = sorted(dues, key=lambda due: rules.urgency(due, wall=clock))
    places = [[*Group].index(rules.group_of(due, wall=clock)) for due in ordered]
    assert places == sorted(places)


@given(due=DUES)
def test_what_a_calendar_says_names_no_day_relative_to_now(due: Due) -> None:
    words = " ".join(rules.lasting_words(due, time_zone="Europe/Berlin"))
    assert not {"today", "tomorrow", "yesterday", "ago"} & {*words.split()}


def test_a_calendar_names_state_opening_and_cut_off() -> None:
    due = essay(at(18, 17), opens_at=at(10, 8), closes_at=at(20, 17), submission="draft")
    assert rules.lasting_words(due, time_zone="Europe/Berlin") == [
        "Draft saved, not handed in yet",
        "Opens Thu 10 Jan 2030, 08:00",
        "Taken until Sun 20 Jan 2030, 17:00",
    ]
    assert rules.lasting_words(essay(at(18), submission=None), time_zone="UTC") == []


@pytest.mark.parametrize(
    ("own", "kind", "found"),
    [
        ("https://m.edu/x", "event", "https://m.edu/x"),
        (None, "assignment", "https://m.edu/moodle/mod/assign/view.php?id=7"),
        (None, "quiz", "https://m.edu/moodle/mod/quiz/view.php?id=7"),
        (None, "event", "https://m.edu/moodle/calendar/view.php?view=upcoming"),
        ("javascript:alert(1)", "quiz", "https://m.edu/moodle/mod/quiz/view.php?id=7"),
        (
            "data:text/html,x",
            "event",
            "https://m.edu/moodle/calendar/view.php?view=upcoming",
        ),
    ],
)
def test_a_due_date_leads_to_its_moodle_and_nowhere_else(own, kind, found) -> None:
    site = "https://m.edu/moodle/"
    assert rules.address_of(own, site_url=site, kind=kind, cmid=7) == found


def test_every_due_date_but_an_event_has_a_page_of_its_own_in_moodle() -> None:
    assert set(rules.MODULES) == {kind.value for kind in DeadlineKind} - {rules.EVENT}


@pytest.mark.parametrize(
    ("number", "known"),
    [(1, True), (2**63 - 1, True), (0, False), (-1, False), (2**63, False)],
)
def test_moodle_counts_from_one_in_64_bits(number, known) -> None:
    assert rules.is_number_of_moodle(number) is known


@pytest.mark.parametrize(
    ("overdue", "week", "words"),
    [
        (0, 0, "Nothing due in the next 7 days."),
        (0, 2, "2 due in the next 7 days."),
        (1, 0, "1 overdue, nothing due in the next 7 days."),
    ],
)
def test_the_sentence_sums_up_what_is_to_do(overdue, week, words) -> None:
    assert rules.summary(overdue=overdue, week=week) == words
