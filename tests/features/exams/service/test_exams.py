from uuid import UUID, uuid4

import pytest

from studymaster.adapters.database import unit_of_work
from studymaster.errors import InvalidInputError, NotFoundError
from studymaster.features.exams.rules import words
from studymaster.features.exams.service import exams
from studymaster.jobs import JobName
from studymaster.models import DeadlineKind
from tests.conftest import NOON
from tests.features.deadlines.due import days, make_deadline
from tests.features.exams.made import in_days, item_of, make_exam, plan, wish
from tests.features.flashcards.pile import make_card, make_deck, make_own_card
from tests.features.library.shelf import make_course, make_lecture


async def views(student):
    async with unit_of_work() as work:
        return await exams.list_exams(work, student=student, now=NOON)


async def form(student, exam_id=None):
    async with unit_of_work() as work:
        return await exams.get_form(work, student=student, exam_id=exam_id, now=NOON)


async def test_an_exam_about_a_course_is_planned_and_shown_in_words(student, sent) -> None:
    course = await make_course(student)
    lecture = await make_lecture(student, course=course)
    for one in range(12):
        await make_card(student, lecture, front=f"{one}?")
    made = await make_exam(student, scope=[f"course:{course.id}"])
    assert sent[-1].name is JobName.PLAN_EXAMS
    assert (made.verdict, made.plan) == (
        "The plan is being made. It appears here by itself.",
        None,
    )
    await plan(student)
    (view,) = await views(student)
    assert (view.name, view.tone) == ("Midterm", "good")
    assert view.scope == "BIO 101"
    assert "in 10 days" in view.when
    assert view.verdict.startswith("It works out: all 12 cards are seen by then")
    assert view.chart_words.startswith("12 cards to begin with and ")
    assert sum(one.new for one in view.bars) == 12
    assert [one.name for one in view.what_if] == ["80 %", "85 %", "90 %", "95 %"]
    item = await item_of(student, made.id)
    assert item.plan is not None
    assert (item.plan.cards, item.plan.new, item.plan.unseen) == (12, 12, 0)
    assert item.plan.days[0].day == in_days(0)
    assert sum(one.new for one in item.plan.days) == 12


async def test_a_course_without_cards_can_have_an_exam(student) -> None:
    course = await make_course(student)
    made = await make_exam(student, scope=[f"course:{course.id}"])
    await plan(student)
    item = await item_of(student, made.id)
    assert item.verdict.startswith("There are no cards in its decks yet.")
    (view,) = await views(student)
    assert (view.tone, view.bars, view.effort) == ("waiting", [], "")


async def test_an_exam_follows_a_quiz_of_moodle_and_is_about_its_course(student) -> None:
    course = await make_course(student)
    due = await make_deadline(course, "Quiz 2", days(6), kind=DeadlineKind.QUIZ)
    await make_deadline(course, "An event", days(6), kind=DeadlineKind.EVENT)
    offered = await form(student)
    assert [one.name for one in offered.deadlines] == ["BIO 101: Quiz 2, 22 Jan"]
    made = await make_exam(student, deadline_id=str(due.id), day="")
    assert (made.day, made.deadline_id) == (in_days(6), str(due.id))
    changed = await form(student, UUID(made.id))
    assert changed.deadline_id == str(due.id)
    assert [one.chosen for one in changed.scope] == [True]
    (view,) = await views(student)
    assert view.follows == "The day follows Moodle."


async def test_a_deck_stands_for_those_within_and_tags_choose_among_its_cards(
    student,
) -> None:
    outer = await make_deck(student, "Latin")
    inner = await make_deck(student, "Latin::Verbs")
    await make_own_card(student, outer, front="a", tags=["exam"])
    await make_own_card(student, inner, front="b", tags=["exam", "late"])
    await make_own_card(student, inner, front="c", tags=[])
    whole = await make_exam(student, scope=[f"deck:{outer}"])
    tagged = await make_exam(student, scope=[f"deck:{outer}"], tags="Exam")
    await plan(student)
    plans = [(await item_of(student, one.id)).plan for one in (whole, tagged)]
    assert [one and one.cards for one in plans] == [3, 2]
    scopes = {view.scope for view in await views(student)}
    assert scopes == {"Latin", "Latin, tagged exam"}


async def test_an_exam_is_changed_and_planned_anew(student, sent) -> None:
    deck = await make_deck(student, "Latin")
    await make_own_card(student, deck)
    made = await make_exam(student, scope=[f"deck:{deck}"])
    await plan(student)
    sent.clear()
    async with unit_of_work() as work:
        changed = await exams.change_exam(
            work,
            student=student,
            exam_id=UUID(made.id),
            wish=wish(scope=[f"deck:{deck}"], retention=95, minutes="20", name="Final"),
            now=NOON,
        )
    assert (changed.name, changed.retention, changed.minutes) == ("Final", 95, 20)
    assert changed.plan is None
    assert [job.name for job in sent] == [JobName.PLAN_EXAMS]
    fields = await form(student, UUID(made.id))
    assert (fields.name, fields.retention, fields.minutes) == ("Final", 95, "20")


async def test_an_exam_is_deleted(student) -> None:
    deck = await make_deck(student, "Latin")
    made = await make_exam(student, scope=[f"deck:{deck}"])
    async with unit_of_work() as work:
        await exams.delete_exam(work, student=student, exam_id=UUID(made.id))
    assert await views(student) == []


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": " "}, "cannot be empty"),
        ({"day": "2026-01-01"}, words.IS_PAST),
        ({"day": ""}, "Choose the day"),
        ({"scope": []}, words.NO_SCOPE),
        ({"retention": "99"}, "from 70 to 97"),
        ({"minutes": "2"}, "minutes a day"),
        ({"scope": ["deck:x"] * 201}, words.TOO_MANY),
    ],
)
async def test_what_cannot_be_is_refused_in_one_sentence(student, fields, sentence) -> None:
    deck = await make_deck(student, "Latin")
    with pytest.raises(InvalidInputError, match=sentence):
        await make_exam(student, **{"scope": [f"deck:{deck}"], **fields})
    assert await views(student) == []


async def test_what_is_another_students_is_not_there(student, other_student) -> None:
    theirs = await make_deck(other_student, "Latin")
    course = await make_course(other_student)
    due = await make_deadline(course, due_at=days(3))
    exam = await make_exam(other_student, scope=[f"deck:{theirs}"])
    for fields in (
        {"scope": [f"deck:{theirs}"]},
        {"scope": [f"course:{course.id}"]},
        {"scope": [f"deck:{uuid4()}"]},
        {"scope": ["nonsense"]},
        {"deadline_id": str(due.id)},
    ):
        with pytest.raises(NotFoundError):
            await make_exam(student, **fields)
    with pytest.raises(NotFoundError):
        await form(student, UUID(exam.id))
    with pytest.raises(NotFoundError):
        async with unit_of_work() as work:
            await exams.delete_exam(work, student=student, exam_id=UUID(exam.id))
    with pytest.raises(NotFoundError):
        async with unit_of_work() as work:
            await exams.change_exam(
                work, student=student, exam_id=UUID(exam.id), wish=wish(), now=NOON
            )
    assert len(await views(other_student)) == 1
