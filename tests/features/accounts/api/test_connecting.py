"""A student connects Moodles over HTTP, and a failure leads back to where they were."""

from datetime import timedelta

import pytest

from studymaster.config import get_settings
from tests.conftest import NOON
from tests.factories.browsing import bring_link, fail
from tests.features.accounts.api.programs import (
    BROWSER,
    JSON,
    LOGIN,
    MOODLE,
    REGISTER,
    by_browser,
)


async def test_a_student_connects_another_moodle(program, site) -> None:
    await program.post(LOGIN, json=REGISTER)
    begun = await program.post(MOODLE, data=by_browser(site), headers=BROWSER)
    assert begun.headers["location"] == "/live-sync?tab=connections&way=browser"
    told = (await program.post(MOODLE, json=by_browser(site))).json()
    link = await bring_link(told["address"])
    answer = await program.post(MOODLE, data=by_browser(site, link=link))
    assert (answer.status_code, bool(answer.json()["site"])) == (201, True)


async def test_an_attempt_of_a_visitor_connects_nobodys_account(program, site) -> None:
    told = (await program.post(LOGIN, json=by_browser(site), headers=JSON)).json()
    link = await bring_link(told["address"])
    await program.post(LOGIN, json=REGISTER)
    answer = await program.post(
        MOODLE, json=by_browser(site, link=link, attempt=told["attempt"])
    )
    assert answer.status_code == 422
    assert "Start the sign-in again" in answer.json()["detail"]


async def test_a_signed_in_student_looks_up_ten_sites_a_minute(program, site) -> None:
    await program.post(LOGIN, json=REGISTER)
    statuses = [
        (await program.post(MOODLE, json=by_browser(site))).status_code for _ in range(11)
    ]
    assert statuses == [200] * 10 + [429]


@pytest.mark.parametrize(
    ("stood_on", "back"),
    [
        ("/live-sync", "/live-sync?failed=1"),
        ("/live-sync?tab=connections", "/live-sync?tab=connections&failed=1"),
        ("https://evil.example/", "/live-sync?tab=connections&failed=1"),
        ("", "/live-sync?tab=connections&failed=1"),
    ],
)
async def test_a_failure_leads_back_to_the_part_of_the_page_that_it_came_from(
    program, demo_site, stood_on, back
) -> None:
    await program.post(LOGIN, json=REGISTER)
    form = {"site": demo_site, "username": "mina", "password": "no", "next": stood_on}
    answer = await program.post(MOODLE, data=form, headers=BROWSER)
    assert answer.headers["location"] == back


async def test_a_pause_is_told_in_words_that_fit_who_has_nothing_there_yet(
    program, demo_site
) -> None:
    await program.post(LOGIN, json=REGISTER | {"time_zone": "Asia/Kolkata"})
    await fail(demo_site, "maintenance_cli")
    form = {"site": demo_site, "username": "mina", "password": "campus"}
    told = (await program.post(MOODLE, json=form)).json()["detail"]
    over = NOON + timedelta(hours=5, minutes=35)  # India is 5 h 30 ahead
    assert f"asks for a pause until {over:%H:%M}. Try again after that." in told
    assert "sync" not in told


async def test_a_wrong_password_is_told_with_the_name_of_the_site(
    program, demo_site
) -> None:
    await program.post(LOGIN, json=REGISTER)
    form = {"site": demo_site, "username": "mina", "password": "no"}
    told = (await program.post(MOODLE, json=form)).json()["detail"]
    assert told.startswith("Lindmark University did not accept this user name")


async def test_the_user_of_everybody_who_tries_the_demo_is_nobodys_own(
    program, demo_site, monkeypatch, sent
) -> None:
    monkeypatch.setenv("DEMO_MOODLE_URL", demo_site)
    get_settings.cache_clear()
    await program.post(LOGIN, json=REGISTER)
    robin = {"site": demo_site, "username": "robin", "password": "campus"}
    answer = await program.post(MOODLE, json=robin)
    assert answer.status_code == 409
    assert "Connect the demo's user mina instead" in answer.json()["detail"]
    mina = robin | {"username": "mina"}
    assert (await program.post(MOODLE, json=mina)).status_code == 201
