"""Where Anki has a card and what was answered to it, as our columns; and back. Pure."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, NamedTuple, cast

from studymaster.anki import AnkiCard, AnkiReview

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_DAY: Final = date(1970, 1, 1)
START_EASINESS: Final = 250
EASINESS_FLOOR: Final = 130
HIGHEST_EASINESS: Final = 9_990
LONGEST_INTERVAL: Final = 36_500
LONGEST_ANSWER_MS: Final = 86_400_000
MOST_TURNS: Final = 1_000_000
NEW, LEARNING, REVIEW, RELEARNING = range(4)
SUSPENDED, BURIED, BURIED_BY_HAND = -1, -3, -2
MANUAL, RESCHEDULED = 4, 5
A_MOMENT: Final = 1_000_000
"""A greater due day is a moment in seconds: the card is still learnt."""

EASES: Final = range(1, 5)
GRADE_OF_EASE: Final = 1
"""Anki counts its buttons from 1, our grades are the q of SM-2 from 2."""

STEP_SECONDS: Final = -60
AGAIN: Final = 2
FACTOR: Final = 10
FLAG_BITS: Final = 7

DayOf = Callable[[int], date]
"""The student's day of a moment in milliseconds."""


class Line(NamedTuple):
    """One line of our log."""

    at: datetime
    turn: int
    grade: int
    day: date
    drill: bool
    elapsed_ms: int
    easiness_before: int
    easiness_after: int
    interval_before: int
    interval_after: int
    repetitions_before: int
    repetitions_after: int
    kind: str
    due_on_after: date | None


class Place(NamedTuple):
    """Where a card stands: our columns of the schedule."""

    easiness: int
    interval_days: int
    repetitions: int
    due_on: date
    stability: float | None
    difficulty: float | None
    reviewed_on: date | None
    turn: int
    last_reviewed_at: datetime | None
    suspended: bool
    buried_until: date | None
    flag: int
    lapses: int


def moment_of(milliseconds: int) -> datetime:
    """Return a moment that Anki counts in milliseconds."""
    return EPOCH + timedelta(milliseconds=milliseconds)


def milliseconds_of(moment: datetime) -> int:
    """Return a moment as Anki counts it."""
    return (moment - EPOCH) // timedelta(milliseconds=1)


def new_place(today: date) -> Place:
    """Return the place of a card that nobody has answered."""
    return Place(
        *(START_EASINESS, 0, 0, today, None, None, None, 0, None, False, None, 0, 0)
    )


def read_log(reviews: Sequence[AnkiReview], *, day_of: DayOf, now_ms: int) -> list[Line]:
    """Return our log of a card; lines that tell nothing, or of the future, are left out."""
    lines: list[Line] = []
    easiness, interval, repetitions = START_EASINESS, 0, 0
    last: date | None = None
    for one in reviews:
        if one.kind == RESCHEDULED or not 0 < one.id <= now_ms:
            continue
        by_hand = one.kind == MANUAL or one.ease not in EASES
        day = day_of(one.id)
        drill = day == last and not by_hand
        before = (easiness, interval, repetitions)
        if 10 * EASINESS_FLOOR <= one.factor <= 10 * HIGHEST_EASINESS:
            easiness = one.factor // FACTOR
        if one.interval > 0 or by_hand:
            interval = min(max(one.interval, 0), LONGEST_INTERVAL)
        if by_hand:
            repetitions = repetitions if interval else 0
        elif not drill:
            repetitions = 0 if one.ease == 1 else repetitions + 1
            last = day
        lines.append(
            Line(
                moment_of(one.id),
                len(lines),
                0 if by_hand else one.ease + GRADE_OF_EASE,
                day,
                drill,
                min(max(one.elapsed_ms, 0), LONGEST_ANSWER_MS),
                before[0],
                easiness,
                before[1],
                interval,
                before[2],
                repetitions,
                ("set_due" if interval else "reset") if by_hand else "review",
                day + timedelta(days=interval) if by_hand and interval else None,
            )
        )
    return lines


def read_place(
    card: AnkiCard, lines: Sequence[Line], *, first_day: date, today: date
) -> Place:
    """Return where a card stands.

    Args:
        card: The card.
        lines: Its log with us.
        first_day: The day from which Anki counts the days of this collection.
        today: The student's day.
    """
    own, stability, difficulty, answered = _data(card)
    turn = len(lines) or min(max(card.reps, 0), MOST_TURNS)
    is_known = card.kind in {REVIEW, RELEARNING}
    interval = min(max(card.interval, 1), LONGEST_INTERVAL) if is_known else 0
    due_on = _due_on(card, first_day=first_day, today=today) if is_known else today
    if not lines:
        reviewed_on = due_on - timedelta(days=interval)
    else:
        answered, reviewed_on = lines[-1].at, lines[-1].day
    memory: Memory = (None, None, None)
    if is_known:
        known = (own.get("s", stability), own.get("d", difficulty))
        memory = _memory(*known, _own_day(own, "v") or reviewed_on)
    easiness = card.factor // FACTOR if card.factor else own.get("e", START_EASINESS)
    repetitions = max(lines[-1].repetitions_after if lines else 0, min(interval, 2))
    return Place(
        min(max(easiness, EASINESS_FLOOR), HIGHEST_EASINESS),
        interval,
        own.get("r", repetitions if interval else 0),
        due_on,
        *memory,
        turn,
        answered,
        card.queue == SUSPENDED,
        _buried_until(card, own, today),
        card.flags & FLAG_BITS,
        min(max(card.lapses, 0), MOST_TURNS),
    )


def _due_on(card: AnkiCard, *, first_day: date, today: date) -> date:
    due = card.home_due if card.home_deck_id and card.home_due else card.due
    return (
        _clamped(first_day + timedelta(days=due), today) if abs(due) < A_MOMENT else today
    )


def _buried_until(card: AnkiCard, own: dict[str, Any], today: date) -> date | None:
    """Return until when a card is buried; what is suspended may be that too."""
    if card.queue == SUSPENDED:
        return _own_day(own, "b")
    if card.queue in {BURIED, BURIED_BY_HAND}:
        return _own_day(own, "b") or today + timedelta(days=1)
    return None


Memory = tuple[float | None, float | None, date | None]


def _memory(stability: float | None, difficulty: float | None, day: date) -> Memory:
    """Return what FSRS knows, whole and within its bounds, or nothing."""
    if not stability or not difficulty:
        return None, None, None
    bounded = min(max(stability, 0.001), float(LONGEST_INTERVAL))
    return bounded, min(max(difficulty, 1.0), 10.0), day


def _own_day(own: dict[str, Any], name: str) -> date | None:
    return FIRST_DAY + timedelta(days=own[name]) if name in own else None


def _clamped(day: date, today: date) -> date:
    far = timedelta(days=LONGEST_INTERVAL)
    return min(max(day, today - far), today + far)


def _data(
    card: AnkiCard,
) -> tuple[dict[str, Any], float | None, float | None, datetime | None]:
    """Return what we wrote about a card, what FSRS knows of it, and its last answer."""
    if len(card.data) < len('{"s":1}'):
        return {}, None, None, None
    found: object = json.loads(card.data)
    said = cast("dict[str, Any]", found) if isinstance(found, dict) else {}
    own: dict[str, Any] = {}
    if "cd" in said:
        kept: object = json.loads(said["cd"])
        own = cast("dict[str, Any]", kept) if isinstance(kept, dict) else {}
        # Answered in Anki since: what we knew of it then is old.
        own = own if own.get("t") == card.reps else {}
    at = said.get("lrt")
    answered = moment_of(1000 * at) if isinstance(at, int) and at > 0 else None
    return own, _fraction(said.get("s")), _fraction(said.get("d")), answered


def _fraction(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and value > 0 else None


def write_place(place: Place, *, card_id: int, first_day: date, today: date) -> AnkiCard:
    """Return a card as Anki keeps it; its note, deck and number are put in by the caller."""
    is_known = place.interval_days > 0 or place.turn > 0
    queue = REVIEW if is_known else NEW
    if place.suspended:
        queue = SUSPENDED
    elif place.buried_until and place.buried_until > today:
        queue = BURIED_BY_HAND
    own: dict[str, Any] = {"t": place.turn, "r": place.repetitions}
    if place.easiness != START_EASINESS and not is_known:
        own["e"] = place.easiness
    said: dict[str, Any] = {}
    if place.stability and place.difficulty and place.reviewed_on:
        own |= {"s": place.stability, "d": place.difficulty}
        own["v"] = (place.reviewed_on - FIRST_DAY).days
        said |= {"s": round(place.stability, 4), "d": round(place.difficulty, 3)}
    if place.last_reviewed_at:
        said["lrt"] = milliseconds_of(place.last_reviewed_at) // 1000
    if place.buried_until:
        own["b"] = (place.buried_until - FIRST_DAY).days
    said["cd"] = json.dumps(own, separators=(",", ":"))
    return AnkiCard(
        *(card_id, 0, 0, 0),
        kind=REVIEW if is_known else NEW,
        queue=queue,
        due=(place.due_on - first_day).days if is_known else 0,
        interval=max(place.interval_days, 1) if is_known else 0,
        factor=place.easiness * FACTOR if is_known else 0,
        reps=place.turn,
        lapses=place.lapses,
        home_due=0,
        home_deck_id=0,
        flags=place.flag,
        data=json.dumps(said, separators=(",", ":")),
    )


def write_line(line: Line, *, review_id: int, card_id: int) -> AnkiReview:
    """Return a line of our log as Anki keeps it."""
    if line.kind != "review":
        days = (line.due_on_after - line.day).days if line.due_on_after else 0
        days = max(days, 0)
        return AnkiReview(
            review_id, card_id, 0, days, line.interval_before, 0, line.elapsed_ms, MANUAL
        )
    learnt = line.interval_before == 0
    kind = RELEARNING - 1 if line.drill else LEARNING - 1 if learnt else REVIEW - 1
    return AnkiReview(
        review_id,
        card_id,
        line.grade - GRADE_OF_EASE,
        STEP_SECONDS if line.drill else line.interval_after or STEP_SECONDS,
        line.interval_before or STEP_SECONDS,
        line.easiness_after * FACTOR,
        line.elapsed_ms,
        kind,
    )
