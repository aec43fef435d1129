import random
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from studymaster.adapters.database import unit_of_work
from studymaster.features.flashcards.rules.sm2 import Grade
from studymaster.features.flashcards.rules.spreads import Span
from studymaster.features.flashcards.schemas import EVERYTHING, Answer, Pile
from studymaster.features.flashcards.service import bulk, review, statistics
from studymaster.features.flashcards.service.bulk import Chosen
from studymaster.models import ReviewLog
from tests.conftest import NOON, make_student
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


async def figures_of(student, *, span=Span.QUARTER, pile=EVERYTHING):
    return await statistics.kept_statistics(student=student, now=NOON, span=span, pile=pile)


def chart(figures, key: str):
    return next(one for one in figures.charts if one.key == key)


def counts(figures, key: str) -> dict[str, int]:
    return {bar.name: bar.count for bar in chart(figures, key).bars if bar.count}


async def test_without_answers_every_figure_says_so(student) -> None:
    figures = await figures_of(student)
    assert (figures.cards, figures.answers, figures.decks) == (0, 0, [])
    assert {one.every for one in figures.retention} == {-1}
    assert figures.today_sentence == "Nothing answered yet today."
    assert [one.key for one in figures.charts] == ["forecast", "buttons", "hours", "added"]
    assert {bar.count for one in figures.charts for bar in one.bars} == {0}


async def test_retention_looks_at_rested_cards_by_their_age_and_time(student) -> None:
    card = await make_card(student, await make_lecture(student))
    await log(student, card, Grade.GOOD, turn=0, rested=0)  # the first look
    await log(student, card, Grade.HARD, turn=1, rested=20)
    await log(student, card, Grade.AGAIN, turn=2, rested=21)
    await log(student, card, Grade.EASY, turn=3, rested=21, drill=True)
    await log(student, card, Grade.GOOD, turn=4, rested=40, ago=60)
    await log(student, card, Grade.GOOD, turn=5, rested=40, ago=1)
    figures = await figures_of(student)
    found = {one.name: one for one in figures.retention}
    assert list(found) == ["Today", "Yesterday", "7 days", "30 days", "A year"]
    today, year = found["Today"], found["A year"]
    assert (today.young, today.young_asked, today.mature, today.every) == (100, 1, 0, 50)
    assert (found["Yesterday"].mature, found["Yesterday"].young) == (100, -1)
    assert (year.mature, year.mature_asked, year.every_asked) == (67, 3, 4)
    assert "67% of 3 answers" in figures.retention_sentence


async def test_the_forecast_counts_what_comes_back_and_leaves_out_the_suspended(
    student,
) -> None:
    lecture = await make_lecture(student)
    await make_card(student, lecture, due_in=-4, turn=1)
    await make_card(student, lecture, due_in=6, drill_on=TODAY, turn=1)
    await make_card(student, lecture, due_in=29, turn=1)
    await make_card(student, lecture, due_in=30, turn=1)
    await make_card(student, lecture)
    await make_card(student, lecture, suspended_at=NOON, turn=1)
    figures = await figures_of(student, span=Span.MONTH)
    assert counts(figures, "forecast") == {"Wed 16 Jan": 2, "Thu 14 Feb": 1}
    forecast = chart(figures, "forecast")
    assert [bar.more for bar in forecast.bars[:2]] == [["1"], ["0"]]
    assert "1 card of today are late" in forecast.sentence
    assert figures.cards == 6
    year = await figures_of(student, span=Span.YEAR)
    assert counts(year, "forecast") == {
        "16 Jan to 12 Feb 2030": 2,
        "13 Feb to 12 Mar 2030": 2,
    }


async def test_cards_are_spread_by_what_their_schedulers_know(student) -> None:
    deck = await make_deck(student, "Latin")
    fsrs = {"turn": 1, "difficulty": 8.5, "reviewed_on": TODAY}
    await make_own_card(student, deck)
    await make_own_card(student, deck, turn=1, interval_days=1, easiness=130)
    await make_own_card(student, deck, turn=1, interval_days=20, easiness=250)
    await make_own_card(student, deck, interval_days=21, stability=20.9, **fsrs)
    await make_own_card(student, deck, interval_days=400, stability=400.0, **fsrs)
    figures = await figures_of(student)
    assert counts(figures, "interval") == {
        "1 day": 1,
        "15 to 20 days": 1,
        "21 to 30 days": 1,
        "a year or more": 1,
    }
    assert counts(figures, "stability") == {"15 to 20 days": 1, "a year or more": 1}
    assert counts(figures, "difficulty") == {"8 to 9": 2}
    assert counts(figures, "ease") == {"below 1.5": 1, "2.5 to 2.7": 1}
    assert chart(figures, "ease").sentence.startswith("Of 2 cards by SM-2 1 have an ease")
    assert chart(figures, "interval").sentence.startswith("4 cards rest a day or longer")
    assert figures.decks[0].load == pytest.approx(1 + 1 / 20 + 1 / 21 + 1 / 400, abs=0.06)


async def test_one_deck_is_counted_alone_with_what_lies_in_it(student) -> None:
    outer = await make_deck(student, "Latin")
    inner = await make_deck(student, "Latin::Verbs")
    other = await make_deck(student, "Art")
    for deck in (outer, inner, other):
        await log(student, await make_own_card(student, deck))
    figures = await figures_of(student, pile=Pile(deck_id=outer))
    assert (figures.answers, figures.cards) == (2, 2)
    assert [one.name for one in figures.decks] == ["Latin", "Latin::Verbs"]
    assert sum(counts(figures, "added").values()) == 2


async def test_hours_and_days_are_those_of_the_student() -> None:
    student = await make_student("Ada", time_zone="Asia/Kathmandu")
    card = await make_own_card(student, await make_deck(student, "Latin"))
    await log(student, card)
    figures = await figures_of(student)
    assert counts(figures, "hours") == {"17:00": 1}


async def test_figures_are_those_of_a_plain_recount(student) -> None:
    dice = random.Random(7)
    decks = [await make_deck(student, name) for name in ("Latin", "Art")]
    rows = [await add_random_card(student, dice.choice(decks), dice) for _ in range(60)]
    lines = [line for card in rows for line in await add_random_lines(student, card, dice)]
    for span, days in ((Span.MONTH, 30), (Span.QUARTER, 91), (Span.YEAR, 364)):
        for pile in (EVERYTHING, Pile(deck_id=decks[0])):
            figures = await figures_of(student, span=span, pile=pile)
            mine = {one.id for one in rows if pile == EVERYTHING or one.deck_id == decks[0]}
            told = [one for one in lines if one.card_id in mine]
            within = [one for one in told if (TODAY - one.day).days < days]
            assert sum(counts(figures, "buttons").values()) == len(within)
            assert sum(counts(figures, "hours").values()) == len(within)
            hours = counts(figures, "hours")
            assert hours.get("9:00", 0) == sum(one.created_at.hour == 9 for one in within)
            young = [
                one for one in within if 0 < one.interval_before < 21 and not one.drill
            ]
            assert counts(figures, "buttons").get("Young, good", 0) == sum(
                one.grade == Grade.GOOD for one in young
            )
            month = [one for one in told if (TODAY - one.day).days < 30]
            rested = [one for one in month if one.interval_before and not one.drill]
            period = next(one for one in figures.retention if one.name == "30 days")
            assert period.every_asked == len(rested)
            cards = [one for one in rows if one.id in mine and one.interval_days]
            assert sum(counts(figures, "interval").values()) == len(cards)
            due = [one for one in cards if (one.due_on - TODAY).days < days]
            assert sum(counts(figures, "forecast").values()) == len(due)


async def add_random_card(student, deck: UUID, dice: random.Random):
    interval = dice.choice([0, 1, 5, 20, 21, 300])
    return await make_own_card(
        student,
        deck,
        turn=9,
        interval_days=interval,
        due_on=TODAY + timedelta(days=dice.randint(-30, 200)),
        easiness=dice.randint(130, 320),
    )


async def add_random_lines(student, card, dice: random.Random) -> list[ReviewLog]:
    rows = []
    for turn in range(dice.randint(0, 8)):
        day = TODAY - timedelta(days=dice.randint(0, 363))
        rows.append(
            ReviewLog(
                account_id=student.account_id,
                card_id=card.id,
                turn=turn,
                grade=dice.choice(list(Grade)),
                day=day,
                drill=dice.random() < 0.2,
                elapsed_ms=dice.randint(0, 90_000),
                easiness_before=250,
                easiness_after=250,
                interval_before=dice.choice([0, 1, 20, 21, 90]),
                interval_after=3,
                repetitions_before=1,
                repetitions_after=2,
                created_at=datetime.combine(day, NOON.time(), tzinfo=UTC)
                + timedelta(hours=dice.randint(-6, 6)),
            )
        )
    async with unit_of_work() as work:
        work.session.add_all(rows)
    return rows


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
    assert (figures.answers, counts(figures, "buttons")) == (1, {"New, easy": 1})
    assert figures.heat_sentence == "1 review on 1 day of the last year."


async def test_a_deleted_card_leaves_the_decks_but_not_the_answers(student) -> None:
    card = await make_card(student, await make_lecture(student))
    await log(student, card)
    async with unit_of_work() as work:
        await bulk.delete(work, student=student, chosen=Chosen([card.id]), now=NOON)
    figures = await figures_of(student)
    assert (figures.cards, figures.decks, figures.answers) == (0, [], 1)
    assert figures.retention[-1].every == 100


async def test_another_students_answers_are_not_counted(student, other_student) -> None:
    await log(student, await make_card(student, await make_lecture(student)))
    figures = await figures_of(other_student)
    assert (figures.answers, figures.cards, figures.decks) == (0, 0, [])


async def test_the_figures_belong_to_the_students_day(student) -> None:
    first = await figures_of(student, span=Span.MONTH)
    later = await statistics.kept_statistics(
        student=student, now=NOON + timedelta(days=1), span=Span.MONTH
    )
    names = [chart(one, "forecast").bars[0].name for one in (first, later)]
    assert names == [f"{date(2030, 1, 16):%a %-d %b}", "Thu 17 Jan"]
