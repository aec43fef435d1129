"""Today's route: what is behind, what is next, and what waits further on."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from studymaster.features.accounts.schemas import Student
from studymaster.features.dashboard import rules
from studymaster.features.dashboard.queries import DoneToday, GroupSession
from studymaster.features.dashboard.schemas import Stop
from studymaster.features.dashboard.service.facts import DueRow, Facts

STOPS_FOR_DEADLINES = 3
STOPS_FOR_GROUPS = 2
FOCUS_MINUTES = 25
PLAN_AHEAD = timedelta(days=7)
STUDY, FOCUS, CAMPUS, DEADLINES = "study", "focus", "campus", "acct"
"""The lines of the map that a stop can be on."""


def stops(facts: Facts, *, student: Student, now: datetime) -> list[Stop]:
    """Return the stops of the day in their order, each with the colour that follows it."""
    found = [
        *_done_stop(facts.done, student=student),
        *_due_stop(facts, today=student.day_of(now)),
        *_focus_stop(facts, now=now),
        *_group_stops(facts.groups, student=student, now=now),
        *_deadline_stops(facts.due_rows, student=student, now=now),
    ]
    following = [*(stop.line for stop in found), ""][1:]
    return [
        replace(stop, next_line=line) for stop, line in zip(found, following, strict=True)
    ]


def _done_stop(done: DoneToday, *, student: Student) -> list[Stop]:
    if done.last_at is None:
        return []
    at = done.last_at.astimezone(ZoneInfo(student.time_zone))
    return [
        Stop(
            title=f"Reviewed {rules.counted(done.cards, 'card')}",
            detail=_course_words(done.courses),
            when=f"done {at:%H:%M}",
            line=STUDY,
            next_line="",
            state="done",
        )
    ]


def _due_stop(facts: Facts, *, today: date) -> list[Stop]:
    totals = facts.totals
    if not totals.total:
        return []
    if totals.due:
        names = [row.course.fullname for row in facts.courses if row.due]
        title = f"Review {rules.counted(totals.due, 'card')}"
        detail, when = f"{_course_words(names)} · {facts.minutes} min", "now"
    else:
        title, when = "All cards reviewed", "done for today"
        detail = _next_words(totals.next_on, today=today)
    state, path = ("now", "/smart-study/review") if totals.due else ("done", "")
    return [Stop(title, detail.removeprefix(" · "), when, STUDY, "", state, path)]


def _focus_stop(facts: Facts, *, now: datetime) -> list[Stop]:
    timer, plan = facts.timer, _focus_plan(facts, now=now)
    if timer.id:
        state = "now" if timer.running else "next"
        when = "running" if timer.running else "paused"
        detail = timer.task or timer.course
        return [Stop("Focus session", detail, when, FOCUS, "", state, "/focus")]
    if facts.focus.by_day and facts.focus.by_day[-1].minutes:
        title = f"Focused {facts.focus.by_day[-1].minutes} min"
        return [Stop(title, "today", "done", FOCUS, "", "done", "/focus")]
    if plan is None:
        return []
    deadline, course = plan
    title, detail = f"Focus {FOCUS_MINUTES} min", f"{course.shortname} · {deadline.title}"
    return [Stop(title, detail, "next", FOCUS, "", "next", "/focus")]


def _focus_plan(facts: Facts, *, now: datetime) -> DueRow | None:
    """Return the nearest deadline of the week, as long as nothing was done for it today."""
    today = facts.focus.by_day[-1].minutes if facts.focus.by_day else 0
    _, ahead = by_lateness(facts.due_rows, now=now)
    near = [row for row in ahead if row[0].due_at < now + PLAN_AHEAD]
    return near[0] if near and not today and not facts.timer.id else None


def _group_stops(
    groups: Sequence[GroupSession], *, student: Student, now: datetime
) -> list[Stop]:
    return [
        Stop(
            title=group.name,
            detail=f"{group.course or 'Group room'} · {rules.counted(group.members, 'member')}",
            when=rules.moment_words(group.at, now=now, time_zone=student.time_zone),
            line=CAMPUS,
            next_line="",
            state="next",
            path=f"/campus/group/{group.id}",
        )
        for group in groups[:STOPS_FOR_GROUPS]
    ]


def _next_words(next_on: date | None, *, today: date) -> str:
    if next_on is None:
        return ""
    days = (next_on - today).days
    return "The next are due tomorrow" if days == 1 else f"The next are due in {days} days"


def _course_words(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{len(names)} courses" if names else ""


def by_lateness(
    rows: Sequence[DueRow], *, now: datetime
) -> tuple[list[DueRow], list[DueRow]]:
    """Return which deadlines have passed, and which are still to come."""
    late = [row for row in rows if row[0].due_at < now]
    return late, [row for row in rows if row[0].due_at >= now]


def _deadline_stops(
    rows: Sequence[DueRow], *, student: Student, now: datetime
) -> list[Stop]:
    _, ahead = by_lateness(rows, now=now)
    return [
        Stop(
            title=deadline.title,
            detail=course.fullname,
            when=rules.moment_words(deadline.due_at, now=now, time_zone=student.time_zone),
            line=DEADLINES,
            next_line="",
            state="next",
        )
        for deadline, course in ahead[:STOPS_FOR_DEADLINES]
    ]
