"""Whole students, put into the database: one with half a year behind them, and their peers."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from random import Random

from benchmarks.filling.accounts import Known, add_account
from benchmarks.filling.campus import add_campus
from benchmarks.filling.cards import add_cards, add_practice
from benchmarks.filling.courses import COURSES, add_courses, add_deadlines, add_materials
from benchmarks.filling.habits import add_habits, add_week
from benchmarks.filling.pen import Pen
from benchmarks.scene import Scene

CARDS = 2_000
DEADLINES = 20
PEERS = 60


def fill_peers(
    scene: Scene, *, now: datetime, seed: int = 1, count: int = PEERS, entries: int = 10
) -> list[Known]:
    """Put students into the database who share courses with everybody."""
    pen = Pen(Random(seed), now)  # noqa: S311 - sample data, no secrets
    # New here: no night of theirs is waiting to be closed.
    peers = [add_account(pen, name, since=now) for name in names(count)]
    for number, peer in enumerate(peers):
        owner = peer.student.account_id
        add_courses(pen, owner, count=1, number=number + 10)
        add_week(pen, owner, entries=entries)
    pen.write(scene.engine)
    return peers


def names(count: int) -> Iterator[str]:
    """Yield names that can be told apart."""
    yield from (f"Student {number + 1}" for number in range(count))


def fill_student(
    scene: Scene, peers: Sequence[Known], *, now: datetime, scale: int = 1
) -> Known:
    """Put a student with half a year behind them into the database.

    With a `scale` of 2 they have twice as much of everything.
    """
    pen = Pen(Random(100 + scale), now)  # noqa: S311 - sample data, no secrets
    known = add_account(pen, f"Mina {scale}")
    owner, mates = known.student.account_id, [one.student.account_id for one in peers]
    courses = add_courses(pen, owner, count=COURSES * scale, number=scale)
    lectures = add_materials(pen, owner, courses)
    cards = add_cards(pen, owner, courses, lectures, count=CARDS * scale)
    add_habits(pen, owner, courses, scale=scale)
    add_deadlines(pen, owner, courses, count=DEADLINES * scale)
    quiz_id = add_practice(pen, owner, lectures[0], scale=scale)
    group_id, code = add_campus(pen, owner, mates, courses=len(courses), scale=scale)
    pen.write(scene.engine)
    return Known(
        known.student,
        known.access,
        course_id=courses[0],
        material_id=lectures[0][0],
        quiz_id=quiz_id,
        group_id=group_id,
        invite_code=code,
        cards=tuple(cards),
    )
