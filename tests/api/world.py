"""A student who has one of everything, each with a word in it that nobody else uses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
from sqlalchemy import text
from sqlmodel import SQLModel

from studymaster.adapters.database import unit_of_work
from studymaster.adapters.storage import get_storage
from studymaster.api import create_api
from studymaster.features.accounts.schemas import Student
from studymaster.models import (
    BuddyLink,
    BuddyState,
    RunState,
    SyncRun,
    TaskFailure,
    Transfer,
    TransferForm,
    TransferStep,
)
from studymaster.passage import with_headers
from tests.conftest import NOON
from tests.features.accountability.weeks import promise
from tests.features.accounts.api.test_exports import packed
from tests.features.braindump.sounds import wav
from tests.features.campus.mates import enrol, open_up
from tests.features.deadlines.due import make_announcement, make_deadline
from tests.features.flashcards.pile import make_card, make_proposal
from tests.features.grades.gradebooks import keep, listed
from tests.features.library.shelf import lecture_pdf, make_blob, make_material
from tests.features.notifications.telling import tell
from tests.tabs import access_of

BASE = "http://testserver"
ID = "id"
PICTURE = b"\x89PNG\r\n\x1a\n" + b"a bird" * 20


@dataclass(slots=True)
class World:
    """What one student has: the id by which each thing is asked for, by the thing's name."""

    student: Student
    mark: str
    things: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, thing: str) -> Any:
        return self.things[thing]


def client_of(student: Student | None) -> httpx.AsyncClient:
    """Return a browser with the session of this student, or with none."""
    transport = httpx.ASGITransport(
        app=with_headers(create_api()), raise_app_exceptions=False
    )

    def prove(request: httpx.Request) -> httpx.Request:
        if student:
            request.headers["Cookie"] = f"sm_access={access_of(student)}"
        return request

    return httpx.AsyncClient(transport=transport, base_url=BASE, auth=prove)


async def furnish(student: Student, mate: Student, *, mark: str, moodle_id: int) -> World:
    """Give a student one of everything; `mate` has the same course, and is their buddy."""
    world = World(student, mark, {"account": str(student.account_id)})
    await _give_course(world, moodle_id)
    await enrol(mate, moodle_id=moodle_id)
    await _befriend(world, mate)
    async with client_of(student) as client:
        maker = Maker(world, client)
        await maker.study()
        await maker.write()
        await maker.meet()
        async with client_of(mate) as friend:
            await Maker(world, friend).make(
                "/social/groups/join", json={"code": world["code"]}
            )
        world.things["export"] = (await packed(client, student))[ID]
    await _tell(world)
    return world


async def _give_course(world: World, moodle_id: int) -> None:
    student, mark = world.student, world.mark
    course = await enrol(student, moodle_id=moodle_id, shortname=f"{mark} 101")
    pages = (f"{mark} is a word that stands on this page.", "A ribosome builds proteins.")
    blob = await make_blob(lecture_pdf(tuple((page,) for page in pages)), pages=pages)
    lecture = await make_material(course, name=f"{mark}.pdf", blob=blob)
    proposal = await make_proposal(student, lecture, front=f"What is {mark}?")
    card = await make_card(student, lecture, front=f"{mark} in a lecture")
    run = SyncRun(
        account_id=student.account_id,
        connection_id=course.connection_id,
        state="done",
        created_at=NOON,
        beat_at=NOON,
    )
    async with unit_of_work() as work:
        work.session.add(run)
    await keep(
        student, course.id, listed(2, f"{mark} essay", 60.0), listed(3, f"{mark} exam")
    )
    due = await make_deadline(course, f"{mark} essay")
    await make_announcement(course, f"{mark} moves")
    line = await first(
        "SELECT id FROM gradeitem WHERE account_id = :one AND moodle_id = 3",
        one=student.account_id,
    )
    world.things |= {
        "course": moodle_id,
        "course_row": str(course.id),
        "material": str(lecture.id),
        "proposal": str(proposal.id),
        "card": str(card.id),
        "deck": str(card.deck_id),
        "connection": str(course.connection_id),
        "run": str(run.id),
        "grade_line": str(line),
        "deadline": str(due.id),
        "auth_session": str(student.session_id),
    }


async def _befriend(world: World, mate: Student) -> None:
    link = BuddyLink(
        asker_id=mate.account_id,
        asked_id=world.student.account_id,
        pair_key=f"{mate.account_id}:{world.student.account_id}",
        state=BuddyState.ACCEPTED,
        created_at=NOON,
        answered_at=NOON,
    )
    async with unit_of_work() as work:
        work.session.add(link)
    await open_up(world.student, mate)
    await promise(world.student, mate)
    world.things |= {"link": str(link.id), "mate": str(mate.account_id)}


async def _tell(world: World) -> None:
    await tell(world.student, cause=f"focus:{world.mark}", title=f"{world.mark} is over")
    failure = TaskFailure(created_at=NOON, task=world.mark, error=world.mark)
    async with unit_of_work() as work:
        work.session.add(failure)
    world.things["failure"] = str(failure.id)
    for thing in ("notification", "pledge"):
        statement = f"SELECT id FROM {thing} WHERE account_id = :one"
        found = await first(statement, one=world.student.account_id)
        world.things[thing] = str(found)


async def make_file(world: World) -> None:
    """Give a student a file of cards that was written for them."""
    account_id = world.student.account_id
    row = Transfer(
        account_id=account_id,
        step=TransferStep.GIVE,
        form=TransferForm.APKG,
        state=RunState.DONE,
        beat_at=NOON,
        created_at=NOON,
        name=f"{world.mark}.apkg",
        storage_key=f"users/{account_id}/exchange/{world.mark}.apkg",
    )
    await get_storage().put_bytes(world.mark.encode(), row.storage_key)
    async with unit_of_work() as work:
        work.session.add(row)
    world.things["transfer"] = str(row.id)


async def first(statement: str, **told: object) -> Any:
    """Return the first value that a statement finds."""
    async with unit_of_work() as work:
        connection = await work.session.connection()
        return (await connection.execute(text(statement), told)).scalars().first()


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes things as a student's own program would, over the API."""

    world: World
    client: httpx.AsyncClient

    async def make(self, path: str, **body: Any) -> dict[str, Any]:
        answer = await self.client.post(f"/api/v1{path}", **body)
        assert answer.is_success, (path, answer.text)
        return answer.json() if answer.content else {}

    async def study(self) -> None:
        mark, things = self.world.mark, self.world.things
        for number in range(4):
            body = {"front": f"{mark} {number}?", "back": f"{mark} {number}!"}
            await self.make(
                "/flashcards", json=body | {"deck_id": things["deck"], "tags": [mark]}
            )
        quiz = await self.make("/quizzes", json={"deck_id": things["deck"], "count": 5})
        exam = await self.make(
            "/exams", json={"name": mark, "day": "2030-03-01", "deck_ids": [things["deck"]]}
        )
        search = await self.make("/searches", json={"name": mark, "text": mark})
        session = await self.make("/focus/sessions", json={"task": mark})
        picture = await self.make("/media", files={"file": (f"{mark}.png", PICTURE)})
        await make_file(self.world)
        things |= {
            "quiz": quiz[ID],
            "exam": exam[ID],
            "search": search[ID],
            "deck_ids": [things["deck"]],
            "card_ids": [things["card"]],
            "course_ids": [things["course"]],
            "session": session[ID],
            "picture": picture["name"],
        }

    async def write(self) -> None:
        mark, things = self.world.mark, self.world.things
        body = {"text": f"# {mark}\n#{mark} is mine", "course_id": things["course"]}
        note = await self.make("/notes", json=body)
        path = f"/notes/{note[ID]}/memos"
        memo = await self.make(path, files={"file": ("memo", wav())})
        things |= {"note": note[ID], "memo": memo[ID]}

    async def meet(self) -> None:
        mark, things = self.world.mark, self.world.things
        group = await self.make("/social/groups", json={"name": f"{mark} at night"})
        room = f"/social/groups/{group[ID]}"
        message = await self.make(f"{room}/messages", json={"text": f"{mark} here"})
        shared = {"kind": "file", "title": mark, "text": mark, "group_id": group[ID]}
        parts: dict[str, Any] = {name: (None, value) for name, value in shared.items()}
        parts["file"] = (f"{mark}.pdf", lecture_pdf())
        resource = await self.make("/social/resources", files=parts)
        asked = {"course_id": things["course"], "title": f"What is {mark}?"}
        question = await self.make("/social/questions", json=asked)
        path = f"/social/questions/{question[ID]}/answers"
        answer = await self.make(path, json={"text": f"{mark} is a bird"})
        things |= {
            "group": group[ID],
            "message": message[ID],
            "resource": resource[ID],
            "question": question[ID],
            "answer": answer[ID],
        }
        things["code"] = await first(
            "SELECT invite_code FROM studygroup WHERE id = :one", one=group[ID]
        )


async def snapshot() -> Mapping[str, list[str]]:
    """Return every row of every table, as text, in one order."""
    rows: dict[str, list[str]] = {}
    async with unit_of_work() as work:
        connection = await work.session.connection()
        for table in SQLModel.metadata.sorted_tables:
            found = await connection.execute(table.select())
            rows[table.name] = sorted(str(tuple(row)) for row in found)
    return rows
