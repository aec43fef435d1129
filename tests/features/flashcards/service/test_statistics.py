from datetime import date, timedelta

from studymaster.adapters.database import unit_of_work
from studymaster.features.flashcards.rules.sm2 import Grade
from studymaster.features.flashcards.schemas import Answer
from studymaster.features.flashcards.service import cards, review, statistics
from studymaster.models import ReviewLog
from tests.conftest import NOON
from tests.features.flashcards.pile import TODAY, make_card, make_deck, make_own_card
from tests.features.library.shelf import make_lecture


async def log(student, card, grade=Grade.GOOD, *, turn=0, rested=5, ago=0, drill=False):
    row = ReviewLog(
        account_id=student.account_id,
        card_id=card.id,
        turn=turn,
        grade=grade,
        day=TODAY - timedelta(days=ago),
        drill=drill,
        elapsed_ms=4_000,
        easiness_before=250,
        easiness_after=250,
        interval_before=rested,
        interval_after=rested,
        repetitions_before=1,
        repetitions_after=2,
        created_at=NOON,
    )
    async with unit_of_work() as work:
        work.session.add(row)


async def figures_of(student):
    return await statistics.kept_statistics(student=student, now=NOON)


async def test_without_answers_every_figure_says_so(student) -> None:
    figures = await figures_of(student)
    assert (figures.cards, figures.answers, figures.decks) == (0, 0, [])
    assert [one.recent for one in figures.retention] == [-1, -1, -1]
    assert {bar.count for bar in [*figures.forecast, *figures.grades]} == {0}


async def test_retention_looks_at_rested_cards_by_their_age(student) -> None:
    card = await make_card(student, await make_lecture(student))
    await log(student, card, Grade.GOOD, turn=0, rested=0)  # the first look
    await log(student, card, Grade.HARD, turn=1, rested=20)
    await log(student, card, Grade.AGAIN, turn=2, rested=21)
    await log(student, card, Grade.EASY, turn=3, rested=21, drill=True)
    await log(student, card, Grade.GOOD, turn=4, rested=40, ago=60)
    young, mature, both = (await figures_of(student)).retention
    assert (young.recent, young.recent_asked, young.half_year) == (100, 1, 100)
    assert (mature.recent, mature.half_year, mature.half_year_asked) == (0, 50, 2)
    assert (both.recent, both.recent_asked, both.half_year_asked) == (50, 2, 3)


async def test_the_forecast_counts_what_comes_back_and_leaves_out_the_suspended(
    student,
) -> None:
    lecture = await make_lecture(student)
    await make_card(student, lecture, due_in=-4, turn=1)
    await make_card(student, lecture, due_in=6, drill_on=TODAY, turn=1)
    await make_card(student, lecture, due_in=29, turn=1)
    await make_card(student, lecture, due_in=30, turn=1)
    await make_card(student, lecture, suspended_at=NOON)
    figures = await figures_of(student)
    assert [(n, bar.count) for n, bar in enumerate(figures.forecast) if bar.count] == [
        (0, 2),
        (29, 1),
    ]
    assert figures.cards == 5


async def test_decks_are_compared_by_name(student) -> None:
    card = await make_card(student, await make_lecture(student), interval_days=30)
    await make_own_card(student, await make_deck(student, "Art"))
    await log(student, card, Grade.AGAIN)
    await log(student, card, Grade.GOOD, turn=1)
    art, bio = (await figures_of(student)).decks
    assert (art.name, art.cards, art.mature, art.recalled) == ("Art", 1, 0, -1)
    assert (bio.name, bio.line, bio.mature, bio.asked, bio.recalled) == (
        "BIO 101",
        3,
        1,
        2,
        50,
    )


async def test_a_review_makes_the_kept_figures_old_at_once(student) -> None:
    card = await make_card(student, await make_lecture(student))
    assert (await figures_of(student)).answers == 0
    async with unit_of_work() as work:
        await review.grade(
            work, student=student, answer=Answer(card.id, 0, Grade.EASY, 900), now=NOON
        )
    figures = await figures_of(student)
    assert (figures.answers, figures.grades[-1].count) == (1, 1)
    assert figures.heat_sentence == "1 review on 1 day of the last 26 weeks."


async def test_a_deleted_card_leaves_the_decks_but_not_the_answers(student) -> None:
    card = await make_card(student, await make_lecture(student))
    await log(student, card)
    async with unit_of_work() as work:
        await cards.delete(work, account_id=student.account_id, card_ids=[card.id])
    figures = await figures_of(student)
    assert (figures.cards, figures.decks, figures.answers) == (0, [], 1)
    assert figures.retention[2].recent == 100


async def test_another_students_answers_are_not_counted(student, other_student) -> None:
    await log(student, await make_card(student, await make_lecture(student)))
    figures = await figures_of(other_student)
    assert (figures.answers, figures.cards, figures.decks) == (0, 0, [])


async def test_the_figures_belong_to_the_students_day(student) -> None:
    first = await figures_of(student)
    later = await statistics.kept_statistics(student=student, now=NOON + timedelta(days=1))
    assert first.forecast[0].name == f"{date(2030, 1, 16):%a %-d %b}"
    assert later.forecast[0].name == "Thu 17 Jan"
