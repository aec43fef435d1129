"""Every answer recorded from a real Moodle goes through the adapter."""

import hashlib
import json
from datetime import UTC, datetime

import pytest

from studymaster.adapters.moodle.failures import MoodleError
from studymaster.adapters.moodle.translate import (
    ACTION_EVENTS,
    ALLOWED_FUNCTIONS,
    ASSIGNMENTS,
    BATCH_FUNCTION,
    CONTENTS,
    COURSES,
    DISCUSSIONS,
    FORUMS,
    GLOSSARY_ENTRIES,
    GRADES,
    PAGES,
    PUBLIC_CONFIG,
    QUESTIONS,
    QUIZZES,
    SITE_INFO,
    SUBMISSION,
    SignInKind,
    SubmissionStatus,
)
from tests.adapters.moodle.golden import FAILURES, GOLDEN, OTHER_REFUSALS, markdown
from tests.adapters.moodle.recordings import NAMES, RECORDED, recording

EXPECTED = GOLDEN | OTHER_REFUSALS


def translated(question, name):
    return question.translate(recording(name).read())


@pytest.mark.parametrize("name", NAMES)
def test_becomes_the_value_or_the_failure_it_stands_for(name) -> None:
    assert recording(name).outcome() == EXPECTED.get(name, "ok")


def test_no_recorded_refusal_is_missing_from_the_table() -> None:
    refusals = {n for n in NAMES if n.startswith(("err_", "token_", "file_"))}
    assert refusals == set(GOLDEN)
    assert set(OTHER_REFUSALS) <= set(NAMES)


def test_no_recorded_body_is_left_out() -> None:
    bodies = {p.name for p in RECORDED.iterdir() if not p.name.endswith(".meta.json")}
    named = {
        json.loads(p.read_text(encoding="utf-8"))["body_file"]
        for p in RECORDED.glob("*.meta.json")
    }
    assert bodies <= named
    assert len(NAMES) == 390


def test_the_table_names_only_failures_that_exist() -> None:
    assert set(EXPECTED.values()) - {"ok"} <= set(FAILURES)
    assert markdown().count("\n") == len(EXPECTED) + 2


FITTING = [
    n
    for n in NAMES
    if recording(n).function in ALLOWED_FUNCTIONS and EXPECTED.get(n, "ok") == "ok"
]


@pytest.mark.parametrize("name", FITTING)
def test_every_answer_of_a_function_we_ask_has_our_shape(name) -> None:
    found = recording(name)
    assert QUESTIONS[found.function].translate(found.read()) is not None


def test_every_function_we_ask_was_recorded() -> None:
    assert {recording(n).function for n in FITTING} == ALLOWED_FUNCTIONS
    assert len(FITTING) == 136


@pytest.mark.parametrize("name", ["batch_three", "batch_with_errors"])
def test_what_comes_in_an_envelope_has_the_same_shape(name) -> None:
    meta = json.loads((RECORDED / f"{name}.meta.json").read_text(encoding="utf-8"))
    assert meta["function"] == BATCH_FUNCTION
    answered = [part for part in recording(name).read()["responses"] if not part["error"]]
    assert answered
    for place, part in enumerate(answered):
        inner = QUESTIONS[meta["params"][f"requests[{place}][function]"]]
        assert inner.translate(json.loads(part["data"]))


@pytest.mark.parametrize("name", [n for n, code in EXPECTED.items() if code != "ok"])
def test_no_sentence_shows_the_words_of_the_server(name) -> None:
    with pytest.raises(MoodleError) as caught:
        recording(name).read()
    assert "<" not in caught.value.message
    assert "127.0.0.1" not in caught.value.message
    assert len(caught.value.detail) <= 300
    assert "exception" not in caught.value.message


def test_the_site_tells_who_the_token_belongs_to() -> None:
    info = translated(SITE_INFO, "site_info_student1")
    assert (info.user_id, info.username, info.full_name) == (3, "student1", "Ada Müller")
    assert info.site_name == "Test Bed University"
    assert "core_course_get_contents" in info.functions
    assert info.files_offered


def test_courses_have_readable_names_and_true_dates() -> None:
    courses = translated(COURSES, "users_courses_student1_no_usercount")
    raw = json.loads((RECORDED / "users_courses_student1_no_usercount.json").read_bytes())
    assert [c.id for c in courses] == [r["id"] for r in raw]
    assert not any("&amp;" in c.full_name for c in courses)
    for course, row in zip(courses, raw, strict=True):
        expected = datetime.fromtimestamp(row["enddate"], UTC) if row["enddate"] else None
        assert course.ends_at == expected


def test_an_admin_without_courses_has_none() -> None:
    assert translated(COURSES, "users_courses_admin") == []


def test_contents_keep_names_files_and_restrictions() -> None:
    sections = translated(CONTENTS, "contents_bio_student1")
    modules = {m.id: m for s in sections for m in s.modules}
    assert sections[2].name == "Week 2: Enzymes & Energy"
    assert sections[7].accessible is False
    assert sections[7].availability_html
    assert modules[3].url == ""
    lecture = modules[4].files[0]
    assert (lecture.name, lecture.folder, lecture.size, lecture.mimetype) == (
        "Lecture 01 \u2013 The Cell.pdf",
        "/",
        52792,
        "application/pdf",
    )
    assert modules[23].files[0].name == "50% + more #1?;v=2 [draft] {x}.pdf"
    assert modules[24].files[0].name == "Re\u0301sume\u0301 NFD.pdf"
    assert modules[33].files[1].folder == "/img/"
    assert modules[8].files[0].kind == "url"
    assert modules[8].files[0].folder is None
    assert modules[49].accessible is False
    assert modules[48].listed is False
    assert modules[61].kind == "h5pactivity"
    assert modules[39].dates[1].kind == "duedate"


def test_hidden_stealth_modules_come_in_a_section_without_a_number() -> None:
    sections = translated(CONTENTS, "contents_bio_includestealth")
    assert sections[-1].id == -1
    assert sections[-1].number is None
    assert sections[-1].modules


def test_the_file_list_and_the_file_agree() -> None:
    head = recording("file_pdf_ok").read()
    body = recording("file_pdf_ok").body
    assert head.length == len(body) == 52792
    assert head.sha1 == hashlib.sha1(body, usedforsecurity=False).hexdigest()


def test_assignments_have_the_students_own_due_date_or_none() -> None:
    found = [
        a
        for c in translated(ASSIGNMENTS, "assignments_all_student1").courses
        for a in c.assignments
    ]
    by_name = {a.name: a for a in found}
    assert by_name["Reading journal (no due date)"].due_at is None
    poster = by_name["Poster (override for student1)"].due_at
    assert poster == datetime.fromtimestamp(1796549284, UTC)
    assert any(a.files for a in found)


def test_quizzes_open_and_close() -> None:
    quizzes = {q.name: q for q in translated(QUIZZES, "quizzes_bio").quizzes}
    midterm = quizzes["Mid-term quiz"]
    assert midterm.opens_at == datetime.fromtimestamp(1795253284, UTC)
    assert midterm.closes_at == datetime.fromtimestamp(1795858084, UTC)
    assert midterm.course_id == 2


def test_pages_carry_their_text() -> None:
    pages = {p.module_id: p for p in translated(PAGES, "pages_by_courses_bio").pages}
    assert "eukaryotic cell" in pages[6].html
    assert pages[6].files[0].name == "cell.png"


def test_a_glossary_part_tells_how_many_entries_there_are() -> None:
    part = translated(GLOSSARY_ENTRIES, "glossary_entries_page2")
    assert (part.total, len(part.entries)) == (45, 20)
    assert (
        translated(GLOSSARY_ENTRIES, "glossary_entries_letter_all").entries[0].term == "ATP"
    )


def test_completion_is_told_only_where_moodle_tracks_it() -> None:
    listed = translated(CONTENTS, "contents_bio_student1")
    states = {m.name: m.completion for s in listed for m in s.modules}
    assert states["Syllabus"] == 1
    assert {0, 1, None} == set(states.values())
    watched = translated(CONTENTS, "contents_bio_teacher1")
    assert {m.completion for s in watched for m in s.modules} == {None}


def test_progress_comes_in_percent() -> None:
    courses = translated(COURSES, "users_courses_student1_no_usercount")
    raw = json.loads((RECORDED / "users_courses_student1_no_usercount.json").read_bytes())
    assert [c.progress for c in courses] == [r["progress"] for r in raw]
    assert any(c.progress is not None for c in courses)


def test_the_site_tells_everybody_how_to_sign_in() -> None:
    config = translated(PUBLIC_CONFIG, "public_config")
    assert config.site_name == "Test Bed University"
    assert config.sign_in is SignInKind.APP
    assert config.launch_url == "http://127.0.0.1:8090/admin/tool/mobile/launch.php"
    assert (config.web_services, config.mobile, config.maintenance) == (True, True, False)
    assert config.identity_providers == ()
    assert translated(PUBLIC_CONFIG, "public_config_get") == config
    closed = translated(PUBLIC_CONFIG, "public_config_maintenance")
    assert closed.maintenance


def test_the_announcements_are_one_forum_of_a_course() -> None:
    forums = translated(FORUMS, "forums_bio")
    assert [(f.name, f.kind, f.announces) for f in forums] == [
        ("Announcements", "news", True),
        ("Questions & answers", "general", False),
    ]
    assert [(f.module_id, f.course_id) for f in forums] == [(1, 2), (46, 2)]


def test_discussions_tell_who_wrote_what_and_when() -> None:
    pinned, older = translated(DISCUSSIONS, "forum_discussions_news").discussions
    assert (pinned.id, pinned.subject, pinned.author) == (2, "Room change", "Tara Beacon")
    assert pinned.html == "<p>We meet in hall 5.</p>"
    assert pinned.created_at == datetime.fromtimestamp(1795166884, UTC)
    assert (pinned.pinned, older.pinned, older.files) == (True, False, ())
    (answered,) = translated(DISCUSSIONS, "forum_discussions_general").discussions
    assert answered.active_at > answered.modified_at


def test_events_lead_to_their_activity_and_its_course() -> None:
    part = translated(ACTION_EVENTS, "calendar_timesort_default")
    first, *_ = part.events
    assert (first.name, first.activity_name) == ("Task 1 is due", "Task 1")
    assert (first.kind, first.module_kind) == ("due", "assign")
    assert (first.module_id, first.course_id) == (125, 15)
    assert first.at == datetime.fromtimestamp(1795426084, UTC)
    assert (first.action, first.actionable, first.open_count) == ("Add submission", True, 1)
    assert first.url.endswith("/mod/assign/view.php?id=125")
    assert (part.first_id, part.last_id, len(part.events)) == (29, 41, 20)
    assert {e.kind for e in part.events} == {"due", "closesubmission"}


def test_overdue_work_is_marked() -> None:
    late = translated(ACTION_EVENTS, "calendar_timesort_overdue").events
    raw = json.loads((RECORDED / "calendar_timesort_overdue.json").read_bytes())
    assert [e.overdue for e in late] == [r["overdue"] for r in raw["events"]]
    assert any(e.overdue for e in late)


def test_pictures_of_courses_do_not_come_along_with_events() -> None:
    part = translated(ACTION_EVENTS, "calendar_timesort_student3")
    assert "base64" not in repr(part)
    raw = (RECORDED / "calendar_timesort_student3.json").stat().st_size
    assert len(repr(part)) < raw / 10


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("submission_status_graded", SubmissionStatus.SUBMITTED),
        ("submission_status_submitted_ungraded", SubmissionStatus.SUBMITTED),
        ("submission_status_no_due_date", SubmissionStatus.NONE),
        ("submission_status_not_open", SubmissionStatus.NONE),
        ("submission_status_not_submitted_due_soon", SubmissionStatus.NONE),
        ("submission_status_override", SubmissionStatus.NONE),
        ("submission_status_teacher", SubmissionStatus.NONE),
    ],
)
def test_a_submission_tells_how_far_the_work_is(name, status) -> None:
    found = translated(SUBMISSION, name)
    assert found.status is status
    assert (found.changed_at is None) == (status is SubmissionStatus.NONE)
    assert found.graded == (name == "submission_status_graded")


def test_a_graded_submission_brings_grade_and_feedback() -> None:
    found = translated(SUBMISSION, "submission_status_graded")
    assert (found.grade, found.shown_grade_html) == (
        "87.50000",
        "87.50&nbsp;/&nbsp;100.00",
    )
    assert found.feedback_html == "<p>Very good. Mind the <b>units</b>.</p>"
    assert found.graded_at == datetime.fromtimestamp(1795339691, UTC)
    waiting = translated(SUBMISSION, "submission_status_submitted_ungraded")
    assert (waiting.grade, waiting.feedback_html, waiting.graded_at) == ("", "", None)


def test_the_gradebook_keeps_its_order_its_weights_and_its_total() -> None:
    lines = translated(GRADES, "grade_items_bio_student1").lines
    by_name = {line.name: line for line in lines}
    report = by_name["Lab report 1 (past)"]
    assert (report.kind, report.module_kind, report.module_id) == ("mod", "assign", 38)
    assert (report.grade, report.minimum, report.maximum) == (87.5, 0, 100)
    assert (report.weight, report.shown) == (0.76923, "87.50")
    assert "units" in report.feedback_html
    assert report.graded_at == datetime.fromtimestamp(1795339691, UTC)
    assert by_name["Oral participation"].kind == "manual"
    assert by_name["Mid-term quiz"].grade == 0
    essay = by_name["Essay (far future)"]
    assert (essay.grade, essay.shown, essay.graded_at) == (None, "-", None)
    total = lines[-1]
    assert (total.kind, total.name, total.module_id) == ("course", "", None)
    assert (total.grade, total.maximum, total.weight) == (104.5, 130, None)
    assert len([line for line in lines if line.module_id == 60]) == 2


def test_a_gradebook_without_grades_is_still_listed() -> None:
    lines = translated(GRADES, "grade_items_no_grades").lines
    assert [line.kind for line in lines] == ["mod", "course"]
    assert all(line.grade is None and line.weight is None for line in lines)
