"""How a student stands, kept until their next points."""

from datetime import timedelta

from studymaster.adapters.database import unit_of_work
from studymaster.features.accountability.schemas import Figures
from studymaster.features.points import service as points
from tests.conftest import NOON
from tests.features.accountability.weeks import look, review
from tests.features.points.log import earned, keep


async def test_a_new_student_is_told_how_it_begins(student) -> None:
    view = await look(student)
    assert view.figures == Figures(
        "0",
        0,
        0,
        "empty",
        "You have no points yet, so nothing can fade. A review earns the first.",
    )
    assert len(view.calendar) == 42
    assert [day.state for day in view.calendar].count("open") == 1
    assert {one.reached_on for one in view.achievements} == {""}


async def test_the_figures_tell_what_idling_costs(student) -> None:
    await keep(earned(student, NOON, 1284))
    view = await look(student, now=NOON + timedelta(minutes=1))
    assert (view.figures.points, view.figures.state) == ("1,284", "losing")
    assert "26 of your 1,284 points fade" in view.figures.sentence


async def test_points_end_what_was_kept_and_nothing_else_does(student) -> None:
    await look(student)
    await review(student, 3)
    assert (await look(student)).figures.state == "empty"
    async with unit_of_work() as work:
        await points.award(
            work,
            student=student,
            amount=2,
            cause="review:1",
            sentence="You reviewed a card.",
            now=NOON,
        )
    later = NOON + timedelta(seconds=1)
    figures = (await look(student, now=later)).figures
    assert (figures.points, figures.streak, figures.state) == ("2", 1, "active")


async def test_nobody_sees_the_figures_of_somebody_else(student, other_student) -> None:
    await keep(earned(student, NOON, 100))
    await review(student, 100)
    later = NOON + timedelta(minutes=1)
    mine, theirs = await look(student, now=later), await look(other_student, now=later)
    assert (mine.figures.points, theirs.figures.points) == ("100", "0")
    assert {one.progress for one in theirs.challenges} == {0}
