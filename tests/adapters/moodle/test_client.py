"""Reading a site: what is asked, in which form, and what never leaves."""

import json
import logging
from urllib.parse import parse_qsl

import httpx
import pytest
from pydantic import TypeAdapter

from studymaster.adapters.moodle import open_site
from studymaster.adapters.moodle.failures import (
    AddressRefusedError,
    FileElsewhereError,
    InvalidRequestError,
    NotMoodleError,
    TokenExpiredError,
    WrongSignInError,
)
from studymaster.adapters.moodle.translate import ALLOWED_FUNCTIONS, Question
from tests.adapters.moodle.recordings import RECORDED

SITE = "https://moodle.example.edu/lms"
FILE = f"{SITE}/webservice/pluginfile.php/26/mod_resource/content/0"
NOBODY: frozenset[str] = frozenset()


class Recorder:
    """Answers with recordings by function, and remembers what was asked."""

    def __init__(self, **answers):
        self.answers = answers
        self.asked = []

    def __call__(self, request):
        form = dict(parse_qsl(request.content.decode()))
        self.asked.append((request, form))
        name = self.answers.get(
            form.get("wsfunction") or request.url.path.rsplit("/", 1)[-1]
        )
        if callable(name):
            return name(form)
        body = (RECORDED / f"{name}.json").read_bytes()
        return httpx.Response(
            200, content=body, headers={"Content-Type": "application/json"}
        )


def site(recorder, token="sesame"):
    transport = httpx.MockTransport(recorder)
    return open_site(SITE, allowed_hosts=NOBODY, token=token, transport=transport)


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
        assert [chunk async for chunk in file.chunks()] == []
    assert str(seen[0].url) == asked
    assert seen[0].content == b"token=sesame"
