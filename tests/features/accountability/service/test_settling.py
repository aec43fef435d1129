"""What the end of a day settles beside points."""

from datetime import timedelta

from sqlmodel import select

from studymaster.adapters.database import unit_of_work
from studymaster.models import Achievement, Notification
from tests.conftest import NOON
from tests.features.accountability.weeks import close, review
from tests.features.points.log import arrive


async def test_a_week_of_reviews_is_an_achievement_when_its_last_day_ends(student) -> None:
    await arrive(student, NOON - timedelta(days=6))
    for days in range(7):
        await review(student, 1, at=NOON - timedelta(days=days))
    await close(student, now=NOON + timedelta(days=1))
    async with unit_of_work() as work:
        rows = (await work.session.exec(select(Achievement))).all()
    assert {row.code for row in rows} == {"review-1", "streak-7"}


async def test_a_used_freeze_is_told(student) -> None:
    await arrive(student, NOON - timedelta(days=7))
    for days in range(1, 8):
        await review(student, 1, at=NOON - timedelta(days=days))
    await close(student, now=NOON + timedelta(days=1))
    async with unit_of_work() as work:
        rows = (await work.session.exec(select(Notification))).all()
    texts = {row.title: row.text for row in rows}
    assert texts["A freeze saved your streak of 7"] == (
        "Wed 16 Jan was idle and cost nothing. 0 freezes left."
    )
