"""Today's route: what is behind, what is next, and what waits further on."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from math import ceil
from zoneinfo import ZoneInfo

from studymaster.features.accounts.schemas import Student
from studymaster.features.dashboard import rules
from studymaster.features.dashboard.queries import DoneToday, GroupSession
from studymaster.features.dashboard.schemas import Start, Stop
from studymaster.features.dashboard.service.facts import WEEK, Facts
from studymaster.features.deadlines.queries.dates import DueRow
from studymaster.features.deadlines.service.listing import address_of
from studymaster.features.focus.rules import clock
from studymaster.features.focus.rules.clock import Plan
from studymaster.features.focus.schemas import TimerView
from studymaster.features.points.rules import counted
from studymaster.features.sync.rules import LECTURE_PATH, lecture_path

LATER_STOPS = 5
STOPS_FOR_GROUPS = 2
A_MINUTE = timedelta(minutes=1)
REVIEW = "/smart-study/review"
STUDY, FOCUS, CAMPUS, DEADLINES = "study", "focus", "campus", "acct"
"""The lines of the map that a stop can be on."""

TO_DO = (STUDY, FOCUS)
"""What is done in our own rooms, at a time of one's own choice."""


def stops(facts: Facts, *, student: Student, now: datetime) -> list[Stop]:
    """Return the stops of the day in their order, each with the colour that follows it."""
    found = [
        *_first_stop(facts),
        *_review_stops(facts, student=student, now=now),
        *_focus_stop(facts, student=student, now=now),
        *_later_stops(facts, student=student, now=now),
    ]
    following = [*(stop.line for stop in found), ""][1:]
    return [
        replace(stop, next_line=line) for stop, line in zip(found, following, strict=True)
    ]


def start(stops: Sequence[Stop]) -> Start:
    """Return the way to the first of the stops that can be done here and is not done yet."""
    left = [stop for stop in stops if stop.line in TO_DO and stop.state != "done"]
    path = left[0].path if left else ""
    return Start(path, first_cards=path.startswith(LECTURE_PATH))


def minutes_left(facts: Facts, *, now: datetime) -> int:
    """Return the minutes that all stops still hold which are not done."""
    return facts.review_minutes + _focus_left(facts, now=now)


def _first_stop(facts: Facts) -> list[Stop]:
    """Lead who has no cards yet to a lecture to make them from."""
    if facts.lecture is None:
        return []
    return [
        Stop(
            title="Make your first cards",
            detail=f"{facts.lecture.course} · {facts.lecture.name}",
            when="now",
            line=STUDY,
            next_line="",
            state="now",
            path=lecture_path(str(facts.lecture.id)),
        )
    ]


def _review_stops(facts: Facts, *, student: Student, now: datetime) -> list[Stop]:
    done, totals = facts.done, facts.totals
    rest = _next_words(totals.next_on, today=student.day_of(now))
    if totals.due:
        behind = _done_stop(done, _course_words(done.courses), student=student)
        return [*behind, _due_stop(facts)]
    if done.last_at is not None:
        return _done_stop(done, rest or _course_words(done.courses), student=student)
    return [Stop("No cards due", rest, "today", STUDY, "", "done")] if totals.total else []


def _done_stop(done: DoneToday, detail: str, *, student: Student) -> list[Stop]:
    if done.last_at is None:
        return []
    at = done.last_at.astimezone(ZoneInfo(student.time_zone))
    title = f"Reviewed {counted(done.cards, 'card')}"
    return [Stop(title, detail, f"done {at:%H:%M}", STUDY, "", "done")]


def _due_stop(facts: Facts) -> Stop:
    names = [row.course.fullname for row in facts.courses if row.due]
    parts = (_course_words(names), f"{facts.review_minutes} min")
    return Stop(
        title=f"Review {counted(facts.totals.due, 'card')}",
        detail=" · ".join(part for part in parts if part),
        when="now",
        line=STUDY,
        next_line="",
        state="now",
        path=REVIEW,
    )


def _focus_stop(facts: Facts, *, student: Student, now: datetime) -> list[Stop]:
    done, left, plan = _focused(facts), _focus_left(facts, now=now), _focus_plan(facts, now)
    if facts.timer.id:
        return [_going_stop(facts.timer, student=student, now=now)]
    if not left or plan is None:
        title = f"Focused {done} min"
        return [Stop(title, "today", "done", FOCUS, "", "done", "/focus")] if done else []
    detail = f"{plan.course.shortname} · {plan.deadline.title}"
    title = f"Focus {left} min more" if done else f"Focus {left} min"
    when = f"next · {done} min done" if done else "next"
    path = rules.focus_address(course_id=plan.course.id, task=plan.deadline.title)
    return [Stop(title, detail, when, FOCUS, "", "next", path)]


def _going_stop(timer: TimerView, *, student: Student, now: datetime) -> Stop:
    """Return the stop of a session that is going on: what it still holds, or until when."""
    plan, spent = _session(timer)
    end = (now + plan.total - spent).astimezone(ZoneInfo(student.time_zone))
    when = f"running until {end:%H:%M}" if timer.running else "paused"
    state = "now" if timer.running else "next"
    left = ceil((plan.focus * plan.rounds - clock.focused(plan, spent)) / A_MINUTE)
    detail = timer.task or timer.course or f"{left} min left"
    return Stop("Focus session", detail, when, FOCUS, "", state, "/focus")


def _session(timer: TimerView) -> tuple[Plan, timedelta]:
    """Return what the session going on planned, and how much of it is behind."""
    plan = Plan(
        focus=timedelta(milliseconds=timer.focus_ms),
        rest=timedelta(milliseconds=timer.break_ms),
        rounds=timer.rounds,
    )
    return plan, timedelta(milliseconds=timer.spent_ms)


def _focused(facts: Facts) -> int:
    """Return the whole minutes of the focus sessions of today that are over."""
    return facts.focus.by_day[-1].minutes if facts.focus.by_day else 0


def _focus_left(facts: Facts, *, now: datetime) -> int:
    going, still = timedelta(), timedelta()
    if facts.timer.id:
        plan, spent = _session(facts.timer)
        going = clock.focused(plan, spent)
        still = plan.focus * plan.rounds - going
    return rules.focus_left(
        done=_focused(facts),
        going=going // A_MINUTE,
        still=ceil(still / A_MINUTE),
        is_planned=_focus_plan(facts, now) is not None,
    )


def _focus_plan(facts: Facts, now: datetime) -> DueRow | None:
    """Return the nearest deadline of the week: focus is planned for it."""
    near = of_the_week(facts.due_rows, now=now)
    return near[0] if near else None


def _later_stops(facts: Facts, *, student: Student, now: datetime) -> list[Stop]:
    """Return the group sessions and deadlines of the week in the order in which they come."""
    groups = facts.groups[:STOPS_FOR_GROUPS]
    found = [
        *[(one.at, _group_stop(one)) for one in groups],
        *_deadline_stops(
            of_the_week(facts.due_rows, now=now), most=LATER_STOPS - len(groups)
        ),
    ]
    zone = student.time_zone
    return [
        replace(stop, when=rules.moment_words(at, now=now, time_zone=zone))
        for at, stop in sorted(found, key=lambda one: one[0])
    ]


def _group_stop(group: GroupSession) -> Stop:
    return Stop(
        title=group.name,
        detail=f"{group.course or 'Group room'} · {counted(group.members, 'member')}",
        when="",
        line=CAMPUS,
        next_line="",
        state="next",
        path=f"/campus/group/{group.id}",
    )


def _deadline_stops(rows: Sequence[DueRow], *, most: int) -> list[tuple[datetime, Stop]]:
    """Return a stop per deadline; of more than `most`, the last is for all that are left."""
    alone = rows if len(rows) <= most else rows[: most - 1]
    found = [(row.deadline.due_at, _deadline_stop(row)) for row in alone]
    rest = rows[len(alone) :]
    if rest:
        found.append((rest[0].deadline.due_at, _rest_stop(rest)))
    return found


def _rest_stop(rows: Sequence[DueRow]) -> Stop:
    return Stop(
        title=f"{len(rows)} more deadlines",
        detail=" · ".join(row.deadline.title for row in rows),
        when="",
        line=DEADLINES,
        next_line="",
        state="next",
    )


def _deadline_stop(row: DueRow) -> Stop:
    return Stop(
        title=row.deadline.title,
        detail=row.course.fullname,
        when="",
        line=DEADLINES,
        next_line="",
        state="next",
        address=address_of(row),
    )


def _next_words(next_on: date | None, *, today: date) -> str:
    if next_on is None:
        return ""
    days = (next_on - today).days
    return "The next are due tomorrow" if days == 1 else f"The next are due in {days} days"


def _course_words(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{len(names)} courses" if names else ""


def of_the_week(rows: Sequence[DueRow], *, now: datetime) -> list[DueRow]:
    """Return the deadlines of the next seven days, the nearest first."""
    _, ahead = by_lateness(rows, now=now)
    return [row for row in ahead if row.deadline.due_at < now + WEEK]


def by_lateness(
    rows: Sequence[DueRow], *, now: datetime
) -> tuple[list[DueRow], list[DueRow]]:
    """Return which deadlines have passed, and which are still to come."""
    late = [row for row in rows if row.deadline.due_at < now]
    return late, [row for row in rows if row.deadline.due_at >= now]
