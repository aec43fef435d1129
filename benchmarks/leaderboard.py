"""Points at 10,000 students: the week's leaderboard, and the end of everybody's day."""

import inspect
from datetime import datetime
from random import Random

from sqlalchemy import text

from benchmarks.filling import Known, Pen, add_account, add_week
from benchmarks.measure import MS, time_in_turns, time_once, time_rounds
from benchmarks.report import Report
from benchmarks.scene import Scene
from studymaster.adapters import cache
from studymaster.adapters.cache import WHOLE_BOARD, Kept
from studymaster.adapters.database import get_engine, unit_of_work
from studymaster.features.points import service as points
from studymaster.features.points.rules import ONE_DAY, monday_of
from studymaster.features.points.service.days import Clock
from workers import points as work_on_points

STUDENTS = 10_000
BEHIND = 2_500
"""Students with a day to close; all of them would take longer than everything else here."""

ENTRIES = 30
TITLE = f"Leaderboard: {STUDENTS:,} students, {ENTRIES} entries each this week"
REFRESHES = 5
READS = 60
PLACES = 20

# Written by PostgreSQL itself: every student is on the leaderboard, has points of this
# week; the first ones have a day that is over but not closed, and half of these answered a
# card on it.
FILLING = (
    """
    INSERT INTO account (id, created_at, display_name, time_zone, day_start_hour, theme)
    SELECT md5('account' || n)::uuid, :now - interval '30 days', 'Student ' || n, 'UTC', 4,
           'system'
    FROM generate_series(1, :students) n
    """,
    """
    INSERT INTO preferences (account_id, on_leaderboard, open_to_buddies, sync_enabled,
                             propose_after_sync, notify_sync, notify_cards, notify_focus,
                             notify_campus, notify_points, notify_by_email,
                             grade_insight, ai_address, ai_model, ai_sealed_key)
    SELECT md5('account' || n)::uuid, true, true, true, true, true, true, true, true, true,
           false, false, '', '', ''
    FROM generate_series(1, :students) n
    """,
    """
    INSERT INTO pointsentry (id, created_at, account_id, amount, cause, sentence, day)
    SELECT md5(n || ':' || e)::uuid, :now - e * interval '1 minute',
           md5('account' || n)::uuid, 1 + (n * 7 + e * 3) % 5, 'review:' || e,
           'You reviewed a card and called it good.',
           greatest(:monday, :today - e % 7)
    FROM generate_series(1, :students) n, generate_series(1, :entries) e
    """,
    """
    INSERT INTO closedday (account_id, day, ended_at, closed_at, active, frozen, spared,
                           streak, freezes, decay)
    SELECT md5('account' || n)::uuid, CASE WHEN n > :behind THEN :last ELSE :last - 1 END,
           :last_began, :last_began,
           true, false, false, 3, 0, 0
    FROM generate_series(1, :students) n
    """,
    """
    INSERT INTO reviewlog (id, created_at, account_id, card_id, turn, grade, day, drill,
                           elapsed_ms, easiness_before, easiness_after, interval_before,
                           interval_after, repetitions_before, repetitions_after)
    SELECT md5('log' || n)::uuid, :last_began + interval '1 hour',
           md5('account' || n)::uuid, md5('card' || n)::uuid, 0, 4, :last, false,
           6000, 250, 250, 0, 1, 0, 1
    FROM generate_series(1, :behind, 2) n
    """,
)


class NotClosedError(Exception):
    """The nightly job left days open."""


async def measure(scene: Scene, now: datetime) -> Report:
    """Measure the view, reads with and without what is kept, and the nightly job."""
    report = Report(TITLE)
    you = _fill(scene, now)
    await _refresh()
    refreshes = await time_rounds(_refresh, rounds=REFRESHES, warm_up=0)
    report.add("refresh of the view", refreshes.figures())

    async def read() -> None:
        found = await points.find_leaderboard(student=you.student, now=now, limit=PLACES)
        assert len(found.rows) == PLACES

    async def read_anew() -> None:
        await cache.outdate([(Kept.LEADERBOARD, WHOLE_BOARD)])
        await read()

    both = await time_in_turns(read_anew, read, rounds=READS)
    report.add("read, not kept", both.first.figures())
    report.add("read, kept", both.second.figures() | {"not kept / kept": both.ratio})
    report.add(f"close a day of {BEHIND:,} students", await _close(scene))
    await get_engine().dispose()
    return report


def _fill(scene: Scene, now: datetime) -> Known:
    """Put the students into the database, and one more whose tab asks."""
    clock_of_all = Clock("UTC", 4)
    today, last = clock_of_all.day_of(now), clock_of_all.last_over(now)
    last_began = clock_of_all.end_of(last - ONE_DAY)
    values = {
        "students": STUDENTS,
        "entries": ENTRIES,
        "behind": BEHIND,
        "now": now,
        "today": today,
        "monday": monday_of(today),
        "last": last,
        "last_began": last_began,
    }
    with scene.engine.begin() as connection:
        for statement in FILLING:
            connection.execute(text(statement), values)
    you = _add_asker(scene, now)
    scene.look_over()
    return you


def _add_asker(scene: Scene, now: datetime) -> Known:
    pen = Pen(Random(1), now)  # noqa: S311 - sample data, no secrets
    you = add_account(pen, "Mina", since=now)
    add_week(pen, you.student.account_id, entries=ENTRIES)
    pen.write(scene.engine)
    return you


async def _refresh() -> None:
    async with unit_of_work() as work:
        await points.refresh_leaderboard(work)


async def _close(scene: Scene) -> dict[str, float]:
    """Close one day of each student who has one to close, as the nightly job does.

    Raises:
        NotClosedError: some were left open.
    """
    before = _closed_days(scene)
    job = inspect.unwrap(work_on_points.close_days.run)  # pyright: ignore[reportFunctionMemberAccess] - a Celery task
    ms = await time_once(job)
    closed = _closed_days(scene) - before
    if closed != BEHIND:
        msg = f"{closed} days were closed instead of {BEHIND}."
        raise NotClosedError(msg)
    return {
        "seconds": ms / MS,
        "students per second": BEHIND * MS / ms,
        "ms per student": ms / BEHIND,
    }


def _closed_days(scene: Scene) -> int:
    with scene.engine.connect() as connection:
        counted = connection.scalar(text("SELECT count(*) FROM closedday"))
    return int(counted or 0)
