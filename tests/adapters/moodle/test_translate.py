"""An answer with another shape is refused as a whole, and never crashes."""

import contextlib
import copy
import json
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studymaster.adapters.moodle.failures import NotAnswerableError
from studymaster.adapters.moodle.translate import (
    ACTION_EVENTS,
    ALLOWED_FUNCTIONS,
    ASSIGNMENTS,
    BATCH_FUNCTION,
    CONTENTS,
    COURSES,
    DISCUSSIONS,
    GRADES,
    PUBLIC_CONFIG,
    QUESTIONS,
    SITE_INFO,
    SUBMISSION,
    SignInKind,
    SubmissionStatus,
)
from tests.adapters.moodle.recordings import NAMES, recording

ONLY_READS = {
    "tool_mobile_get_public_config": "tells the site's public settings, without a token",
    "core_webservice_get_site_info": "tells who the token belongs to",
    "core_enrol_get_users_courses": "lists enrolments; opens no course",
    "core_course_get_contents": "lists a course; only core_course_view_course logs a visit",
    "mod_assign_get_assignments": "lists settings of assignments",
    "mod_assign_get_submission_status": "reads one's own submission; _view_ functions log",
    "mod_quiz_get_quizzes_by_courses": "lists settings of quizzes; starts no attempt",
    "core_calendar_get_action_events_by_timesort": "lists events; dismisses none",
    "gradereport_user_get_grade_items": "reads one's own grades; _view_grade_report logs",
    "mod_page_get_pages_by_courses": "reads pages; mod_page_view_page marks as viewed",
    "mod_glossary_get_glossaries_by_courses": "lists glossaries",
    "mod_glossary_get_entries_by_letter": "reads entries; mod_glossary_view_entry counts",
    "mod_forum_get_forums_by_courses": "lists forums",
    "mod_forum_get_forum_discussions": "lists first posts; marks none as read",
}
"""Every function that may be asked, and why a site is the same afterwards."""

WRITING_WORDS = {
    *("view", "add", "create", "update", "delete", "set", "save", "submit", "start"),
    *("process", "mark", "toggle", "send", "upload", "enrol", "unenrol", "accept", "lock"),
}

COURSE = {"id": 2, "shortname": "BIO", "fullname": "Biology"}
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.just([]),
    st.just({}),
    st.just([None]),
)


def test_only_functions_that_read_may_be_asked() -> None:
    assert set(ONLY_READS) == ALLOWED_FUNCTIONS
    for function in ALLOWED_FUNCTIONS:
        words = function.removeprefix("core_enrol_").split("_")
        assert "get" in words
        assert not WRITING_WORDS & set(words)


def test_an_envelope_is_no_question_and_never_inside_another() -> None:
    assert BATCH_FUNCTION == "tool_mobile_call_external_functions"
    assert BATCH_FUNCTION not in ALLOWED_FUNCTIONS


def test_functions_that_mark_as_viewed_are_not_among_them() -> None:
    viewed = {recording(n).function for n in NAMES if "_view_" in recording(n).function}
    assert viewed == {"mod_page_view_page"}
    assert not viewed & ALLOWED_FUNCTIONS


@given(ODD | st.lists(ODD) | st.dictionaries(st.text(max_size=5), ODD))
def test_any_json_is_translated_or_refused(value) -> None:
    for question in QUESTIONS.values():
        with contextlib.suppress(NotAnswerableError):
            question.translate(value)


@given(st.data())
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=60, deadline=None)
def test_one_changed_value_is_translated_or_refused(data) -> None:
    sections = copy.deepcopy(recording("contents_past_student1").read())
    module = data.draw(st.sampled_from([m for s in sections for m in s["modules"]]))
    module[data.draw(st.sampled_from(sorted(module)))] = data.draw(ODD)
    with contextlib.suppress(NotAnswerableError):
        CONTENTS.translate(sections)


def test_a_missing_key_is_named_in_the_log_but_no_value_is() -> None:
    with pytest.raises(NotAnswerableError) as caught:
        COURSES.translate([COURSE | {"id": "secret"}])
    assert "id" in caught.value.detail
    assert "secret" not in caught.value.detail


@given(st.text().map(lambda t: t.replace("\x00", "")).filter(lambda t: t.isprintable()))
def test_names_are_unescaped_exactly_once(name) -> None:
    from html import escape

    (course,) = COURSES.translate([COURSE | {"fullname": escape(name)}])
    assert course.full_name == name
    (twice,) = COURSES.translate([COURSE | {"fullname": escape(escape(name))}])
    assert twice.full_name == escape(name)


def test_text_can_always_be_stored() -> None:
    hostile = json.loads(r'"a\u0000b\ud800c &#0; d"')
    (course,) = COURSES.translate([COURSE | {"fullname": hostile}])
    assert "\x00" not in course.full_name
    assert course.full_name.encode("utf-8").startswith(b"ab")


@pytest.mark.parametrize("unset", [0, None, "0"])
def test_zero_and_null_mean_that_no_date_is_set(unset) -> None:
    (course,) = COURSES.translate([COURSE | {"enddate": unset}])
    assert course.ends_at is None


def test_dates_are_utc_and_impossible_ones_are_refused() -> None:
    (course,) = COURSES.translate([COURSE | {"startdate": 1795253284}])
    assert course.starts_at == datetime(2026, 11, 21, 9, 28, 4, tzinfo=UTC)
    with pytest.raises(NotAnswerableError):
        COURSES.translate([COURSE | {"startdate": 10**30}])


def test_an_older_moodle_without_the_optional_keys_is_understood() -> None:
    (course,) = COURSES.translate([COURSE])
    assert course.full_name == "Biology"
    info = {
        "userid": 3,
        "username": "ada",
        "fullname": "Ada",
        "sitename": "S",
        "siteurl": "https://moodle.example.edu",
    }
    assert SITE_INFO.translate(info).functions == frozenset()


MODULE = {"id": 7, "modname": "resource", "name": "Slides"}


@pytest.mark.parametrize(
    ("told", "completion"),
    [
        ({}, None),
        ({"completiondata": []}, None),
        ({"completiondata": None}, None),
        ({"completiondata": {"hascompletion": False, "state": 0}}, None),
        ({"completiondata": {"hascompletion": True, "istrackeduser": False}}, None),
        ({"completiondata": {"hascompletion": True, "state": 0}}, 0),
        ({"completiondata": {"hascompletion": True, "state": 1}}, 1),
        ({"completiondata": {"hascompletion": True, "state": 2}}, 2),
        ({"completiondata": {"hascompletion": True, "state": 3}}, 3),
        ({"completiondata": {"state": 1}}, 1),
        ({"completiondata": {"hascompletion": True, "state": 9}}, None),
        ({"completiondata": {"hascompletion": True, "state": "1"}}, None),
    ],
)
def test_completion_is_a_state_or_not_tracked(told, completion) -> None:
    section = {"id": -1, "name": "", "modules": [MODULE | told]}
    (found,) = CONTENTS.translate([section])
    assert found.modules[0].completion == completion
    assert found.number is None


@pytest.mark.parametrize(
    ("kind", "sign_in"),
    [
        (1, SignInKind.APP),
        ("1", SignInKind.APP),
        (2, SignInKind.BROWSER),
        (3, SignInKind.EMBEDDED),
        (4, SignInKind.BROWSER),
        (None, SignInKind.BROWSER),
        ([], SignInKind.BROWSER),
    ],
)
def test_an_unknown_way_to_sign_in_goes_through_the_browser(kind, sign_in) -> None:
    config = {"sitename": "S", "wwwroot": "https://m.example.edu", "typeoflogin": kind}
    assert PUBLIC_CONFIG.translate(config).sign_in is sign_in


def test_only_web_addresses_of_a_site_become_links() -> None:
    config = PUBLIC_CONFIG.translate(
        {
            "sitename": "S &amp; T",
            "wwwroot": "https://m.example.edu",
            "launchurl": "javascript:alert(1)",
            "identityproviders": [
                {
                    "name": "Uni &amp; Co",
                    "iconurl": "",
                    "url": "https://id.example.edu/?x=1",
                },
                {"name": "Trap", "url": "data:text/html,x"},
            ],
        }
    )
    assert config.site_name == "S & T"
    assert config.launch_url == ""
    assert [(p.name, p.url) for p in config.identity_providers] == [
        ("Uni & Co", "https://id.example.edu/?x=1"),
        ("Trap", ""),
    ]
    event = {"id": 1, "name": "Due", "timesort": 5, "url": "javascript:alert(1)"}
    assert ACTION_EVENTS.translate({"events": [event]}).events[0].url == ""


def test_an_event_without_activity_course_or_action_is_kept() -> None:
    event = {"id": 1, "name": "Fair", "timesort": 5, "instance": None, "course": []}
    (found,) = ACTION_EVENTS.translate(
        {"events": [event | {"action": None}], "firstid": None}
    ).events
    assert (found.module_id, found.course_id, found.actionable) == (None, None, False)
    assert ACTION_EVENTS.translate({"events": []}).last_id is None


def test_a_team_hands_in_together() -> None:
    mine = {"status": "new", "timemodified": 5}
    team = {"status": "submitted", "timemodified": 9}
    attempt = {"submission": mine, "teamsubmission": team, "graded": False}
    found = SUBMISSION.translate({"lastattempt": attempt})
    assert found.status is SubmissionStatus.SUBMITTED
    assert found.changed_at == datetime.fromtimestamp(9, UTC)
    alone = SUBMISSION.translate({"lastattempt": attempt | {"teamsubmission": []}})
    assert alone.status is SubmissionStatus.NEW


@pytest.mark.parametrize("status", ["new", "draft", "submitted", "reopened"])
def test_a_submission_has_moodles_own_status(status) -> None:
    found = SUBMISSION.translate({"lastattempt": {"submission": {"status": status}}})
    assert found.status == status


def test_an_unknown_status_claims_nothing_and_an_extension_is_kept() -> None:
    attempt = {"submission": {"status": "archived"}, "extensionduedate": 1795253284}
    found = SUBMISSION.translate({"lastattempt": attempt, "feedback": []})
    assert found.status is SubmissionStatus.NONE
    assert found.extended_to == datetime(2026, 11, 21, 9, 28, 4, tzinfo=UTC)
    assert SUBMISSION.translate({"lastattempt": []}).status is SubmissionStatus.NONE


def test_feedback_of_several_kinds_is_one_text() -> None:
    plugins = [
        {"type": "comments", "editorfields": [{"text": "<p>Good.</p>"}, {"text": " "}]},
        {"type": "file", "fileareas": []},
        {"type": "rubric", "editorfields": [{"text": "<p>4/5</p>"}]},
    ]
    found = SUBMISSION.translate({"feedback": {"grade": None, "plugins": plugins}})
    assert found.feedback_html == "<p>Good.</p>\n<p>4/5</p>"
    assert found.grade == ""


def test_an_anonymous_discussion_has_no_author_and_its_files_come_along() -> None:
    file = {"filename": "a.pdf", "filepath": "/", "filesize": 3, "fileurl": "https://m/a"}
    row = {"discussion": 4, "id": 9, "name": "Hi", "message": "", "attachments": [file]}
    (found,) = DISCUSSIONS.translate(
        {"discussions": [row | {"userfullname": None}]}
    ).discussions
    assert (found.id, found.subject, found.author) == (4, "Hi", "")
    assert found.files[0].name == "a.pdf"


def test_a_line_of_the_gradebook_may_lack_everything_but_its_kind() -> None:
    line = {"id": 1, "itemtype": "category", "grademin": None, "grademax": None}
    report = {"usergrades": [{"courseid": 2, "userid": 3, "gradeitems": [line]}]}
    (found,) = GRADES.translate(report).lines
    assert (found.minimum, found.maximum, found.grade) == (0, 100, None)
    assert GRADES.translate({"usergrades": []}).lines == ()


def test_grades_are_numbers_that_can_be_kept() -> None:
    line = {"id": 1, "itemtype": "mod", "graderaw": "NaN"}
    report = {"usergrades": [{"courseid": 2, "userid": 3, "gradeitems": [line]}]}
    with pytest.raises(NotAnswerableError):
        GRADES.translate(report)


def test_numbers_too_large_to_keep_are_refused() -> None:
    for row in (COURSE | {"id": 10**30}, COURSE | {"category": -(10**30)}):
        with pytest.raises(NotAnswerableError):
            COURSES.translate([row])


def test_an_attachment_of_which_little_is_told_does_not_cost_the_assignments() -> None:
    row = {"id": 1, "cmid": 2, "course": 3, "name": "Talk", "duedate": 0}
    row["introattachments"] = [{"filename": "Template.docx"}]
    (found,) = ASSIGNMENTS.translate({"courses": [{"assignments": [row]}]}).courses
    file = found.assignments[0].files[0]
    assert (file.name, file.folder, file.size, file.url) == ("Template.docx", None, 0, "")


def test_an_assignment_tells_whether_anything_is_handed_in() -> None:
    row = {"id": 1, "cmid": 2, "course": 3, "name": "Talk", "duedate": 0}
    answer = {"courses": [{"assignments": [row, row | {"nosubmissions": 1}]}]}
    here, elsewhere = ASSIGNMENTS.translate(answer).courses[0].assignments
    assert (here.offline, elsewhere.offline) == (False, True)


def test_a_large_listing_is_read_in_a_moment() -> None:
    listing = recording("contents_big_student1").read()
    many = [section for _ in range(5) for section in listing]
    spent = min(process_time_of(CONTENTS.translate, many) for _ in range(5))
    files = sum(len(m["contents"]) for s in many for m in s["modules"] if "contents" in m)
    assert files >= 1000
    assert spent < 0.05


def process_time_of(work, *args) -> float:
    from time import process_time

    begin = process_time()
    work(*args)
    return process_time() - begin
