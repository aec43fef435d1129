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
    CONTENTS,
    COURSES,
    QUESTIONS,
    SITE_INFO,
)
from tests.adapters.moodle.recordings import recording

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
