"""Every answer recorded from a real Moodle goes through the adapter."""

import hashlib
import json
from datetime import UTC, datetime

import pytest

from studymaster.adapters.moodle.failures import MoodleError
from studymaster.adapters.moodle.translate import (
    ALLOWED_FUNCTIONS,
    ASSIGNMENTS,
    CONTENTS,
    COURSES,
    GLOSSARY_ENTRIES,
    PAGES,
    QUESTIONS,
    QUIZZES,
    SITE_INFO,
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


@pytest.mark.parametrize(
    "name",
    [
        n
        for n in NAMES
        if recording(n).function in ALLOWED_FUNCTIONS and EXPECTED.get(n, "ok") == "ok"
    ],
)
def test_every_answer_of_a_function_we_ask_has_our_shape(name) -> None:
    found = recording(name)
    assert QUESTIONS[found.function].translate(found.read()) is not None


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
