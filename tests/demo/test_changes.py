"""What was answered before never stands in for what is so now."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from demo.app import create_app
from demo.campus import Campus, Module
from demo.services.table import BATCH
from tests.demo.conftest import NOW, SITE, Browser

CONTENTS = "core_course_get_contents"
EVENTS = "core_calendar_get_action_events_by_timesort"
STATE = "mod_assign_get_submission_status"
GRADES = "gradereport_user_get_grade_items"


@dataclass
class Clock:
    now: datetime = NOW

    def set(self, seconds: int) -> None:
        self.now = datetime.fromtimestamp(seconds, UTC)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def browser(campus: Campus, clock: Clock) -> AsyncIterator[Browser]:
    app = create_app(campus, now=lambda: clock.now)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=SITE) as http:
        yield Browser(http)


async def inside_a_batch(browser: Browser, function: str, **params: Any) -> Any:
    """The same answer as text in a batch, after it was held against the one alone."""
    request = {"function": function, "arguments": json.dumps(params)}
    fields = {f"requests[0][{key}]": value for key, value in request.items()}
    [response] = (await browser.ask(BATCH, **fields))["responses"]
    told = json.loads(response["exception" if response["error"] else "data"])
    alone = await browser.ask(function, **params)
    assert told == alone or told["errorcode"] == alone["errorcode"]
    return told


async def on_the_page(browser: Browser, module: Module, course_id: int) -> dict[str, Any]:
    sections = await inside_a_batch(browser, CONTENTS, courseid=course_id)
    return next(m for s in sections for m in s["modules"] if m["id"] == module.cmid)


def sheet(campus: Campus) -> tuple[int, Module]:
    """An assignment with both dates that nobody has handed in yet, and its course."""
    return next(
        (course.id, module)
        for course in campus.courses.values()
        for _section, module in course.visible_modules("assign")
        if module.task.opens and module.task.due and not module.task.grades
        if not module.task.submitted
    )


async def test_an_assignment_opens_and_gets_overdue_as_time_passes(
    browser: Browser, campus: Campus, clock: Clock
):
    course_id, module = sheet(campus)
    told: list[tuple[str, bool, bool, bool]] = []
    task = module.task
    for moment in (task.opens - 1, task.opens, task.due, task.due + 1, task.opens - 1):
        clock.set(moment)
        opens, _due = (await on_the_page(browser, module, course_id))["dates"]
        state = await inside_a_batch(browser, STATE, assignid=module.instance)
        events = (await inside_a_batch(browser, EVENTS, limitnum=50))["events"]
        [event] = [event for event in events if event["id"] == module.cmid]
        told.append(
            (
                opens["label"],
                state["lastattempt"]["canedit"],
                event["action"]["actionable"],
                event["overdue"],
            )
        )

    before = ("Opens:", False, False, False)
    meanwhile = ("Opened:", True, True, False)
    assert told == [before, meanwhile, meanwhile, ("Opened:", True, True, True), before]


async def test_a_quiz_closes_as_time_passes(browser: Browser, campus: Campus, clock: Clock):
    course_id, quiz = next(
        (course.id, module)
        for course in campus.courses.values()
        for _section, module in course.visible_modules("quiz")
    )
    labels: list[str] = []
    for moment in (quiz.task.due - 1, quiz.task.due, quiz.task.due - 1):
        clock.set(moment)
        labels.append((await on_the_page(browser, quiz, course_id))["dates"][1]["label"])

    assert labels == ["Closes:", "Closed:", "Closes:"]


async def test_a_moved_date_is_told_everywhere(browser: Browser, campus: Campus):
    course_id, module = sheet(campus)
    due = module.task.due
    for later in (0, 86_400, 0):
        campus.change(module.cmid, task=replace(module.task, due=due + later))
        page = await on_the_page(browser, module, course_id)
        events = (await inside_a_batch(browser, EVENTS, limitnum=50))["events"]
        listed = await inside_a_batch(browser, "mod_assign_get_assignments")

        assert json.loads(page["customdata"])["duedate"] == due + later
        assert page["dates"][1]["timestamp"] == due + later
        assert due + later in [e["timesort"] for e in events if e["id"] == module.cmid]
        assert due + later in [
            each["duedate"]
            for course in listed["courses"]
            for each in course["assignments"]
            if each["id"] == module.instance
        ]


async def test_what_is_handed_in_and_graded_is_told_at_once(
    browser: Browser, campus: Campus
):
    course_id, module = sheet(campus)
    steps = (
        (module.task, (False, None, True)),
        (replace(module.task, submitted=frozenset({"mina"})), (True, None, False)),
        (replace(module.task, grades={"mina": 61.0}), (True, 61.0, True)),
        (module.task, (False, None, True)),
    )
    for task, expected in steps:
        campus.change(module.cmid, task=task)
        state = await inside_a_batch(browser, STATE, assignid=module.instance)
        report = await inside_a_batch(browser, GRADES, courseid=course_id, userid=3)
        events = (await inside_a_batch(browser, EVENTS, limitnum=50))["events"]
        [grade] = [
            item["graderaw"]
            for item in report["usergrades"][0]["gradeitems"]
            if item.get("cmid") == module.cmid
        ]
        to_do = module.cmid in [event["id"] for event in events]
        assert ("submission" in state["lastattempt"], grade, to_do) == expected


@pytest.mark.parametrize(
    ("kind", "function", "key", "more"),
    [
        ("assign", STATE, "assignid", {}),
        ("forum", "mod_forum_get_forum_discussions", "forumid", {}),
        ("glossary", "mod_glossary_get_entries_by_letter", "id", {"letter": "ALL"}),
    ],
)
async def test_what_is_hidden_cannot_be_asked_for_until_it_is_shown(
    browser: Browser, campus: Campus, kind: str, function: str, key: str, more: Any
):
    module = next(
        module
        for course in campus.courses.values()
        for _section, module in course.visible_modules(kind)
    )
    asked = {key: module.instance, **more}
    before = await inside_a_batch(browser, function, **asked)
    await browser.change("hide_module", cmid=module.cmid)
    hidden = await inside_a_batch(browser, function, **asked)
    await browser.change("show_module", cmid=module.cmid)

    assert "errorcode" in hidden
    assert await inside_a_batch(browser, function, **asked) == before


async def test_posts_and_entries_that_are_gone_are_told_no_more(
    browser: Browser, campus: Campus
):
    course = campus.course_named("BIO 110")
    for kind, function, key, more, parts in (
        ("forum", "mod_forum_get_forum_discussions", "forumid", {}, "discussions"),
        (
            "glossary",
            "mod_glossary_get_entries_by_letter",
            "id",
            {"letter": "ALL"},
            "entries",
        ),
    ):
        _section, module = next(course.visible_modules(kind))
        asked = {key: module.instance, **more}
        before = await inside_a_batch(browser, function, **asked)
        campus.change(module.cmid, posts=module.posts[:1], entries=module.entries[:1])
        fewer = await inside_a_batch(browser, function, **asked)
        campus.change(module.cmid, posts=module.posts, entries=module.entries)

        assert len(before[parts]) > len(fewer[parts]) == 1
        assert await inside_a_batch(browser, function, **asked) == before


async def test_who_has_the_file_of_before_gets_the_new_one(browser: Browser):
    url = await browser.file_url("lecture-01-arrays.pdf")
    [module] = [m for m in await browser.contents(6) if m["name"].startswith("Lecture 1")]
    known: set[str] = set()
    for text in ("One.", "Two.", "Three."):
        whole = await browser.http.get(url)
        known.add(whole.headers["etag"])
        had = await browser.http.get(url, headers={"if-none-match": whole.headers["etag"]})
        await browser.change("replace_file", cmid=module["id"], text=text)
        fresh = await browser.http.get(
            url, headers={"if-none-match": whole.headers["etag"]}
        )

        assert (had.status_code, fresh.status_code) == (304, 200)
        assert fresh.content != whole.content
        assert fresh.headers["etag"] not in known


async def test_a_hidden_file_is_refused_until_it_is_shown(browser: Browser):
    url = await browser.file_url("lecture-01-arrays.pdf")
    [module] = [m for m in await browser.contents(6) if m["name"].startswith("Lecture 1")]
    before = await browser.http.get(url)
    await browser.change("hide_module", cmid=module["id"])
    hidden = await browser.http.get(url)
    await browser.change("show_module", cmid=module["id"])

    assert hidden.json()["errorcode"] == "requireloginerror"
    assert (await browser.http.get(url)).content == before.content


async def test_a_course_opens_to_who_is_enrolled_later(browser: Browser, campus: Campus):
    noor = campus.students["noor"]
    token = (await browser.token("noor"))["token"]
    refused = await browser.ask(CONTENTS, token=token, courseid=2)
    campus.students["noor"] = replace(noor, courses=frozenset({"BIO 110"}))

    assert refused["errorcode"] == "errorcoursecontextnotvalid"
    assert await browser.contents(2, token) != []


async def test_links_lead_to_the_address_that_was_asked(browser: Browser):
    asked = [SITE, "http://campus.example:8081", SITE]
    for site in asked:
        browser.http.base_url = httpx.URL(site)
        links = {
            file["fileurl"].partition("/webservice/")[0]
            for module in await browser.contents(2)
            for file in module.get("contents", [])
            if file["type"] == "file"
        }
        assert links == {site}
