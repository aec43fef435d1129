"""What keeps the product quick: in the database, in front of it, and in the browser."""

import io
import re
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import reflex as rx
from PIL import Image
from pydantic import ValidationError
from reflex.compiler import compiler
from sqlalchemy import event, text
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from studymaster.adapters import database
from studymaster.adapters.database import get_engine, unit_of_work
from studymaster.config import Settings, get_settings
from studymaster.features.accounts import service as accounts
from studymaster.features.points import service as points
from studymaster.passage import with_headers
from studymaster.studymaster import SCREENS
from tests.conftest import NOON
from tests.contract.deployed import directives, value_of
from tests.contract.drawn import code_of
from tests.contract.lines import contract
from tests.contract.people import Person, work_off
from tests.features.library.shelf import make_course, make_lecture

ROOT = Path(__file__).parents[2]
SERVER = "http://testserver"


@contract("Connection pool of 20 to 50")
async def test_as_many_connections_as_the_settings_allow(
    empty_database, monkeypatch
) -> None:
    async with AsyncExitStack() as held:
        for _ in range(20):
            await (await held.enter_async_context(unit_of_work())).session.connection()
        assert database.connections_in_use() == 20
    for size in (20, 35, 50):
        monkeypatch.setenv("DATABASE_POOL_SIZE", str(size))
        get_settings.cache_clear()
        get_engine.cache_clear()
        pool = get_engine().pool
        assert pool.size() == size
        assert size <= pool.size() + pool._max_overflow <= 50
    with pytest.raises(ValidationError):
        Settings(database_pool_size=51)


HOT = (
    ("/flashcards/due", "card"),
    ("/flashcards", "card"),
    ("/flashcards/stats", "reviewlog"),
    ("/courses", "course"),
    ("/courses/{course}/materials", "material"),
    ("/courses/sync", "syncrun"),
    ("/focus/sessions", "focussession"),
    ("/notes", "note"),
    ("/notifications", "notification"),
    ("/accountability/ledger", "pointsentry"),
    ("/social/groups/{group}/messages", "groupmessage"),
)
"""What is asked for most, and the table behind it that grows with every student."""

OTHERS = 120
ROWS_EACH = 60


@contract("Indexed queries on frequently accessed fields")
async def test_no_hot_query_reads_the_rows_of_everybody(mina: Person, sent) -> None:
    course = await make_course(mina.student)
    await make_lecture(mina.student, course=course)
    group = await fill_own(mina, course.moodle_id)
    await fill_others()
    for path, table in HOT:
        with watched() as asked:
            await mina.get(path.format(course=course.moodle_id, group=group))
        plans = [await query.plan() for query in asked]
        assert re.search(
            rf"Index (Only )?Scan .* on {table}\b|Bitmap Heap Scan on {table}\b",
            "\n".join(plans),
        ), f"{path} looks into no index of {table}"
        for query, plan in zip(asked, plans, strict=True):
            assert f"Seq Scan on {table}" not in plan, f"{path}:\n{query.words}\n{plan}"


async def fill_own(mina: Person, course_id: int) -> str:
    """Give one student a row in each of the tables; return the id of a group."""
    body = {"front": "canis", "back": "dog", "course_id": course_id}
    card = await mina.post("/flashcards", body)
    await mina.post(f"/flashcards/{card['id']}/review", {"turn": 0, "grade": 4}, status=200)
    await mina.post("/courses/sync", status=202)
    session = await mina.post("/focus/sessions", {})
    await mina.post(f"/focus/sessions/{session['id']}/abandon", status=200)
    await mina.post("/notes", {"text": "Mine"})
    group = await mina.post("/social/groups", {"name": "Night owls"})
    await mina.post(f"/social/groups/{group['id']}/messages", {"text": "Hello"})
    async with unit_of_work() as work:
        await run(
            work,
            """INSERT INTO notification (id, created_at, account_id, kind, title, text, path, cause)
            SELECT gen_random_uuid(), created_at, id, 'sync', 'News', '', '', 'one' FROM account""",
        )
    return group["id"]


CHANGED = {
    "id": "gen_random_uuid()",
    "account_id": "other.id",
    "group_id": "other.id",
    "cause": "one.cause || number",
    "sent_key": "one.sent_key || number",
    "moodle_id": "number",
    "cmid": "number",
    "invite_code": "gen_random_uuid()::text",
    "connection_id": "other.id",
    "course_id": "other.id",
    "card_id": "gen_random_uuid()",
}
"""What a copy of a row has of its own; foreign keys are not looked at meanwhile."""

FINISHED = {"syncrun": "'done'"}


async def fill_others() -> None:
    """Copy each row many times for many others, and have PostgreSQL count its rows."""
    async with unit_of_work() as work:
        await run(work, "SET LOCAL session_replication_role = replica")
        await run(
            work,
            "CREATE TEMPORARY TABLE other ON COMMIT DROP AS SELECT gen_random_uuid() AS id "
            f"FROM generate_series(1, {OTHERS})",
        )
        for table in sorted({table for _, table in HOT}):
            await run(work, await copying(work, table))
    async with get_engine().connect() as connection:
        alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await alone.execute(text("ANALYZE"))


async def copying(work, table: str) -> str:
    found = await run(
        work,
        "SELECT column_name FROM information_schema.columns "
        f"WHERE table_name = '{table}' ORDER BY ordinal_position",
    )
    names = [row[0] for row in found]
    values = [CHANGED.get(name, f"one.{name}") for name in names]
    if table in FINISHED:
        values[names.index("state")] = FINISHED[table]
    return (
        f'INSERT INTO "{table}" ({", ".join(names)}) SELECT {", ".join(values)} '
        f'FROM "{table}" one, other, generate_series(1, {ROWS_EACH}) number'
    )


async def run(work, statement: str):
    return await (await work.session.connection()).execute(text(statement))


@dataclass(frozen=True)
class Asked:
    """A query as PostgreSQL got it."""

    words: str
    values: tuple[object, ...]

    async def plan(self) -> str:
        async with get_engine().connect() as connection:
            rows = await connection.exec_driver_sql(f"EXPLAIN {self.words}", self.values)
            return "\n".join(row[0] for row in rows)


@contextmanager
def watched() -> Iterator[list[Asked]]:
    """Collect the queries that are asked meanwhile."""
    found: list[Asked] = []

    def note(_connection, _cursor, statement, parameters, *_) -> None:
        if statement.startswith("SELECT"):
            found.append(Asked(statement, parameters))

    engine = get_engine().sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


@contract("Materialized view for the leaderboard")
async def test_places_are_read_from_a_view_that_is_refreshed(mina: Person, sent) -> None:
    async def places() -> list[tuple[str, int]]:
        async with unit_of_work() as work:
            rows = await run(work, "SELECT name, points FROM week_leaderboard")
            return [(row[0], int(row[1])) for row in rows]

    async with unit_of_work() as work:
        views = await run(work, "SELECT matviewname FROM pg_matviews")
        assert [row[0] for row in views] == ["week_leaderboard"]
        await accounts.save_preference(
            work, account_id=mina.student.account_id, name="on_leaderboard", on=True
        )
        await points.award(
            work, student=mina.student, amount=7, cause="x", sentence="For x.", now=NOON
        )
    assert await places() == []
    await work_off(sent)
    assert await places() == [("Mina", 7)]


@contract("Query results are kept")
async def test_the_second_answer_costs_no_query(mina: Person) -> None:
    course = await make_course(mina.student)
    path = f"/courses/{course.moodle_id}/materials"
    kept = {"/courses": "course", path: "material", "/flashcards/stats": "card"}
    for address, table in kept.items():
        counts = [await queries_about(table, mina, address) for _ in range(2)]
        assert counts[0] > 0 == counts[1], address


async def queries_about(table: str, mina: Person, address: str) -> int:
    with watched() as asked:
        await mina.get(address)
    return sum(f"FROM {table}" in one.words for one in asked)


@contract("Response compression (gzip)")
async def test_long_answers_are_packed_and_short_ones_are_not(mina: Person) -> None:
    assert "content-encoding" not in (await mina.http.get("/courses")).headers
    packed = await mina.http.get(f"{SERVER}/api/openapi.json")
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < len(packed.content) / 4
    plain = await mina.http.get(
        f"{SERVER}/api/openapi.json", headers={"accept-encoding": "identity"}
    )
    assert "content-encoding" not in plain.headers
    assert plain.json() == packed.json()


@contract("HTTP/2")
def test_the_proxy_speaks_http_2_over_tls() -> None:
    (secure,) = [
        server
        for server in directives("server")
        if "block" in server  # the others name what stands behind
        if value_of(server, "listen") == ["443", "ssl"]
    ]
    assert value_of(secure, "http2") == ["on"]
    assert value_of(secure, "ssl_protocols") == ["TLSv1.2", "TLSv1.3"]


@contract("CDN for static assets")
def test_what_never_changes_is_kept_by_browsers_and_caches_on_the_way() -> None:
    async def answer(_) -> PlainTextResponse:
        return PlainTextResponse("x")

    app = Starlette(routes=[Route("/{rest:path}", answer)])
    with TestClient(with_headers(app)) as browser:
        kept = {
            path: browser.get(path).headers["cache-control"]
            for path in (
                "/assets/entry-1234.js",
                "/fonts/inter.woff2",
                "/",
                "/api/v1/notes",
            )
        }
    assert kept["/assets/entry-1234.js"] == "public, max-age=31536000, immutable"
    assert kept["/fonts/inter.woff2"].startswith("public, max-age=")
    assert (kept["/"], kept["/api/v1/notes"]) == ("no-cache", "no-store")
    (assets,) = [one for one in directives("location") if one["args"] == ["/assets/"]]
    assert value_of(assets, "proxy_cache") == ["assets"]


@contract("Lazy loading for large datasets")
async def test_every_list_comes_in_stretches(mina: Person, interface) -> None:
    lists = dict(stretched(interface.openapi()["paths"]))
    assert len(lists) >= 12
    for path, names in lists.items():
        assert {"offset", "limit"} <= names, path
    for number in range(55):
        await mina.post("/notes", {"text": f"Note {number}"})
    first = await mina.get("/notes")
    rest = await mina.get("/notes", offset=first["next_offset"])
    assert (len(first["items"]), len(rest["items"]), rest["next_offset"]) == (50, 5, None)
    assert (await mina.http.get("/notes", params={"limit": 101})).status_code == 422


def stretched(paths: dict) -> Iterator[tuple[str, set[str]]]:
    """Yield the addresses that answer with a list, and what may be asked of it."""
    for path, methods in paths.items():
        answer = methods.get("get", {}).get("responses", {}).get("200", {})
        if "Stretch" in str(answer.get("content", "")):
            yield path, {one["name"] for one in methods["get"].get("parameters", [])}


@contract("Code splitting")
def test_a_page_brings_its_own_parts_and_not_those_of_others() -> None:
    places = {compiler.compile_page(one.route, rx.fragment())[0] for one in SCREENS}
    assert len(places) == len(SCREENS)
    parts = {"recorder": "/brain-dump", "timer": "/focus", "study": "/smart-study/review"}
    for part, owner in parts.items():
        brings = {route for route in parts.values() if f"/{part}.jsx" in code_of(route)}
        assert brings == {owner}, part


@contract("Image optimization")
async def test_a_page_of_a_lecture_comes_as_wide_as_it_is_shown(mina: Person) -> None:
    lecture = await make_lecture(mina.student)
    sizes = {}
    for width in (480, 1200):
        path = f"/materials/{lecture.id}/pages/1.webp"
        answer = await mina.http.get(path, params={"width": width})
        assert answer.headers["content-type"] == "image/webp"
        with Image.open(io.BytesIO(answer.content)) as picture:
            assert (picture.format, picture.width) == ("WEBP", width)
        sizes[width] = len(answer.content)
        known = {"if-none-match": answer.headers["etag"]}
        again = await mina.http.get(path, params={"width": width}, headers=known)
        assert again.status_code == 304
    assert sizes[480] < sizes[1200]


@contract("Service worker caching")
def test_every_page_starts_the_worker_that_keeps_static_parts() -> None:
    from studymaster.ui import layout

    head = str([part.render() for part in layout.head()])
    assert "/keeping.js" in head
    assert '"/sw.js"' in (ROOT / "assets/keeping.js").read_text()
    worker = (ROOT / "assets/sw.js").read_text()
    assert '"/assets/"' in worker
    assert '"/fonts/"' in worker
    assert "/api" not in worker


@contract("Debounced API calls")
def test_what_is_typed_into_a_search_waits_for_a_pause() -> None:
    for route in ("/brain-dump", "/smart-study/cards", "/campus"):
        pauses = [
            int(one) for one in re.findall(r'"debounce"\]\s*:\s*(\d+)', code_of(route))
        ]
        assert pauses, route
        assert all(200 <= pause <= 1_000 for pause in pauses)
