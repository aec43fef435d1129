"""What a student's finished sessions add up to."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from typing import Final, NamedTuple
from uuid import UUID

from studymaster.adapters.cache import Kept, kept
from studymaster.adapters.database import UnitOfWork, unit_of_work
from studymaster.features.accounts.schemas import Student
from studymaster.features.focus import queries
from studymaster.features.focus.rules import statistics as rules
from studymaster.features.focus.schemas import (
    Bar,
    Chart,
    DayMinutes,
    FocusStats,
    FocusWeek,
    TodayView,
)
from studymaster.features.focus.service import settling

NO_COURSE: Final = "No course"


async def week(work: UnitOfWork, *, student: Student, now: datetime) -> FocusWeek:
    """Return the focus since Monday; a session that reached its end is ended first."""
    await settling.settle(work, student=student, now=now)
    today = student.day_of(now)
    first = rules.monday(today)
    rows = await queries.seconds_by_day(work.session, student.account_id, since=first)
    return FocusWeek(
        minutes=rules.minutes(sum(seconds for _, seconds in rows)),
        by_day=tuple(
            DayMinutes(day=day.isoformat(), name=f"{day:%a}", minutes=minutes)
            for day, minutes in rules.by_day(dict(rows), first=first, last=today)
        ),
    )


async def get_stats(*, student: Student, now: datetime) -> FocusStats:
    """Return the figures of the Focus page, kept until a session ends.

    Call it outside of a unit of work: the figures may come from the cache, or open their own.
    """
    today = student.day_of(now)
    async with unit_of_work() as work:
        await settling.settle(work, student=student, now=now)
    return await kept(
        Kept.STATISTICS,
        str(student.account_id),
        f"focus:{today.isoformat()}",
        shape=FocusStats,
        make=partial(_add_up, student.account_id, today),
    )


async def _add_up(account_id: UUID, today: date) -> FocusStats:
    since = rules.first_day(today)
    async with unit_of_work() as work:
        days = await queries.seconds_by_day(work.session, account_id, since=since)
        courses = await queries.seconds_by_course(work.session, account_id, since=since)
        seconds = dict(days)
        return FocusStats(
            today=TodayView(
                minutes=rules.minutes(seconds.get(today, 0)),
                sessions=await queries.sessions_of_day(work.session, account_id, day=today),
                points=await queries.points_of_day(
                    work.session, account_id, day=today, prefix=settling.POINTS_CAUSE
                ),
            ),
            by_day=_days(seconds, today=today),
            by_week=_weeks(seconds, today=today),
            by_course=_courses(courses),
        )


class Figure(NamedTuple):
    """What one bar stands for, and its whole minutes; see `Bar`."""

    key: str
    label: str
    name: str
    minutes: int
    line: int = -1


def _days(seconds: dict[date, int], *, today: date) -> Chart:
    first = today - rules.A_DAY * (rules.DAYS - 1)
    figures = [
        Figure(day.isoformat(), f"{day:%-d}", f"{day:%A, %-d %B}", minutes)
        for day, minutes in rules.by_day(seconds, first=first, last=today)
    ]
    return _chart(figures, span=f"the last {rules.DAYS} days")


def _weeks(seconds: dict[date, int], *, today: date) -> Chart:
    figures = [
        Figure(day.isoformat(), f"{day:%-d %b}", f"the week of {day:%-d %B}", minutes)
        for day, minutes in rules.by_week(seconds, today=today)
    ]
    return _chart(figures, span=f"the last {rules.WEEKS} weeks")


def _courses(rows: Sequence[queries.CourseSeconds]) -> Chart:
    figures = [_course(row) for row in rows]
    return _chart(figures, span=f"the last {rules.WEEKS} weeks")


def _course(row: queries.CourseSeconds) -> Figure:
    course, minutes = row.course, rules.minutes(row.seconds)
    if course is None:
        return Figure("", NO_COURSE, NO_COURSE, minutes)
    key = str(course.moodle_id)
    return Figure(key, course.shortname, course.fullname, minutes, course.line)


def _chart(figures: Sequence[Figure], *, span: str) -> Chart:
    heights = rules.heights([one.minutes for one in figures])
    return Chart(
        sentence=rules.sentence([(one.name, one.minutes) for one in figures], span=span),
        bars=tuple(
            Bar(
                key=one.key,
                label=one.label,
                name=one.name,
                minutes=one.minutes,
                words=rules.duration(one.minutes),
                height=height,
                line=one.line,
            )
            for one, height in zip(figures, heights, strict=True)
        ),
    )
