"""The ledger as the page lists it."""

from datetime import timedelta

from studymaster.adapters.database import unit_of_work
from studymaster.features.accountability import service
from tests.conftest import NOON
from tests.features.points.log import earned, keep


async def test_each_day_has_one_heading(student, other_student) -> None:
    day = timedelta(days=1)
    await keep(earned(student, NOON, 2), earned(student, NOON - day, -26))
    await keep(earned(student, NOON - day - timedelta(hours=1), 1200))
    await keep(earned(other_student, NOON, 7))
    async with unit_of_work() as work:
        entries, more = await service.list_entries(
            work, account_id=student.account_id, shown=30
        )
    assert [(row.heading, row.amount, row.gain) for row in entries] == [
        ("Wed 16 Jan 2030", "+2", True),
        ("Tue 15 Jan 2030", "-26", False),
        ("", "+1,200", True),
    ]
    assert more is False


async def test_the_list_grows_thirty_lines_at_a_time(student) -> None:
    await keep(*(earned(student, NOON - timedelta(minutes=n), n) for n in range(95)))
    seen = []
    for shown in (1, 30, 60, 95, 500):
        async with unit_of_work() as work:
            entries, more = await service.list_entries(
                work, account_id=student.account_id, shown=shown
            )
        seen.append((len(entries), more))
    assert seen == [(30, True), (30, True), (60, True), (95, False), (95, False)]
