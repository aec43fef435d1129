import json
from dataclasses import asdict

import pytest
from sqlmodel import delete

from studymaster.adapters import vault
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.schemas import SignInForm
from studymaster.features.sync import page, service
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
        "No courses yet",
        "/api/v1/auth/moodle",
        "What changed",
        "Past syncs",
        "Show more",
        "Keep up to date",
        "Switched off: what is here stays, nothing new is read.",
        "Sync only this course",
        "Sync by itself",
        "nothing to fetch",
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


async def look_after_failure(tokens, *, site: str) -> LiveSyncState:
    form = SignInForm(site=site, username="mina", problem="Moodle says no.")
    tab = open_tab(
        LiveSyncState,
        access=tokens.access,
        problem=vault.seal(json.dumps(asdict(form))),
        path="/live-sync",
    )
    await LiveSyncState.load.fn(tab)
    return tab


@pytest.mark.parametrize("site", ["https://moodle.uni.edu/", "https://other.edu"])
async def test_a_failed_connect_again_is_told_at_the_broken_connection(mina, site) -> None:
    tokens, student = mina
    await break_it(await connect(student))
    tab = await look_after_failure(tokens, site=site)
    (connection,) = tab.connections
    assert connection.broken
    assert (tab.problem, tab.problem_at) == ("Moodle says no.", connection.id)


async def test_a_connection_that_works_asks_for_nothing(mina) -> None:
    tokens, student = mina
    await connect(student)
    tab = await look_after_failure(tokens, site="https://moodle.uni.edu")
    assert not tab.connections[0].broken
    assert tab.problem_at == ""


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
