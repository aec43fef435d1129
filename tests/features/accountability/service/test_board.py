"""The leaderboard as the page shows it."""

from studymaster.adapters.database import unit_of_work
from studymaster.features.accountability import service
from studymaster.features.points import service as points
from studymaster.features.points.schemas import LeaderboardRow
from studymaster.jobs import JobName
from tests.conftest import NOON, make_student
from tests.features.points.log import earned, keep, show


async def take_part(student, *, on: bool = True) -> None:
    async with unit_of_work() as work:
        await service.show_on_leaderboard(work, student=student, on=on)


async def refresh() -> None:
    async with unit_of_work() as work:
        await points.refresh_leaderboard(work)


async def test_who_takes_part_stands_on_it_and_who_leaves_is_gone(
    student, other_student, sent
) -> None:
    await keep(earned(student, NOON, 1284))
    await take_part(student)
    assert [job.name for job in sent] == [JobName.REFRESH_LEADERBOARD]
    await refresh()
    board = await service.find_board(student=other_student, now=NOON)
    assert (board.week, board.rows) == (
        "14 Jan to 20 Jan",
        [LeaderboardRow(1, "Mina Aalto", 1284, is_you=False)],
    )
    await take_part(student, on=False)
    assert (await service.find_board(student=other_student, now=NOON)).rows == []


async def test_a_place_below_the_list_stands_under_it(student) -> None:
    for place in range(20):
        other = await make_student(f"Student {place}")
        await show(other)
        await keep(earned(other, NOON, 100 + place))
    await show(student)
    await keep(earned(student, NOON, 3))
    await refresh()
    board = await service.find_board(student=student, now=NOON)
    assert len(board.rows) == 20
    assert board.below == [LeaderboardRow(21, "Mina Aalto", 3, is_you=True)]
