from asyncio import gather
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from studymaster.adapters.database import unit_of_work
from studymaster.errors import ConflictError, NotFoundError
from studymaster.features.flashcards.rules.sm2 import Grade
from studymaster.features.flashcards.schemas import EVERYTHING, Answer, DayReport, Pile
from studymaster.features.flashcards.service import bulk, review
from studymaster.features.flashcards.service.bulk import Chosen
from studymaster.features.points import service as points
from studymaster.models import Card, Material, PointsEntry, ReviewLog
from studymaster.paging import Window
from tests.conftest import NOON
from tests.features.flashcards.pile import TODAY, make_card, make_deck, make_own_card
from tests.features.library.shelf import make_blob, make_course, make_lecture, make_material


async def grade(student, card, value=Grade.GOOD, *, turn=0, now=NOON, elapsed_ms=4_000):
    answer = Answer(card.id, turn, value, elapsed_ms)
    async with unit_of_work() as work:
        return await review.grade(work, student=student, answer=answer, now=now)


async def report(student, pile) -> DayReport:
    async with unit_of_work() as work:
        return await review.get_report(work, student=student, pile=pile, now=NOON)


async def table(student, *, course_id=None, now=NOON):
    async with unit_of_work() as work:
        return await review.get_table(
            work, student=student, pile=Pile(course_id), now=now, window=Window()
        )


async def rows_of(kind):
    async with unit_of_work() as work:
        return (await work.session.exec(select(kind))).all()


class TestQueue:
    async def test_due_cards_come_oldest_first_then_new_then_those_to_drill(
        self, student
    ) -> None:
        lecture = await make_lecture(student)
        seen = {"turn": 1, "last_reviewed_at": NOON}
        await make_card(student, lecture, front="new")
        await make_card(student, lecture, front="due today", **seen)
        await make_card(student, lecture, front="due last week", due_in=-7, **seen)
        await make_card(student, lecture, front="drill 2", due_in=1, drill_on=TODAY, **seen)
        early = seen | {"last_reviewed_at": NOON - timedelta(minutes=5)}
        await make_card(
            student, lecture, front="drill 1", due_in=1, drill_on=TODAY, **early
        )
        await make_card(student, lecture, front="resting", due_in=1, **seen)
        found = await table(student)
        assert [card.front for card in found.cards] == [
            "due last week",
            "due today",
            "new",
            "drill 1",
            "drill 2",
        ]
        counts = found.counts
        assert (counts.new, counts.learning, counts.due, counts.left) == (1, 2, 2, 5)
        assert found.total == 6

    async def test_a_drill_of_yesterday_is_void(self, student) -> None:
        lecture = await make_lecture(student)
        yesterday = TODAY - timedelta(days=1)
        await make_card(student, lecture, due_in=0, turn=1, drill_on=yesterday)
        await make_card(student, lecture, due_in=3, turn=1, drill_on=yesterday)
        (card,) = (await table(student)).cards
        assert card.stage == "due"

    async def test_one_course_shows_only_its_own(self, student) -> None:
        biology = await make_lecture(student)
        history = await make_lecture(
            student, course=await make_course(student, shortname="HIS 1")
        )
        await make_card(student, biology, front="cell")
        await make_card(student, history, front="treaty")
        found = await table(student, course_id=history.course_id)
        assert [card.front for card in found.cards] == ["treaty"]
        assert (found.counts.left, found.total) == (1, 1)

    async def test_another_students_table_is_empty(self, student, other_student) -> None:
        lecture = await make_lecture(student)
        await make_card(student, lecture)
        found = await table(other_student, course_id=lecture.course_id)
        assert (found.cards, found.counts.left, found.total) == ([], 0, 0)

    async def test_the_students_day_starts_at_four_in_the_morning(self, student) -> None:
        await make_card(student, await make_lecture(student), due_in=1, turn=1)
        midnight = NOON + timedelta(hours=12)
        assert (await table(student, now=midnight + timedelta(hours=3))).cards == []
        assert len((await table(student, now=midnight + timedelta(hours=4))).cards) == 1

    async def test_the_buttons_say_when_the_card_comes_back(self, student) -> None:
        lecture = await make_lecture(student)
        await make_card(student, lecture, turn=2, repetitions=2, interval_days=6)
        (card,) = (await table(student)).cards
        assert card.intervals == ["today, then 1 d", "today, then 15 d", "15 d", "16 d"]

    async def test_twelve_seconds_a_card_are_assumed_before_the_first(
        self, student
    ) -> None:
        lecture = await make_lecture(student)
        for _ in range(6):
            await make_card(student, lecture)
        assert (await table(student)).minutes_left == 2

    async def test_then_the_students_own_middle_pace_counts(self, student) -> None:
        lecture = await make_lecture(student)
        cards = [await make_card(student, lecture) for _ in range(6)]
        for card, seconds in zip(cards, (2, 30, 60), strict=False):
            await grade(student, card, elapsed_ms=1_000 * seconds)
        assert (await table(student)).minutes_left == 2  # three cards of half a minute
        later = NOON + timedelta(days=31)
        assert (await table(student, now=later)).minutes_left == 2  # six cards of 12 s


class TestSource:
    async def test_a_card_shows_its_page_as_a_picture(self, student) -> None:
        lecture = await make_lecture(student)
        await make_card(student, lecture)
        source = (await table(student)).cards[0].source
        assert source.picture == f"/api/v1/materials/{lecture.id}/pages/1.webp?width=800"
        assert source.marks == f"/api/v1/materials/{lecture.id}/pages/1/marks"
        assert (source.name, source.page, source.page_count) == ("Lecture 7.pdf", 1, 2)

    async def test_a_replaced_file_shows_the_words_that_were_cited(self, student) -> None:
        lecture = await make_lecture(student)
        await make_card(student, lecture)
        newer = await make_blob(b"another file", pages=("Something else.",))
        async with unit_of_work() as work:
            (await work.session.get(Material, lecture.id)).blob_sha1 = newer.sha1
        source = (await table(student)).cards[0].source
        assert source.picture == ""
        assert source.quote == "A ribosome is a large complex that builds proteins"
        assert source.after == " from amino acids."

    async def test_a_page_without_pictures_shows_its_words(self, student) -> None:
        course = await make_course(student)
        blob = await make_blob(
            b"<p>", mimetype="text/html", pages=("Before it. The very quote. After.",)
        )
        material = await make_material(course, name="Page", blob=blob)
        await make_card(student, material, quote="The very quote.")
        source = (await table(student)).cards[0].source
        assert (source.before, source.after) == ("Before it. ", " After.")


class TestGrade:
    async def test_an_answer_moves_the_card_writes_a_line_and_books_points(
        self, student
    ) -> None:
        card = await make_card(student, await make_lecture(student))
        result = await grade(student, card)
        assert (result.counted, result.turn, result.again_today) == (True, 1, False)
        assert result.due_on == (TODAY + timedelta(days=1)).isoformat()
        (log,) = await rows_of(ReviewLog)
        assert (log.turn, log.grade, log.day, log.drill) == (0, 4, TODAY, False)
        assert (log.interval_before, log.interval_after) == (0, 1)
        assert (log.repetitions_before, log.repetitions_after) == (0, 1)
        async with unit_of_work() as work:
            assert await points.balance(work, account_id=student.account_id) == 2

    async def test_a_repeated_message_counts_once(self, student) -> None:
        card = await make_card(student, await make_lecture(student))
        first = await grade(student, card)
        again = await grade(student, card, Grade.EASY)
        assert (first.counted, again.counted) == (True, False)
        assert (again.turn, again.due_on, again.points) == (1, first.due_on, 0)
        assert len(await rows_of(ReviewLog)) == len(await rows_of(PointsEntry)) == 1

    async def test_two_answers_at_the_same_moment_count_once(self, student) -> None:
        card = await make_card(student, await make_lecture(student))
        results = await gather(*(grade(student, card) for _ in range(6)))
        assert sorted(result.counted for result in results) == [False] * 5 + [True]
        assert {result.turn for result in results} == {1}
        assert len(await rows_of(ReviewLog)) == len(await rows_of(PointsEntry)) == 1

    async def test_a_forgotten_card_comes_again_until_it_is_known(self, student) -> None:
        card = await make_card(student, await make_lecture(student))
        assert (await grade(student, card, Grade.AGAIN)).again_today
        assert (await table(student)).cards[0].stage == "learning"
        assert (await grade(student, card, Grade.HARD, turn=1)).again_today
        assert not (await grade(student, card, Grade.GOOD, turn=2)).again_today
        assert (await table(student)).cards == []
        logs = sorted(await rows_of(ReviewLog), key=lambda log: log.turn)
        assert [log.drill for log in logs] == [False, True, True]

    async def test_drilling_books_nothing_more(self, student) -> None:
        card = await make_card(student, await make_lecture(student))
        booked = [
            (await grade(student, card, value, turn=turn)).points
            for turn, value in enumerate([Grade.AGAIN, Grade.AGAIN, Grade.GOOD])
        ]
        assert booked == [1, 0, 0]

    async def test_a_card_that_rests_cannot_be_answered(self, student) -> None:
        card = await make_card(student, await make_lecture(student))
        await grade(student, card)
        with pytest.raises(ConflictError, match="rests until 17 January"):
            await grade(student, card, turn=1)
        assert len(await rows_of(ReviewLog)) == 1

    async def test_an_answer_ahead_of_its_card_is_refused(self, student) -> None:
        card = await make_card(student, await make_lecture(student))
        with pytest.raises(ConflictError, match="ahead"):
            await grade(student, card, turn=10**12)
        assert await rows_of(ReviewLog) == []

    async def test_another_students_card_is_not_there(self, student, other_student) -> None:
        card = await make_card(student, await make_lecture(student))
        with pytest.raises(NotFoundError):
            await grade(other_student, card)
        assert await rows_of(ReviewLog) == []

    async def test_a_card_that_never_was_is_not_there(self, student) -> None:
        with pytest.raises(NotFoundError):
            await grade(student, Card(id=uuid4()))

    async def test_the_report_adds_the_day_up(self, student) -> None:
        lecture = await make_lecture(student)
        cards = [await make_card(student, lecture) for _ in range(3)]
        await grade(student, cards[0], Grade.AGAIN)
        await grade(student, cards[0], Grade.GOOD, turn=1)
        await grade(student, cards[1], Grade.EASY)
        report = (await table(student)).report
        assert (report.answers, report.again, report.good, report.easy) == (3, 1, 1, 1)
        assert (report.minutes, report.points) == (1, 3)
        tomorrow = (await table(student, now=NOON + timedelta(days=1))).report
        assert tomorrow.answers == 0

    async def test_the_report_of_a_pile_has_the_points_of_its_own_cards(
        self, student
    ) -> None:
        lecture = await make_lecture(student)
        await grade(student, await make_card(student, lecture))
        latin = await make_deck(student, "Latin")
        ours, gone = [await make_own_card(student, latin) for _ in range(2)]
        await grade(student, ours, Grade.AGAIN)
        await grade(student, gone, Grade.EASY)
        async with unit_of_work() as work:
            await work.session.delete(await work.session.get_one(Card, gone.id))
        reports = [
            await report(student, pile)
            for pile in (Pile(lecture.course_id), Pile(deck_id=latin), EVERYTHING)
        ]
        assert [(one.answers, one.points) for one in reports] == [(1, 2), (1, 1), (3, 5)]

    async def test_ten_days_of_good_answers_follow_sm2(self, student) -> None:
        card = await make_card(student, await make_lecture(student))
        now, intervals = NOON, []
        for turn in range(4):
            result = await grade(student, card, turn=turn, now=now)
            due = result.due_on
            intervals.append((NOON.fromisoformat(due).date() - now.date()).days)
            now += timedelta(days=intervals[-1])
        assert intervals == [1, 6, 15, 38]
        assert UUID(result.card_id) == card.id


async def test_a_suspended_card_is_neither_shown_nor_counted_nor_graded(student) -> None:
    lecture = await make_lecture(student)
    hidden = await make_card(student, lecture, suspended_at=NOON)
    shown = await make_card(student, lecture)
    found = await table(student)
    assert [card.id for card in found.cards] == [str(shown.id)]
    assert (found.counts.new, found.counts.left, found.total) == (1, 1, 2)
    with pytest.raises(ConflictError, match="suspended"):
        await grade(student, hidden)
    assert await rows_of(ReviewLog) == []


async def test_one_own_deck_is_reviewed_by_itself(student) -> None:
    await make_card(student, await make_lecture(student))
    deck = await make_deck(student, "Latin")
    card = await make_own_card(student, deck)
    async with unit_of_work() as work:
        found = await review.get_table(
            work, student=student, pile=Pile(deck_id=deck), now=NOON
        )
    assert [(face.id, face.course) for face in found.cards] == [(str(card.id), "Latin")]
    assert (found.total, found.cards[0].source.name) == (1, "")


async def test_answers_to_a_deleted_card_stay_in_the_day(student) -> None:
    card = await make_card(student, await make_lecture(student))
    await grade(student, card)
    async with unit_of_work() as work:
        await bulk.delete(work, student=student, chosen=Chosen([card.id]), now=NOON)
    found = await table(student)
    assert (found.report.answers, found.report.good, found.total) == (1, 1, 0)
    assert [log.card_id for log in await rows_of(ReviewLog)] == [card.id]
