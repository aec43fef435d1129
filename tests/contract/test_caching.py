"""What is kept in Redis, for how long, until which write, and what happens without Redis."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from redis import Redis
from redis.asyncio import Redis as AsyncRedis
from reflex.istate.manager.redis import StateManagerRedis
from reflex.istate.manager.token import BaseStateToken
from sqlalchemy import text

from studymaster.adapters.cache import PREFIX, Kept
from studymaster.adapters.database import unit_of_work
from studymaster.adapters.queue import Job
from studymaster.config import get_settings
from studymaster.features.accounts import service as accounts
from studymaster.features.braindump.state import NotesState
from studymaster.features.points import service as points
from studymaster.models import Course
from tests.conftest import NOON
from tests.contract.hands import Hands
from tests.contract.lines import contract, each
from tests.contract.people import Person, work_off
from tests.features.library.shelf import lecture_pdf, make_course, make_lecture


@pytest.fixture
async def course(mina: Person) -> Course:
    course = await make_course(mina.student)
    await make_lecture(mina.student, course=course)
    return course


def lifetimes(kind: Kept) -> list[float]:
    """Return the seconds that the answers of a kind still have in Redis."""
    with Redis.from_url(get_settings().redis_url) as redis:
        keys = redis.scan_iter(f"{PREFIX}:{kind}:*:" + "?" * 32)
        return [redis.pttl(key) / 1000 for key in keys]


async def behind_its_back(statement: str) -> None:
    """Write into the database as no part of the product does: nobody is told."""
    async with unit_of_work() as work:
        await (await work.session.connection()).execute(text(statement))


@each(
    "kind",
    "path",
    "seconds",
    courses=("L1: API responses for 5 minutes (courses)", Kept.RESPONSES, "/courses", 300),
    leaderboard=(
        "L2: leaderboard for 1 hour",
        Kept.LEADERBOARD,
        "/accountability/leaderboard",
        3600,
    ),
    materials=(
        "L2: course materials for 30 minutes",
        Kept.MATERIALS,
        "/courses/{}/materials",
        1800,
    ),
    focus=("L2: user statistics for 5 minutes", Kept.STATISTICS, "/focus/stats", 300),
    cards=("L2: user statistics for 5 minutes", Kept.STATISTICS, "/flashcards/stats", 300),
)
async def test_an_answer_is_kept_so_long(
    kind: Kept, path: str, seconds: int, mina: Person, course: Course
) -> None:
    assert lifetimes(kind) == []
    told = await mina.get(path.format(course.moodle_id))
    (left,) = lifetimes(kind)
    assert seconds - 30 < left <= seconds
    assert await mina.get(path.format(course.moodle_id)) == told
    assert len(lifetimes(kind)) == 1


@contract("L3: WebSocket sessions")
async def test_what_a_tab_holds_lies_in_redis_for_every_process(mina: Person) -> None:
    token = BaseStateToken(ident=uuid4().hex, cls=NotesState)
    async with AsyncRedis.from_url(get_settings().redis_url) as redis:
        one, other = (StateManagerRedis(redis=redis, token_expiration=60) for _ in "ab")
        async with one.modify_state(token) as root:
            (await root.get_state(NotesState)).words = "osmosis"
        found = await (await other.get_state(token)).get_state(NotesState)
        assert found.words == "osmosis"
        keys = [key async for key in redis.scan_iter(f"*{token.ident}*")]
        assert all([0 < await redis.ttl(key) <= 60 for key in keys])
        assert keys
        await one.close()
        await other.close()


@contract("L3: sessions of students")
async def test_who_is_behind_a_session_is_kept_for_a_minute_and_ends_at_once(
    mina: Person,
) -> None:
    await mina.get("/auth/me")
    (left,) = lifetimes(Kept.SESSIONS)
    assert 0 < left <= 60
    await behind_its_back("UPDATE authsession SET device = 'x', ended_at = now()")
    await mina.get("/auth/me")
    await mina.post("/auth/logout", status=200)
    answer = await mina.http.get("/auth/me", headers=mina.bearer())
    assert answer.status_code == 401


@contract("L3: user preferences")
async def test_preferences_are_kept_until_one_changes(mina: Person) -> None:
    assert (await mina.get("/accountability/leaderboard"))["you"] is None
    (left,) = lifetimes(Kept.PREFERENCES)
    assert 3600 - 30 < left <= 3600
    await choose(mina, "open_to_buddies", on=True)
    assert (await mina.get("/accountability/leaderboard"))["you"] is None
    await behind_its_back("UPDATE preferences SET on_leaderboard = true")
    assert (await mina.get("/accountability/leaderboard"))["you"] is None
    await choose(mina, "on_leaderboard", on=True)
    assert (await mina.get("/accountability/leaderboard"))["you"]["name"] == "Mina"


async def choose(person: Person, name: str, *, on: bool) -> None:
    async with unit_of_work() as work:
        await accounts.save_preference(
            work, account_id=person.student.account_id, name=name, on=on
        )


@dataclass(frozen=True)
class Scene:
    """A student with a course, the clock, and the jobs that left."""

    mina: Person
    course: Course
    hands: Hands
    jobs: list[Job]


@dataclass(frozen=True)
class Wrong:
    """An answer, what makes it wrong, and what then has to be in it."""

    path: str
    look: Callable[[Any], object]
    write: Callable[[Scene], Awaitable[None]]
    before: object
    after: object


async def switch_off(scene: Scene) -> None:
    await scene.mina.patch(f"/courses/{scene.course.moodle_id}", {"sync_enabled": False})


async def add_pdf(scene: Scene) -> None:
    path = f"/courses/{scene.course.moodle_id}/materials"
    await scene.mina.send_file(path, lecture_pdf(), name="Own.pdf")


async def add_card(scene: Scene) -> None:
    body = {"front": "canis", "back": "dog", "course_id": scene.course.moodle_id}
    await scene.mina.post("/flashcards", body)


async def focus(scene: Scene) -> None:
    session = await scene.mina.post("/focus/sessions", {"duration_minutes": 25})
    scene.hands.forward(minutes=6)
    await scene.mina.post(f"/focus/sessions/{session['id']}/finish", status=200)


async def win(scene: Scene) -> None:
    await choose(scene.mina, "on_leaderboard", on=True)
    async with unit_of_work() as work:
        await points.award(
            work,
            student=scene.mina.student,
            amount=7,
            cause="x",
            sentence="For x.",
            now=NOON,
        )
    await work_off(scene.jobs)


WRITES = {
    "courses": Wrong(
        "/courses",
        lambda told: told["items"][0]["sync_enabled"],
        switch_off,
        before=True,
        after=False,
    ),
    "materials": Wrong(
        "/courses/{}/materials", lambda told: len(told["items"]), add_pdf, 1, 2
    ),
    "cards": Wrong("/flashcards/stats", lambda told: told["cards"], add_card, 0, 1),
    "focus": Wrong("/focus/stats", lambda told: told["today"]["sessions"], focus, 0, 1),
    "leaderboard": Wrong(
        "/accountability/leaderboard",
        lambda told: [row["points"] for row in told["rankings"]["items"]],
        win,
        [],
        [7],
    ),
}


@each("case", **{case: ("A write ends what it makes wrong", case) for case in WRITES})
async def test_a_write_ends(case: str, mina: Person, course: Course, hands, sent) -> None:
    one, scene = WRITES[case], Scene(mina, course, hands, sent)
    path = one.path.format(course.moodle_id)
    assert one.look(await mina.get(path)) == one.before
    await one.write(scene)
    assert one.look(await mina.get(path)) == one.after


@contract("Without Redis everything still answers")
async def test_nothing_that_can_be_asked_needs_redis(
    mina: Person, course: Course, hands, monkeypatch
) -> None:
    paths = [one.path.format(course.moodle_id) for one in WRITES.values()]
    paths += ["/auth/me", "/flashcards/due", "/notes", "/notifications"]
    with_redis = [await mina.get(path) for path in paths]
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    get_settings.cache_clear()
    assert [await mina.get(path) for path in paths] == with_redis
    await add_card(Scene(mina, course, hands, []))
    assert (await mina.get("/flashcards/stats"))["cards"] == 1
    assert (await mina.get("/notes"))["items"] == []
    await mina.post("/notes", {"text": "Still here"})
    assert len((await mina.get("/notes"))["items"]) == 1
