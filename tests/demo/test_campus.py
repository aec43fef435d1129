"""What the three students of the demo see, and how it changes."""

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from demo.app import create_app
from demo.campus import Campus
from demo.opening import open_campus
from tests.demo.conftest import NOW, SITE, Browser
from tests.demo.recorded_shape import shape_of

DAY = 86_400


async def events(browser: Browser, **params: Any) -> list[dict[str, Any]]:
    answer = await browser.ask("core_calendar_get_action_events_by_timesort", **params)
    return answer["events"]


@pytest.mark.parametrize(
    ("username", "user_id", "courses"),
    [
        ("mina", 3, {"BIO 110", "MATH 204", "CHEM 221", "HIST 203", "COMP 352"}),
        ("jonas", 4, {"BIO 110", "COMP 352"}),
        ("noor", 5, set()),
        ("robin", 6, {"BIO 110", "MATH 204", "CHEM 221", "HIST 203", "COMP 352"}),
    ],
)
async def test_each_student_sees_the_own_courses(
    browser: Browser, username: str, user_id: int, courses: set[str]
):
    token = (await browser.token(username))["token"]
    answer = await browser.ask("core_enrol_get_users_courses", token=token, userid=user_id)

    assert {course["shortname"] for course in answer} == courses
    info = await browser.ask("core_webservice_get_site_info", token=token)
    assert (info["userid"], info["username"]) == (user_id, username)


async def test_of_another_student_only_shared_courses_are_told(browser: Browser):
    answer = await browser.ask("core_enrol_get_users_courses", userid=4)

    assert {course["shortname"] for course in answer} == {"BIO 110", "COMP 352"}


async def test_tokens_differ_and_survive_a_restart(browser: Browser, built: Path):
    first = [(await browser.token(name))["token"] for name in ("mina", "jonas", "noor")]
    app = create_app(open_campus(built, now=NOW), now=lambda: NOW)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=SITE) as http:
        again = [(await Browser(http).token(n))["token"] for n in ("mina", "jonas", "noor")]

    assert len(set(first)) == 3
    assert first == again


async def test_jonas_gets_no_file_of_a_course_he_does_not_take(browser: Browser):
    url = (await browser.file_url("MATH204_01_Vector_Spaces.pdf")).partition("&token=")[0]
    jonas = (await browser.token("jonas"))["token"]
    answer = await browser.http.get(f"{url}&token={jonas}")

    assert answer.status_code == 200
    assert answer.json()["errorcode"] == "requireloginerror"


async def test_something_is_overdue_and_something_due_tomorrow_this_week_and_later(
    browser: Browser,
):
    due = await events(browser)
    midnight = int(NOW.replace(hour=0).timestamp())
    days = [(event["timesort"] - midnight) // DAY for event in due]

    assert [event["overdue"] for event in due] == [True] + [False] * (len(due) - 1)
    assert days == sorted(days)
    assert 1 in days
    assert any(2 <= day <= 6 for day in days)
    assert any(7 <= day <= 13 for day in days)


async def test_events_come_in_pages(browser: Browser):
    whole = await events(browser)
    first = await events(browser, limitnum=3)
    rest = await events(browser, aftereventid=first[-1]["id"])

    assert first + rest == whole


async def test_grades_add_up(browser: Browser):
    answer = await browser.ask("gradereport_user_get_grade_items", courseid=3, userid=3)
    *items, total = answer["usergrades"][0]["gradeitems"]

    assert sum(item["graderaw"] or 0 for item in items) == total["graderaw"] == 17.5
    assert {item["gradeformatted"] for item in items} == {"17.50", "-"}


async def test_every_listed_file_downloads_as_listed(browser: Browser):
    token = (await browser.token())["token"]
    seen = 0
    for course in range(2, 7):
        for module in await browser.contents(course):
            for file in module.get("contents", []):
                if "mimetype" not in file:
                    continue
                answer = await browser.http.get(f"{file['fileurl']}&token={token}")
                sha1 = hashlib.sha1(answer.content).hexdigest()
                assert len(answer.content) == file["filesize"]
                assert answer.headers["etag"] == f'"{sha1}"'
                assert answer.headers["content-type"].startswith(file["mimetype"])
                seen += 1
    assert seen >= 24


async def test_pages_and_chapters_are_served_as_html(browser: Browser):
    token = (await browser.token())["token"]
    for course, kind in ((2, "page"), (5, "book")):
        module = next(m for m in await browser.contents(course) if m["modname"] == kind)
        url = module["contents"][-1]["fileurl"]
        mark = "&" if "?" in url else "?"
        answer = await browser.http.get(f"{url}{mark}token={token}")
        assert answer.headers["content-type"] == "text/html;charset=UTF-8"
        assert "etag" not in answer.headers
        assert "<b>" in answer.text


async def test_names_are_escaped_unless_raw_is_asked_for(browser: Browser):
    escaped = await browser.ask("core_course_get_contents", courseid=2)
    raw = await browser.ask(
        "core_course_get_contents", courseid=2, moodlewssettingraw="true"
    )

    assert escaped[2]["name"] == "Week 2: Enzymes &amp; Energy"
    assert raw[2]["name"] == "Week 2: Enzymes & Energy"


async def test_hidden_modules_are_absent_and_restricted_ones_closed(browser: Browser):
    biology = [module["name"] for module in await browser.contents(2)]
    [answers] = [m for m in await browser.contents(4) if m["name"] == "Model answers"]

    assert "Solutions to exercise 3" not in biology
    assert answers["uservisible"] is False
    assert "contents" not in answers
    assert answers["availabilityinfo"].startswith("Available from")


async def test_the_glossary_has_more_than_twenty_entries(browser: Browser):
    answer = await browser.ask("mod_glossary_get_entries_by_letter", id=1, letter="ALL")

    assert answer["count"] > 20
    assert len(answer["entries"]) == 20


async def test_a_head_request_and_a_token_in_the_body(browser: Browser):
    url = await browser.file_url("lecture-01-arrays.pdf")
    plain, _, token = url.partition("&token=")
    head = await browser.http.head(url)
    posted = await browser.http.post(plain, data={"token": token})

    assert head.content == b""
    assert int(head.headers["content-length"]) == len(posted.content) > 0


async def test_the_plain_file_address_leads_to_the_sign_in_page(browser: Browser):
    url = (await browser.file_url("lecture-01-arrays.pdf")).replace("/webservice/", "/")
    answer = await browser.http.get(url)

    assert answer.status_code == 303
    assert answer.headers["location"] == f"{SITE}/login/index.php"


async def test_several_ranges_come_as_parts(browser: Browser):
    url = await browser.file_url("lecture-01-arrays.pdf")
    answer = await browser.http.get(url, headers={"range": "bytes=0-3,10-12"})

    assert answer.status_code == 206
    assert answer.content.count(b"Content-Range: bytes") == 2
    assert b"%PDF" in answer.content


# -- changes between two syncs


async def test_a_new_lecture_appears_with_ids_of_its_own(browser: Browser):
    before = await browser.contents(2)
    added = await browser.change("add_lecture", course="BIO 110", name="Lecture 4: Mitosis")
    after = await browser.contents(2)

    [fresh] = [module for module in after if module not in before]
    assert (fresh["id"], fresh["name"]) == (added["cmid"], "Lecture 4: Mitosis")
    answer = await browser.http.get(await browser.file_url("Lecture 4: Mitosis.pdf"))
    assert answer.headers["etag"] == f'"{added["sha1"]}"'
    whole = await browser.ask("core_course_get_contents", courseid=2)
    assert not list(shape_of("core_course_get_contents").complaints(whole))


async def test_a_replaced_file_changes_its_hash_and_its_address(browser: Browser):
    [before] = [m for m in await browser.contents(6) if m["name"].startswith("Lecture 1")]
    old = before["contents"][0]
    changed = await browser.change("replace_file", cmid=before["id"], text="All **new**.")
    [after] = [m for m in await browser.contents(6) if m["name"].startswith("Lecture 1")]
    new = after["contents"][0]

    assert new["filename"] == old["filename"]
    assert new["timemodified"] > old["timemodified"]
    assert "/content/1/" in new["fileurl"]
    answer = await browser.http.get(await browser.file_url(old["filename"]))
    assert answer.headers["etag"] == f'"{changed["sha1"]}"'


async def test_a_hidden_module_is_gone_until_it_is_shown(browser: Browser):
    before = await browser.contents(2)
    await browser.change("hide_module", cmid=before[3]["id"])
    hidden = await browser.contents(2)
    await browser.change("show_module", cmid=before[3]["id"])

    assert hidden == [module for module in before if module["id"] != before[3]["id"]]
    assert await browser.contents(2) == before


async def test_a_wish_that_makes_no_sense_is_refused_with_the_reason(browser: Browser):
    for where, wish in (
        ("failures", {"failure": "flood"}),
        ("changes", {"change": "burn"}),
        ("changes", {"change": "hide_module", "cmid": 999}),
        ("changes", {"change": "add_lecture", "course": "ART 1", "name": "X"}),
    ):
        answer = await browser.http.post(f"/demo/{where}", json=wish)
        assert answer.status_code == 400
        assert answer.json()["error"]


async def test_the_switches_answer_only_to_this_machine(campus: Campus):
    far = httpx.ASGITransport(
        create_app(campus, now=lambda: NOW + timedelta(0)), client=("192.0.2.7", 4000)
    )
    async with httpx.AsyncClient(transport=far, base_url=SITE) as http:
        listed = await http.get("/demo/failures")
        changed = await http.post(
            "/demo/changes", json={"change": "hide_module", "cmid": 1}
        )

    assert (listed.status_code, changed.status_code) == (403, 403)
