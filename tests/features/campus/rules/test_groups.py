from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studymaster.errors import InvalidInputError
from studymaster.features.campus.rules import groups as rules

NOON = datetime(2030, 1, 16, 12, tzinfo=UTC)


@dataclass
class Place:
    account_id: UUID
    joined_at: datetime
    role: str


def place(number: int, role: str, *, minutes: int = 0) -> Place:
    return Place(UUID(int=number), NOON + timedelta(minutes=minutes), role)


@pytest.mark.parametrize(
    ("places", "heir"),
    [
        ([], None),
        ([place(1, "member")], 1),
        ([place(1, "member"), place(2, "moderator", minutes=9)], 2),
        ([place(1, "moderator", minutes=5), place(2, "moderator")], 2),
        ([place(2, "member"), place(1, "member")], 1),
        ([place(1, "moderator"), place(2, "owner", minutes=9)], 2),
    ],
)
def test_who_inherits_a_group(places, heir) -> None:
    assert rules.successor(places) == (None if heir is None else UUID(int=heir))


@pytest.mark.parametrize(
    ("wall", "zone", "moment"),
    [
        ("2030-01-17T18:30", "UTC", datetime(2030, 1, 17, 18, 30, tzinfo=UTC)),
        ("2030-01-17T18:30", "Europe/Berlin", datetime(2030, 1, 17, 17, 30, tzinfo=UTC)),
        ("2030-01-17T00:30", "Asia/Tokyo", datetime(2030, 1, 16, 15, 30, tzinfo=UTC)),
        # The clocks go back at 03:00: the first of the two half past two.
        ("2030-10-27T02:30", "Europe/Berlin", datetime(2030, 10, 27, 0, 30, tzinfo=UTC)),
    ],
)
def test_a_wall_clock_is_read_in_its_zone(wall, zone, moment) -> None:
    assert rules.moment_of(wall, time_zone=zone) == moment


@pytest.mark.parametrize(
    "wall",
    [
        "",
        "tomorrow",
        "2030-13-01T10:00",
        "2030-01-17T18:30+02:00",
        "2030-01-17T18:30Z",
        "0001-01-01T00:00",
        "9999-12-31T23:59",
        None,
        17,
        "\0",
    ],
)
def test_what_is_no_time_is_refused(wall) -> None:
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        try:
            moment = rules.moment_of(wall, time_zone=zone)
        except InvalidInputError:
            continue
        with pytest.raises(InvalidInputError):
            rules.require_ahead(moment, now=NOON)


def test_an_hour_that_the_clocks_leave_out_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="clocks change"):
        rules.moment_of("2030-03-31T02:30", time_zone="Europe/Berlin")


@given(st.integers(0, 3 * 366 * 24 * 60))
def test_what_is_planned_comes_back_into_the_field(minutes: int) -> None:
    typed = f"{NOON + timedelta(minutes=minutes):%Y-%m-%dT%H:%M}"
    try:
        moment = rules.moment_of(typed, time_zone="Europe/Berlin")
    except InvalidInputError:
        return
    assert rules.wall_clock(moment, time_zone="Europe/Berlin") == typed


@pytest.mark.parametrize(
    ("ahead", "fits"),
    [
        (timedelta(0), False),
        (timedelta(seconds=-1), False),
        (timedelta(seconds=1), True),
        (timedelta(days=366), True),
        (timedelta(days=366, seconds=1), False),
    ],
)
def test_a_session_lies_within_the_next_year(ahead, fits) -> None:
    if fits:
        assert rules.require_ahead(NOON + ahead, now=NOON) == NOON + ahead
    else:
        with pytest.raises(InvalidInputError):
            rules.require_ahead(NOON + ahead, now=NOON)


@pytest.mark.parametrize(
    "moment",
    [
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))),
        datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-12))),
    ],
)
def test_the_ends_of_time_are_refused(moment) -> None:
    with pytest.raises(InvalidInputError):
        rules.require_ahead(moment, now=NOON)


def test_a_moment_is_kept_in_utc() -> None:
    moment = datetime(2030, 1, 17, 18, 30, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    assert rules.require_ahead(moment, now=NOON).isoformat() == "2030-01-17T13:00:00+00:00"


def test_words_of_a_session() -> None:
    assert rules.session_words(NOON, time_zone="America/New_York") == "Wed 16 Jan, 07:00"
    assert rules.session_words(None, time_zone="UTC") == ""


@pytest.mark.parametrize(
    ("role", "others"),
    [
        ("owner", {"owner", "moderator", "member"}),
        ("moderator", {"member"}),
        ("member", set()),
        ("", set()),
    ],
)
def test_who_may_remove_whom(role: str, others: set[str]) -> None:
    assert {one for one in rules.ORDER if rules.may_remove(role, other=one)} == others


@pytest.mark.parametrize(
    "text", ["", "a", "x" * 41, "a b c d e f", "\0" * 9, None, 12345678]
)
def test_what_cannot_be_a_code(text) -> None:
    assert not rules.is_code(text)


def test_a_note_is_one_line() -> None:
    assert rules.require_note(" Room 4 \n bring  tea ") == "Room 4 bring tea"
    assert rules.require_note("") == ""
    with pytest.raises(InvalidInputError):
        rules.require_note("x" * 201)
