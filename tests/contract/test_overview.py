"""The parts that the founding document names, or what took their place, doing their work."""

import asyncio
import inspect
import json
import tomllib
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
import reflex as rx
from alembic.config import Config
from alembic.script import ScriptDirectory
from fastapi.routing import iter_route_contexts
from importlinter.cli import lint_imports
from redis import Redis
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import SQLModel

from operate.check import checks
from studymaster import live
from studymaster.adapters.bus import Topic, news_for
from studymaster.adapters.cache import PREFIX
from studymaster.adapters.database import get_engine, unit_of_work
from studymaster.config import get_settings
from studymaster.features.braindump.state import NotesState
from studymaster.jobs import QUEUES, JobName
from studymaster.studymaster import SCREENS, app
from studymaster.ui import controls
from tests.contract.deployed import directives, objects, services, value_of
from tests.contract.drawn import code_of
from tests.contract.lines import contract
from tests.contract.people import Person
from tests.contract.term import Term
from tests.tabs import open_tab
from tests.test_events import Place
from workers.app import celery
from workers.schedule import RECURRING

ROOT = Path(__file__).parents[2]
FEATURES = ROOT / "studymaster/features"


def version_of(package: str) -> tuple[int, ...]:
    """Return the version of a JavaScript package that the pages are built with."""
    lock = json.loads((ROOT / "reflex.lock/package.json").read_text())
    pinned = lock["dependencies"] | lock["devDependencies"]
    return tuple(int(part) for part in pinned[package].split("."))


def pyproject() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


@contract("Integrates with Moodle")
def test_what_moodle_has_is_here_after_connecting_it(term: Term) -> None:
    assert term.courses_before["items"] == []
    assert len(term.courses) == 5
    assert {one["site_url"] for one in term.courses} == {term.site}
    assert len(term.materials) > 3


@contract("Nginx in front of FastAPI, FastAPI before PostgreSQL, Redis and S3")
def test_every_part_is_reached_in_the_order_of_the_drawing() -> None:
    (upstream,) = directives("upstream")
    host, _, port = value_of(upstream, "server")[0].partition(":")
    assert (port, services()[host]["ports"][0].rpartition(":")[2]) == ("8000", "8000")
    reached = services()[host]["environment"]
    assert reached["DATABASE_URL"].startswith("postgresql://")
    assert reached["REDIS_URL"].startswith("redis://")
    (settings,) = [one["data"] for one in objects() if one["kind"] == "ConfigMap"]
    assert {"S3_BUCKET", "S3_ENDPOINT_URL"} <= set(settings)


@contract("API routes: auth, courses, flashcards, social")
async def test_the_interface_describes_its_routes(visitor: httpx.AsyncClient) -> None:
    described = (await visitor.get("http://testserver/api/openapi.json")).json()["paths"]
    for part in ("auth", "courses", "flashcards", "focus", "social", "notes"):
        assert [path for path in described if path.startswith(f"/api/v1/{part}")], part
    docs = await visitor.get("http://testserver/api/docs")
    assert (docs.status_code, "swagger" in docs.text.lower()) == (200, True)


@contract("Business logic: Moodle, AI, Social and Points services")
def test_each_service_did_its_part_of_a_term(term: Term) -> None:
    assert term.run_after["new_count"] > 15
    assert term.proposals
    assert term.group["member_count"] == 2
    assert [line["amount"] for line in term.ledger if line["amount"] > 0]


@contract("Layers: routes over services over data access (SQLAlchemy async)")
@contract("Folders of the backend")
def test_every_import_goes_downwards() -> None:
    order = "(page) (state) | (api) (service) (queries) (rules) : (schemas)"
    contracts = pyproject()["tool"]["importlinter"]["contracts"]
    assert order in {" ".join(one.get("layers", [])) for one in contracts}
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml")) == 0


@contract("React 18.2+: component-based UI")
def test_pages_are_react_components() -> None:
    assert version_of("react") >= (18, 2)
    assert version_of("react") == version_of("react-dom")
    assert "export default Component;" in code_of("/notifications")


@contract("TypeScript: type safety")
def test_types_are_checked_strictly_in_every_check() -> None:
    pyright = pyproject()["tool"]["pyright"]
    assert pyright["typeCheckingMode"] == "strict"
    assert {"studymaster", "workers"} <= set(pyright["include"])
    assert "types" in {step.title for step in checks(["fastapi"])}


@contract("Vite: build tool")
def test_pages_are_built_by_vite() -> None:
    assert version_of("vite") >= (5,)


@contract("Tailwind CSS: utility-first styling")
def test_tailwind_knows_our_tokens() -> None:
    from rxconfig import config

    (plugin,) = [
        one for one in config.plugins if isinstance(one, rx.plugins.TailwindV4Plugin)
    ]
    assert plugin.config["theme"]
    assert version_of("tailwindcss") >= (4,)


@contract("shadcn/ui: accessible components")
def test_windows_and_tabs_are_accessible_primitives() -> None:
    window = controls.dialog("Delete it?", description="It is gone for good.")
    parts = controls.tabs("Parts", {"a": ("A", rx.fragment())}, value="a")
    imported = {**window._get_all_imports(), **parts._get_all_imports()}
    for part in ("@radix-ui/react-dialog", "@radix-ui/react-tabs"):
        assert any(name.startswith(part) for name in imported), part
    assert "Delete it?" in str(window.render())


@contract("Zustand: state of a tab")
async def test_each_tab_has_a_state_of_its_own(mina: Person) -> None:
    await mina.post("/notes", {"text": "A thought"})
    await mina.post("/notes", {"text": "A question", "kind": "question"})
    access = mina.http.cookies["sm_access"]
    first, second = (open_tab(NotesState, access=access, token=name) for name in "ab")
    await first.load()
    await second.load()
    await first.choose_kind("question")
    assert (first.kind, first.count) == ("question", 1)
    assert (second.kind, second.count) == ("", 2)


@contract("TanStack Query: server state, fetched again when it changes")
async def test_a_tab_fetches_again_what_changed_elsewhere(mina: Person) -> None:
    access = mina.http.cookies["sm_access"]
    page = open_tab(NotesState, access=access, token="tab", path="/brain-dump")
    await page.load()
    await mina.post("/notes", {"text": "From elsewhere"})
    assert page.count == 0
    news = news_for(mina.student.account_id, Topic.NOTES)
    (update,) = live.tabs.updates_for(news, closing={}).values()
    (event,) = [one for one in update.events if one.name.endswith("notes_state.refresh")]
    await getattr(page, event.name.rpartition(".")[2])()
    assert [row.title for row in page.rows] == ["From elsewhere"]
    stranger = news_for(uuid4(), Topic.NOTES)
    assert live.tabs.updates_for(stranger, closing={}) == {}


@contract("React Router: client-side routing")
def test_every_page_has_a_route_of_its_own() -> None:
    assert version_of("react-router") >= (6,)
    routes = {screen.route.strip("/") or "index" for screen in SCREENS}
    assert len(routes) == len(SCREENS)
    assert routes | {"sign-in", "404"} <= set(app._unevaluated_pages)


@contract("Socket.IO client: real-time updates")
async def test_browsers_bring_a_client_of_the_servers_kind(
    place: Place, mina: Person
) -> None:
    assert version_of("socket.io-client") >= (4,)
    ear = await place.open(token=mina.tokens["access_token"])
    assert ear.client.connected
    assert ear.client.transport() == "websocket"


PAGES_IN = {
    "Dashboard": "dashboard",
    "SmartStudy": "flashcards",
    "FocusMode": "focus",
    "CampusUnderground": "campus",
    "LiveSync": "sync",
    "Accountability": "accountability",
    "BrainDump": "braindump",
}


@contract("Folders of the frontend")
def test_each_page_stands_with_its_state_in_the_folder_of_its_feature() -> None:
    for feature in PAGES_IN.values():
        for part in ("page", "state", "service"):
            found = [FEATURES / feature / f"{part}.py", FEATURES / feature / part]
            assert any(path.exists() for path in found), f"{feature}/{part}"
    for shared in ("controls", "layout", "navigation", "theme"):
        assert (ROOT / f"studymaster/ui/{shared}.py").exists()


@contract("FastAPI: async web framework")
def test_every_route_is_asynchronous(interface) -> None:
    routes = iter_route_contexts(interface.routes)
    endpoints = [route.endpoint for route in routes if route.endpoint is not None]
    assert len(endpoints) > 50
    assert all(inspect.iscoroutinefunction(one) for one in endpoints)


@contract("SQLAlchemy: ORM with async support")
async def test_rows_are_read_asynchronously_through_the_orm(empty_database) -> None:
    assert isinstance(get_engine(), AsyncEngine)
    async with asyncio.TaskGroup() as group:
        slept = [group.create_task(doze()) for _ in range(5)]
        await asyncio.sleep(0)
    assert [one.result() for one in slept] == [1] * 5
    lazy = {
        relation.lazy
        for mapper in SQLModel._sa_registry.mappers
        for relation in mapper.relationships
    }
    assert lazy <= {"raise"}


async def doze() -> int:
    async with unit_of_work() as work:
        connection = await work.session.connection()
        await connection.execute(text("SELECT pg_sleep(0.01)"))
        return (await connection.execute(text("SELECT 1"))).scalar_one()


@contract("PostgreSQL: primary database")
async def test_everything_is_kept_in_postgresql_under_constraints(empty_database) -> None:
    async with unit_of_work() as work:
        connection = await work.session.connection()
        assert connection.dialect.name == "postgresql"
        stored = await connection.scalars(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        )
        tables = set(stored.all())
        loose = await connection.scalars(
            text(
                "SELECT c.relname FROM pg_class c WHERE c.relkind = 'r' "
                "AND c.relnamespace = 'public'::regnamespace AND NOT EXISTS "
                "(SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'p')"
            )
        )
        assert loose.all() == []
    assert tables == set(SQLModel.metadata.tables) | {"alembic_version"}


@contract("Redis: caching and sessions")
async def test_redis_holds_answers_and_sessions(mina: Person) -> None:
    await mina.get("/courses")
    with Redis.from_url(get_settings().redis_url) as redis:
        kinds = {key.decode().split(":")[2] for key in redis.scan_iter(f"{PREFIX}:*")}
    assert {"responses", "sessions"} <= kinds


@contract("Celery: task queue")
def test_every_job_has_a_task_and_a_queue_of_celery(services) -> None:
    celery.loader.import_default_modules()
    tasks = {name for name in celery.tasks if not name.startswith("celery.")}
    assert tasks == set(JobName) == set(QUEUES)
    assert {queue.name for queue in celery.conf.task_queues} == set(QUEUES.values())
    assert (celery.conf.task_acks_late, celery.conf.task_reject_on_worker_lost) == (
        True,
        True,
    )


@contract("APScheduler: recurring jobs")
def test_beat_is_one_table_that_celery_follows() -> None:
    table = {one.job.value: one.every_seconds for one in RECURRING}
    beat = celery.conf.beat_schedule
    assert {name: item["schedule"] for name, item in beat.items()} == table
    wanted = {JobName.SYNC_DUE_ACCOUNTS, JobName.CLOSE_DAYS, JobName.SWEEP_UNFINISHED}
    assert wanted <= set(table)


@contract("Socket.IO: WebSocket server")
async def test_nobody_listens_without_a_session(place: Place, mina: Person) -> None:
    from socketio.exceptions import ConnectionError as RefusedError

    assert (await place.open(token=mina.tokens["access_token"])).client.connected
    with pytest.raises(RefusedError):
        await place.open(token="nonsense")
    assert app.sio is not None
    assert "/events" in app.sio.handlers


@contract("Alembic: versions of the tables")
async def test_the_tables_are_at_the_newest_version(empty_database) -> None:
    scripts = ScriptDirectory.from_config(Config(toml_file=ROOT / "pyproject.toml"))
    async with unit_of_work() as work:
        connection = await work.session.connection()
        found = await connection.scalars(text("SELECT version_num FROM alembic_version"))
    assert found.all() == [scripts.get_current_head()]
