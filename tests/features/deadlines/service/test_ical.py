"""Whatever Moodle calls a thing, a calendar program reads it as it was meant."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from studymaster.features.deadlines.schemas import Feed, FeedEntry
from studymaster.features.deadlines.service import ical
from studymaster.typed import clean, one_line
from tests.conftest import NOON

ENTRY = FeedEntry(
    uid="1@studymaster",
    title="Essay 2: cells, membranes; and \\ more",
    course="Biology, part 1",
    description="Not handed in yet",
    due_at=NOON,
    changed_at=NOON - timedelta(days=2),
    address="https://moodle.example.edu/mod/assign/view.php?id=7&x=a,b",
)

TEXTS = st.text(max_size=400) | st.text(
    alphabet=",;:\\\"'\n\r\t \x85\u2028🎉👩‍🎓é", max_size=200
)
ENTRIES = st.builds(
    FeedEntry,
    uid=st.uuids().map(lambda one: f"{one}@studymaster"),
    title=TEXTS.map(lambda text: one_line(clean(text))),
    course=TEXTS,
    description=TEXTS,
    due_at=st.datetimes(
        min_value=datetime(1990, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
        max_value=datetime(2090, 1, 1),  # noqa: DTZ001
        timezones=st.just(UTC),
    ).map(lambda moment: moment.replace(microsecond=0)),
    changed_at=st.just(NOON),
    address=st.just(ENTRY.address),
)


def read(*entries: FeedEntry) -> Calendar:
    return Calendar.from_ical(ical.written(Feed(entries), now=NOON))


def test_a_due_date_is_a_moment_with_all_that_is_known() -> None:
    calendar = read(ENTRY)
    assert calendar["X-WR-CALNAME"] == ical.NAME
    assert calendar["VERSION"] == "2.0"
    text = ical.written(Feed((ENTRY,)), now=NOON)
    assert b"\r\nREFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in text
    assert b"\r\nDTSTART:20300116T120000Z\r\n" in text
    assert b"\r\nLAST-MODIFIED:20300114T120000Z\r\n" in text
    (event,) = calendar.walk("VEVENT")
    assert event["SUMMARY"] == ENTRY.title
    assert event["DESCRIPTION"] == "Biology, part 1\nNot handed in yet"
    assert event["UID"] == "1@studymaster"
    assert event["URL"] == ENTRY.address
    assert event["STATUS"] == "CONFIRMED"
    assert event["DTSTAMP"].dt == NOON
    assert "DTEND" not in event
    assert calendar.walk("VALARM") == []


@given(entries=st.lists(ENTRIES, max_size=6))
def test_every_feed_can_be_read_again_and_keeps_titles_and_moments(entries) -> None:
    calendar = read(*entries)
    events = calendar.walk("VEVENT")
    assert [(str(one["UID"]), one["DTSTART"].dt) for one in events] == [
        (one.uid, one.due_at) for one in entries
    ]
    assert [str(one["SUMMARY"]) for one in events] == [one.title for one in entries]


@given(entries=st.lists(ENTRIES, min_size=1, max_size=3))
def test_no_line_is_longer_than_75_bytes_and_none_breaks_a_character(entries) -> None:
    text = ical.written(Feed(tuple(entries)), now=NOON)
    assert text.endswith(b"\r\n")
    lines = text.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    for line in lines:
        line.decode()
        assert b"\n" not in line
        assert b"\r" not in line


def test_the_mark_changes_with_what_is_said_and_not_with_the_time() -> None:
    feed = Feed((ENTRY,))
    assert ical.mark_of(feed) == ical.mark_of(Feed((replace(ENTRY),)))
    others = [
        Feed(()),
        Feed((ENTRY, ENTRY)),
        Feed((replace(ENTRY, title="Essay 3"),)),
        Feed((replace(ENTRY, description="Handed in"),)),
        Feed((replace(ENTRY, due_at=NOON + timedelta(minutes=1)),)),
    ]
    assert ical.mark_of(feed) not in {ical.mark_of(other) for other in others}
