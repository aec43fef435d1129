"""Every endpoint of the contract: who may ask, what it answers, and that it does its work."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import select

from studymaster.adapters.database import unit_of_work
from studymaster.jobs import JobName
from studymaster.models import Course, Proposal
from tests.conftest import NOON
from tests.contract.lines import contract
from tests.contract.people import PASSWORD, Person, register, work_off
from tests.factories.moodle import connect
from tests.features.campus.mates import enrol, open_up
from tests.features.library.shelf import LECTURE_PAGES, make_course, make_lecture

PDF = b"%PDF-1.7\n" + b"x" * 500
LOCAL = {"way": "local", "email": "mina@uni.edu", "password": PASSWORD}


@pytest.fixture
async def course(mina: Person) -> Course:
    return await make_course(mina.student)


async def make_card(mina: Person, course: Course, front: str = "canis") -> dict:
    body = {"front": front, "back": "dog", "course_id": course.moodle_id}
    return await mina.post("/flashcards", body)


@contract("POST /api/v1/auth/login")
async def test_signing_in_opens_a_session_and_a_wrong_password_none(mina: Person) -> None:
    mina.http.cookies.clear()
    wrong = await mina.http.post("/auth/login", json=LOCAL | {"password": "wrong horse"})
    assert (wrong.status_code, wrong.headers.get("set-cookie")) == (401, None)
    answer = await mina.http.post("/auth/login", json=LOCAL)
    assert (answer.status_code, answer.json()) == (200, {"id": mina.id})
    assert set(mina.http.cookies) == {"sm_access", "sm_refresh"}
    assert (await mina.get("/auth/me"))["id"] == mina.id


@contract("POST /api/v1/auth/logout")
async def test_signing_out_ends_the_session_itself(mina: Person) -> None:
    assert await mina.post("/auth/logout", status=200) == {"signed_out": True}
    assert not mina.http.cookies
    kept = await mina.http.get("/auth/me", headers=mina.bearer())
    assert kept.status_code == 401


@contract("GET /api/v1/auth/me")
async def test_it_tells_who_is_there_and_nothing_to_a_visitor(mina: Person) -> None:
    told = await mina.get("/auth/me")
    assert (told["id"], told["username"]) == (mina.id, "mina@uni.edu")
    assert (told["points"], told["streak_days"]) == (0, 0)
    mina.http.cookies.clear()
    refused = await mina.http.get("/auth/me")
    assert refused.status_code == 401
    assert refused.headers["content-type"] == "application/problem+json"


@contract("POST /api/v1/auth/refresh")
async def test_a_session_is_renewed_by_its_refresh_cookie(mina: Person, hands) -> None:
    before = mina.http.cookies["sm_access"]
    hands.forward(minutes=20)
    assert await mina.post("/auth/refresh", status=200) == {"id": mina.id}
    assert mina.http.cookies["sm_access"] != before
    del mina.http.cookies["sm_refresh"]
    assert (await mina.get("/auth/me"))["id"] == mina.id
    mina.http.cookies.clear()
    assert (await mina.http.post("/auth/refresh")).status_code == 401


@contract("GET /api/v1/courses")
async def test_courses_are_listed_by_short_name(mina: Person, jonas: Person) -> None:
    for shortname in ("CHEM 2", "BIO 1"):
        await make_course(mina.student, shortname=shortname)
    told = await mina.get("/courses")
    assert [one["shortname"] for one in told["items"]] == ["BIO 1", "CHEM 2"]
    assert told["next_offset"] is None
    assert (await jonas.get("/courses"))["items"] == []


@contract("GET /api/v1/courses/{id}")
async def test_a_course_is_found_by_its_number_in_moodle(
    mina: Person, jonas: Person, course: Course
) -> None:
    told = await mina.get(f"/courses/{course.moodle_id}")
    assert (told["id"], told["fullname"]) == (course.moodle_id, course.fullname)
    assert (await jonas.http.get(f"/courses/{course.moodle_id}")).status_code == 404


@contract("POST /api/v1/courses/sync")
async def test_a_sync_is_promised_once_and_sent_to_a_worker(mina: Person, sent) -> None:
    assert (await mina.http.post("/courses/sync")).status_code == 409
    await connect(mina.student)
    run = await mina.post("/courses/sync", status=202)
    again = await mina.post("/courses/sync", status=202)
    assert (run["state"], run["id"]) == ("queued", again["id"])
    assert [job.name for job in sent] == [JobName.SYNC_ACCOUNT]
    assert await mina.get(f"/courses/sync/{run['id']}") == again


@contract("GET /api/v1/courses/{id}/materials")
async def test_what_lies_in_a_course_is_listed(mina: Person, course: Course) -> None:
    lecture = await make_lecture(mina.student, course=course)
    (told,) = (await mina.get(f"/courses/{course.moodle_id}/materials"))["items"]
    assert (told["id"], told["name"]) == (str(lecture.id), "Lecture 7.pdf")
    assert (told["kind"], told["page_count"], told["readable"]) == ("file", 2, True)
    assert (await mina.http.get("/courses/1/materials")).status_code == 404


@contract("GET /api/v1/flashcards")
async def test_cards_are_listed_and_searched(mina: Person, course: Course, hands) -> None:
    first = await make_card(mina, course)
    hands.forward(seconds=1)
    await make_card(mina, course, front="felis")
    told = await mina.get("/flashcards", limit=1)
    assert (told["items"], told["next_offset"]) == ([first], 1)
    assert [one["front"] for one in (await mina.get("/flashcards", q="fel"))["items"]] == [
        "felis"
    ]


@contract("POST /api/v1/flashcards")
async def test_a_card_is_made_and_stays(mina: Person, course: Course) -> None:
    card = await make_card(mina, course)
    assert (card["front"], card["back"], card["repetitions"]) == ("canis", "dog", 0)
    assert await mina.get(f"/flashcards/{card['id']}") == card
    refused = await mina.http.post("/flashcards", json={"front": "alone"})
    assert refused.status_code == 422


@contract("GET /api/v1/flashcards/due")
async def test_what_is_due_is_listed_until_it_is_answered(
    mina: Person, course: Course
) -> None:
    card = await make_card(mina, course)
    told = await mina.get("/flashcards/due")
    assert [one["id"] for one in told["items"]] == [card["id"]]
    assert told["counts"] == {"new": 1, "learning": 0, "due": 0, "left": 1}
    body = {"turn": 0, "grade": 4}
    await mina.post(f"/flashcards/{card['id']}/review", body, status=200)
    assert (await mina.get("/flashcards/due"))["items"] == []


@contract("POST /api/v1/flashcards/{id}/review")
async def test_an_answer_counts_once_and_moves_the_card(
    mina: Person, jonas: Person, course: Course
) -> None:
    card = await make_card(mina, course)
    path, body = f"/flashcards/{card['id']}/review", {"turn": 0, "grade": 4}
    first = await mina.post(path, body, status=200)
    again = await mina.post(path, body, status=200)
    assert (first["counted"], again["counted"]) == (True, False)
    assert first["due_on"] == (NOON + timedelta(days=1)).date().isoformat()
    assert (await mina.get("/auth/me"))["points"] == first["points"] > 0
    assert (await jonas.http.post(path, json=body)).status_code == 404


@contract("POST /api/v1/flashcards/generate")
async def test_proposals_are_promised_and_a_worker_makes_them(
    mina: Person, course: Course, sent
) -> None:
    lecture = await make_lecture(mina.student, course=course)
    body = {"material_id": str(lecture.id)}
    told = await mina.post("/flashcards/generate", body, status=202)
    assert told["state"] == "queued"
    await work_off(sent)
    async with unit_of_work() as work:
        proposals = (await work.session.exec(select(Proposal))).all()
    pages = {number: " ".join(lines) for number, lines in enumerate(LECTURE_PAGES, start=1)}
    assert proposals
    assert all(one.quote in pages[one.page] for one in proposals)


@contract("POST /api/v1/focus/sessions")
async def test_one_focus_session_is_started_at_a_time(mina: Person) -> None:
    told = await mina.post("/focus/sessions", {"duration_minutes": 50, "task": "Read"})
    assert (told["state"], told["duration_minutes"]) == ("running", 50)
    assert told["ends_at"] == "2030-01-16T12:50:00Z"
    assert (await mina.http.post("/focus/sessions", json={})).status_code == 409


@contract("GET /api/v1/focus/sessions")
async def test_focus_sessions_are_listed_and_end_by_the_servers_clock(
    mina: Person, hands
) -> None:
    started = await mina.post("/focus/sessions", {"duration_minutes": 5})
    hands.forward(minutes=6)
    (told,) = (await mina.get("/focus/sessions"))["items"]
    assert (told["id"], told["completed"]) == (started["id"], True)
    assert told["focused_seconds"] == 300


@contract("GET /api/v1/focus/stats")
async def test_focused_minutes_add_up(mina: Person, hands) -> None:
    assert (await mina.get("/focus/stats"))["today"]["minutes"] == 0
    await mina.post("/focus/sessions", {"duration_minutes": 10})
    hands.forward(minutes=11)
    await mina.get("/focus/sessions")
    told = await mina.get("/focus/stats")
    assert told["today"] == {"minutes": 10, "sessions": 1, "points": 2}
    assert [bar["minutes"] for bar in told["by_day"]["bars"]][-1] == 10


@contract("GET /api/v1/social/groups")
async def test_only_ones_own_groups_are_listed(mina: Person, jonas: Person) -> None:
    group = await mina.post("/social/groups", {"name": "Night owls"})
    assert [one["id"] for one in (await mina.get("/social/groups"))["items"]] == [
        group["id"]
    ]
    assert (await jonas.get("/social/groups"))["items"] == []


@contract("POST /api/v1/social/groups")
async def test_who_makes_a_group_owns_it(mina: Person, jonas: Person) -> None:
    group = await mina.post("/social/groups", {"name": "Night owls"})
    assert (group["created_by"], group["role"]) == (mina.id, "owner")
    assert (await mina.http.post("/social/groups", json={"name": ""})).status_code == 422
    refused = await jonas.http.get(f"/social/groups/{group['id']}")
    assert refused.status_code == 404


@contract("GET /api/v1/social/buddies")
async def test_who_asks_and_is_accepted_is_a_buddy(mina: Person, jonas: Person) -> None:
    assert (await mina.get("/social/buddies"))["items"] == []
    await share_a_course(mina, jonas)
    asked = await mina.post("/social/buddies", {"account_id": jonas.id})
    await jonas.post(f"/social/buddies/{asked['id']}/accept", status=200)
    for one, other in ((mina, jonas), (jonas, mina)):
        (told,) = (await one.get("/social/buddies"))["items"]
        assert (told["account_id"], told["standing"]) == (other.id, "buddy")


async def share_a_course(*people: Person) -> None:
    for person in people:
        await enrol(person.student)
    await open_up(*(person.student for person in people))


@contract("POST /api/v1/social/resources")
async def test_a_file_is_shared_with_a_course_and_with_nobody_else(
    mina: Person, jonas: Person
) -> None:
    await share_a_course(mina, jonas)
    fields = {"kind": "file", "title": "Notes", "course_id": "101"}
    told = await mina.send_file("/social/resources", PDF, name="notes.pdf", **fields)
    assert (told["filename"], told["size_bytes"]) == ("notes.pdf", len(PDF))
    path = f"/social/resources/{told['id']}/file"
    assert (await jonas.http.get(path)).content == PDF
    stranger = await register(jonas.http, "noor")
    assert (await stranger.http.get(path)).status_code == 404


@contract("GET /api/v1/notes")
async def test_notes_are_listed_and_searched(mina: Person, jonas: Person) -> None:
    await mina.post("/notes", {"text": "Osmosis is slow"})
    await mina.post("/notes", {"text": "Ask about ribosomes", "kind": "question"})
    assert len((await mina.get("/notes"))["items"]) == 2
    (found,) = (await mina.get("/notes", q="ribosomes", kind="question"))["items"]
    assert found["title"] == "Ask about ribosomes"
    assert (await jonas.get("/notes"))["items"] == []


@contract("POST /api/v1/notes")
async def test_a_note_is_kept_once_with_its_tags(mina: Person) -> None:
    body = {"id": str(uuid4()), "text": "# Cells\n\nRead this. #exam", "kind": "study"}
    note = await mina.post("/notes", body)
    assert (note["id"], note["title"], note["tags"]) == (body["id"], "Cells", ["exam"])
    assert await mina.post("/notes", body) == note
    assert len((await mina.get("/notes"))["items"]) == 1


@contract("GET /api/v1/notes/{id}")
async def test_a_note_is_read_by_its_student_alone(mina: Person, jonas: Person) -> None:
    path = f"/notes/{(await mina.post('/notes', {'text': 'Mine'}))['id']}"
    assert (await mina.get(path))["text"] == "Mine"
    assert (await jonas.http.get(path)).status_code == 404


@contract("PATCH /api/v1/notes/{id}")
async def test_a_change_made_elsewhere_is_not_written_over(mina: Person) -> None:
    note = await mina.post("/notes", {"text": "First"})
    path, wish = f"/notes/{note['id']}", {"version": note["version"]}
    assert (await mina.patch(path, wish | {"text": "Second"}))["text"] == "Second"
    late = await mina.http.patch(path, json=wish | {"text": "Third"})
    assert late.headers["x-kept-as"] != note["id"]
    assert (await mina.get(path))["text"] == "Second"


@contract("DELETE /api/v1/notes/{id}")
async def test_a_deleted_note_lies_in_the_bin(mina: Person) -> None:
    note = await mina.post("/notes", {"text": "Away"})
    answer = await mina.http.delete(f"/notes/{note['id']}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert (await mina.get("/notes"))["items"] == []
    (binned,) = (await mina.get("/notes", deleted="true"))["items"]
    assert binned["id"] == note["id"]
