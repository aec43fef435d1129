import pytest

from studymaster.jobs import JobName
from tests.conftest import NOBODYS_ID
from tests.features.deadlines.due import days, make_deadline
from tests.features.exams.made import in_days, plan
from tests.features.flashcards.pile import make_deck, make_own_card
from tests.features.library.shelf import make_course
from tests.features.over_http import client_of


async def test_an_exam_is_made_planned_changed_and_deleted(student, sent) -> None:
    deck = await make_deck(student, "Latin")
    await make_own_card(student, deck)
    day = in_days(9).isoformat()
    async with client_of(student) as client:
        body = {"name": "Final", "day": day, "deck_ids": [str(deck)], "minutes": 30}
        made = await client.post("/exams", json=body)
        path = f"/exams/{made.json()['id']}"
        asked = await client.post("/exams/plan")
        await plan(student)
        planned = (await client.get(path)).json()
        changed = await client.put(path, json=body | {"name": "Oral", "retention": 80})
        listed = (await client.get("/exams")).json()
        gone = await client.delete(path)
        missing = await client.get(path)
    assert (made.status_code, made.json()["plan"]) == (201, None)
    assert (asked.status_code, sent[1].name) == (202, JobName.PLAN_EXAMS)
    assert (planned["day"], planned["minutes"], planned["plan"]["new"]) == (day, 30, 1)
    assert planned["verdict"].startswith("It works out: the only card")
    assert (changed.json()["name"], changed.json()["retention"]) == ("Oral", 80)
    assert [(one["name"], one["is_over"]) for one in listed] == [("Oral", False)]
    assert (gone.status_code, missing.status_code) == (204, 404)


async def test_a_due_date_alone_is_enough(student) -> None:
    course = await make_course(student)
    due = await make_deadline(course, due_at=days(4))
    async with client_of(student) as client:
        made = await client.post(
            "/exams", json={"name": "Quiz", "deadline_id": str(due.id)}
        )
        named = await client.post(
            "/exams",
            json={"name": "Q", "day": str(in_days(1)), "course_ids": [course.moodle_id]},
        )
    assert (made.status_code, made.json()["day"]) == (201, in_days(4).isoformat())
    assert made.json()["deck_ids"] == named.json()["deck_ids"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"name": "x"}, 422),
        ({"name": "x", "day": "2030-02-30", "deck_ids": [NOBODYS_ID]}, 422),
        ({"name": "x", "day": "2030-02-01", "deck_ids": [NOBODYS_ID]}, 404),
        ({"name": "x", "day": "2030-02-01", "course_ids": [1]}, 404),
        ({"name": "x", "deadline_id": NOBODYS_ID}, 404),
        ({"name": "x", "day": "2030-02-01", "retention": 12}, 422),
    ],
)
async def test_what_cannot_be_is_refused(student, body, status) -> None:
    async with client_of(student) as client:
        answer = await client.post("/exams", json=body)
    assert answer.status_code == status, answer.text
    assert answer.json()["detail"]
