from datetime import timedelta

import pytest

from studymaster.errors import InvalidInputError
from studymaster.features.library import rules
from studymaster.models import FetchState, MaterialKind, TextState
from tests.conftest import NOON


@pytest.mark.parametrize(
    ("filename", "mimetype", "name"),
    [
        ("Lecture 7.pdf", "application/pdf", "Lecture 7.pdf"),
        ("", "application/x-glossary", "Terms.txt"),
        ("", "text/html; charset=utf-8", "Terms.html"),
        ("index.html", "text/html", "Terms.html"),
        ("", "text/markdown", "Terms.md"),
        ("", "application/octet-stream", "Terms"),
    ],
)
def test_bytes_without_a_name_are_called_by_title_with_an_ending(
    filename: str, mimetype: str, name: str
) -> None:
    assert rules.file_name(filename, title="Terms", mimetype=mimetype) == name


def test_an_ending_is_not_said_twice() -> None:
    assert rules.file_name("", title="a.TXT", mimetype="text/plain") == "a.TXT"


@pytest.mark.parametrize("text", list(TextState))
def test_every_state_of_a_text_has_its_sentence(text: TextState) -> None:
    said = rules.state_sentence(kind="file", fetch="stored", text=text, failure=None)
    assert (said == "") == (text is TextState.READY)


@pytest.mark.parametrize("kind", list(MaterialKind))
@pytest.mark.parametrize("fetch", list(FetchState))
def test_what_is_not_here_says_why(kind: MaterialKind, fetch: FetchState) -> None:
    assert rules.state_sentence(kind=kind, fetch=fetch, text=None, failure=None).endswith(
        "."
    )


def test_a_failed_fetch_says_its_own_reason() -> None:
    said = rules.state_sentence(
        kind="file", fetch="failed", text=None, failure="It is larger than 200 MB."
    )
    assert said == "It is larger than 200 MB."


@pytest.mark.parametrize(
    "mimetype",
    [
        "text/html",
        "text/html; charset=utf-8",
        "TEXT/HTML",
        "application/xhtml+xml",
        "image/svg+xml",
        "text/xml",
        "application/javascript",
        "text/css",
        "",
        "application/zip",
    ],
)
def test_what_a_browser_could_run_is_only_handed_over(mimetype: str) -> None:
    assert rules.served_type(mimetype) == ("application/octet-stream", False)


@pytest.mark.parametrize(
    ("mimetype", "served"),
    [
        ("application/pdf", "application/pdf"),
        ("image/png", "image/png"),
        ("text/plain", "text/plain; charset=utf-8"),
        ("text/csv", "text/plain; charset=utf-8"),
    ],
)
def test_harmless_kinds_open_in_place(mimetype: str, served: str) -> None:
    assert rules.served_type(mimetype) == (served, True)


@pytest.mark.parametrize(
    ("name", "header"),
    [
        (
            "Lecture 7.pdf",
            "inline; filename=\"Lecture 7.pdf\"; filename*=UTF-8''Lecture%207.pdf",
        ),
        ("Übung.pdf", "inline; filename=\"_bung.pdf\"; filename*=UTF-8''%C3%9Cbung.pdf"),
        ('a"b\r\nX: y', "inline; filename=\"a_b__X: y\"; filename*=UTF-8''a%22b__X%3A%20y"),
        (
            "../../etc/passwd",
            "inline; filename=\".._.._etc_passwd\"; filename*=UTF-8''.._.._etc_passwd",
        ),
        ("", "inline; filename=\"file\"; filename*=UTF-8''file"),
    ],
)
def test_a_file_keeps_its_name_and_brings_no_header_of_its_own(
    name: str, header: str
) -> None:
    assert rules.disposition(name, inline=True) == header


def test_new_is_what_changed_since_it_was_opened() -> None:
    hour = timedelta(hours=1)
    assert rules.is_fresh(changed_at=NOON, opened_at=None)
    assert rules.is_fresh(changed_at=NOON, opened_at=NOON - hour)
    assert not rules.is_fresh(changed_at=NOON, opened_at=NOON + hour)


def test_only_known_widths_are_drawn() -> None:
    assert rules.require_width(800) == 800
    with pytest.raises(InvalidInputError, match="480, 800, 1200"):
        rules.require_width(801)


def test_an_excerpt_puts_the_quote_between_its_neighbours() -> None:
    text = "a" * 600 + "the quote" + "b" * 600
    found = rules.excerpt(text, start=600, end=609)
    assert (found.before, found.quote, found.after) == ("a" * 500, "the quote", "b" * 500)


def test_locked_and_damaged_files_have_no_pictures() -> None:
    for text in ("encrypted", "corrupt"):
        assert not rules.is_pictured(mimetype=rules.PDF, text=text, page_count=3)
    assert rules.is_pictured(mimetype=rules.PDF, text="no_text", page_count=3)
    assert not rules.is_pictured(mimetype="text/html", text="ready", page_count=1)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Notes.pdf", "Notes.pdf"),
        ("C:\\Users\\mina\\Notes.pdf", "Notes.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\x00b\n c.pdf", "a b c.pdf"),
        ("\ud800Notes.pdf", "Notes.pdf"),
        ("Übung <1>.pdf", "Übung <1>.pdf"),
    ],
)
def test_a_file_is_shown_by_the_last_part_of_its_name(given: str, shown: str) -> None:
    assert rules.upload_name(given) == shown


@pytest.mark.parametrize("given", ["", "  ", "/", "\x00", "a" * 201])
def test_a_file_without_a_usable_name_is_refused(given: str) -> None:
    with pytest.raises(InvalidInputError):
        rules.upload_name(given)


def test_own_files_have_numbers_that_moodle_never_gives() -> None:
    numbers = {rules.upload_number(digit * 40) for digit in "0123456789abcdef"}
    assert len(numbers) == 16
    assert all(-(2**63) < number < 0 for number in numbers)


def test_a_signature_may_stand_a_little_way_in() -> None:
    rules.require_pdf(b"\x00" * 100 + b"%PDF-1.4")
    with pytest.raises(InvalidInputError):
        rules.require_pdf(b"%!PS-Adobe")


def test_a_scan_is_a_pdf_that_opens() -> None:
    for finding in ("ready", "no_text"):
        rules.require_open(finding)
    for finding in ("empty", "encrypted", "corrupt"):
        with pytest.raises(InvalidInputError):
            rules.require_open(finding)
