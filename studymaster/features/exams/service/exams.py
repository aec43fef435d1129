"""A student's exams: listed, made, changed, deleted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from studymaster.adapters.database import UnitOfWork
from studymaster.errors import InvalidInputError, NotFoundError
from studymaster.features.accounts.rules import parse_id
from studymaster.features.accounts.schemas import Student
from studymaster.features.courses import service as courses
from studymaster.features.deadlines.service import upcoming
from studymaster.features.exams.queries import exams as queries
from studymaster.features.exams.rules import words
from studymaster.features.exams.schemas import (
    NO_EXAM,
    DeadlineChoice,
    ExamForm,
    ExamItem,
    ExamView,
    ExamWish,
    ScopeChoice,
)
from studymaster.features.exams.service import drawing, planning
from studymaster.features.flashcards.rules.typed import parse_tags
from studymaster.features.flashcards.schemas import NO_DECK, parse_pile_key, pile_key
from studymaster.features.flashcards.service import ahead, decks
from studymaster.models import Deck, Exam

NO_DEADLINE: Final = "That due date is not there any more. Choose another one, or a day."
SOON: Final = timedelta(days=14)


async def list_exams(
    work: UnitOfWork, *, student: Student, now: datetime
) -> list[ExamView]:
    """Return the student's exams as the page shows them: those ahead first."""
    rows = await queries.exams(work.session, student.account_id)
    names = await _scope_names(work, account_id=student.account_id)
    today = student.day_of(now)
    return [drawing.draw(row, names=names, today=today) for row in rows]


async def list_items(
    work: UnitOfWork, *, student: Student, now: datetime
) -> list[ExamItem]:
    """Return the student's exams as programs read them: those ahead first."""
    rows = await queries.exams(work.session, student.account_id)
    return [drawing.item(row, today=student.day_of(now)) for row in rows]


async def get_item(
    work: UnitOfWork, *, student: Student, exam_id: UUID, now: datetime
) -> ExamItem:
    """Return one of the student's exams."""
    row = await queries.exam(work.session, student.account_id, exam_id)
    if row is None:
        raise NotFoundError(NO_EXAM)
    return drawing.item(row, today=student.day_of(now))


async def get_form(
    work: UnitOfWork, *, student: Student, exam_id: UUID | None, now: datetime
) -> ExamForm:
    """Return the fields for a new exam, or for one that is changed."""
    account_id, today = student.account_id, student.day_of(now)
    row = None
    if exam_id is not None:
        row = await queries.exam(work.session, account_id, exam_id)
        if row is None:
            raise NotFoundError(NO_EXAM)
    chosen = set(row.deck_ids) if row else set[UUID]()
    scope = await _scope_choices(work, account_id=account_id, chosen=chosen)
    due = await upcoming.list_upcoming(work, account_id=account_id, now=now)
    deadlines = [
        DeadlineChoice(
            str(one.id), f"{one.course}: {one.title}, {student.day_of(one.due_at):%-d %b}"
        )
        for one in due
    ]
    if row is None:
        day = (today + SOON).isoformat()
        return ExamForm(
            day=day, least_day=today.isoformat(), scope=scope, deadlines=deadlines
        )
    return ExamForm(
        exam_id=str(row.id),
        name=row.name,
        day=row.day.isoformat(),
        least_day=today.isoformat(),
        deadline_id=str(row.deadline_id) if row.follows and row.deadline_id else "",
        tags=", ".join(row.tags),
        retention=row.retention,
        minutes=str(row.minutes) if row.minutes else "",
        scope=scope,
        deadlines=deadlines,
    )


async def make_exam(
    work: UnitOfWork, *, student: Student, wish: ExamWish, now: datetime
) -> ExamItem:
    """Make an exam, and ask for its plan.

    Raises:
        InvalidInputError: something about it cannot be.
        NotFoundError: a course, a deck or a due date is not the student's.
    """
    found = await _read(work, student=student, wish=wish, now=now)
    row = Exam(account_id=student.account_id, created_at=now, **found.fields())
    work.session.add(row)
    planning.request_plan(work, account_id=student.account_id)
    return drawing.item(row, today=student.day_of(now))


async def change_exam(
    work: UnitOfWork, *, student: Student, exam_id: UUID, wish: ExamWish, now: datetime
) -> ExamItem:
    """Change an exam, and ask for its plan; one that was over is ahead again.

    Raises:
        InvalidInputError: something about it cannot be.
        NotFoundError: the exam, a course, a deck or a due date is not the student's.
    """
    row = await queries.exam_for_update(work.session, student.account_id, exam_id)
    if row is None:
        raise NotFoundError(NO_EXAM)
    found = await _read(work, student=student, wish=wish, now=now)
    for name, value in found.fields().items():
        setattr(row, name, value)
    row.revision += 1
    row.planned_on = row.closed_on = None
    planning.request_plan(work, account_id=student.account_id)
    return drawing.item(row, today=student.day_of(now))


async def delete_exam(work: UnitOfWork, *, student: Student, exam_id: UUID) -> None:
    """Delete an exam; its cards come when their decks bring them.

    Raises:
        NotFoundError: the exam is not the student's.
    """
    if not await queries.remove(work.session, student.account_id, exam_id):
        raise NotFoundError(NO_EXAM)
    planning.request_plan(work, account_id=student.account_id)


@dataclass(frozen=True, slots=True)
class _Found:
    """What a wish means."""

    name: str
    day: date
    deadline_id: UUID | None
    due_at: datetime | None
    deck_ids: list[UUID]
    tags: list[str]
    retention: int
    minutes: int

    def fields(self) -> dict[str, Any]:
        """Return the columns of an exam."""
        found = {name: getattr(self, name) for name in self.__slots__}
        return found | {"follows": self.deadline_id is not None}


async def _read(
    work: UnitOfWork, *, student: Student, wish: ExamWish, now: datetime
) -> _Found:
    name = words.parse_name(wish.name)
    retention = words.parse_retention(wish.retention)
    minutes = words.parse_minutes(wish.minutes)
    tags = parse_tags(wish.tags or "")
    today = student.day_of(now)
    due = await _deadline(work, student=student, wish=wish, now=now)
    if due is None:
        day = words.parse_day(wish.day, today=today)
    else:
        day = words.require_ahead(student.day_of(due.due_at), today=today)
    keys = list(wish.scope)
    if not keys and due is not None:
        keys = [pile_key(course_id=due.course_id, deck_id=None)]
    deck_ids = await _deck_ids(work, student=student, keys=keys, now=now)
    return _Found(
        name,
        day,
        due.id if due else None,
        due.due_at if due else None,
        deck_ids,
        tags,
        retention,
        minutes,
    )


async def _deadline(
    work: UnitOfWork, *, student: Student, wish: ExamWish, now: datetime
) -> upcoming.Upcoming | None:
    if not wish.deadline_id:
        return None
    wanted = parse_id(wish.deadline_id, missing=NO_DEADLINE)
    due = await upcoming.list_upcoming(work, account_id=student.account_id, now=now)
    found = next((one for one in due if one.id == wanted), None)
    if found is None:
        raise NotFoundError(NO_DEADLINE)
    return found


async def _deck_ids(
    work: UnitOfWork, *, student: Student, keys: Sequence[object], now: datetime
) -> list[UUID]:
    """Return the decks that keys name; a course without a deck gets one."""
    if not keys:
        raise InvalidInputError(words.NO_SCOPE)
    if len(keys) > words.MOST_SCOPE:
        raise InvalidInputError(words.TOO_MANY)
    account_id = student.account_id
    mine = {one.id for one in await ahead.list_decks(work, account_id=account_id)}
    found: dict[UUID, None] = {}
    for pile in map(parse_pile_key, keys):
        deck_id = pile.deck_id
        if pile.course_id is not None:
            deck_id = await decks.get_or_make_deck(
                work, account_id=account_id, course_id=pile.course_id, now=now
            )
        elif deck_id not in mine:
            raise NotFoundError(NO_DECK)
        if deck_id is not None:
            found[deck_id] = None
    return list(found)


async def _scope_choices(
    work: UnitOfWork, *, account_id: UUID, chosen: Iterable[UUID]
) -> list[ScopeChoice]:
    """Return what an exam can be about: courses, then own decks, each by name."""
    rows = await ahead.list_decks(work, account_id=account_id)
    of_course = {one.course_id: one.id for one in rows if one.course_id}
    marked = set(chosen)
    listed = [
        ScopeChoice(
            pile_key(course_id=course.id, deck_id=None),
            course.shortname,
            of_course.get(UUID(course.id)) in marked,
        )
        for course in await courses.list_courses(work, account_id=account_id)
    ]
    own = sorted(
        (one for one in rows if one.course_id is None), key=lambda one: one.name.casefold()
    )
    return listed + [
        ScopeChoice(
            pile_key(course_id=None, deck_id=one.id),
            _deck_name(one),
            one.id in marked,
        )
        for one in own
    ]


async def _scope_names(work: UnitOfWork, *, account_id: UUID) -> Mapping[UUID, str]:
    """Return what decks are called: those of courses as their course."""
    shortnames = {
        UUID(course.id): course.shortname
        for course in await courses.list_courses(work, account_id=account_id)
    }
    return {
        one.id: shortnames.get(one.course_id) or one.name
        if one.course_id
        else _deck_name(one)
        for one in await ahead.list_decks(work, account_id=account_id)
    }


def _deck_name(deck: Deck) -> str:
    return deck.name.replace("::", " / ")
