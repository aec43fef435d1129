"""How a student stands, kept until their next points."""

from datetime import timedelta

from studymaster.adapters.database import unit_of_work
from studymaster.features.accountability import service
from studymaster.features.accountability.schemas import Figures
from studymaster.features.points import service as points
from tests.conftest import NOON
from tests.features.accountability.weeks import look, review
from tests.features.points.log import answers, earned, keep
from tests.statements import asked


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


async def test_the_calendar_names_each_month_where_it_begins(student) -> None:
    view = await look(student)
    named = [(day.month, day.number) for day in view.calendar if day.month]
    assert named == [("Dec", 10), ("Jan", 1)]


async def test_the_figures_tell_what_idling_costs(student) -> None:
    await keep(earned(student, NOON, 1284))
    view = await look(student, now=NOON + timedelta(minutes=1))
    assert (view.figures.points, view.figures.state) == ("1,284", "losing")
    assert "26 of your 1,284 points fade" in view.figures.sentence


async def test_points_end_what_was_kept_and_nothing_else_does(student) -> None:
    await look(student)
    async with unit_of_work() as work:
        work.session.add_all(answers(student, NOON, count=3))
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


async def test_the_days_since_the_last_closed_one_are_looked_at_once(student) -> None:
    await keep(earned(student, NOON, 1284))
    with asked() as statements:
        await look(student, now=NOON + timedelta(minutes=1))
    assert len([one for one in statements if "unnest" in one]) == 1


async def test_a_challenge_that_is_done_by_now_counts_in_the_same_look(student) -> None:
    async with unit_of_work() as work:
        await service.join_challenge(work, student=student, code="reviews-100", now=NOON)
    await review(student, 100)
    view = await look(student, now=NOON + timedelta(minutes=1))
    (done,) = [one for one in view.challenges if one.done]
    assert (view.figures.points, view.figures.streak) == (str(done.points), 1)


async def test_nobody_sees_the_figures_of_somebody_else(student, other_student) -> None:
    await keep(earned(student, NOON, 100))
    await review(student, 100)
    later = NOON + timedelta(minutes=1)
    mine, theirs = await look(student, now=later), await look(other_student, now=later)
    assert (mine.figures.points, theirs.figures.points) == ("100", "0")
    assert {one.progress for one in theirs.challenges} == {0}
