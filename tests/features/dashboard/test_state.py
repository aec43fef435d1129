"""A tab shows the day, and shows it anew when something changed."""

import pytest

from studymaster import live
from studymaster.adapters.bus import News, Topic
from studymaster.adapters.database import unit_of_work
from studymaster.config import get_settings
from studymaster.errors import SignInError
from studymaster.features.accounts import service as accounts
from studymaster.features.dashboard.state import SHOWN, DashboardState, ShellState
from studymaster.features.notifications import service as notifications
from studymaster.features.notifications.schemas import Bell
from tests.conftest import NOON
from tests.factories.moodle import connect
from tests.features.flashcards.pile import make_card, note_cards
from tests.features.library.shelf import make_lecture
from tests.features.notifications.telling import tell
from tests.features.points.log import answers, keep
from tests.statements import asked
from tests.tabs import open_tab, tab_of


async def test_a_tab_shows_the_day_of_its_student(student) -> None:
    await make_card(student, await make_lecture(student))
    tab = tab_of(student, DashboardState)
    await DashboardState.load.fn(tab)
    assert tab.loaded
    assert (tab.stage, tab.due, tab.course_count) == ("ready", 1, 1)
    assert tab.greeting == "Good afternoon, Mina."


async def test_a_second_look_sends_only_what_changed(student) -> None:
    lecture = await make_lecture(student)
    tab = tab_of(student, DashboardState)
    await DashboardState.load.fn(tab)
    tab._clean()
    await make_card(student, lecture)
    await note_cards(student)
    await DashboardState.load.fn(tab)
    assert tab.due == 1
    assert "heat" not in tab.dirty_vars
    assert "due" in tab.dirty_vars


@pytest.mark.parametrize("topic", [Topic.SYNC, Topic.CARDS])
async def test_news_of_the_sync_or_of_cards_fetch_the_day_again(student, topic) -> None:
    tab = tab_of(student, DashboardState)
    await DashboardState.load.fn(tab)
    news = News(topic, str(student.account_id))
    (update,) = live.tabs.updates_for(news, closing={}).values()
    assert [event.name for event in update.events] == [
        f"{DashboardState.get_full_name()}.load"
    ]


async def test_the_frame_shows_who_is_signed_in_and_the_look_they_chose(student) -> None:
    async with unit_of_work() as work:
        await accounts.save_theme(work, account_id=student.account_id, theme="light")
    tab = tab_of(student, ShellState)
    await ShellState.load.fn(tab)
    assert (tab.name, tab.initials, tab.theme, tab.due) == ("Mina Aalto", "MA", "light", 0)


@pytest.mark.parametrize("kind", [DashboardState, ShellState])
async def test_a_visitor_sees_nothing(empty_database, kind) -> None:
    with pytest.raises(SignInError):
        await kind.load.fn(open_tab(kind))


async def test_the_frame_asks_seven_times_after_an_answer_and_three_times_otherwise(
    student, monkeypatch
) -> None:
    monkeypatch.setenv("ADMINS", "host@example.edu")
    get_settings.cache_clear()
    tab = tab_of(student, ShellState)
    await ShellState.load.fn(tab)
    await tell(student)
    await keep(*answers(student, NOON))
    counts = []
    for _ in range(2):
        with asked() as statements:
            await ShellState.load.fn(tab)
        counts.append(len(statements))
    assert counts == [7, 3]


async def test_the_whole_first_page_asks_at_most_twenty_times(student) -> None:
    await make_card(student, await make_lecture(student))
    frame, day = tab_of(student, ShellState), tab_of(student, DashboardState)
    await ShellState.load.fn(frame)
    await keep(*answers(student, NOON))
    with asked() as statements:
        await ShellState.load.fn(frame)
        await DashboardState.load.fn(day)
    assert len(statements) <= 20


async def test_an_answer_makes_an_open_dashboard_look_once(student) -> None:
    frame, day = tab_of(student, ShellState), tab_of(student, DashboardState)
    await ShellState.load.fn(frame)
    await DashboardState.load.fn(day)
    account_id = str(student.account_id)
    told = [News(Topic.CARDS, account_id, "card"), News(Topic.POINTS, account_id)]
    (update,) = live.tabs.updates_for(*told, closing={}).values()
    assert sorted(event.name for event in update.events) == sorted(
        f"{kind.get_full_name()}.load" for kind in (ShellState, DashboardState)
    )


def test_everything_that_is_fetched_is_a_var_of_the_page() -> None:
    assert set(SHOWN) <= set(DashboardState.vars)


async def test_the_bell_rings_for_what_is_told_and_falls_silent_when_read(student) -> None:
    tab = tab_of(student, ShellState)
    await ShellState.load.fn(tab)
    assert (tab.bell.looked, tab.bell.unread) == (True, 0)
    await tell(student)
    news = News(Topic.NOTIFICATIONS, str(student.account_id))
    (update,) = live.tabs.updates_for(news, closing={}).values()
    assert [event.name.rsplit(".", 1)[-1] for event in update.events] == ["load"]
    await ShellState.load.fn(tab)
    assert (tab.bell.unread, tab.bell.newest_title) == (1, "Your session is over")
    async with unit_of_work() as work:
        await notifications.mark_all_read(work, account_id=student.account_id, now=NOON)
    await ShellState.load.fn(tab)
    assert tab.bell == Bell(looked=True)


async def test_only_a_host_is_shown_their_page(student, monkeypatch) -> None:
    connection = await connect(student)
    tab = tab_of(student, ShellState)
    await ShellState.load.fn(tab)
    assert not tab.is_host
    site = connection.site_url.removeprefix("https://").split("/")[0]
    monkeypatch.setenv("ADMINS", f"{connection.moodle_username}@{site}")
    get_settings.cache_clear()
    await ShellState.load.fn(tab)
    assert tab.is_host


async def test_the_palette_knows_where_the_student_can_go_once_it_was_opened(
    student,
) -> None:
    await make_lecture(student)
    tab = tab_of(student, ShellState)
    await ShellState.load.fn(tab)
    assert (tab.places, tab.account) == ([], str(student.account_id))
    await ShellState.find_places.fn(tab)
    assert [place.is_lecture for place in tab.places] == [False, True]
    tab._clean()
    await ShellState.find_places.fn(tab)
    assert "places" not in tab.dirty_vars
