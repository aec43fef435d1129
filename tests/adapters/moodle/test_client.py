"""Reading a site: what is asked, in which form, and what never leaves."""

import json
import logging
from datetime import UTC, datetime

import httpx
import pytest
from pydantic import TypeAdapter

from studymaster.adapters.moodle import (
    Answer,
    MoodleSite,
    ask_public_config,
    open_site,
)
from studymaster.adapters.moodle.failures import (
    AddressRefusedError,
    FileElsewhereError,
    InvalidRequestError,
    MaintenanceError,
    MoodleError,
    MovedError,
    NotAnswerableError,
    NotMoodleError,
    TokenExpiredError,
    UnreachableError,
    WrongSignInError,
)
from studymaster.adapters.moodle.translate import (
    ALLOWED_FUNCTIONS,
    BATCH_FUNCTION,
    Question,
    SignInKind,
)
from tests.adapters.moodle.recordings import RECORDED, recording
from tests.adapters.moodle.sites import NOBODY, SITE, Recorder, site

FILE = f"{SITE}/webservice/pluginfile.php/26/mod_resource/content/0"


async def test_signs_in_and_goes_on_with_the_token() -> None:
    moodle = Recorder(
        **{
            "token.php": "token_ok_student1",
            "core_webservice_get_site_info": "site_info_student1",
        }
    )
    async with site(moodle, token=None) as opened:
        token = await opened.sign_in("student1", "pass & word")
        assert (await opened.site_info()).user_id == 3
    sign_in, info = moodle.asked
    assert str(sign_in[0].url) == f"{SITE}/login/token.php"
    assert sign_in[1] == {
        "username": "student1",
        "password": "pass & word",
        "service": "moodle_mobile_app",
    }
    assert info[1]["wstoken"] == token


async def test_neither_password_nor_token_is_logged_or_kept(caplog) -> None:
    caplog.set_level(logging.DEBUG)
    moodle = Recorder(**{"token.php": "token_wrong_password"})
    async with site(moodle, token="my-token") as opened:
        with pytest.raises(WrongSignInError) as caught:
            await opened.sign_in("student1", "hunter2")
        kept = repr(vars(opened)) + repr(opened)
    assert "hunter2" not in caplog.text + kept + repr(vars(caught.value))
    assert "my-token" not in caplog.text + repr(opened)


async def test_a_token_that_ran_out_asks_for_a_new_sign_in() -> None:
    moodle = Recorder(core_webservice_get_site_info="err_expired_token_first")
    async with site(moodle) as opened:
        with pytest.raises(TokenExpiredError, match=r"moodle\.example\.edu"):
            await opened.site_info()


async def test_asks_each_function_with_what_it_needs() -> None:
    moodle = Recorder(
        core_enrol_get_users_courses="users_courses_student1_no_usercount",
        core_course_get_contents="contents_bio_student1",
        mod_assign_get_assignments="assignments_all_student1",
        mod_quiz_get_quizzes_by_courses="quizzes_bio",
        mod_page_get_pages_by_courses="pages_by_courses_bio",
        mod_glossary_get_glossaries_by_courses="glossaries_bio",
    )
    async with site(moodle) as opened:
        assert await opened.courses(3)
        assert await opened.contents(2)
        assert await opened.assignments()
        assert await opened.quizzes([2, 5])
        assert await opened.pages([2])
        assert await opened.glossaries([2])
        before = len(moodle.asked)
        assert await opened.quizzes([]) == []
        assert await opened.pages([]) == []
        assert await opened.glossaries([]) == []
        assert len(moodle.asked) == before
    forms = {form["wsfunction"]: form for _, form in moodle.asked if "wsfunction" in form}
    assert forms["core_enrol_get_users_courses"]["returnusercount"] == "0"
    assert forms["mod_quiz_get_quizzes_by_courses"]["courseids[1]"] == "5"
    assert all(form["moodlewsrestformat"] == "json" for form in forms.values())
    assert all("sesame" not in str(request.url) for request, _ in moodle.asked)


async def test_reads_a_glossary_to_its_end() -> None:
    whole = json.loads((RECORDED / "glossary_entries_letter_all.json").read_bytes())
    rows = [
        {**entry, "id": number}
        for number, entry in enumerate(whole["entries"] * 6, start=1)
    ]

    def part(form):
        start, limit = int(form["from"]), int(form["limit"])
        return httpx.Response(
            200, json={"count": len(rows), "entries": rows[start : start + limit]}
        )

    async with site(Recorder(mod_glossary_get_entries_by_letter=part)) as opened:
        entries = await opened.glossary_entries(1)
    assert [e.id for e in entries] == [row["id"] for row in rows]


async def test_a_glossary_that_promises_more_than_it_has_ends() -> None:
    def empty(_form):
        return httpx.Response(200, json={"count": 9, "entries": []})

    async with site(Recorder(mod_glossary_get_entries_by_letter=empty)) as opened:
        assert await opened.glossary_entries(1) == []


async def test_nothing_that_writes_can_be_asked() -> None:
    moodle = Recorder()
    async with site(moodle) as opened:
        with pytest.raises(InvalidRequestError):
            await opened.ask(Question("mod_page_view_page", TypeAdapter(dict)))
    assert moodle.asked == []
    assert all("_get_" in function for function in ALLOWED_FUNCTIONS)


ANSWERS = {
    "core_webservice_get_site_info": "site_info_student1",
    "core_enrol_get_users_courses": "users_courses_student1_no_usercount",
    "core_course_get_contents": "contents_bio_student1",
    "mod_assign_get_assignments": "assignments_all_student1",
    "mod_assign_get_submission_status": "submission_status_graded",
    "mod_quiz_get_quizzes_by_courses": "quizzes_bio",
    "mod_page_get_pages_by_courses": "pages_by_courses_bio",
    "mod_glossary_get_glossaries_by_courses": "glossaries_bio",
    "mod_glossary_get_entries_by_letter": "glossary_entries_letter_all",
    "mod_forum_get_forums_by_courses": "forums_all",
    "mod_forum_get_forum_discussions": "forum_discussions_news",
    "gradereport_user_get_grade_items": "grade_items_bio_student1",
    "core_calendar_get_action_events_by_timesort": "calendar_timesort_default",
}
METHODS = {
    "site_info": lambda opened: opened.site_info(),
    "courses": lambda opened: opened.courses(3),
    "contents": lambda opened: opened.contents(2),
    "contents_of": lambda opened: opened.contents_of([2, 3]),
    "assignments": lambda opened: opened.assignments(),
    "submission_states": lambda opened: opened.submission_states([1, 2]),
    "quizzes": lambda opened: opened.quizzes([2]),
    "pages": lambda opened: opened.pages([2]),
    "glossaries": lambda opened: opened.glossaries([2]),
    "glossary_entries": lambda opened: opened.glossary_entries(1),
    "glossary_entries_of": lambda opened: opened.glossary_entries_of([1, 2]),
    "forums": lambda opened: opened.forums(),
    "discussions_of": lambda opened: opened.discussions_of([1, 2]),
    "grades_of": lambda opened: opened.grades_of([2, 3], user_id=3),
    "action_events": lambda opened: opened.action_events(datetime(2026, 11, 1, tzinfo=UTC)),
}


def test_every_way_to_ask_is_tried_here() -> None:
    public = {name for name in vars(MoodleSite) if not name.startswith("_")}
    assert public == set(METHODS) | {"sign_in", "download", "requests"}


@pytest.mark.parametrize("name", METHODS)
async def test_every_way_to_ask_sends_only_names_from_the_table(name) -> None:
    moodle = Recorder(**ANSWERS)
    async with site(moodle) as opened:
        found = await METHODS[name](opened)
        assert opened.requests == len(moodle.asked) == 1
    answers = [a for a in found if isinstance(a, Answer)] if isinstance(found, list) else []
    assert found
    assert not any(answer.failure for answer in answers)
    assert {function for function, _ in moodle.calls} <= ALLOWED_FUNCTIONS
    assert moodle.asked[0][1]["wsfunction"] in ALLOWED_FUNCTIONS | {BATCH_FUNCTION}


async def test_forums_grades_and_submissions_are_told_as_recorded() -> None:
    moodle = Recorder(**ANSWERS)
    async with site(moodle) as opened:
        forums = await opened.forums()
        news, _ = await opened.discussions_of([forums[0].id, forums[1].id])
        grades, _ = await opened.grades_of([2, 3], user_id=3)
        work, _ = await opened.submission_states([1, 2])
    assert news.value.discussions
    assert grades.value.lines
    assert work.value.graded
    sent = [parameters for _, parameters in moodle.calls]
    assert sent[1] == {"forumid": forums[0].id, "page": 0, "perpage": 50}
    assert sent[3] == {"courseid": 2, "userid": 3}
    assert sent[5] == {"assignid": 1}


def events_of(total):
    """Answer for a calendar of so many events, as Moodle does: after one, 50 at most."""
    whole = json.loads((RECORDED / "calendar_timesort_default.json").read_bytes())

    def part(form):
        start, limit = int(form["aftereventid"]), int(form["limitnum"])
        rows = [
            {**whole["events"][0], "id": number}
            for number in range(start + 1, min(start + limit, total) + 1)
        ]
        ids = {"firstid": rows[0]["id"], "lastid": rows[-1]["id"]} if rows else {}
        return httpx.Response(200, json={"events": rows} | ids)

    return part


@pytest.mark.parametrize(
    ("total", "requests"), [(0, 1), (49, 1), (50, 2), (120, 3), (2000, 10)]
)
async def test_what_waits_is_read_to_its_end_or_for_ten_parts(total, requests) -> None:
    moodle = Recorder(core_calendar_get_action_events_by_timesort=events_of(total))
    since = datetime(2026, 11, 1, tzinfo=UTC)
    async with site(moodle) as opened:
        events = await opened.action_events(since)
        assert opened.requests == requests
    assert [event.id for event in events] == list(range(1, min(total, 500) + 1))
    assert moodle.asked[0][1]["timesortfrom"] == str(int(since.timestamp()))


async def test_a_calendar_that_goes_round_in_circles_ends() -> None:
    def same(_form):
        return events_of(50)({"aftereventid": 0, "limitnum": 50})

    moodle = Recorder(core_calendar_get_action_events_by_timesort=same)
    async with site(moodle) as opened:
        events = await opened.action_events(datetime(2026, 11, 1, tzinfo=UTC))
    assert len(events) == 50


def public_site(*answers, seen=None):
    """Ask a site in public that gives these answers."""
    left = iter(answers)

    def answer(request):
        if seen is not None:
            seen.append(request)
        return next(left)

    return ask_public_config(
        SITE, allowed_hosts=NOBODY, transport=httpx.MockTransport(answer)
    )


def recorded(name):
    found = recording(name)
    return httpx.Response(found.status, content=found.body, headers=found.headers)


async def test_a_site_tells_everybody_how_to_sign_in() -> None:
    seen = []
    told = await public_site(recorded("public_config"), seen=seen)
    assert (told.site_name, told.sign_in) == ("Test Bed University", SignInKind.APP)
    assert not told.maintenance
    assert told.web_services
    assert told.mobile
    meta = json.loads((RECORDED / "public_config.meta.json").read_text("utf-8"))
    assert seen[0].url.raw_path == b"/lms" + httpx.URL(meta["url"]).raw_path
    assert json.loads(seen[0].content) == [
        {"index": 0, "methodname": "tool_mobile_get_public_config", "args": {}}
    ]
    assert b"token" not in seen[0].content


async def test_a_site_in_maintenance_says_so() -> None:
    assert (await public_site(recorded("public_config_maintenance"))).maintenance
    with pytest.raises(MaintenanceError):
        await public_site(recorded("public_config_maintenance_cli"))


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (httpx.Response(200, content=b"<html>shop</html>"), NotMoodleError),
        (httpx.Response(404), NotMoodleError),
        (httpx.Response(302, headers={"Location": "https://lms.example.edu"}), MovedError),
        (httpx.Response(200, json=[{"error": False, "data": None}]), NotAnswerableError),
    ],
)
async def test_what_is_no_moodle_cannot_be_connected(answer, failure) -> None:
    with pytest.raises(failure):
        await public_site(answer)


async def test_a_private_address_is_not_asked_in_public_either() -> None:
    with pytest.raises(AddressRefusedError):
        await ask_public_config("https://10.0.0.1", allowed_hosts=NOBODY)


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "data:text/html,hello",
        "https:127.0.0.1",
        "https://xn--a",
        "https://xn--zzzzzzzz99999999.example",
        "http://[::1",
        "//",
        "",
    ],
)
async def test_a_redirect_that_leads_nowhere_is_named_too(target) -> None:
    answer = httpx.Response(302, headers={"Location": target})
    transport = httpx.MockTransport(lambda _: answer)
    async with open_site(SITE, allowed_hosts=NOBODY, token="t", transport=transport) as one:
        with pytest.raises((MovedError, UnreachableError)):
            await one.site_info()
        with pytest.raises(MoodleError):
            async with one.download(f"{SITE}/webservice/pluginfile.php/1/a", limit_bytes=9):
                pass


@pytest.mark.parametrize("body", [b"<html>hello</html>", b"[]", b'{"hello": 1}'])
async def test_an_address_without_moodle_is_told(body) -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=body))
    async with open_site(SITE, allowed_hosts=NOBODY, transport=transport) as opened:
        with pytest.raises(NotMoodleError):
            await opened.sign_in("a", "b")


async def test_a_private_address_is_refused_before_anything_is_sent() -> None:
    with pytest.raises(AddressRefusedError):
        async with open_site("https://10.0.0.1", allowed_hosts=NOBODY):
            pass


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/lms/webservice/pluginfile.php/1/a.pdf",
        "http://moodle.example.edu/lms/webservice/pluginfile.php/1/a.pdf",
        "https://moodle.example.edu:8443/lms/webservice/pluginfile.php/1/a.pdf",
        "https://moodle.example.edu.evil.example/lms/webservice/pluginfile.php/1/a.pdf",
        "https://moodle.example.edu@evil.example/lms/webservice/pluginfile.php/1/a.pdf",
        "https://u:p@moodle.example.edu/lms/webservice/pluginfile.php/1/a.pdf",
        "https://moodle.example.edu/other/webservice/pluginfile.php/1/a.pdf",
        "https://moodle.example.edu/lms/webservice/pluginfile.php/../../../log.php",
        "https://moodle.example.edu/lms/webservice/pluginfile.php/%2e%2e/%2E%2e/log.php",
        "https://moodle.example.edu/lms/webservice/pluginfile.php/..%2f..%2flog.php",
        "//evil.example/x",
        "",
        "https://[",
    ],
)
async def test_the_token_never_leaves_the_sites_own_files(url) -> None:
    moodle = Recorder()
    async with site(moodle) as opened:
        with pytest.raises(FileElsewhereError):
            async with opened.download(url, limit_bytes=10):
                pass
    assert moodle.asked == []


@pytest.mark.parametrize(
    ("listed", "asked"),
    [
        (
            f"{FILE}/50%25%20%2B%20more%20%231%3F%3Bv%3D2%20%5Bdraft%5D%20%7Bx%7D.pdf?forcedownload=1",
            f"{FILE}/50%25%20%2B%20more%20%231%3F%3Bv%3D2%20%5Bdraft%5D%20%7Bx%7D.pdf?forcedownload=1",
        ),
        (f"{FILE}/Re%CC%81sume%CC%81.pdf", f"{FILE}/Re%CC%81sume%CC%81.pdf"),
        (f"{SITE}/pluginfile.php/2/a.png", f"{SITE}/webservice/pluginfile.php/2/a.png"),
    ],
)
async def test_a_file_is_asked_for_under_its_exact_name(listed, asked) -> None:
    seen = []

    def answer(request):
        seen.append(request)
        return httpx.Response(200, content=b"", headers={"Content-Disposition": "inline"})

    transport = httpx.MockTransport(answer)
    async with (
        open_site(
            SITE, allowed_hosts=NOBODY, token="sesame", transport=transport
        ) as opened,
        opened.download(listed, limit_bytes=10) as file,
    ):
        assert (await file.save()).read_bytes() == b""
    assert str(seen[0].url) == asked
    assert seen[0].content == b"token=sesame"
