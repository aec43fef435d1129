"""The demo answers in the shapes that a real Moodle 4.4 was recorded to answer in."""

import json
from typing import Any

import pytest
from starlette.datastructures import Headers

from demo.campus import StoredFile
from demo.files import stored
from demo.services.table import SERVICES
from tests.demo.conftest import Browser
from tests.demo.recorded_shape import body, meta, recordings, shape_of

CALLS: list[tuple[str, dict[str, Any]]] = [
    ("core_webservice_get_site_info", {}),
    ("core_enrol_get_users_courses", {"userid": 3}),
    ("core_enrol_get_users_courses", {"userid": 3, "returnusercount": 0}),
    ("core_enrol_get_users_courses", {"userid": 4}),
    ("core_enrol_get_users_courses", {"userid": 999}),
    *(("core_course_get_contents", {"courseid": course}) for course in range(1, 7)),
    *(
        (
            "core_course_get_contents",
            {"courseid": 2, "options[0][name]": name, "options[0][value]": value},
        )
        for name, value in (
            ("excludecontents", 1),
            ("excludemodules", 1),
            ("sectionid", 2),
            ("sectionnumber", 1),
            ("cmid", 4),
            ("modname", "resource"),
            ("includestealthmodules", 1),
        )
    ),
    ("mod_assign_get_assignments", {}),
    ("mod_assign_get_assignments", {"courseids[0]": 2, "courseids[1]": 99}),
    ("mod_quiz_get_quizzes_by_courses", {}),
    ("mod_page_get_pages_by_courses", {}),
    ("mod_page_get_pages_by_courses", {"courseids[0]": 13}),
    ("mod_book_get_books_by_courses", {}),
    ("mod_glossary_get_glossaries_by_courses", {}),
    ("mod_glossary_get_entries_by_letter", {"id": 1, "letter": "ALL"}),
    ("mod_glossary_get_entries_by_letter", {"id": 1, "letter": "D", "from": 1, "limit": 1}),
    ("mod_forum_get_forums_by_courses", {}),
    ("mod_forum_get_forum_discussions", {"forumid": 1}),
    ("mod_forum_get_forum_discussions", {"forumid": 1, "page": 0, "perpage": 1}),
    ("mod_url_get_urls_by_courses", {}),
    ("mod_resource_get_resources_by_courses", {}),
    ("mod_folder_get_folders_by_courses", {}),
    ("mod_label_get_labels_by_courses", {}),
    ("mod_data_get_databases_by_courses", {}),
    ("mod_lesson_get_lessons_by_courses", {}),
    ("mod_workshop_get_workshops_by_courses", {}),
    *(
        ("mod_assign_get_submission_status", {"assignid": assignment})
        for assignment in range(1, 9)
    ),
    ("core_calendar_get_action_events_by_timesort", {}),
    (
        "core_calendar_get_action_events_by_timesort",
        {"timesortfrom": 1795341126, "limitnum": 1},
    ),
    *(
        ("gradereport_user_get_grade_items", {"courseid": course, "userid": 3})
        for course in range(2, 7)
    ),
    (
        "tool_mobile_call_external_functions",
        {
            "requests[0][function]": "core_course_get_contents",
            "requests[0][arguments]": '{"courseid": 2}',
            "requests[1][function]": "core_course_get_contents",
            "requests[1][arguments]": '{"courseid": 99}',
            "requests[2][function]": "core_course_get_contents",
            "requests[2][arguments]": '{"courseid": 3}',
        },
    ),
]


@pytest.mark.parametrize(("function", "params"), CALLS)
async def test_an_answer_has_the_recorded_keys_and_types(
    browser: Browser, function: str, params: dict[str, Any]
):
    answer = await browser.ask(function, **params)

    assert not list(shape_of(function).complaints(answer))


def test_every_function_of_the_demo_is_held_to_a_recording():
    called = {function for function, _params in CALLS}
    # The public configuration was recorded without a token; it has its own test below.
    assert SERVICES.keys() - called == {"tool_mobile_get_public_config"}
    assert all(list(recordings(function)) for function in called)


@pytest.mark.parametrize("recorded", ["public_config", "public_config_get"])
async def test_the_public_configuration_has_the_recorded_keys(
    browser: Browser, recorded: str
):
    question = json.dumps(
        [{"index": 0, "methodname": "tool_mobile_get_public_config", "args": {}}]
    )
    where = "/lib/ajax/service-nologin.php"
    if meta(recorded)["method"] == "GET":
        answer = await browser.http.get(where, params={"args": question})
    else:
        answer = await browser.http.post(where, content=question)

    [real] = json.loads(body(recorded))
    [ours] = answer.json()
    assert {k: type(v) for k, v in ours["data"].items()} == {
        k: type(v) for k, v in real["data"].items()
    }
    assert list(ours) == list(real)
    assert (await browser.ask("tool_mobile_get_public_config")) == ours["data"]


async def test_a_private_function_needs_a_token(browser: Browser):
    question = [{"index": 0, "methodname": "core_webservice_get_site_info", "args": {}}]
    answer = await browser.http.post("/lib/ajax/service-nologin.php", json=question)

    assert answer.content.replace(b"demo.moodle", b"127.0.0.1:8090") == body(
        "nologin_service_private_function"
    )


async def test_the_same_json_inside_a_batch(browser: Browser):
    alone = await browser.ask_raw("core_course_get_contents", courseid=2)
    batch = await browser.ask(*CALLS[-1][:1], **CALLS[-1][1])

    first, second = batch["responses"]
    assert first == {"error": False, "data": alone.text}
    assert second["error"]
    real = json.loads(body("batch_with_errors"))["responses"][1]
    assert json.loads(second["exception"]).keys() == json.loads(real["exception"]).keys()


# -- refusals: the same bytes

REFUSED: dict[str, tuple[str, dict[str, Any]]] = {
    "err_no_function": ("", {}),
    "err_missing_parameter": ("core_course_get_contents", {}),
    "err_invalid_parameter_type": ("core_course_get_contents", {"courseid": "abc"}),
    "err_unexpected_parameter": ("core_course_get_contents", {"courseid": 2, "foo": "bar"}),
    "err_invalid_array_parameter": ("mod_assign_get_assignments", {"courseids": 2}),
    "err_unknown_course": ("core_course_get_contents", {"courseid": 99999}),
    "err_nonexistent_function": ("core_no_such_function", {}),
    "err_function_outside_service": ("core_user_create_users", {}),
    "err_site_course": ("core_course_get_contents", {"courseid": 1}),
    "contents_bio_bad_option": (
        "core_course_get_contents",
        {"courseid": 2, "options[0][name]": "nonsense", "options[0][value]": 1},
    ),
    "calendar_timesort_limit51_error": (
        "core_calendar_get_action_events_by_timesort",
        {"limitnum": 51},
    ),
    "forum_discussions_unknown": ("mod_forum_get_forum_discussions", {"forumid": 99999}),
    "grade_items_other_user": (
        "gradereport_user_get_grade_items",
        {"courseid": 2, "userid": 4},
    ),
    "assignments_unknown_course": ("mod_assign_get_assignments", {"courseids[0]": 99999}),
    "pages_by_courses_not_enrolled": (
        "mod_page_get_pages_by_courses",
        {"courseids[0]": 13},
    ),
}


@pytest.mark.parametrize("recorded", REFUSED)
async def test_a_refusal_has_the_recorded_bytes(browser: Browser, recorded: str):
    function, params = REFUSED[recorded]
    answer = await browser.ask_raw(function, **params)

    assert answer.content == body(recorded)
    assert answer.headers["content-type"] == "application/json"
    assert answer.status_code == 200


async def test_a_course_of_others_is_refused_with_the_recorded_bytes(browser: Browser):
    noor = (await browser.token("noor"))["token"]
    answer = await browser.ask_raw("core_course_get_contents", token=noor, courseid=2)

    assert answer.content == body("err_suspended_enrolment")


async def test_an_unknown_token_is_refused_with_the_recorded_bytes(browser: Browser):
    answer = await browser.ask_raw("core_webservice_get_site_info", token="f" * 32)

    assert answer.content == body("err_invalidtoken")


@pytest.mark.parametrize(
    ("failure", "recorded"),
    [
        ("invalid_token", "err_invalidtoken"),
        ("expired_token", "err_expired_token_first"),
        ("access_exception", "err_accessexception"),
        ("maintenance", "err_maintenance_contents"),
        ("upgrade_running", "err_upgrade_running"),
        ("database_down", "err_database_down"),
        ("not_enrolled", "err_suspended_enrolment"),
        ("forced_password_change", "err_forced_password_change"),
        ("policy_not_agreed", "err_site_policy_contents"),
        ("web_services_off", "err_webservices_disabled"),
    ],
)
async def test_a_failure_has_the_recorded_bytes_and_status(
    browser: Browser, failure: str, recorded: str
):
    token = (await browser.token())["token"]
    await browser.fail(failure)
    answer = await browser.ask_raw("core_course_get_contents", token=token, courseid=2)

    assert answer.content.replace(b"demo.moodle", b"127.0.0.1:8090") == body(recorded)
    assert answer.status_code == meta(recorded)["status"]
    assert answer.headers["content-type"] == meta(recorded)["content_type"]


async def test_a_suspended_student_is_named(browser: Browser):
    token = (await browser.token())["token"]
    await browser.fail("user_suspended")
    answer = await browser.ask_raw("core_webservice_get_site_info", token=token)

    assert answer.content == body("err_suspended_user_token").replace(
        b"suspended1", b"mina"
    )


@pytest.mark.parametrize(
    ("failure", "recorded"),
    [("maintenance_cli", "err_maintenance_cli"), ("gateway_down", "http_502")],
)
async def test_a_site_that_is_down_has_the_recorded_status(
    browser: Browser, failure: str, recorded: str
):
    token = (await browser.token())["token"]
    await browser.fail(failure)
    answer = await browser.ask_raw("core_webservice_get_site_info", token=token)

    real = {name.lower(): value for name, value in meta(recorded)["headers"]}
    assert answer.status_code == meta(recorded)["status"]
    assert answer.headers.get("retry-after") == real.get("retry-after")
    assert answer.headers["content-type"].startswith("text/html")


async def test_without_a_format_the_answer_is_xml(browser: Browser):
    fields = {"wstoken": (await browser.token("noor"))["token"], "courseid": 13}
    answer = await browser.http.post(
        "/webservice/rest/server.php",
        data={**fields, "courseid": 2, "wsfunction": "core_course_get_contents"},
    )

    real = body("err_xml_default_error").replace(b"id:13", b"id:2")
    assert answer.text.split() == real.decode().split()
    assert answer.headers["content-type"] == meta("err_xml_default_error")["content_type"]


async def test_a_json_body_is_not_read(browser: Browser):
    answer = await browser.http.post(
        "/webservice/rest/server.php", json={"wsfunction": "core_webservice_get_site_info"}
    )

    assert answer.text.split() == body("err_json_request_body").decode().split()


# -- sign-in

SIGN_INS: dict[str, dict[str, str]] = {
    "token_wrong_password": {
        "username": "mina",
        "password": "no",
        "service": "moodle_mobile_app",
    },
    "token_unknown_user": {
        "username": "nobody",
        "password": "campus",
        "service": "moodle_mobile_app",
    },
    "token_unknown_service": {"username": "mina", "password": "campus", "service": "none"},
    "token_missing_password": {"username": "mina"},
    "token_missing_service": {"username": "mina", "password": "campus"},
    "token_no_params": {},
    "token_appsitecheck": {"appsitecheck": "1"},
}


@pytest.mark.parametrize("recorded", SIGN_INS)
async def test_sign_in_says_no_with_the_recorded_bytes(browser: Browser, recorded: str):
    answer = await browser.http.post("/login/token.php", data=SIGN_INS[recorded])

    assert answer.content == body(recorded)
    assert answer.headers["content-type"] == meta(recorded)["content_type"]


@pytest.mark.parametrize(
    ("failure", "recorded"),
    [
        ("invalid_login", "token_wrong_password"),
        ("user_suspended", "token_suspended_user"),
        ("maintenance", "token_maintenance"),
        ("upgrade_running", "token_upgrade_running"),
        ("database_down", "token_database_down"),
        ("web_services_off", "token_webservices_disabled"),
    ],
)
async def test_sign_in_fails_with_the_recorded_bytes(
    browser: Browser, failure: str, recorded: str
):
    await browser.fail(failure)
    fields = {"username": "mina", "password": "campus", "service": "moodle_mobile_app"}
    answer = await browser.http.post("/login/token.php", data=fields)

    assert answer.content == body(recorded)


async def test_a_token_looks_like_the_recorded_ones(browser: Browser):
    answer = await browser.token("MINA")

    real = json.loads(body("token_ok_student1"))
    assert list(answer) == list(real)
    assert len(answer["token"]) == len(real["token"])
    assert answer["privatetoken"] is None


# -- files

FILES_REFUSED: dict[str, str] = {
    "file_no_path": "/webservice/pluginfile.php?token={token}",
    "file_bad_context": "/webservice/pluginfile.php/999999/mod_resource/content/1/x.pdf?token={token}",
    "file_not_found": "/webservice/pluginfile.php/104/mod_resource/content/0/no.pdf?token={token}",
    "file_token_missing": "/webservice/pluginfile.php/104/mod_resource/content/0/no.pdf",
    "file_bad_token": "/webservice/pluginfile.php/104/mod_resource/content/0/no.pdf?token=no",
}


@pytest.mark.parametrize("recorded", FILES_REFUSED)
async def test_a_refused_file_has_the_recorded_bytes(browser: Browser, recorded: str):
    token = (await browser.token())["token"]
    answer = await browser.http.get(FILES_REFUSED[recorded].format(token=token))

    assert answer.content == body(recorded)
    assert answer.status_code == meta(recorded)["status"]
    assert answer.headers["content-type"] == meta(recorded)["content_type"]


@pytest.mark.parametrize(
    ("failure", "recorded"),
    [
        ("invalid_token", "file_revoked_token"),
        ("expired_token", "file_expired_token_first"),
        ("access_exception", "file_mobile_service_disabled"),
        ("not_enrolled", "file_other_course"),
        ("file_error_as_200", "file_hidden_module"),
        ("file_not_found", "file_not_found"),
        ("policy_not_agreed", "file_site_policy_not_agreed"),
        ("maintenance", "file_maintenance"),
        ("upgrade_running", "file_upgrade_running"),
        ("database_down", "file_database_down"),
        ("web_services_off", "file_webservices_disabled"),
    ],
)
async def test_a_file_fails_with_the_recorded_bytes(
    browser: Browser, failure: str, recorded: str
):
    url = await browser.file_url("lecture-01-arrays.pdf")
    await browser.fail(failure, function="file")
    answer = await browser.http.get(url)

    assert answer.content.replace(b"demo.moodle", b"127.0.0.1:8090") == body(recorded)
    assert answer.status_code == meta(recorded)["status"]


@pytest.mark.parametrize(
    ("recorded", "asked"),
    [
        ("file_pdf_ok", {}),
        ("file_pdf_range", {"range": "bytes=0-1023"}),
        ("file_pdf_range_tail", {"range": "bytes=-100"}),
        ("file_pdf_range_multi", {"range": "bytes=0-9,20-29"}),
        ("file_40mb_range_resume", {"range": "bytes=40000-"}),
        ("file_40mb_if_range", {"range": "bytes=40000-", "if-range": '"an old version"'}),
        ("file_pdf_range_unsatisfiable", {"range": "bytes=99999999-"}),
        ("file_pdf_if_none_match", {"if-none-match": "ETAG"}),
        (
            "file_pdf_if_modified_since",
            {"if-modified-since": "Sun, 22 Nov 2026 10:00:00 GMT"},
        ),
    ],
)
async def test_a_file_comes_with_the_recorded_headers(
    browser: Browser, recorded: str, asked: dict[str, str]
):
    url = await browser.file_url("lecture-01-arrays.pdf")
    whole = await browser.http.get(url)
    headers = {k: v.replace("ETAG", whole.headers["etag"]) for k, v in asked.items()}
    answer = await browser.http.get(url, headers=headers)

    real = {name.lower() for name, _value in meta(recorded)["headers"]}
    told = {
        "etag",
        "last-modified",
        "content-range",
        "content-disposition",
        "content-length",
    }
    assert answer.status_code == meta(recorded)["status"]
    assert told & answer.headers.keys() == told & real


@pytest.mark.parametrize(
    ("recorded", "asked"),
    [
        ("file_pdf_range", {"range": "bytes=0-1023"}),
        ("file_pdf_range_tail", {"range": "bytes=-100"}),
        ("file_pdf_range_multi", {"range": "bytes=0-9,20-29"}),
        ("file_pdf_range_unsatisfiable", {"range": "bytes=99999999-"}),
    ],
)
async def test_a_range_of_the_recorded_file_has_the_recorded_bytes(
    recorded: str, asked: dict[str, str]
):
    whole = StoredFile("a.pdf", body("file_pdf_ok"), "application/pdf", 0, 0)
    answer = stored(whole, Headers(asked))

    real = dict(meta(recorded)["headers"])
    told = {name.lower(): value for name, value in real.items()}
    assert bytes(answer.body) == body(recorded)
    assert answer.status_code == meta(recorded)["status"]
    for name in ("etag", "content-type", "content-range", "content-length"):
        assert answer.headers.get(name) == told.get(name)


@pytest.mark.parametrize("asked", [{}, {"range": "bytes=500-"}])
async def test_a_token_in_the_body_opens_the_same_bytes(
    browser: Browser, asked: dict[str, str]
):
    url, _, token = (await browser.file_url("lecture-01-arrays.pdf")).partition("&token=")
    by_address = await browser.http.get(f"{url}&token={token}", headers=asked)
    in_the_body = await browser.http.post(url, data={"token": token}, headers=asked)

    assert in_the_body.content == by_address.content
    assert in_the_body.status_code == by_address.status_code == (206 if asked else 200)
    assert meta("file_post_token_in_body")["status"] == 200


async def test_nothing_but_the_end_of_a_file_is_left_to_ask_for(browser: Browser):
    url = await browser.file_url("lecture-01-arrays.pdf")
    whole = await browser.http.get(url)
    beyond = await browser.http.get(url, headers={"range": f"bytes={len(whole.content)}-"})

    assert (beyond.status_code, beyond.content) == (200, whole.content)
