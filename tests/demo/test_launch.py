"""Signing in with a browser leads back into the app, as recorded."""

import base64
import hashlib
import json
import re
from html import unescape
from typing import Any

import pytest

from tests.demo.conftest import SITE, Browser
from tests.demo.recorded_shape import meta

LAUNCH = "/admin/tool/mobile/launch.php"
ASKED = {"service": "moodle_mobile_app", "passport": "12345", "urlscheme": "moodlemobile"}
MINA = {"username": "mina", "password": "campus"}


def signed(location: str, *, site: str, passport: str) -> str:
    """The token in a link into the app, once its signature was found right."""
    scheme, _, told = location.partition("://token=")
    signature, token = base64.b64decode(told).decode().split(":::")
    assert scheme == "moodlemobile"
    assert signature == hashlib.md5(f"{site}{passport}".encode()).hexdigest()
    return token


def test_the_recorded_link_is_signed_the_same_way():
    recorded = meta("launch_logged_in")
    location = dict(recorded["headers"])["Location"]

    token = signed(location, site="http://127.0.0.1:8090", passport="12345")
    assert len(token) == 32


async def let_sign_in(browser: Browser, way: Any) -> int:
    answer = await browser.http.post("/demo/settings", json={"typeoflogin": way})
    return answer.status_code


async def test_without_a_session_there_is_no_way_when_signing_in_happens_in_the_app(
    browser: Browser,
):
    answer = await browser.http.get(LAUNCH, params=ASKED)

    recorded = meta("launch_not_logged_in")
    assert answer.status_code == recorded["status"] == 404
    assert answer.headers["content-type"] == recorded["content_type"]
    assert "Plugin not enabled or configured." in answer.text


async def test_without_a_session_the_browser_is_sent_to_sign_in(browser: Browser):
    await let_sign_in(browser, 2)
    answer = await browser.http.get(LAUNCH, params=ASKED)

    recorded = meta("launch_not_logged_in_browser_login")
    assert answer.status_code == recorded["status"] == 303
    assert answer.headers["location"] == f"{SITE}/login/index.php"
    assert answer.headers["set-cookie"].startswith("tool_mobile_launch=%7B%22service%22")


@pytest.mark.parametrize("way", [2, 3])
async def test_a_student_who_signs_in_is_sent_into_the_app_with_a_token_that_works(
    browser: Browser, way: int
):
    await let_sign_in(browser, way)
    await browser.http.get(LAUNCH, params=ASKED)
    page = await browser.http.get("/login/index.php")
    answer = await browser.http.post("/login/index.php", data=MINA)

    assert 'name="password"' in page.text
    assert answer.status_code == meta("launch_logged_in")["status"] == 302
    token = signed(answer.headers["location"], site=SITE, passport="12345")
    info = await browser.ask("core_webservice_get_site_info", token=token)
    assert info["username"] == "mina"


async def test_a_student_who_is_signed_in_already_needs_no_form(browser: Browser):
    await browser.http.post("/login/index.php", data=MINA)
    answer = await browser.http.get(LAUNCH, params=ASKED | {"passport": "9.5"})

    assert answer.status_code == 302
    assert signed(answer.headers["location"], site=SITE, passport="9.5")


async def test_a_wrong_password_shows_the_form_again_and_opens_nothing(browser: Browser):
    await let_sign_in(browser, 2)
    await browser.http.get(LAUNCH, params=ASKED)
    wrong = await browser.http.post("/login/index.php", data=MINA | {"password": "no"})
    answer = await browser.http.get(LAUNCH, params=ASKED)

    assert "Invalid login, please try again" in wrong.text
    assert answer.status_code == 303


@pytest.mark.parametrize(
    "wrong", [{"passport": ""}, {"service": "other"}, {"urlscheme": "a b\r\nx: y"}]
)
async def test_what_no_app_would_ask_is_an_error_page(
    browser: Browser, wrong: dict[str, str]
):
    await browser.http.post("/login/index.php", data=MINA)
    answer = await browser.http.get(LAUNCH, params=ASKED | wrong)

    assert answer.status_code == 404
    assert "location" not in answer.headers


async def test_the_way_to_sign_in_is_told_to_everybody(browser: Browser):
    assert await let_sign_in(browser, 3) == 200
    question = json.dumps([{"methodname": "tool_mobile_get_public_config", "args": {}}])
    answer = await browser.http.get(
        "/lib/ajax/service-nologin.php", params={"args": question}
    )

    data = answer.json()[0]["data"]
    assert (data["typeoflogin"], data["launchurl"]) == (3, f"{SITE}{LAUNCH}")
    assert (await browser.ask("tool_mobile_get_public_config")) == data


@pytest.mark.parametrize("way", [0, 4, "2", None])
async def test_there_is_no_other_way_to_sign_in(browser: Browser, way: Any):
    assert await let_sign_in(browser, way) == 400


@pytest.mark.parametrize("confirmed", ["1", "true"])
async def test_whoever_confirmed_it_gets_a_page_with_the_link_instead_of_a_jump(
    browser: Browser, confirmed: str
):
    await let_sign_in(browser, 2)
    await browser.http.get(LAUNCH, params=ASKED | {"confirmed": confirmed})
    answer = await browser.http.post("/login/index.php", data=MINA)

    assert (answer.status_code, "location" in answer.headers) == (200, False)
    link = re.search(r'<a id="launchapp" href="([^"]+)"', answer.text)
    assert link
    assert signed(unescape(link[1]), site=SITE, passport="12345")


async def test_without_it_the_browser_is_sent_on_as_recorded(browser: Browser):
    await browser.http.post("/login/index.php", data=MINA)
    answer = await browser.http.get(LAUNCH, params=ASKED | {"confirmed": "0"})

    assert answer.status_code == meta("launch_logged_in")["status"]
