from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studymaster.errors import InvalidInputError
from studymaster.features.accounts import rules
from tests.conftest import NOON


@pytest.mark.parametrize(
    ("moment", "zone", "day"),
    [
        (datetime(2030, 1, 16, 3, 59, tzinfo=UTC), "UTC", date(2030, 1, 15)),
        (datetime(2030, 1, 16, 4, 0, tzinfo=UTC), "UTC", date(2030, 1, 16)),
        (datetime(2030, 1, 15, 19, 0, tzinfo=UTC), "Asia/Tokyo", date(2030, 1, 16)),
        (
            datetime(2030, 1, 16, 11, 59, tzinfo=UTC),
            "America/Los_Angeles",
            date(2030, 1, 15),
        ),
        (datetime(2030, 3, 31, 1, 59, tzinfo=UTC), "Europe/Berlin", date(2030, 3, 30)),
        (datetime(2030, 3, 31, 2, 0, tzinfo=UTC), "Europe/Berlin", date(2030, 3, 31)),
    ],
)
def test_a_day_starts_at_four_where_the_student_lives(moment, zone, day) -> None:
    assert rules.day_of(moment, time_zone=zone, day_start_hour=4) == day


@given(
    st.datetimes(datetime(2029, 1, 1), datetime(2031, 1, 1)),  # noqa: DTZ001
    st.sampled_from(["Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe", "UTC"]),
    st.integers(0, 23),
)
def test_a_day_is_never_skipped_nor_given_twice(naive, zone, hour) -> None:
    start = naive.replace(tzinfo=UTC)
    days = [
        rules.day_of(start + timedelta(hours=n), time_zone=zone, day_start_hour=hour)
        for n in range(60)
    ]
    steps = {(after - before).days for before, after in pairwise(days)}
    # Where clocks go back over the start of a day, its last hour may be told twice.
    assert steps <= {0, 1, -1}
    assert days[-1] - days[0] in {timedelta(days=2), timedelta(days=3)}
    assert ZoneInfo(zone)


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("/smart-study?course=1", "/smart-study?course=1"),
        ("//evil.example/x", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/sign-in?next=/", "/"),
        ("/api/v1/auth/logout", "/"),
        ("/a\nSet-Cookie: x=1", "/"),
        ("/" + "a" * 600, "/"),
        ("", "/"),
    ],
)
def test_signing_in_leads_only_to_our_own_pages(asked, answer) -> None:
    assert rules.local_path(asked) == answer


@pytest.mark.parametrize(
    "text", ["", "a", "a@b", "a b@c.d", "@b.co", "a@b..co" + "x" * 300]
)
def test_an_incomplete_address_is_refused(text) -> None:
    with pytest.raises(InvalidInputError):
        rules.require_email(text)


def test_an_address_has_one_spelling() -> None:
    assert rules.require_email("  Mina@Uni.EDU ") == "mina@uni.edu"


@pytest.mark.parametrize("text", ["", "-1", "24", "4.5", "four", "٤", "9" * 30])
def test_a_day_starts_at_a_full_hour(text) -> None:
    with pytest.raises(InvalidInputError):
        rules.require_day_start(text)


def test_a_device_is_named_for_people() -> None:
    agent = "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36"
    assert rules.device_name(agent) == "Chrome on Linux"
    assert rules.device_name("curl/8") == "A program on an unknown system"


@pytest.mark.parametrize(
    ("way", "fields"),
    [
        ("moodle", {"username": " MINA"}),
        ("moodle", {"username": "mi na ", "email": "x@y.edu"}),
        ("moodle", {"username": "m\u00edn\u00e4"}),
        ("moodle", {"username": "mi\u0301na"}),
        ("moodle", {"username": "\uff4dina"}),
    ],
)
def test_an_account_is_the_same_however_it_is_spelled(way, fields) -> None:
    spelled = {"email": "", "username": "", "host": "moodle.uni.edu"} | fields
    assert rules.named_account(way, **spelled) == "mina at moodle.uni.edu"


def test_a_token_names_nobody_whatever_is_typed_beside_it() -> None:
    names = {
        rules.named_account("token", email="", username=user, host="moodle.uni.edu")
        for user in ("", "mina", "jonas")
    }
    assert len(names) == 1


@pytest.mark.parametrize(
    ("host", "client"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("192.0.2.7:50123", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::1]:443", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
        ("[", "["),
        ("", ""),
    ],
)
def test_a_client_is_an_address_or_the_network_of_a_home(host, client) -> None:
    assert rules.client_of(host) == client


@pytest.mark.parametrize(
    ("entry", "name"),
    [
        ("Anna@Moodle.Uni.edu", "anna@moodle.uni.edu"),
        ("Anna@Uni.edu@moodle.uni.edu:8443", "anna@uni.edu@moodle.uni.edu:8443"),
        ("anna@Uni.edu/Moodle", "anna@uni.edu/Moodle"),
        ("account:ABC", "account:abc"),
    ],
)
def test_an_admin_is_named_in_one_spelling(entry, name) -> None:
    assert rules.admin_name(entry) == name


def test_a_local_account_is_named_by_its_address_alone() -> None:
    names = {
        rules.named_account("local", email=email, username=user, host="x")
        for email, user in (("mina@uni.edu", ""), (" MINA@uni.edu", "noise"))
    }
    assert names == {"mina@uni.edu"}


def test_a_fingerprint_follows_the_secret_and_does_not_tell_it() -> None:
    one, two = rules.fingerprint("sealed-1"), rules.fingerprint("sealed-2")
    assert one != two
    assert len(one) == 12
    assert "sealed" not in one


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        (("  Mina \t Aalto ", "mina"), "Mina Aalto"),
        (("Mi\u200bna\x07 Aalto", "mina"), "Mina Aalto"),
        (("", "mina"), "mina"),
        (("\u200b\u3164", "mina"), "mina"),
        (("x" * 130, "mina"), "x" * 120),
        (("", " "), "A student"),
    ],
)
def test_of_what_moodle_calls_somebody_the_first_that_can_be_read_counts(
    names, shown
) -> None:
    assert rules.name_of(names) == shown


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "1 to 120 letters"),
        ("x" * 121, "1 to 120 letters"),
        ("\u200b\u200d", "nothing to see"),
        ("Mi\x07na", "nobody can see or read"),
    ],
)
def test_what_is_wrong_with_a_name_is_said(name, said) -> None:
    with pytest.raises(InvalidInputError, match=said):
        rules.require_name(name)


@pytest.mark.parametrize(
    ("moment", "zone", "words"),
    [
        (NOON + timedelta(minutes=5), "UTC", "12:05"),
        (NOON + timedelta(minutes=4, seconds=1), "UTC", "12:05"),
        (NOON + timedelta(minutes=5), "Asia/Kolkata", "17:35"),
        (
            NOON + timedelta(hours=12),
            "UTC",
            f"{NOON + timedelta(hours=12):%a %d %b}, 00:00",
        ),
    ],
)
def test_a_time_is_said_by_the_students_clock_and_never_too_early(
    moment, zone, words
) -> None:
    assert rules.time_of(moment, now=NOON, zone=zone) == words
