"""What a student does day by day: focus, notes, and what they are told and given for it."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from benchmarks.filling.pen import DAYS, Pen, words
from studymaster.features.points.rules import monday_of
from studymaster.models import (
    ClosedDay,
    FocusSession,
    FocusState,
    Note,
    NoteKind,
    Notification,
    NotificationKind,
    PointsEntry,
)

FOCUS_SESSIONS = 300
NOTES = 200
NOTIFICATIONS = 120


def add_habits(pen: Pen, owner: UUID, courses: Sequence[UUID], *, scale: int) -> None:
    """Note focus sessions, closed days, notes and notifications."""
    for _ in range(FOCUS_SESSIONS * scale):
        began = pen.ago()
        pen.add(
            FocusSession,
            account_id=owner,
            course_id=pen.dice.choice(courses),
            focus_minutes=25,
            state=FocusState.FINISHED,
            started_at=began,
            created_at=began,
            ended_at=began + timedelta(minutes=25),
            spent=timedelta(minutes=25),
            focused_seconds=1_500,
            day=began.date(),
        )
    for days_ago in range(2, DAYS):
        ended = pen.now - timedelta(days=days_ago - 1)
        pen.add(
            ClosedDay,
            account_id=owner,
            day=pen.day(days_ago),
            ended_at=ended,
            closed_at=ended,
            active=True,
            frozen=False,
            spared=False,
            streak=DAYS - days_ago,
            freezes=2,
            decay=0,
        )
    for number in range(NOTES * scale):
        _add_note(pen, owner, pen.dice.choice(courses), number=number)
    for number in range(NOTIFICATIONS * scale):
        _add_notification(pen, owner, number=number)


def _add_note(pen: Pen, owner: UUID, course_id: UUID, *, number: int) -> None:
    saved = pen.ago()
    pen.add(
        Note,
        account_id=owner,
        course_id=course_id,
        kind=pen.dice.choice(tuple(NoteKind)),
        title=f"Note {number}",
        text=f"# Note {number}\n\n{words(pen.dice, 120)}",
        tags=[f"tag{pen.dice.randint(1, 20)}"],
        created_at=saved,
        updated_at=saved,
    )


def _add_notification(pen: Pen, owner: UUID, *, number: int) -> None:
    told = pen.ago(most_days=60)
    pen.add(
        Notification,
        account_id=owner,
        kind=NotificationKind.SYNC,
        title="New in your courses",
        text=words(pen.dice, 14),
        path="/live-sync",
        cause=f"filling:{number}",
        created_at=told,
        read_at=told if number % 4 else None,
    )


def add_week(pen: Pen, owner: UUID, *, entries: int) -> None:
    """Note points of this week, as the leaderboard counts them."""
    monday = monday_of(pen.day(0))
    for number in range(entries):
        pen.add(
            PointsEntry,
            account_id=owner,
            amount=pen.dice.randint(1, 5),
            cause=f"week:{number}",
            sentence="You reviewed a card and called it good.",
            day=monday,
            created_at=pen.now - timedelta(minutes=number + 1),
        )
