import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import reflex as rx
from reflex.components.core.cond import Cond
from sqlmodel import delete

from studymaster.adapters.database import unit_of_work
from studymaster.features.sync import page, service
from studymaster.features.sync.page.runs import LookAgain, newest_run
from studymaster.features.sync.state import LiveSyncState
from studymaster.models import ConnectionState, MoodleConnection, RunState, SyncRun
from tests.conftest import NOON
from tests.factories.moodle import connect, make_run
from tests.features.accounts.test_state import signed_in
from tests.features.courses.test_service import BIOLOGY, keep
from tests.features.sync.past import make_past
from tests.tabs import open_tab


@pytest.mark.parametrize(
    "words",
    [
        "Sync now",
        "Connect your Moodle",
        "What did not come, and why",
        "Connect again",
        "Connect another Moodle",
        "Renew it now",
        "Try again",
        "Disconnect this Moodle?",
        "Courses, files, notes and cards that are here stay.",
        "Keys in Moodle",
        "Address of your Moodle",
        "Sign in through the browser",
        "Other ways",
        "Copy the link on the page that follows",
        "No courses yet",
        "/api/v1/auth/moodle",
        "What changed",
        "Past syncs",
        "Show more",
        "Keep up to date",
        "Switched off: what is here stays, nothing new is read.",
        "Sync only this course",
        "Sync by itself",
        "Files to fetch",
        " fetched",
        "Make cards from a lecture",
    ],
)
def test_the_page_offers_what_a_student_needs(words: str) -> None:
    assert words in str(page.page())


def test_news_of_a_run_is_told_to_screen_readers() -> None:
    assert '"aria-live":"polite"' in str(page.page()).replace(" ", "").replace("\\", "")


@pytest.fixture
async def mina(empty_database):
    return await signed_in()


async def break_it(row: MoodleConnection) -> None:
    async with unit_of_work() as work:
        work.session.add(row)
        row.state, row.failure = ConnectionState.BROKEN, "Your token has run out."


async def finish(row: MoodleConnection) -> None:
    run = SyncRun(
        account_id=row.account_id,
        connection_id=row.id,
        created_at=NOON,
        beat_at=NOON,
        state=RunState.DONE,
    )
    async with unit_of_work() as work:
        work.session.add(run)


async def test_the_failure_of_an_older_run_is_told_no_more(mina) -> None:
    _, student = mina
    row = await connect(student)
    await keep(row, BIOLOGY)
    await make_run(row, state=RunState.FAILED, minutes_ago=30, failure="Moodle was away.")
    await make_run(row)
    async with unit_of_work() as work:
        view = await service.overview(work, student=student, now=NOON)
    assert view.run is not None
    assert view.run.headline == "Everything is here"
    assert "away" not in view.run.detail


async def test_of_two_sites_asked_at_once_the_failure_is_told_and_not_hidden(mina) -> None:
    _, student = mina
    sites = [await connect(student), await connect(student, site_url="https://two.edu")]
    for first in (0, 1):
        await make_run(sites[first], state=RunState.FAILED, failure="It was away.")
        await make_run(sites[1 - first])
        async with unit_of_work() as work:
            view = await service.overview(work, student=student, now=NOON)
            await work.session.exec(delete(SyncRun))
        assert view.run is not None
        assert view.run.headline == "The sync stopped"


async def test_a_run_that_waits_says_what_goes_first(mina, other_student) -> None:
    _, student = mina
    await make_run(await connect(student), state=RunState.QUEUED, minutes_ago=2)
    others = await connect(other_student)
    third = await connect(other_student, site_url="https://two.edu")
    await make_run(others, state=RunState.RUNNING, minutes_ago=1)
    await make_run(third, state=RunState.QUEUED, minutes_ago=1)
    async with unit_of_work() as work:
        view = await service.overview(work, student=student, now=NOON)
    assert view.run is not None
    assert view.run.headline == "Waiting for a free worker"
    assert view.run.detail == (
        "It has waited for 2 min: 1 sync of another student goes first. It starts by "
        "itself; nothing is lost."
    )


async def test_the_first_run_is_said_to_wait_before_a_worker_has_taken_it_up(mina) -> None:
    _, student = mina
    row = await connect(student)
    later = row.created_at + timedelta(minutes=3)
    async with unit_of_work() as work:
        view = await service.overview(work, student=student, now=later)
    assert view.run is not None
    assert (view.run.id, view.run.headline) == ("", "Waiting for a free worker")
    assert view.run.waits
    assert view.run.detail.startswith("It has waited for 3 min: the worker is busy")
    await break_it(row)
    async with unit_of_work() as work:
        view = await service.overview(work, student=student, now=later)
    assert view.run is None


def parts(whole: rx.Component) -> Iterator[rx.Component]:
    yield whole
    for part in whole.children:
        if isinstance(part, rx.Component):
            yield from parts(part)


def test_a_page_on_which_a_run_waits_looks_again_by_itself() -> None:
    text = str(page.page())
    assert "LookAgain" in text
    assert "live_sync_state.refresh" in text.split("LookAgain")[1]
    (condition,) = [
        part
        for part in parts(newest_run())
        if isinstance(part, Cond)
        and any(isinstance(one, LookAgain) for one in parts(part.children[0]))
    ]
    assert "waits" in str(condition.cond)


@pytest.mark.parametrize("state", [None, *RunState])
async def test_only_a_run_that_waits_is_looked_at_again(mina, state) -> None:
    tokens, student = mina
    if state is not None:
        await make_run(await connect(student), state=state)
    tab = open_tab(LiveSyncState, access=tokens.access, path="/live-sync")
    await LiveSyncState.load.fn(tab)
    assert tab.run.waits == (state is RunState.QUEUED)


def test_how_long_a_run_waits_is_not_read_out_again_and_again() -> None:
    regions = [
        part for part in parts(newest_run()) if "status" in str(getattr(part, "role", ""))
    ]
    for words in map(str, regions):
        assert "started" not in words
        assert "progressbar" not in words
    headline, outcome = regions
    assert "headline" in str(headline)
    assert "detail" not in str(headline)
    (told,) = [part for part in parts(outcome) if isinstance(part, Cond)]
    assert set(re.findall('=== "(\\w+)"', str(told.cond))) == {"done", "failed"}
    assert "detail" in str(told.children[0])


def test_every_form_that_connects_posts_by_itself() -> None:
    text = str(page.page())
    forms = text.split('jsx("form"')[1:]
    posting = [one for one in forms if 'action:"/api/v1/auth/moodle"' in one[:2_000]]
    assert len(posting) > 5
    for one in posting:
        assert 'name:"way"' in one
        assert 'name:"site"' in one


def test_no_secret_is_ever_filled_in() -> None:
    text = str(page.page())
    for name in ("password", "token", "link"):
        for before in text.split(f'name:"{name}"')[:-1]:
            assert "defaultValue" not in before.rsplit('jsx("input"', 1)[1], name


async def test_a_sync_that_found_no_courses_says_so(mina) -> None:
    _, student = mina
    await finish(await connect(student))
    async with unit_of_work() as work:
        view = await service.overview(work, student=student, now=NOON)
    assert view.run is not None
    assert view.run.headline == "Moodle lists no courses for you yet"


async def test_a_sync_that_found_courses_says_what_came(mina) -> None:
    _, student = mina
    row = await connect(student)
    await keep(row, BIOLOGY)
    await finish(row)
    async with unit_of_work() as work:
        view = await service.overview(work, student=student, now=NOON)
    assert view.run is not None
    assert (view.run.headline, view.run.detail) == ("Everything is here", "Nothing new.")


async def test_a_sync_of_one_course_says_so(mina) -> None:
    _, student = mina
    past = await make_past(student)
    for state, headline in (
        (RunState.DONE, "BIO 110 is here"),
        (RunState.RUNNING, "Syncing only BIO 110"),
    ):
        await make_run(past.connection, state=state, course=past.biology)
        async with unit_of_work() as work:
            view = await service.overview(work, student=student, now=NOON)
            await work.session.exec(delete(SyncRun))
        assert view.run is not None
        assert view.run.headline == headline
