"""Whatever bytes arrive, they become a value or a named failure."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studymaster.adapters.moodle.failures import (
    MaintenanceError,
    MoodleError,
    MovedError,
    NotAnswerableError,
    TooBusyError,
)
from studymaster.adapters.moodle.wire import (
    check_file_start,
    encode_parameters,
    read_answer,
    read_file_head,
    read_public_answer,
    read_token,
)

STATUSES = st.one_of(st.just(200), st.integers(100, 599))
HEADERS = st.dictionaries(
    st.sampled_from(["content-type", "content-length", "etag", "location", "retry-after"]),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40),
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["exception", "errorcode", "error", "message", "token", "data"]
            ),
            inner,
        )
    ),
    max_leaves=12,
)
BODIES = st.binary(max_size=200) | VALUES.map(lambda value: json.dumps(value).encode())


@given(STATUSES, HEADERS, BODIES)
def test_any_answer_is_a_value_or_a_named_failure(status, headers, body) -> None:
    for read in (read_token, read_public_answer):
        with contextlib.suppress(MoodleError):
            read(status, headers, body)
    with contextlib.suppress(MoodleError):
        read_answer("core_webservice_get_site_info", status, headers, body)
    with contextlib.suppress(MoodleError):
        read_file_head(status, headers)
    with contextlib.suppress(MoodleError):
        check_file_start(body, named=True)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>Please sign in to the network</html>",
        b'{"sitename":"Half an ans',
        b"[" * 200_000,
        b"\xff\xfe\x00",
        b"NaN",
        b'{"a":Infinity}',
        b"1" * 5000,
    ],
)
def test_garbage_and_halves_cannot_be_read(body) -> None:
    with pytest.raises(NotAnswerableError):
        read_answer("f", 200, {}, body)


def test_parameters_are_spelt_as_moodle_reads_them() -> None:
    spelt = encode_parameters(
        {
            "courseids": [2, 5],
            "options": [{"name": "excludecontents", "value": True}],
            "all": False,
            "q": "\u00e4 & b",
            "none": [],
        }
    )
    assert spelt == {
        "courseids[0]": "2",
        "courseids[1]": "5",
        "options[0][name]": "excludecontents",
        "options[0][value]": "1",
        "all": "0",
        "q": "\u00e4 & b",
    }


@given(st.lists(st.integers()), st.booleans(), st.text())
def test_every_list_item_gets_its_own_place(numbers, flag, text) -> None:
    spelt = encode_parameters({"n": numbers, "f": flag, "t": text})
    assert [int(spelt[f"n[{i}]"]) for i in range(len(numbers))] == numbers
    assert spelt["f"] in {"0", "1"}
    assert spelt["t"] == text
    assert len(spelt) == len(numbers) + 2


def test_a_pause_that_the_site_asks_for_is_kept_within_a_day() -> None:
    with pytest.raises(MaintenanceError) as closed:
        read_answer("f", 503, {"Retry-After": "300"}, b"")
    assert closed.value.retry_after == 300
    with pytest.raises(TooBusyError) as busy:
        read_answer("f", 429, {"Retry-After": "999999999"}, b"")
    assert busy.value.retry_after == 86_400
    with pytest.raises(TooBusyError) as vague:
        read_file_head(429, {"Retry-After": "tomorrow"})
    assert vague.value.retry_after is None


SENT = "Mon, 23 Nov 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("until", "date", "pause"),
    [
        ("Mon, 23 Nov 2026 12:02:00 GMT", SENT, 120),
        ("Mon, 23 Nov 2026 11:00:00 GMT", SENT, 0),
        ("Thu, 23 Nov 2028 12:00:00 GMT", SENT, 86_400),
        ("Mon, 23 Nov 2026 12:02:00 GMT", "", None),
        ("Mon, 23 Nov 2026 12:02:00 -0000", SENT, None),
        ("Mon, 99 Nov 2026 12:02:00 GMT", SENT, None),
    ],
)
def test_a_pause_may_be_a_moment_on_the_clock_of_the_site(until, date, pause) -> None:
    with pytest.raises(TooBusyError) as busy:
        read_answer("f", 429, {"Retry-After": until, "Date": date}, b"")
    assert busy.value.retry_after == pause


@pytest.mark.parametrize(
    ("location", "address"),
    [
        (
            "https://lms.example.edu/moodle/login/token.php",
            "https://lms.example.edu/moodle",
        ),
        ("https://lms.example.edu/", "https://lms.example.edu"),
        ("https://10.0.0.1/", ""),
        ("/login/index.php", ""),
        ("javascript:alert(1)", ""),
    ],
)
def test_a_redirect_tells_the_new_address_when_it_is_usable(location, address) -> None:
    with pytest.raises(MovedError) as moved:
        read_answer("f", 301, {"Location": location}, b"")
    assert moved.value.address == address


@pytest.mark.parametrize("mark", ['"{}"', 'W/"{}"', '"{}-gzip"'])
def test_a_compressing_proxy_does_not_hide_the_content_hash(mark) -> None:
    sha1 = "98007f9327501733b53edccb36dcd753e7daf431"
    headers = {"ETag": mark.format(sha1), "Content-Type": "application/pdf"}
    assert read_file_head(200, headers).sha1 == sha1


def test_a_compressed_length_is_not_the_length_of_the_file() -> None:
    headers = {"Content-Encoding": "gzip", "Content-Length": "10"}
    assert read_file_head(200, headers).length is None


def test_a_real_json_file_is_a_file() -> None:
    real = {"Content-Type": "application/json", "ETag": f'"{"a" * 40}"'}
    assert not read_file_head(200, real).suspect
    named = {"Content-Type": "application/json", "Content-Disposition": "inline"}
    assert read_file_head(200, named).suspect
    check_file_start(b'{"rows": [1, 2]}', named=True)


def test_a_page_of_something_in_between_is_no_file() -> None:
    head = read_file_head(200, {"Content-Type": "text/html"})
    assert head.suspect
    with pytest.raises(NotAnswerableError):
        check_file_start(b"<html>Accept our terms</html>", named=head.named)
