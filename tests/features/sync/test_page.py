import re
from collections.abc import Iterator

import pytest
import reflex as rx
from reflex.components.core.cond import Cond

from studymaster.features.sync import page
from studymaster.features.sync.page.panel import LookAgain, newest_runs
from studymaster.features.sync.state import LiveSyncState
from studymaster.models import RunState
from tests.factories.moodle import connect, make_run
from tests.features.accounts.test_state import signed_in
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
        "Newer",
        "Older",
        "Keep up to date",
        "Switched off: what is here stays, nothing new is read.",
        "Sync only this course",
        "Sync by itself",
        "Files fetched",
        "Renamed or moved",
        "Not visible any more",
        "Did not come",
        "See what to do",
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


def parts(whole: rx.Component) -> Iterator[rx.Component]:
    yield whole
    for part in whole.children:
        if isinstance(part, rx.Component):
            yield from parts(part)


def test_a_page_on_which_a_run_is_under_way_looks_again_by_itself() -> None:
    text = str(page.page())
    assert "LookAgain" in text
    assert "live_sync_state.refresh" in text.split("LookAgain")[1]
    (condition,) = [
        part
        for part in parts(newest_runs())
        if isinstance(part, Cond)
        and any(isinstance(one, LookAgain) for one in parts(part.children[0]))
    ]
    assert "under_way" in str(condition.cond)


@pytest.mark.parametrize("state", [None, *RunState])
async def test_only_a_run_under_way_is_looked_at_again(mina, state) -> None:
    tokens, student = mina
    if state is not None:
        await make_run(await connect(student), state=state)
    tab = open_tab(LiveSyncState, access=tokens.access, path="/live-sync")
    await LiveSyncState.load.fn(tab)
    assert tab.under_way == (state in {RunState.QUEUED, RunState.RUNNING})


def test_how_far_a_run_is_is_not_read_out_again_and_again() -> None:
    regions = [
        part for part in parts(newest_runs()) if "status" in str(getattr(part, "role", ""))
    ]
    for words in map(str, regions):
        assert "progressbar" not in words
        assert "percent" not in words
        assert "reading" not in words
    headline, _of_one_site, outcome = regions
    assert "headline" in str(headline)
    assert "detail" not in str(headline)
    (told,) = [part for part in parts(outcome) if isinstance(part, Cond)][:1]
    assert set(re.findall('=== "(\\w+)"', str(told.cond))) == {"queued", "running"}
    assert "detail" not in str(told.children[0])


def test_each_button_is_named_by_what_it_is_for() -> None:
    text = str(page.page()).replace(" ", "")
    for name in ("Stopthesyncof", "Newersyncs", "Oldersyncs"):
        assert name in text
    assert "-details" in text.split('"aria-labelledby"')[1][:200]


def test_no_moment_is_shown_that_stays_as_it_was() -> None:
    assert str(page.page()).count("Ago") > 4


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


def test_a_moodle_that_was_disconnected_stands_under_its_own_heading() -> None:
    text = str(page.page())
    assert '"Connected"' in text
    assert 'id:"disconnected-moodles"' in text
    assert text.count("has-[li]:block") == 2
