"""Each request of a sync fails in each way that Moodle is known to fail: nothing is lost by it.

The student has synced before; then a teacher changed one thing of every kind, so that a run has
to ask every question and fetch every kind of file. The run in which something fails ends as the
table below says and keeps what was there; the next one brings what an undisturbed one brings.
"""

import itertools
import json
import shutil
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha1
from http.client import HTTPConnection
from operator import itemgetter
from os import link
from pathlib import Path

import pytest
import pytest_asyncio
from redis import Redis
from sqlalchemy import text
from sqlmodel import SQLModel, col, select

from demo.app import create_app
from demo.campus import Campus, Course, Entry, Module, Post
from demo.failures import KINDS
from demo.services.table import BATCH
from demo.term import Size, open_term
from studymaster.adapters import bus, clock, moodle
from studymaster.adapters.database import get_engine, unit_of_work
from studymaster.adapters.moodle import Patience, door, failures, gate, retry
from studymaster.adapters.storage import blob_key, get_storage
from studymaster.config import get_settings
from studymaster.features.accounts import service as accounts
from studymaster.features.accounts.schemas import Student
from studymaster.models import (
    ConnectionState,
    MoodleConnection,
    RunState,
    SyncIssue,
    SyncRun,
)
from tests.conftest import NOON, make_student
from tests.demo.serving import serving
from tests.jobs import carry_out
from tests.workers.holdings import Holdings, blobs_of, differences, holdings
from workers import sync

SITE_INFO, COURSES = "core_webservice_get_site_info", "core_enrol_get_users_courses"
PAGES, CONTENTS = "mod_page_get_pages_by_courses", "core_course_get_contents"
ENTRIES = "mod_glossary_get_entries_by_letter"
DISCUSSIONS, GRADES = "mod_forum_get_forum_discussions", "gradereport_user_get_grade_items"
SUBMISSION = "mod_assign_get_submission_status"
OVERALL = (
    PAGES,
    "mod_assign_get_assignments",
    "mod_quiz_get_quizzes_by_courses",
    "mod_glossary_get_glossaries_by_courses",
    "mod_forum_get_forums_by_courses",
    "core_calendar_get_action_events_by_timesort",
)
PARTS = (*OVERALL, CONTENTS, ENTRIES, DISCUSSIONS, GRADES, SUBMISSION)

BATCHES = tuple(
    f"{BATCH}:{first}"
    for first in (PAGES, CONTENTS, ENTRIES, DISCUSSIONS, GRADES, SUBMISSION)
)
FILES = tuple(f"file:{kind}" for kind in ("resource", "folder"))
CHAPTER = "file:book"

# -- what becomes of a run

WHOLE = ""
"""It comes all the same: asked again, or in another way, or a closed part is left as it was."""


@dataclass(frozen=True)
class Ends:
    """The whole run ends with the failure of this name."""

    code: str


@dataclass(frozen=True)
class Costs:
    """The run goes on; what did not come is named, with the failure of this name."""

    code: str


Outcome = str | Ends | Costs
Table = dict[str, Outcome]

OF_THE_SITE: Table = {
    "gateway_down": Ends("site_down"),
    "too_many_requests": Ends("too_busy"),
    "maintenance_cli": Ends("maintenance"),
    "maintenance": Ends("maintenance"),
    "database_down": Ends("database_down"),
    "upgrade_running": Ends("upgrade_running"),
    "web_services_off": Ends("service_disabled"),
    "redirected": Ends("moved"),
    "invalid_token": Ends("token_expired"),
    "expired_token": Ends("token_expired"),
    "user_suspended": Ends("account_suspended"),
}
UNREADABLE: Table = dict.fromkeys(
    ("garbage", "truncated_json", "html_instead_of_json", "wrong_bytes", "ten_gigabytes"),
    Ends("not_answerable"),
)
FIRST: Table = {
    **OF_THE_SITE,
    **UNREADABLE,
    "xml_instead_of_json": Ends("invalid_request"),
    "access_exception": Ends("token_expired"),
    "slow": WHOLE,
    "one_byte_a_second": Ends("unreachable"),
    "broken_off": Ends("unreachable"),
}
"""Without these answers nothing can be asked."""

SECOND: Table = {
    **FIRST,
    "expired_token": Ends("access_refused"),
    "access_exception": Ends("access_refused"),
}
"""Moodle says of a token in its first moment after expiry only that it does not reach this."""

TOGETHER: Table = {
    **OF_THE_SITE,
    **dict.fromkeys(sorted(FIRST.keys() - OF_THE_SITE.keys()), WHOLE),
    "gateway_down": WHOLE,
}
"""What was asked in one request is asked singly when that may help."""

INSIDE: Table = {
    name: OF_THE_SITE[name]
    for name in (
        "maintenance",
        "database_down",
        "upgrade_running",
        "invalid_token",
        "expired_token",
        "user_suspended",
    )
}
LEFT_OUT: Table = {
    **INSIDE,
    "access_exception": Costs("access_refused"),
    "forced_password_change": WHOLE,
    "policy_not_agreed": WHOLE,
    "not_enrolled": WHOLE,
}
"""Answers about all courses leave out, without a word, those that may not be read."""

OF_A_COURSE: Table = {
    **INSIDE,
    "access_exception": Costs("access_refused"),
    "forced_password_change": Ends("password_change_required"),
    "policy_not_agreed": Ends("policy_not_agreed"),
    "not_enrolled": WHOLE,
}
"""A teacher may close the grades or the news: that is an answer."""

OF_CONTENTS: Table = {**OF_A_COURSE, "not_enrolled": Costs("not_enrolled")}

SINGLY: Table = {
    "gateway_down": Ends("site_down"),
    "maintenance": Ends("maintenance"),
    "invalid_token": Ends("token_expired"),
    "garbage": Costs("not_answerable"),
    "html_instead_of_json": Costs("not_answerable"),
    "broken_off": Ends("unreachable"),
}
"""On a site that answers no batches."""

OF_A_FILE: Table = {
    **OF_THE_SITE,
    "web_services_off": Costs("access_refused"),
    "redirected": Costs("file_refused"),
    "access_exception": Costs("access_refused"),
    "forced_password_change": Ends("password_change_required"),
    "policy_not_agreed": Ends("policy_not_agreed"),
    "not_enrolled": Costs("file_refused"),
    "file_error_as_200": Costs("file_refused"),
    "file_not_found": Costs("file_missing"),
    "garbage": Costs("file_broken"),
    "truncated_json": Costs("file_broken"),
    "wrong_bytes": Costs("file_broken"),
    "broken_off": Costs("file_broken"),
    "one_byte_a_second": Costs("file_broken"),
    "html_instead_of_json": Costs("not_answerable"),
    "xml_instead_of_json": Costs("invalid_request"),
    "ten_gigabytes": Costs("file_too_large"),
    "slow": WHOLE,
}

OF_A_CHAPTER: Table = {
    failure: outcome
    for failure, outcome in OF_A_FILE.items()
    if failure not in {"garbage", "truncated_json", "wrong_bytes"}
}
"""Moodle tells neither length nor hash of a page that it makes: other words cannot be told."""

REQUESTS: dict[str, Table] = {
    SITE_INFO: FIRST,
    COURSES: SECOND,
    **dict.fromkeys(BATCHES, TOGETHER),
    **dict.fromkeys((f"inside:{name}" for name in PARTS), OF_A_COURSE),
    **dict.fromkeys((f"inside:{name}" for name in OVERALL), LEFT_OUT),
    f"inside:{CONTENTS}": OF_CONTENTS,
    **dict.fromkeys((f"singly:{name}" for name in PARTS), SINGLY),
    **dict.fromkeys(FILES, OF_A_FILE),
    CHAPTER: OF_A_CHAPTER,
}
"""Every request of a sync, with what each failure of it comes to."""

NEVER_HERE = frozenset({"invalid_login", "resume_other_version"})
"""Signing in is no part of a sync; the rest of a file is asked for after a failure only."""

CASES = [(request, failure) for request, table in REQUESTS.items() for failure in table]


# -- the campus before and after a teacher changed one thing of every kind

SIZE = Size(courses=2, files=6, heavy=False)
moments = itertools.count()


OPENED = int(NOON.timestamp()) - 90 * 86_400
LATER = OPENED + 86_400


def before_changes(files: Path) -> Campus:
    campus = open_term(files, now=NOON, size=SIZE)
    first, second = campus.courses.values()
    for section in first.sections:
        section.modules[:] = [
            replace(module, chapters=module.chapters[:1]) for module in section.modules
        ]
    words = (Entry(9000, "Abacus", "It counts."),)
    campus.add(second, Module(0, 0, 0, "glossary", "Words", OPENED, OPENED, entries=words))
    return campus


def changed(module: Module) -> Module:
    """The same module after its teacher has been at it."""
    fresh = {
        "files": tuple(
            replace(file, content=file.content + b"\n%", modified=LATER)
            for file in module.files
        ),
        "html": module.html and f"{module.html}<p>One more.</p>",
        "chapters": tuple(
            replace(part, html=f"{part.html}<p>More.</p>") for part in module.chapters
        ),
        "entries": module.entries
        and (*module.entries, Entry(9001, "Zeal", "The last one.")),
        "posts": module.posts
        and (*module.posts, Post(9100 + module.instance, "Moved", "<p>Hall 5.</p>", LATER)),
        "task": replace(
            module.task,
            due=module.task.due and module.task.due + 3600 * (not module.task.grades),
            grades={name: grade + 1 for name, grade in module.task.grades.items()},
            submitted=module.task.submitted or frozenset({"student1"}),
        ),
    }
    return replace(module, modified=LATER, revision=1, **fresh)


def after_changes(courses: dict[int, Course]) -> dict[int, Course]:
    """Everything is changed but the files of the second course."""
    later = deepcopy(courses)
    for place, course in enumerate(later.values()):
        for section in course.sections:
            section.modules[:] = [
                module if place and module.files else changed(module)
                for module in section.modules
            ]
    return later


@dataclass(frozen=True)
class Moodle:
    """The demo with its two states, and its switches."""

    campus: Campus
    courses: tuple[dict[int, Course], dict[int, Course]]
    site: str

    def teach(self, *, changed: bool) -> None:
        self.campus.courses = self.courses[changed]

    def fail(self, failure: str, **wish: object) -> None:
        self._ask("POST", json.dumps({"failure": failure, **wish}))

    def heal(self) -> None:
        self._ask("DELETE")

    def _ask(self, method: str, body: str | None = None) -> None:
        connection = HTTPConnection(self.site.removeprefix("http://"))
        connection.request(method, "/demo/failures", body)
        assert connection.getresponse().status == 200
        connection.close()


@pytest.fixture(scope="module")
def demo(campus_files: Path) -> Iterator[Moodle]:
    campus = before_changes(campus_files)
    courses = (campus.courses, after_changes(campus.courses))
    with serving(create_app(campus, now=lambda: NOON)) as site:
        yield Moodle(campus, courses, site)


# -- a student who has synced before

KEPT = "kept_for_the_matrix"


async def keep_tables() -> None:
    """Copy every row to where `put_tables_back` finds it."""
    names = [f'"{name}"' for name in SQLModel.metadata.tables]
    async with get_engine().begin() as connection:
        await connection.execute(text(f"CREATE SCHEMA {KEPT}"))
        for name in names:
            await connection.execute(text(f"CREATE TABLE {KEPT}.{name} AS TABLE {name}"))
        steps = "".join(
            f"DELETE FROM {name}; INSERT INTO {name} SELECT * FROM {KEPT}.{name};"
            for name in names
        )
        body = f"BEGIN SET LOCAL session_replication_role = replica; {steps} END"
        await connection.execute(
            text(
                f"CREATE FUNCTION {KEPT}.put_back() RETURNS void LANGUAGE plpgsql AS $${body}$$"
            )
        )


async def put_tables_back() -> None:
    """Make the database what it was when it was kept."""
    async with get_engine().begin() as connection:
        await connection.execute(text(f"SELECT {KEPT}.put_back()"))


@dataclass(frozen=True)
class Scene:
    """A student who has synced, what is here of it, and what the next sync shall bring."""

    student: Student
    moodle: Moodle
    here: Holdings
    wanted: Holdings

    async def sync(self) -> SyncRun:
        await carry_out(sync.sync_account, account_id=str(self.student.account_id))
        async with unit_of_work() as work:
            order = col(SyncRun.created_at).desc()
            found = await work.session.exec(select(SyncRun).order_by(order).limit(1))
            return found.one()

    async def connect(self) -> None:
        identity = await accounts.ask_moodle_by_password(
            self.moodle.site, username="student1", password="campus"
        )
        async with unit_of_work() as work:
            await accounts.connect_moodle(
                work, account_id=self.student.account_id, identity=identity, now=clock.now()
            )

    async def connection(self) -> MoodleConnection:
        async with unit_of_work() as work:
            return (await work.session.exec(select(MoodleConnection))).one()

    async def issues(self, run: SyncRun) -> list[SyncIssue]:
        async with unit_of_work() as work:
            asked = select(SyncIssue).where(col(SyncIssue.run_id) == run.id)
            return list((await work.session.exec(asked)).all())


@dataclass
class Once:
    """What the first of these tests prepares for all."""

    scene: Scene | None = None
    folder: Path | None = None


once = Once()


async def prepare(moodle: Moodle, folder: Path) -> Scene:
    student = await make_student("Sam")
    moodle.teach(changed=False)
    scene = Scene(student, moodle, {}, {})
    await scene.connect()
    assert (await scene.sync()).state is RunState.DONE
    here = await holdings(student.account_id)
    await keep_tables()
    shutil.copytree(get_settings().storage_dir, folder)
    moodle.teach(changed=True)
    run = await scene.sync()
    assert (run.state, await scene.issues(run)) == (RunState.DONE, [])
    wanted = await holdings(student.account_id)
    return replace(scene, here=here, wanted=wanted)


@pytest_asyncio.fixture(loop_scope="module")
async def scene(services, demo, tmp_path_factory, monkeypatch) -> AsyncGenerator[Scene]:
    start = NOON + timedelta(hours=1)
    monkeypatch.setattr(clock, "now", lambda: start + timedelta(seconds=next(moments)))
    monkeypatch.setattr(bus, "publish", hear_nothing)
    monkeypatch.setenv("MOODLE_ALLOWED_HOSTS", demo.site.removeprefix("http://"))
    monkeypatch.setenv("FILE_LIMIT_MB", "1")
    monkeypatch.setattr(door, "LARGEST_ANSWER", 1_000_000)
    get_settings.cache_clear()
    if once.scene is None or once.folder is None:
        get_engine.cache_clear()
        await empty()
        once.folder = tmp_path_factory.mktemp("prepared") / "storage"
        once.scene = await prepare(demo, once.folder)
    await put_tables_back()
    shutil.rmtree(get_settings().storage_dir, ignore_errors=True)
    shutil.copytree(once.folder, get_settings().storage_dir, copy_function=link)
    let_pauses_pass()
    demo.teach(changed=True)
    yield once.scene
    demo.heal()


async def hear_nothing(*_news: bus.News) -> None:
    return None


async def empty() -> None:
    names = ", ".join(f'"{name}"' for name in SQLModel.metadata.tables)
    async with get_engine().begin() as connection:
        await connection.execute(text(f"TRUNCATE {names} CASCADE"))


def let_pauses_pass() -> None:
    """What a site asked for is over, and nobody remembers how it was doing."""
    gate._gates.clear()
    with Redis.from_url(get_settings().redis_url) as client:
        client.flushdb()


async def nothing_is_lost(scene: Scene) -> None:
    """What was here is here, and its bytes are what their names say."""
    now = await holdings(scene.student.account_id)
    key = itemgetter("course_id", "cmid", "filepath", "filename")
    before = {key(dict(line)): dict(line) for line in scene.here["Material"]}
    after = {key(dict(line)): dict(line) for line in now["Material"]}
    assert before.keys() <= after.keys()
    for place, line in before.items():
        assert bool(line["blob_sha1"]) <= bool(after[place]["blob_sha1"]), place
        assert after[place]["listed"], place
    for name in blobs_of(scene.here) | blobs_of(now):
        data = await get_storage().get_bytes(blob_key(name))
        assert sha1(data).hexdigest() == name
    for kind in ("Course", "CourseSection", "Deadline", "Announcement", "GradeItem"):
        assert len(now[kind]) >= len(scene.here[kind]), kind


HURRIED = Patience(connect=5, silence=0.3, answer=0.5, slowest=10**9)
WISHES = {"too_many_requests": {"pause": 120}, "slow": {"seconds": 0.1}}


@contextmanager
def failing(scene: Scene, request: str, failure: str) -> Iterator[None]:
    """Let one request fail in one way, every time it is made."""
    mode, _, function = (
        request.rpartition(":") if request.partition(":")[0] in MODES else ("", "", request)
    )
    with pytest.MonkeyPatch.context() as changed:
        if failure == "one_byte_a_second":
            changed.setattr(
                moodle, "open_site", partial(moodle.open_site, patience=HURRIED)
            )
            changed.setattr(retry, "MOST_TRIES", 1)
        if mode == "singly":
            scene.moodle.fail("access_exception", function=BATCH)
        scene.moodle.fail(failure, function=function, **WISHES.get(failure, {}))
        yield
    scene.moodle.heal()
    let_pauses_pass()


MODES = {"inside", "singly"}


def sentence_of(code: str, *, pause: datetime | None = None) -> str:
    """Return what a student in UTC reads of a failure, and of the pause that came with it."""
    named = {kind.code: kind for kind in every_kind(failures.MoodleError)}
    site = "Lindmark University"
    if pause is None:
        return named[code].sentence.format(host=site)
    # The minute that is told is one in which the pause is over.
    over = pause + timedelta(minutes=1, microseconds=-1)
    words = named[code].pause.format(host=site, until=f"{over:%H:%M}")
    return f"{words} Nothing is lost; sync again after that."


def every_kind(kind: type[failures.MoodleError]) -> Iterator[type[failures.MoodleError]]:
    yield kind
    for narrower in kind.__subclasses__():
        yield from every_kind(narrower)


def wait_for(moment: datetime) -> None:
    """Let time, which goes on by a second whenever somebody looks, pass until a moment."""
    while clock.now() < moment:
        pass


async def ends_as_it_should(scene: Scene, run: SyncRun, outcome: Outcome) -> None:
    issues = {(issue.code, issue.sentence) for issue in await scene.issues(run)}
    if isinstance(outcome, Ends):
        connection = await scene.connection()
        sentence = sentence_of(outcome.code, pause=connection.paused_until)
        assert (run.state, run.failure) == (RunState.FAILED, sentence)
        assert (connection.failure_code, connection.failure) == (outcome.code, sentence)
        return
    assert (run.state, run.failure) == (RunState.DONE, None)
    if isinstance(outcome, Costs):
        assert {sentence for _code, sentence in issues} == {sentence_of(outcome.code)}
    else:
        assert issues == set()


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(("request_", "failure"), CASES)
async def test_a_failure_is_named_costs_nothing_that_was_here_and_is_made_up_for(
    scene, request_, failure
) -> None:
    with failing(scene, request_, failure):
        run = await scene.sync()
    await ends_as_it_should(scene, run, REQUESTS[request_][failure])
    await nothing_is_lost(scene)
    connection = await scene.connection()
    if connection.state is ConnectionState.BROKEN:
        await scene.connect()
    if connection.paused_until is not None:
        wait_for(connection.paused_until)
    await ends_as_it_should(scene, await scene.sync(), WHOLE)
    assert differences(scene.wanted, await holdings(scene.student.account_id)) == []


def test_no_way_to_fail_and_no_request_is_forgotten() -> None:
    tried = {failure for _request, failure in CASES}
    assert KINDS.keys() - tried == NEVER_HERE
    inner = {
        name.removeprefix("inside:") for name in REQUESTS if name.startswith("inside:")
    }
    known = {SITE_INFO, COURSES, "tool_mobile_get_public_config"}
    assert inner | known == set(moodle.ALLOWED_FUNCTIONS)
    assert len(CASES) > 300
