"""Every failure of the switch does what a real Moodle, or the network before it, does."""

import json
from typing import TYPE_CHECKING

import httpx
import pytest

from demo.failures import KINDS
from tests.demo.conftest import Browser

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

LECTURE = "lecture-01-arrays.pdf"


async def test_the_switch_lists_its_names(browser: Browser):
    answer = (await browser.http.get("/demo/failures")).json()

    assert answer == {"names": list(KINDS), "on": []}


async def test_an_expired_token_is_told_differently_the_second_time_and_renewed_by_sign_in(
    browser: Browser,
):
    token = (await browser.token())["token"]
    await browser.fail("expired_token")
    first = await browser.ask("core_webservice_get_site_info", token=token)
    second = await browser.ask("core_webservice_get_site_info", token=token)
    fresh = (await browser.token())["token"]
    third = await browser.ask("core_webservice_get_site_info", token=fresh)

    assert first["errorcode"] == "accessexception"
    assert second["errorcode"] == "invalidtoken"
    assert fresh != token
    assert third["username"] == "mina"


async def test_a_failure_can_be_tied_to_a_function_and_a_number_of_times(browser: Browser):
    await browser.fail("database_down", function="core_course_get_contents", times=1)

    assert "exception" not in await browser.ask("core_enrol_get_users_courses", userid=3)
    assert (await browser.ask("core_course_get_contents", courseid=2))["errorcode"] == (
        "dbconnectionfailed"
    )
    assert isinstance(await browser.ask("core_course_get_contents", courseid=2), list)


async def test_a_failure_of_a_function_strikes_inside_a_batch_and_ends_it(browser: Browser):
    await browser.fail("database_down", function="core_course_get_contents", times=1)
    requests = {
        f"requests[{place}][{key}]": value
        for place, course in enumerate((2, 3))
        for key, value in (
            ("function", "core_course_get_contents"),
            ("arguments", json.dumps({"courseid": course})),
        )
    }
    struck = await browser.ask("tool_mobile_call_external_functions", **requests)
    again = await browser.ask("tool_mobile_call_external_functions", **requests)

    assert [answer["error"] for answer in struck["responses"]] == [True]
    assert "dbconnectionfailed" in struck["responses"][0]["exception"]
    assert [answer["error"] for answer in again["responses"]] == [False, False]


async def test_clearing_ends_every_failure(browser: Browser):
    token = (await browser.token())["token"]
    await browser.fail("gateway_down")
    await browser.fail("expired_token")
    await browser.http.delete("/demo/failures")

    assert (await browser.ask("core_webservice_get_site_info", token=token))["userid"] == 3


async def test_a_password_that_must_be_changed_closes_courses_but_not_the_site(
    browser: Browser,
):
    await browser.fail("forced_password_change")

    assert (await browser.ask("core_webservice_get_site_info"))["userid"] == 3
    assert (await browser.ask("core_course_get_contents", courseid=2))["errorcode"] == (
        "errorcoursecontextnotvalid"
    )
    assert (await browser.ask("mod_page_get_pages_by_courses"))["pages"] == []


async def test_maintenance_is_told_by_the_public_configuration(browser: Browser):
    await browser.fail("maintenance")
    question = json.dumps([{"methodname": "tool_mobile_get_public_config", "args": {}}])
    answer = await browser.http.get(
        "/lib/ajax/service-nologin.php", params={"args": question}
    )

    assert answer.json()[0]["data"]["maintenanceenabled"] == 1


async def test_a_busy_site_names_the_time_to_wait(browser: Browser):
    await browser.fail("too_many_requests", times=1)
    answer = await browser.http.post("/webservice/rest/server.php")

    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "2"


@pytest.mark.parametrize("failure", ["garbage", "truncated_json", "html_instead_of_json"])
async def test_an_answer_that_is_not_json(browser: Browser, failure: str):
    token = (await browser.token())["token"]
    await browser.fail(failure)
    answer = await browser.ask_raw("core_webservice_get_site_info", token=token)

    assert answer.status_code == 200
    with pytest.raises(ValueError, match=r"."):
        answer.json()


async def test_wrong_bytes_have_the_right_length_and_the_old_etag(browser: Browser):
    url = await browser.file_url(LECTURE)
    right = await browser.http.get(url)
    await browser.fail("wrong_bytes")
    wrong = await browser.http.get(url)

    assert wrong.headers["etag"] == right.headers["etag"]
    assert len(wrong.content) == len(right.content)
    assert wrong.content != right.content


async def test_a_download_breaks_off_in_the_middle(visitor: Browser):
    url = await visitor.file_url(LECTURE)
    await visitor.fail("broken_off", times=1)
    received = bytearray()
    with pytest.raises(httpx.RemoteProtocolError):
        async with visitor.http.stream("GET", url) as answer:
            async for part in answer.aiter_bytes():
                received += part

    whole = (await visitor.http.get(url)).content
    assert 0 < len(received) < len(whole)
    assert whole.startswith(received)
    rest = await visitor.http.get(url, headers={"range": f"bytes={len(received)}-"})
    assert bytes(received) + rest.content == whole


async def test_a_slow_answer_outlasts_an_impatient_reader_and_is_complete(visitor: Browser):
    url = await visitor.file_url(LECTURE)
    whole = (await visitor.http.get(url)).content
    await visitor.fail("slow", seconds=60, function="file", times=1)
    with pytest.raises(httpx.ReadTimeout):
        await visitor.http.get(url, timeout=0.2)
    await visitor.fail("slow", seconds=0.1, function="file", times=1)
    assert (await visitor.http.get(url)).content == whole


async def test_a_download_breaks_off_where_it_was_wished(visitor: Browser):
    url = await visitor.file_url(LECTURE)
    await visitor.fail("broken_off", after=1000, times=1)
    received = bytearray()
    with pytest.raises(httpx.RemoteProtocolError):
        async with visitor.http.stream("GET", url) as answer:
            async for part in answer.aiter_bytes():
                received += part

    assert len(received) == 1000


async def test_the_rest_of_a_file_comes_from_another_version(browser: Browser):
    url = await browser.file_url(LECTURE)
    await browser.fail("resume_other_version", times=1)
    whole = await browser.http.get(url)
    other = await browser.http.get(url, headers={"range": "bytes=100-"})
    again = await browser.http.get(url, headers={"range": "bytes=100-"})

    assert other.status_code == again.status_code == 206
    assert other.headers["etag"] != whole.headers["etag"] == again.headers["etag"]
    assert whole.content[100:] == again.content != other.content


async def test_an_answer_crawls_after_its_first_bytes(visitor: Browser):
    url = await visitor.file_url(LECTURE)
    await visitor.fail("one_byte_a_second", after=1000, function="file")
    async with visitor.http.stream("GET", url) as answer:
        start = await anext(answer.aiter_bytes(1000))

    assert len(start) == 1000
    assert int(answer.headers["content-length"]) > 1000


async def test_an_answer_of_ten_gigabytes_is_announced_and_goes_on(visitor: Browser):
    url = await visitor.file_url(LECTURE)
    await visitor.fail("ten_gigabytes", function="file")
    received = 0
    async with visitor.http.stream("GET", url) as answer:
        async for part in answer.aiter_bytes():
            received += len(part)
            if received > 5_000_000:
                break

    assert answer.headers["content-length"] == "10000000000"
    assert received > 5_000_000


async def test_every_failure_shows_somewhere(browser: Browser):
    token = (await browser.token())["token"]
    url = await browser.file_url(LECTURE)
    doors: list[Callable[[], Awaitable[httpx.Response]]] = [
        lambda: browser.ask_raw("core_course_get_contents", token=token, courseid=2),
        lambda: browser.http.get(url),
        lambda: browser.http.post(
            "/login/token.php",
            data={"username": "mina", "password": "campus", "service": "moodle_mobile_app"},
        ),
    ]
    healthy = [(await door()).content for door in doors]
    # What takes its time or a second request has tests of its own, over a real connection.
    apart = {"broken_off", "slow", "one_byte_a_second", "ten_gigabytes"}
    for failure in KINDS.keys() - apart - {"resume_other_version"}:
        await browser.fail(failure)
        assert [(await door()).content for door in doors] != healthy, failure
        await browser.http.delete("/demo/failures")
    assert [(await door()).content for door in doors] == healthy
