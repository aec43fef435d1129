import re
from collections.abc import Iterator

import pytest
import reflex as rx
from reflex.components.core.cond import Cond
from reflex.components.core.foreach import Foreach

from studymaster.features.sync import page
from studymaster.features.sync.page.connections import connections
from studymaster.features.sync.page.panel import ONLY_SENT, LookAgain, newest_runs
from studymaster.features.sync.schemas import ConnectionView
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


def seen(whole: rx.Component) -> Iterator[rx.Component]:
    """Yield what is drawn, without what a condition leaves out that holds for everybody."""
    yield whole
    left_out = {"true": 1, "false": 0}.get(str(getattr(whole, "cond", "")))
    for place, part in enumerate(whole.children):
        if isinstance(part, rx.Component) and place != left_out:
            yield from seen(part)


@pytest.mark.parametrize(
    ("broken", "disconnected", "heading"),
    [
        (False, False, "Connected"),
        (True, False, "Needs you"),
        (True, True, "Disconnected"),
    ],
)
def test_a_moodle_stands_under_the_one_heading_that_is_true_of_it(
    broken: bool,  # noqa: FBT001 - a column of the table
    disconnected: bool,  # noqa: FBT001 - as above
    heading: str,
) -> None:
    moodle = ConnectionView(
        id="1",
        site_name="Lindmark",
        site_url="https://moodle.lindmark.edu",
        username="mina",
        failure="Moodle lets StudyMaster in no more." if broken else "",
        broken=broken,
        disconnected=disconnected,
        synced="yesterday",
    )
    stands_under: list[str] = []
    for part in parts(connections()):
        if getattr(part, "tag", "") != "section":
            continue
        title = next(one for one in parts(part) if getattr(one, "tag", "") == "h2")
        (sites,) = [one for one in parts(part) if isinstance(one, Foreach)][:1]
        drawn = [*seen(sites.render_fn(moodle))]
        if any(getattr(one, "tag", "") == "li" for one in drawn):
            assert "Lindmark" in str(drawn[0])
            stands_under.append(str(title.children[0]))
    assert [heading in words for words in stands_under] == [True]


def test_files_that_were_here_already_are_explained_once_some_came() -> None:
    (said,) = [
        part
        for part in parts(page.page())
        if isinstance(part, Cond)
        and ONLY_SENT in str(part.children[0])
        and "files_here" in str(part.cond)
    ]
    assert set(re.findall('=== "(\\w+)"', str(said.cond))) == {"queued", "running"}
    assert str(page.page()).count(ONLY_SENT) == 1
