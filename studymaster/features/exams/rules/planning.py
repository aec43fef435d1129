"""On which day an exam wants which card, and what will be known on its day. Pure.

The method, and what it cannot know, is described in docs/decisions/0018-exams.md.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from studymaster.features.flashcards.rules import fsrs, sm2
from studymaster.features.flashcards.rules.fsrs import Memory, Recalled
from studymaster.features.flashcards.rules.scheduling import Plan, Scheduler
from studymaster.features.flashcards.rules.sm2 import Grade, Schedule

SECONDS_PER_MINUTE: Final = 60
LONGEST_REST: Final = 7
"""New cards shall be seen so many days before the exam, or a quarter of the time if less."""

REST_PART: Final = 4
KEPT_FREE: Final = 0.2
"""So much of each day to come is left for what will be forgotten, and comes once more."""

USUAL: Final = 100
EVERY_DAY: Final = (USUAL,) * 7
ALMOST: Final = 0.005
"""By so little a chance may miss the wanted share: what a page shows is whole percent."""

TRIES: Final = 7
"""So often the minutes that would do are halved towards."""


@dataclass(frozen=True, slots=True)
class Item:
    """A card that counts for an exam.

    Attributes:
        card_id: The card.
        note_id: What it shares with its siblings; None: it has none.
        deck: By what its deck goes.
        schedule: Where it stands; without an interval it is new.
        memory: What FSRS knows of it; None where it is new.
    """

    card_id: UUID
    note_id: UUID | None
    deck: Plan
    schedule: Schedule
    memory: Memory | None


@dataclass(frozen=True, slots=True)
class Aim:
    """What a student wants.

    Attributes:
        today: The student's day.
        exam_day: The day of the exam; what is done on it comes too late.
        retention: The chance at which each card shall be known, in percent.
        minutes: How long to study on a day; 0: as long as it takes.
        seconds: What a card takes of the student on a day, with its repetitions.
        easy_days: Percent of a usual day for each day of the week, Monday first.
    """

    today: date
    exam_day: date
    retention: int
    seconds: float
    minutes: int = 0
    easy_days: tuple[int, ...] = EVERY_DAY

    @property
    def days(self) -> list[date]:
        """Return the days that are left: from today to the eve, or today alone."""
        count = max((self.exam_day - self.today).days, 1)
        return [self.today + timedelta(days=one) for one in range(count)]


@dataclass(slots=True)
class StudyDay:
    """What a plan wants of a day."""

    day: date
    new: int = 0
    reviews: int = 0
    seconds: float = 0.0

    @property
    def minutes(self) -> int:
        """Return how long it takes, rounded up."""
        return math.ceil(self.seconds / SECONDS_PER_MINUTE)


@dataclass(frozen=True, slots=True)
class Found:
    """A plan.

    Attributes:
        days: What each day holds, today first.
        asks: On which day each card comes next; cards that need nothing are not named.
        cards: How many cards count.
        unseen: How many of them are new and find no day.
        below: How many others are foreseen below the wanted share.
        foreseen: The chance that a card is known on the day, on average; 0 without cards.
    """

    days: Sequence[StudyDay]
    asks: Mapping[UUID, date]
    cards: int
    unseen: int
    below: int
    foreseen: float

    @property
    def holds(self) -> bool:
        """Say whether each card is seen and at the wanted share on the day."""
        return not (self.unseen or self.below)

    @property
    def peak(self) -> int:
        """Return the minutes of the fullest day."""
        return max(one.minutes for one in self.days)


def find_plan(items: Sequence[Item], *, aim: Aim) -> Found:
    """Return a plan: cards that were seen before the new ones, new ones in their order."""
    way = _Way(aim)
    known = [one for one in items if one.schedule.interval_days]
    new = [one for one in items if not one.schedule.interval_days]
    chances = [way.keep(one) for one in sorted(known, key=_urgency)]
    chances += way.begin(new)
    unseen = sum(one is None for one in chances)
    seen = [one for one in chances if one is not None]
    wanted = aim.retention / 100 - ALMOST
    return Found(
        days=way.days,
        asks=way.asks,
        cards=len(items),
        unseen=unseen,
        below=sum(one < wanted for one in seen),
        foreseen=sum(seen) / len(items) if items else 0.0,
    )


def minutes_needed(items: Sequence[Item], *, aim: Aim) -> int | None:
    """Return the fewest minutes a day with which a plan holds; None: no number does."""
    free = find_plan(items, aim=replace(aim, minutes=0))
    if not free.holds:
        return None
    # Whoever may do less on easy days needs more on the others.
    few, enough = 0, max(1, free.peak * 2)
    for _ in range(TRIES):
        middle = (few + enough) // 2
        if middle in (few, enough):
            break
        aimed = replace(aim, minutes=middle)
        if find_plan(items, aim=aimed).holds:
            enough = middle
        else:
            few = middle
    return enough


def _urgency(item: Item) -> tuple[date, UUID]:
    return item.schedule.due_on, item.card_id


@dataclass(frozen=True, slots=True)
class _Stand:
    """Where a card is thought to stand after the answers that are thought of."""

    schedule: Schedule
    memory: Memory | None

    def answered(self, deck: Plan, day: date) -> "_Stand":
        """Return where it stands once it is known on a day."""
        memory, days = fsrs.follow(
            self.memory,
            [Recalled(Grade.GOOD, day)],
            retention=deck.retention,
            parameters=deck.parameters,
        )
        if deck.scheduler is Scheduler.SM2:
            schedule = replace(self.schedule, drill_on=None)
            return _Stand(sm2.review(schedule, Grade.GOOD, today=day), memory)
        due_on = day + timedelta(days=days)
        after = replace(self.schedule, interval_days=days, due_on=due_on, drill_on=None)
        return _Stand(after, memory)

    def chance(self, deck: Plan, day: date) -> float:
        """Return how likely it is known on a day, from 0 to 1."""
        if self.memory is None:
            return 0.0
        return fsrs.chance(self.memory, day=day, parameters=deck.parameters)


@dataclass(frozen=True, slots=True)
class _Course:
    """The days of a card until the exam, as places in the plan, and its chance there.

    `spare` are the days of which one has to take one more answer, or nothing.
    """

    places: tuple[int, ...]
    chance: float
    spare: range = range(0)
    chance_with: float = 0.0


@dataclass(slots=True)
class _Way:
    """A plan while it is made: the days fill, card by card."""

    aim: Aim
    days: list[StudyDay] = field(init=False)
    shares: list[int] = field(init=False)
    rooms: list[float] = field(init=False)
    asks: dict[UUID, date] = field(default_factory=dict[UUID, date])
    courses: dict[tuple[Plan, int], _Course] = field(
        default_factory=dict[tuple[Plan, int], _Course]
    )

    def __post_init__(self) -> None:
        """Lay out the days, and how many seconds each of them takes."""
        self.days = [StudyDay(day) for day in self.aim.days]
        shares = [self.aim.easy_days[one.day.weekday()] for one in self.days]
        # Where there are free days only, they are no more.
        self.shares = shares if any(shares) else [USUAL] * len(shares)
        most = self.aim.minutes * SECONDS_PER_MINUTE if self.aim.minutes else math.inf
        self.rooms = [most * share / USUAL if share else 0.0 for share in self.shares]
        self.rooms[1:] = [room * (1 - KEPT_FREE) for room in self.rooms[1:]]

    def keep(self, item: Item) -> float:
        """Plan a card that was seen; return its chance on the day of the exam."""
        stand = _Stand(item.schedule, item.memory)
        course = self._course(item.deck, stand, self._place(item.schedule.due_on))
        return self._take(item, course)

    def begin(self, items: Sequence[Item]) -> list[float | None]:
        """Plan new cards; return their chances, None for those that find no day."""
        last = len(self.days) - 1
        rest = min(LONGEST_REST, math.ceil(last / REST_PART))
        left, chances = list(items), list[float | None]()
        for place in range(last - rest + 1):
            quota = self._quota(place, last - rest, len(left))
            left, begun = self._begin_on(place, left, quota, apart=True)
            chances += begun
        for apart in (True, False):
            for place in range(last + 1):
                left, begun = self._begin_on(place, left, len(left), apart=apart)
                chances += begun
        return [*chances, *[None] * len(left)]

    def _quota(self, place: int, last: int, count: int) -> int:
        """Return how many of so many new cards begin on a day, were all to begin by `last`."""
        shares = self.shares[place : last + 1]
        return math.ceil(count * shares[0] / sum(shares)) if sum(shares) else 0

    def _begin_on(
        self, place: int, items: list[Item], quota: int, *, apart: bool
    ) -> tuple[list[Item], list[float | None]]:
        """Begin some cards on a day; return those that are left, and the chances of these.

        Cards of a note come on different days, if they shall lie `apart`.
        """
        left, chances = list[Item](), list[float | None]()
        notes = set[UUID]()
        full = set[Plan]()
        for item in items:
            waits = len(chances) >= quota or item.deck in full
            if waits or (apart and item.note_id in notes):
                left.append(item)
                continue
            course = self._course_of_new(item.deck, place)
            if course is None:
                full.add(item.deck)
                left.append(item)
                continue
            if item.note_id is not None:
                notes.add(item.note_id)
            chances.append(self._take(item, course))
        return left, chances

    def _course_of_new(self, deck: Plan, place: int) -> _Course | None:
        """Return the days of a new card that begins on one of them; None: there is no room.

        New cards of a deck go the same way, as long as there is room on it.
        """
        course = self.courses.get((deck, place))
        if course is None or not self._has_room(course):
            stand = _Stand(sm2.new_schedule(self.days[place].day), None)
            course = self.courses[deck, place] = self._course(deck, stand, place)
        return course if self._has_room(course) else None

    def _course(self, deck: Plan, stand: _Stand, place: int) -> _Course:
        """Follow a card through the answers its deck will ask for, and one more if need be."""
        places = list[int]()
        while place < len(self.days):
            free = self._first_free(place, is_new=stand.memory is None)
            if free is None:
                break
            places.append(free)
            stand = stand.answered(deck, self.days[free].day)
            place = self._place(stand.schedule.due_on)
            place = max(place, free + 1)
        chance = stand.chance(deck, self.aim.exam_day)
        if chance >= self.aim.retention / 100:
            return _Course(tuple(places), chance)
        spare = self._spare(deck, stand, (places[-1] + 1) if places else 0)
        if not spare:
            return _Course(tuple(places), chance)
        after = stand.answered(deck, self.days[spare.stop - 1].day)
        with_it = after.chance(deck, self.aim.exam_day)
        return _Course(tuple(places), chance, spare, max(with_it, chance))

    def _first_free(self, place: int, *, is_new: bool) -> int | None:
        if is_new:
            return place
        fitting = (one for one in range(place, len(self.days)) if self._fits(one))
        return next(fitting, None)

    def _spare(self, deck: Plan, stand: _Stand, first: int) -> range:
        """Return the days on which one more answer is enough, or the last one alone.

        The later it is given, the better the card is known: the first of them is halved
        towards.
        """
        few, enough = first - 1, len(self.days) - 1
        if first > enough:
            return range(0)
        while enough - few > 1:
            middle = (few + enough) // 2
            after = stand.answered(deck, self.days[middle].day)
            if after.chance(deck, self.aim.exam_day) >= self.aim.retention / 100:
                enough = middle
            else:
                few = middle
        return range(enough, len(self.days))

    def _has_room(self, course: _Course) -> bool:
        return all(self._fits(one) for one in course.places)

    def _fits(self, place: int) -> bool:
        return self.days[place].seconds + self.aim.seconds <= self.rooms[place]

    def _take(self, item: Item, course: _Course) -> float:
        """Put a card on its days, and on the quietest of those that can take one answer more."""
        asked, chance = list(course.places), course.chance
        quiet = self._quietest(course.spare)
        if quiet is not None:
            asked.append(quiet)
            chance = course.chance_with
        is_new = not item.schedule.interval_days
        for count, place in enumerate(asked):
            day = self.days[place]
            day.seconds += self.aim.seconds
            if is_new and not count:
                day.new += 1
            else:
                day.reviews += 1
        if asked:
            self.asks[item.card_id] = self.days[asked[0]].day
        return chance

    def _quietest(self, places: Iterable[int]) -> int | None:
        free = [one for one in places if self._fits(one)]
        return min(free, key=self._fullness, default=None)

    def _fullness(self, place: int) -> tuple[float, int]:
        return self.days[place].seconds / max(self.shares[place], 1), place

    def _place(self, day: date) -> int:
        return max((day - self.aim.today).days, 0)
