from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from studymaster.adapters.database import unit_of_work
from studymaster.features.flashcards.rules.limits import Asking
from studymaster.features.flashcards.rules.sm2 import Grade
from studymaster.features.flashcards.rules.statistics import day_starts
from studymaster.features.flashcards.schemas import EVERYTHING, Answer, Pile, log_id_of
from studymaster.features.flashcards.service import day, decks, review, statistics
from studymaster.features.flashcards.service.taking_back import take_back
from studymaster.models import Card, Deck
from studymaster.paging import Window
from tests.conftest import NOON, make_student
from tests.features.flashcards.pile import (
    TODAY,
    choose,
    make_card,
    make_deck,
    make_own_card,
)
from tests.features.flashcards.rules.test_scheduling import ZONES
from tests.features.library.shelf import make_course, make_lecture, make_material

TOMORROW = NOON + timedelta(days=1)
AGAIN, HARD, GOOD, EASY = Grade
NAME = UUID(int=1)


async def table(student, pile=EVERYTHING, *, now=NOON):
    async with unit_of_work() as work:
        return await review.get_table(
            work, student=student, pile=pile, now=now, window=Window(limit=100)
        )


async def fronts(student, pile=EVERYTHING, *, now=NOON) -> list[str]:
    return [card.front for card in (await table(student, pile, now=now)).cards]


async def grade(student, card, value=GOOD, *, turn=0, now=NOON):
    async with unit_of_work() as work:
        answer = Answer(card.id, turn, value, 4_000, NAME)
        return await review.grade(work, student=student, answer=answer, now=now)


async def ask_more(student, pile=EVERYTHING, *, asking=Asking.NEW, now=NOON) -> int:
    async with unit_of_work() as work:
        return await day.allow_more(
            work, student=student, pile=pile, asking=asking, now=now
        )


async def row_of(card) -> Card:
    async with unit_of_work() as work:
        return await work.session.get_one(Card, card.id)


async def cards_in(student, deck_id, count, **fields) -> list[Card]:
    return [
        await make_own_card(
            student, deck_id, front=f"{n}", created_at=NOON + timedelta(seconds=n), **fields
        )
        for n in range(count)
    ]


class TestLimits:
    async def test_a_day_shows_so_many_new_cards_and_the_next_day_more(
        self, student
    ) -> None:
        latin = await make_deck(student, "Latin")
        cards = await cards_in(student, latin, 5)
        await choose(latin, new_per_day=2)
        found = await table(student)
        assert [card.front for card in found.cards] == ["0", "1"]
        assert (found.counts.new, found.counts.left, found.held_new) == (2, 2, 3)
        await grade(student, cards[0])
        assert await fronts(student) == ["1"]
        await grade(student, cards[1])
        assert await fronts(student) == []
        assert (await fronts(student, now=TOMORROW))[-2:] == ["2", "3"]

    async def test_reviews_have_a_limit_of_their_own(self, student) -> None:
        latin = await make_deck(student, "Latin")
        cards = await cards_in(student, latin, 3, turn=1, due_on=TODAY)
        await make_own_card(student, latin, front="new")
        await choose(latin, reviews_per_day=2)
        assert await fronts(student) == ["0", "1", "new"]
        await grade(student, cards[0], turn=1)
        found = await table(student)
        assert [card.front for card in found.cards] == ["1", "new"]
        assert (found.counts.due, found.held_due) == (1, 1)

    async def test_what_comes_again_on_its_day_has_no_limit(self, student) -> None:
        latin = await make_deck(student, "Latin")
        (card,) = await cards_in(student, latin, 1)
        await choose(latin, new_per_day=1)
        await grade(student, card, AGAIN)
        found = await table(student)
        assert (found.counts.learning, found.counts.left) == (1, 1)
        assert [one.front for one in found.cards] == ["0"]

    async def test_a_limit_for_today_only_holds_today_only(self, student) -> None:
        latin = await make_deck(student, "Latin")
        await cards_in(student, latin, 4)
        await choose(latin, new_per_day=1, new_today=3, limits_on=TODAY)
        assert len(await fronts(student)) == 3
        assert len(await fronts(student, now=TOMORROW)) == 1

    async def test_a_deck_bounds_those_in_it_when_it_is_reviewed(self, student) -> None:
        art = await make_deck(student, "Art")
        new, old = [await make_deck(student, f"Art::{one}") for one in ("New", "Old")]
        of_new = await cards_in(student, new, 4)
        await cards_in(student, old, 4)
        await choose(art, new_per_day=3)
        await choose(new, new_per_day=2)
        sums = [
            (await table(student, pile)).counts.new
            for pile in (
                EVERYTHING,
                Pile(deck_id=art),
                Pile(deck_id=new),
                Pile(deck_id=old),
            )
        ]
        assert sums == [3, 3, 2, 4]
        await grade(student, of_new[0])
        assert (await table(student, Pile(deck_id=art))).counts.new == 2
        assert (await table(student, Pile(deck_id=new))).counts.new == 1

    async def test_every_place_says_the_same_number(self, student) -> None:
        lecture = await make_lecture(student)
        for _ in range(3):
            await make_card(student, lecture)
        latin = await make_deck(student, "Latin")
        await cards_in(student, latin, 4, turn=1)
        await choose(latin, reviews_per_day=1)
        async with unit_of_work() as work:
            shelves = await decks.list_shelves(work, student=student, now=NOON)
            of_course = await review.count_waiting(
                work, student=student, course_id=lecture.course_id, now=NOON
            )
        kept = await day.kept_left(student=student, now=NOON)
        figures = await statistics.kept_statistics(student=student, now=NOON)
        forecast = next(one for one in figures.charts if one.key == "forecast")
        assert [deck.waiting for deck in (*shelves.courses, *shelves.own)] == [3, 1]
        assert (shelves.waiting, kept.cards, of_course) == (4, 4, 3)
        assert kept.courses == {lecture.course_id: 3}
        # What comes back does so whatever a limit lets through, and new cards do not.
        assert [bar.count for bar in forecast.bars[:2]] == [4, 0]
        assert "limits of decks are not counted" in forecast.sentence
        assert (await table(student)).counts.left == 4


class TestMore:
    async def test_ten_more_come_and_pressed_twice_it_is_done_once(self, student) -> None:
        latin = await make_deck(student, "Latin")
        await cards_in(student, latin, 25)
        await choose(latin, new_per_day=0)
        assert (await table(student)).held_new == 10
        assert [await ask_more(student), await ask_more(student)] == [10, 0]
        found = await table(student)
        assert (found.counts.new, found.held_new) == (10, 10)
        assert (await table(student, now=TOMORROW)).counts.new == 0

    async def test_they_come_from_all_decks_and_raise_the_one_above(self, student) -> None:
        art = await make_deck(student, "Art")
        new = await make_deck(student, "Art::New")
        latin = await make_deck(student, "Latin")
        for one in (new, latin):
            await cards_in(student, one, 20)
            await choose(one, new_per_day=0)
        await choose(art, new_per_day=0)
        assert await ask_more(student) == 10
        counts = [
            (await table(student, Pile(deck_id=one))).counts.new for one in (art, latin)
        ]
        assert counts == [5, 5]

    async def test_due_cards_can_be_asked_beyond_the_limit_too(self, student) -> None:
        latin = await make_deck(student, "Latin")
        await cards_in(student, latin, 3, turn=1)
        await choose(latin, reviews_per_day=0, new_today=7, limits_on=TODAY)
        assert await ask_more(student, asking=Asking.DUE) == 3
        assert (await table(student)).counts.due == 3
        async with unit_of_work() as work:
            deck = await work.session.get_one(Deck, latin)
        assert (deck.new_today, deck.reviews_today) == (7, 3)

    async def test_where_nothing_is_held_back_nothing_changes(
        self, student, other_student
    ) -> None:
        latin = await make_deck(student, "Latin")
        await cards_in(student, latin, 3)
        assert await ask_more(student) == 0
        await choose(latin, new_per_day=0)
        assert await ask_more(other_student, Pile(deck_id=latin)) == 0
        assert (await table(student)).counts.new == 0


class TestSiblings:
    async def note(self, student, *, count=2, **fields) -> list[Card]:
        latin = await make_deck(student, "Latin")
        note_id = uuid4()
        return [
            await make_own_card(
                student, latin, front=f"{n}", note_id=note_id, ordinal=n, **fields
            )
            for n in range(count)
        ]

    async def test_one_card_of_a_note_is_asked_on_a_day(self, student) -> None:
        first, second = await self.note(student)
        found = await table(student)
        assert [card.front for card in found.cards] == ["0"]
        assert found.counts.left == 1
        await grade(student, first)
        assert await fronts(student) == []
        assert set(await fronts(student, now=TOMORROW)) == {"0"}
        row = await row_of(second)
        assert (row.due_on, row.turn, row.buried_until) == (TODAY, 0, None)

    async def test_none_is_lost_however_long_it_takes(self, student) -> None:
        cards, now, seen = await self.note(student, count=3), NOON, []
        for _ in range(12):
            asked = (await table(student, now=now)).cards
            assert len(asked) <= 1
            for card in asked:
                seen.append(card.front)
                answered = next(one for one in cards if str(one.id) == card.id)
                await grade(student, answered, turn=card.turn, now=now)
            now += timedelta(days=1)
        assert set(seen) == {"0", "1", "2"}

    async def test_a_due_one_goes_before_a_new_one_and_the_oldest_first(
        self, student
    ) -> None:
        first, second, third = await self.note(student, count=3)
        for card, ago in ((second, 1), (third, 4)):
            async with unit_of_work() as work:
                row = await work.session.get_one(Card, card.id)
                row.turn = row.interval_days = 1
                row.due_on = TODAY - timedelta(days=ago)
        assert await fronts(student) == ["2"]
        assert first.front == "0"

    async def test_a_deck_can_ask_them_all(self, student) -> None:
        first, _ = await self.note(student)
        await choose(first.deck_id, bury_siblings=False)
        assert sorted(await fronts(student)) == ["0", "1"]

    async def test_one_that_is_not_asked_hides_none(self, student) -> None:
        first, _ = await self.note(student)
        for fields in ({"suspended_at": NOON}, {"buried_until": TOMORROW.date()}):
            async with unit_of_work() as work:
                row = await work.session.get_one(Card, first.id)
                row.suspended_at = row.buried_until = None
                for name, value in fields.items():
                    setattr(row, name, value)
            assert await fronts(student) == ["1"]

    async def test_taking_the_answer_back_brings_the_first_one_again(self, student) -> None:
        first, _ = await self.note(student)
        await grade(student, first)
        async with unit_of_work() as work:
            await take_back(
                work,
                student=student,
                card_id=first.id,
                log_id=log_id_of(card_id=first.id, turn=0, answer_id=NAME),
                now=NOON,
            )
        assert await fronts(student) == ["0"]

    async def test_an_answer_of_the_evening_before_hides_nothing_after_four(
        self, student
    ) -> None:
        first, _ = await self.note(student)
        night = NOON.replace(hour=3, minute=59, second=59)
        async with unit_of_work() as work:
            row = await work.session.get_one(Card, first.id)
            row.due_on = TODAY - timedelta(days=1)
        await grade(student, first, EASY, now=night)
        async with unit_of_work() as work:
            row = await work.session.get_one(Card, first.id)
            row.due_on = TODAY + timedelta(days=9)
        assert await fronts(student, now=night) == []
        assert await fronts(student, now=night + timedelta(seconds=1)) == ["1"]

    async def test_one_in_a_drill_stays_and_its_siblings_wait(self, student) -> None:
        first, _ = await self.note(student)
        await grade(student, first, AGAIN)
        assert await fronts(student) == ["0"]


class TestOrder:
    async def test_new_cards_come_as_they_stand_in_the_lectures(self, student) -> None:
        course = await make_course(student)
        late = await make_material(course, name="late", position=2)
        early = await make_material(course, name="early", position=1)
        await make_card(student, late, front="late 2", page=2)
        await make_card(student, late, front="late 1", page=1)
        await make_card(student, early, front="early 9", page=9)
        other = await make_material(await make_course(student, shortname="X"), name="x")
        await make_card(student, late, front="elsewhere", material_id=other.id)
        await make_card(student, late, front="typed", material_id=None, page=None)
        found = await fronts(student, Pile(course.id))
        assert found[:3] == ["early 9", "late 1", "late 2"]
        assert set(found[3:]) == {"elsewhere", "typed"}

    @pytest.mark.parametrize("fields", [{}, {"turn": 1}])
    async def test_mixed_cards_come_in_one_order_a_day_and_another_tomorrow(
        self, student, fields
    ) -> None:
        latin = await make_deck(student, "Latin")
        await cards_in(student, latin, 12, **fields)
        await choose(latin, new_order="random", due_order="random")
        today, again = [await fronts(student) for _ in range(2)]
        tomorrow = await fronts(student, now=TOMORROW)
        assert today == again
        assert sorted(today) == sorted(tomorrow)
        assert today != tomorrow
        async with unit_of_work() as work:
            found, _ = await review.list_due(
                work,
                student=student,
                pile=EVERYTHING,
                now=NOON,
                window=Window(offset=4, limit=3),
            )
        assert [card.front for card in found.items] == today[4:7]
        assert found.next_offset == 7

    async def test_the_likeliest_forgotten_come_first(self, student) -> None:
        latin = await make_deck(student, "Latin")
        await choose(latin, due_order="retrievability")
        known = {"turn": 3, "difficulty": 5.0}
        for front, stability, ago in (("strong", 40.0, 40), ("weak", 2.0, 8)):
            await make_own_card(
                student,
                latin,
                front=front,
                stability=stability,
                reviewed_on=TODAY - timedelta(days=ago),
                interval_days=5,
                due_on=TODAY,
                **known,
            )
        for front, interval, late in (("sm2 late", 2, 10), ("sm2 fresh", 30, 1)):
            await make_own_card(
                student,
                latin,
                front=front,
                turn=3,
                interval_days=interval,
                due_on=TODAY - timedelta(days=late),
            )
        assert await fronts(student) == ["sm2 late", "weak", "sm2 fresh", "strong"]

    async def test_over_several_decks_the_oldest_come_first(self, student) -> None:
        for number, name in enumerate(("Latin", "Greek")):
            deck_id = await make_deck(student, name)
            for ago in (number, number + 2):
                await make_own_card(
                    student,
                    deck_id,
                    front=f"{ago}",
                    turn=1,
                    due_on=TODAY - timedelta(days=ago),
                )
        assert await fronts(student) == ["3", "2", "1", "0"]


class TestSteps:
    async def stepped(self, student, steps="1 10", *, count=1) -> list[Card]:
        latin = await make_deck(student, "Latin")
        await choose(latin, steps=steps, relearning_steps="15")
        return await cards_in(student, latin, count)

    async def test_the_buttons_say_the_minutes_and_they_are_given(self, student) -> None:
        (card,) = await self.stepped(student)
        (face,) = (await table(student)).cards
        assert face.intervals == ["1 min", "1 min", "10 min", "1 d"]
        assert (await grade(student, card)).again_today
        row = await row_of(card)
        assert (row.drill_at, row.drill_step) == (NOON + timedelta(minutes=10), 1)
        (face,) = (await table(student)).cards
        assert face.intervals == ["1 min", "10 min", "1 d", "1 d"]
        assert not (await grade(student, card, turn=1)).again_today
        row = await row_of(card)
        assert (row.drill_on, row.drill_at, row.drill_step) == (None, None, 0)
        assert row.due_on == TOMORROW.date()

    async def test_a_step_that_has_come_goes_before_everything(self, student) -> None:
        first, second, _ = await self.stepped(student, count=3)
        await grade(student, first, AGAIN)
        assert await fronts(student) == ["1", "2", "0"]
        assert await fronts(student, now=NOON + timedelta(minutes=1)) == ["0", "1", "2"]
        await grade(student, second, GOOD)
        assert await fronts(student, now=NOON + timedelta(seconds=59)) == ["2", "0", "1"]

    async def test_a_card_whose_step_is_far_is_waited_for(self, student) -> None:
        (card,) = await self.stepped(student, "1 50")
        await grade(student, card)
        found = await table(student)
        assert (found.cards, found.counts.learning, found.counts.left) == ([], 1, 1)
        opens = NOON + timedelta(minutes=30)
        assert found.next_step_at == opens.isoformat()
        assert await fronts(student, now=opens - timedelta(seconds=1)) == []
        later = await table(student, now=opens)
        assert [one.front for one in later.cards] == ["0"]
        assert later.next_step_at == ""

    async def test_easy_leaves_the_steps_at_once(self, student) -> None:
        (card,) = await self.stepped(student)
        assert not (await grade(student, card, EASY)).again_today
        assert (await table(student)).counts.left == 0

    async def test_a_forgotten_card_has_steps_of_its_own(self, student) -> None:
        (card,) = await self.stepped(student)
        async with unit_of_work() as work:
            row = await work.session.get_one(Card, card.id)
            row.turn, row.interval_days, row.repetitions = 2, 6, 2
        await grade(student, card, AGAIN, turn=2)
        row = await row_of(card)
        assert (row.drill_at, row.drill_step) == (NOON + timedelta(minutes=15), -1)
        assert not (await grade(student, card, GOOD, turn=3)).again_today

    async def test_steps_that_are_not_finished_end_with_the_day(self, student) -> None:
        (card,) = await self.stepped(student)
        night = NOON.replace(hour=3, minute=55)
        async with unit_of_work() as work:
            row = await work.session.get_one(Card, card.id)
            row.due_on = TODAY - timedelta(days=1)
        await grade(student, card, now=night)
        (face,) = (await table(student, now=night + timedelta(minutes=5))).cards
        assert (face.stage, face.turn) == ("due", 1)


def turning_days(zone: str) -> list[datetime]:
    """Return noon of each day on and around which the clocks of a zone change in 2030."""
    found, clock = [], ZoneInfo(zone)
    for number in range(365):
        noon = datetime(2030, 1, 1, 12, tzinfo=UTC) + timedelta(days=number)
        before, after = (
            (noon + timedelta(days=away)).astimezone(clock).utcoffset() for away in (-1, 1)
        )
        if before != after:
            found.append(noon)
    return found


@pytest.mark.parametrize("zone", ZONES)
async def test_the_queue_loses_and_gifts_no_day_where_clocks_change(
    empty_database, zone
) -> None:
    student = await make_student("Mina Aalto", time_zone=zone)
    latin = await make_deck(student, "Latin")
    note_id = uuid4()
    card, sibling = [
        await make_own_card(student, latin, front=f"{n}", note_id=note_id, turn=n)
        for n in (1, 0)
    ]
    days = turning_days(zone)
    assert len(days) >= 4
    for noon in days:
        today = noon.astimezone(ZoneInfo(zone)).date()
        starts = day_starts(today, time_zone=zone, day_start_hour=4)
        eve = starts - timedelta(seconds=1)
        async with unit_of_work() as work:
            row = await work.session.get_one(Card, card.id)
            row.due_on, row.last_reviewed_at = today, None
            other = await work.session.get_one(Card, sibling.id)
            other.due_on, other.suspended_at = today, NOON
        assert (await fronts(student, now=eve), await fronts(student, now=starts)) == (
            [],
            ["1"],
        )
        # What was answered a second before the day does not count for its siblings on it.
        async with unit_of_work() as work:
            row = await work.session.get_one(Card, card.id)
            row.due_on, row.last_reviewed_at = today + timedelta(days=30), eve
            (await work.session.get_one(Card, sibling.id)).suspended_at = None
        assert await fronts(student, now=starts) == ["0"]
        async with unit_of_work() as work:
            (await work.session.get_one(Card, card.id)).last_reviewed_at = starts
        assert await fronts(student, now=starts) == []
