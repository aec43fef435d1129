"""Due dates and announcements over HTTP, and the calendar that needs no signing in."""

import httpx
import pytest
import structlog
from fastapi import FastAPI
from icalendar import Calendar

from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.api import current_student
from studymaster.features.deadlines import api as deadlines
from studymaster.features.deadlines.service import calendar
from studymaster.models import SubmissionState
from studymaster.passage import Observed, with_headers
from studymaster.problems import answer_failures
from tests.conftest import NOON
from tests.features.campus.mates import SITE, enrol
from tests.features.deadlines.due import days, make_announcement, make_deadline

UNKNOWN = "x" * 43


def client_of(student=None) -> httpx.AsyncClient:
    """Return a program that asks this slice alone, with what stands around every router."""
    api = FastAPI()
    api.include_router(deadlines.router, prefix="/api/v1")
    answer_failures(api)
    api.add_middleware(
        Observed, routes={deadlines.calendar_feed: "/api/v1/calendar/{key}.ics"}
    )
    if student is not None:
        api.dependency_overrides[current_student] = lambda: student
    transport = httpx.ASGITransport(app=with_headers(api))
    return httpx.AsyncClient(transport=transport, base_url="http://t/api/v1")


async def switch_on(student) -> str:
    async with unit_of_work() as work:
        await calendar.switch_on(work, account_id=student.account_id, now=NOON)
    return await address_of(student)


async def address_of(student) -> str:
    async with unit_of_work() as work:
        key = await calendar.find_key(work, account_id=student.account_id)
    return f"/calendar/{key}.ics"


class TestLists:
    async def test_what_is_to_do_comes_with_its_state_and_its_words(self, student) -> None:
        course = await enrol(student)
        await make_deadline(course, cmid=7, submission=SubmissionState.NONE)
        async with client_of(student) as client:
            (item,) = (await client.get("/deadlines")).json()["items"]
        assert {name: item[name] for name in item if name != "id"} == {
            "course_id": 101,
            "course": "BIO 101 in full",
            "kind": "assignment",
            "title": "Essay",
            "due_at": "2030-01-19T12:00:00Z",
            "opens_at": None,
            "closes_at": None,
            "submission": "none",
            "submitted_at": None,
            "address": f"{SITE}/mod/assign/view.php?id=7",
            "state": "Not handed in yet",
            "when": "Due in 3 days, Sat 12:00",
        }

    async def test_what_is_past_is_asked_for_and_comes_in_stretches(self, student) -> None:
        course = await enrol(student)
        for number in range(3):
            await make_deadline(course, f"E{number}", days(-number - 1))
        async with client_of(student) as client:
            ahead = (await client.get("/deadlines")).json()
            asked = {"past": True, "limit": 2}
            first = (await client.get("/deadlines", params=asked)).json()
            asked["offset"] = first["next_offset"]
            rest = (await client.get("/deadlines", params=asked)).json()
        assert ahead == {"items": [], "next_offset": None}
        assert [one["title"] for one in first["items"]] == ["E0", "E1"]
        assert ([one["title"] for one in rest["items"]], rest["next_offset"]) == (
            ["E2"],
            None,
        )

    async def test_announcements_come_whole_and_the_newest_first(self, student) -> None:
        course = await enrol(student)
        await make_announcement(course, "Old", posted_at=days(-3))
        await make_announcement(course, "New", text="a" * 9_000)
        async with client_of(student) as client:
            answer = (await client.get("/announcements", params={"limit": 1})).json()
        (item,) = answer["items"]
        assert (item["subject"], len(item["text"]), item["course_id"]) == (
            "New",
            9_000,
            101,
        )
        assert answer["next_offset"] == 1

    @pytest.mark.parametrize("path", ["/deadlines", "/announcements"])
    async def test_a_list_is_that_of_one_course_if_one_is_named(
        self, student, path
    ) -> None:
        for number, name in ((101, "BIO"), (102, "CHE")):
            course = await enrol(student, moodle_id=number, shortname=name)
            await make_deadline(course)
            await make_announcement(course)
        async with client_of(student) as client:
            asked = {"course_id": 102, "site": SITE}
            items = (await client.get(path, params=asked)).json()["items"]
        assert [item["course"] for item in items] == ["CHE in full"]

    @pytest.mark.parametrize("path", ["/deadlines", "/announcements"])
    async def test_anothers_course_looks_like_one_that_is_not_there(
        self, student, other_student, path
    ) -> None:
        course = await enrol(student)
        await make_deadline(course)
        await make_announcement(course)
        async with client_of(other_student) as client:
            theirs = await client.get(path, params={"course_id": 101})
            nobodys = await client.get(path, params={"course_id": 999})
            every = (await client.get(path)).json()
        assert (theirs.status_code, nobodys.status_code) == (404, 404)
        assert theirs.content == nobodys.content
        assert every["items"] == []

    @pytest.mark.parametrize("path", ["/deadlines", "/announcements"])
    async def test_a_stretch_has_limits_and_a_visitor_gets_none(
        self, student, path
    ) -> None:
        async with client_of(student) as client:
            for wrong in ({"limit": 0}, {"limit": 101}, {"offset": -1}):
                assert (await client.get(path, params=wrong)).status_code == 422
        async with client_of() as client:
            assert (await client.get(path)).status_code == 401


class TestCalendar:
    async def test_whoever_has_the_address_reads_the_due_dates(self, student) -> None:
        await make_deadline(await enrol(student), "Essay, part 2 🎉")
        address = await switch_on(student)
        async with client_of() as client:
            answer = await client.get(address)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
        assert answer.headers["cache-control"].startswith("private")
        (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
        assert event["SUMMARY"] == "Essay, part 2 🎉"

    async def test_what_is_known_already_is_not_sent_again(self, student) -> None:
        course = await enrol(student)
        address = await switch_on(student)
        async with client_of() as client:
            first = await client.get(address)
            known = {"If-None-Match": f'"other", {first.headers["etag"]}'}
            again = await client.get(address, headers=known)
            await make_deadline(course)
            changed = await client.get(address, headers=known)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
        assert changed.status_code == 200

    async def test_a_program_may_ask_for_the_head_alone(self, student) -> None:
        address = await switch_on(student)
        async with client_of() as client:
            whole, head = await client.get(address), await client.head(address)
        assert head.status_code == 200
        for name in ("etag", "content-type", "content-length"):
            assert head.headers[name] == whole.headers[name]

    async def test_every_address_without_a_calendar_answers_alike(self, student) -> None:
        old = await switch_on(student)
        async with unit_of_work() as work:
            await calendar.renew(work, account_id=student.account_id)
        renewed = await address_of(student)
        async with client_of() as client:
            assert (await client.get(renewed)).status_code == 200
            async with unit_of_work() as work:
                await calendar.switch_off(work, account_id=student.account_id)
            wrong = [old, renewed, f"/calendar/{UNKNOWN}.ics", "/calendar/%00.ics"]
            answers = [await client.get(address) for address in wrong]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.content for answer in answers}) == 1
        assert answers[0].json()["detail"] == calendar.NO_CALENDAR

    async def test_guessing_ends_after_sixty_tries_a_minute(self, student) -> None:
        async with client_of() as client:
            found = {
                (await client.get(f"/calendar/{number}.ics")).status_code
                for number in range(60)
            }
            refused = await client.get("/calendar/60.ics")
        assert found == {404}
        assert refused.status_code == 429
        assert int(refused.headers["retry-after"]) > 0

    async def test_one_calendar_is_read_sixty_times_a_minute_at_most(
        self, student, other_student
    ) -> None:
        address, theirs = await switch_on(student), await switch_on(other_student)
        async with client_of() as client:
            found = {(await client.get(address)).status_code for _ in range(60)}
            refused, other = await client.get(address), await client.get(theirs)
        assert found == {200}
        assert refused.status_code == 429
        # Many read through one address, such as all whose calendar one company hosts.
        assert other.status_code == 200

    async def test_no_log_line_and_no_answer_holds_a_key(self, student) -> None:
        address = await switch_on(student)
        key = address.removeprefix("/calendar/").removesuffix(".ics")
        with structlog.testing.capture_logs() as lines:
            async with client_of() as client:
                answers = [await client.get(address), await client.get(address + "x")]
        assert [line["event"] for line in lines] == ["api_request", "api_request"]
        assert key not in str(lines)
        assert not [one for one in answers if key in f"{one.headers} {one.text}"]
