"""Where Anki has a card, as our columns, and back."""

from datetime import UTC, date, datetime, timedelta

from studymaster.anki import AnkiCard, AnkiReview
from studymaster.features.exchange.rules import places

TODAY = date(2030, 1, 16)
FIRST = date(2029, 1, 1)
AT = places.milliseconds_of(datetime(2030, 1, 10, 9, tzinfo=UTC))
DAY_MS = 86_400_000
NOW_MS = AT + 6 * DAY_MS


def day_of(milliseconds: int) -> date:
    return places.moment_of(milliseconds).date()


def card(**facts) -> AnkiCard:
    plain = dict.fromkeys(AnkiCard._fields, 0) | {"id": 1, "data": ""}
    return AnkiCard(**plain | facts)


def line(at: int, ease: int, interval: int, *, factor=0, kind=1) -> AnkiReview:
    return AnkiReview(at, 1, ease, interval, 0, factor, 4_000, kind)


def read(one: AnkiCard, *reviews: AnkiReview) -> places.Place:
    lines = places.read_log(reviews, day_of=day_of, now_ms=NOW_MS)
    return places.read_place(one, lines, first_day=FIRST, today=TODAY)


def test_a_review_card_stands_where_anki_has_it() -> None:
    place = read(
        card(kind=2, queue=2, due=400, interval=12, factor=2310, reps=5, lapses=1, flags=3)
    )
    assert (place.easiness, place.interval_days, place.turn) == (231, 12, 5)
    assert place.due_on == FIRST + timedelta(days=400)
    assert (place.lapses, place.flag, place.suspended) == (1, 3, False)


def test_a_card_in_a_filtered_deck_goes_home_and_one_that_is_learnt_is_due_today() -> None:
    away = card(kind=2, queue=2, due=-5, interval=3, home_due=390, home_deck_id=7)
    assert read(away).due_on == FIRST + timedelta(days=390)
    learnt = read(
        card(kind=1, queue=1, due=1_894_000_000, reps=1), line(AT, 1, -60, kind=0)
    )
    assert (learnt.due_on, learnt.interval_days, learnt.turn) == (TODAY, 0, 1)


def test_what_fsrs_knows_comes_whole_or_not_at_all() -> None:
    known = read(card(kind=2, due=380, interval=9, data='{"s":9.5,"d":4.25}'))
    assert (known.stability, known.difficulty) == (9.5, 4.25)
    assert known.reviewed_on == known.due_on - timedelta(days=9)
    half = read(card(kind=2, due=380, interval=9, data='{"s":9.5}'))
    assert (half.stability, half.difficulty, half.reviewed_on) == (None, None, None)


def test_what_we_wrote_about_a_card_is_old_once_anki_has_answered_it() -> None:
    data = '{"cd":"{\\\\"t\\\\":4,\\\\"r\\\\":3}"}'.replace("\\\\", "\\")
    assert read(card(kind=2, due=380, interval=9, reps=4, data=data)).repetitions == 3
    assert read(card(kind=2, due=380, interval=9, reps=5, data=data)).repetitions == 2


def test_a_second_answer_on_a_day_is_a_drill_and_the_future_tells_nothing() -> None:
    reviews = (
        line(AT, 1, -60, kind=0),
        line(AT + 600_000, 3, 1, factor=2500, kind=0),
        line(AT + DAY_MS, 4, 6, factor=2650),
        line(AT + 2 * DAY_MS, 0, 20, kind=4),
        line(NOW_MS + 1, 3, 9),
    )
    lines = places.read_log(reviews, day_of=day_of, now_ms=NOW_MS)
    assert [(one.grade, one.drill, one.interval_after) for one in lines] == [
        (2, False, 0),
        (4, True, 1),
        (5, False, 6),
        (0, False, 20),
    ]
    assert [one.repetitions_after for one in lines] == [0, 0, 1, 1]
    assert (lines[3].kind, lines[3].due_on_after) == (
        "set_due",
        lines[3].day + timedelta(days=20),
    )
