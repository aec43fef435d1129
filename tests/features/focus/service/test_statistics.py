from datetime import timedelta

from alembic import command
from alembic.config import Config

from studymaster.adapters.database import unit_of_work
from studymaster.features.accountability.rules import Measure
from studymaster.features.accountability.service.counting import tally
from studymaster.features.focus import service as focus
from studymaster.features.focus.service import statistics
from studymaster.features.points import service as points
from studymaster.models import FocusState
from tests.conftest import NOON, ROOT, make_student
from tests.features.focus.desk import after, finished, row_of, start, step
from tests.features.library.shelf import make_course

DAY = timedelta(days=1)


async def stats(student, now=NOON):
    return await statistics.get_stats(student=student, now=now)


async def week(student, now=NOON):
    async with unit_of_work() as work:
        return await focus.week(work, student=student, now=now)


async def test_before_the_first_session_there_is_nothing(student) -> None:
    shown = await stats(student)
    assert (shown.today.minutes, shown.today.sessions, shown.today.points) == (0, 0, 0)
    assert shown.by_day.sentence == "No focus in the last 14 days."
    assert (len(shown.by_day.bars), len(shown.by_week.bars)) == (14, 8)
    assert shown.by_course.bars == ()


async def test_every_figure_comes_from_finished_sessions(student, other_student) -> None:
    course = await make_course(student)
    await finished(student, minutes=50, course_id=course.id)
    await finished(student, minutes=25, at=NOON - 2 * DAY)
    await finished(student, minutes=40, at=NOON - 60 * DAY)
    await finished(student, minutes=30, state=FocusState.ABANDONED, focused_seconds=0)
    await finished(other_student, minutes=99)
    shown = await stats(student)
    assert (shown.today.minutes, shown.today.sessions) == (50, 1)
    assert [bar.minutes for bar in shown.by_day.bars][-3:] == [25, 0, 50]
    assert sum(bar.minutes for bar in shown.by_week.bars) == 75
    assert [(bar.key, bar.minutes, bar.line) for bar in shown.by_course.bars] == [
        (str(course.moodle_id), 50, course.line),
        ("", 25, -1),
    ]
    assert [bar.label for bar in shown.by_course.bars] == [course.shortname, "No course"]
    assert shown.by_day.bars[-1].key == "2030-01-16"
    assert shown.by_day.sentence == (
        "1 h 15 min of focus in the last 14 days; most on Wednesday, 16 January (50 min)."
    )


async def test_a_session_that_ends_makes_kept_figures_new(student) -> None:
    assert (await stats(student)).today.minutes == 0
    session_id = await start(student)
    await step("finish", student, session_id, after(10))
    today = (await stats(student, after(10))).today
    assert (today.minutes, today.sessions, today.points) == (10, 1, 2)


async def test_looking_at_the_figures_ends_what_has_reached_its_end(student) -> None:
    await start(student)
    assert (await stats(student, after(25))).today.minutes == 25
    await start(student, now=after(30))
    assert (await week(student, after(60))).minutes == 50


async def test_the_week_begins_on_monday_and_ends_today(student) -> None:
    for days, minutes in ((0, 25), (2, 50), (3, 90)):
        await finished(student, minutes=minutes, at=NOON - days * DAY)
    shown = await week(student)
    assert shown.minutes == 75
    assert [(day.name, day.minutes) for day in shown.by_day] == [
        ("Mon", 50),
        ("Tue", 0),
        ("Wed", 25),
    ]
    assert shown.by_day[0].day == "2030-01-14"


async def test_the_night_belongs_to_the_day_before_also_when_clocks_change(
    empty_database,
) -> None:
    berlin = await make_student("Mina", time_zone="Europe/Berlin")
    # 01:59 UTC is 03:59 by the new summer time: the day of 30 March has a minute left.
    night = NOON.replace(month=3, day=31, hour=1, minute=59)
    await finished(berlin, minutes=10, at=night)
    await finished(berlin, minutes=20, at=night + timedelta(minutes=1))
    shown = await stats(berlin, night + timedelta(hours=1))
    assert [bar.minutes for bar in shown.by_day.bars][-2:] == [10, 20]


async def test_a_session_too_short_for_points_makes_kept_figures_new(student) -> None:
    assert (await stats(student)).today.sessions == 0
    session_id = await start(student)
    await step("finish", student, session_id, after(4))
    today = (await stats(student, after(4))).today
    assert (today.minutes, today.sessions, today.points) == (4, 1, 0)


async def test_what_is_too_short_to_count_is_in_no_figure(student) -> None:
    for minute in range(3):
        session_id = await start(student, now=after(minute))
        await step("finish", student, session_id, after(minute, seconds=50))
    shown = await stats(student, after(5))
    assert (shown.today.minutes, shown.today.sessions, shown.today.points) == (0, 0, 0)
    assert shown.by_day.sentence == "No focus in the last 14 days."
    assert shown.by_course.bars == ()


async def test_what_was_too_short_before_that_rule_counts_nowhere_either(student) -> None:
    short = [await finished(student, minutes=1, focused_seconds=59) for _ in range(6)]
    long = await finished(student, minutes=1, focused_seconds=60)
    migrations = Config(toml_file=ROOT / "pyproject.toml")
    command.downgrade(migrations, "0007")
    command.upgrade(migrations, "head")
    assert [(await row_of(one.id)).focused_seconds for one in short] == [0] * 6
    shown = await stats(student)
    assert (shown.today.minutes, shown.today.sessions) == (1, 1)
    assert [bar.minutes for bar in shown.by_course.bars] == [1]
    today = student.day_of(NOON)
    async with unit_of_work() as work:
        counts = await tally(work, account_id=student.account_id, since=today, until=today)
    assert counts[Measure.FOCUS_MINUTES] == 1
    assert (await row_of(long.id)).focused_seconds == 60


async def test_points_belong_to_the_day_of_the_session_that_brought_them(
    student,
) -> None:
    # The student's day begins at 04:00: this session ends twenty minutes into the next.
    begun = NOON.replace(hour=3, minute=50)
    await start(student, focus=30, now=begun)
    late = begun + timedelta(minutes=31)
    today = (await stats(student, late)).today
    assert (today.minutes, today.sessions, today.points) == (0, 0, 0)
    yesterday = (await stats(student, begun)).today
    assert (yesterday.minutes, yesterday.sessions, yesterday.points) == (30, 1, 6)


async def test_anothers_points_and_points_for_cards_are_not_counted(
    student, other_student
) -> None:
    for one in (student, other_student):
        session_id = await start(one)
        await step("finish", one, session_id, after(10))
    async with unit_of_work() as work:
        await points.award(
            work, student=student, amount=9, cause="card:1", sentence="A card.", now=NOON
        )
    assert (await stats(student, after(10))).today.points == 2
