from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studymaster.errors import InvalidInputError
from studymaster.features.campus.rules import resources as rules


@pytest.mark.parametrize(
    ("head", "mimetype"),
    [
        (b"%PDF-1.7\n", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "image/png"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\n\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", rules.UNKNOWN),
        (b"<html><script>", rules.UNKNOWN),
        (b"<svg xmlns=", rules.UNKNOWN),
        (b" %PDF-1.7", rules.UNKNOWN),
        (b"", rules.UNKNOWN),
    ],
)
def test_the_first_bytes_say_what_may_be_shown(head: bytes, mimetype: str) -> None:
    assert rules.sniff(head) == mimetype


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://example.org/page?x=1#y", "example.org"),
        ("http://EXAMPLE.org", "example.org"),
        ("https://example.org:8443/", "example.org:8443"),
        ("https://bücher.example/", "xn--bcher-kva.example"),
        ("http://[::1]/", "::1"),
    ],
)
def test_a_link_is_judged_by_its_host(address: str, host: str) -> None:
    assert rules.require_address(f" {address} ") == address
    assert rules.host_of(address) == host


@pytest.mark.parametrize(
    "address",
    [
        "",
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://example.org",
        "//example.org",
        "example.org",
        "https://",
        "https:///path",
        "https://user@example.org",
        "https://bank.example@evil.example",
        "https://example.org:99999",
        "https://exa mple.org",
        "https://example.org/a b",
        "https://exam_ple\\.org",
        "https://[::1",
        "https://" + "x" * 70 + ".org",
        "https://example.org/" + "x" * 2000,
        None,
        7,
    ],
)
def test_what_is_no_link_is_refused(address: object) -> None:
    with pytest.raises(InvalidInputError, match="https"):
        rules.require_address(address)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Lecture 7.pdf", "Lecture 7.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\mina\\notes.docx", "notes.docx"),
        ("Übung ä.pdf", "Übung ä.pdf"),
        ("..", "file"),
        ("", "file"),
        (None, "file"),
        (".htaccess", "htaccess"),
        ("a\x00b\r\n.pdf", "ab.pdf"),
        ("x" * 400 + ".pdf", "x" * 176 + ".pdf"),
        ("gpj.\u202eexe", "gpj.exe"),
    ],
)
def test_a_file_keeps_the_safe_part_of_its_name(name: object, kept: str) -> None:
    assert rules.safe_filename(name) == kept


@given(st.text())
def test_no_name_leads_anywhere(name: str) -> None:
    kept = rules.safe_filename(name)
    assert 1 <= len(kept.encode()) <= rules.FILENAME_MAX_BYTES
    assert not set(kept) & set("/\\\x00\r\n")
    assert kept not in {".", ".."}


@given(st.text())
def test_no_text_makes_the_search_for_a_host_fail(text: str) -> None:
    assert isinstance(rules.host_of(f"https://{text}"), str)


@pytest.mark.parametrize(
    ("kind", "has_file", "size", "sentence"),
    [
        ("file", False, 0, "Choose a file"),
        ("file", True, 0, "empty"),
        ("link", True, 5, "Only"),
        ("note", True, 5, "Only"),
    ],
)
def test_only_a_file_comes_with_bytes(kind, has_file, size, sentence) -> None:
    with pytest.raises(InvalidInputError, match=sentence):
        rules.require_file(kind=kind, has_file=has_file, size_bytes=size)


def test_each_kind_has_its_own_content() -> None:
    ask = rules.require_content
    assert ask(kind="file", text="x", address="y") == ("", "")
    assert ask(kind="note", text=" a\nb ", address="y") == ("a\nb", "")
    assert ask(kind="link", text="x", address="https://a.org") == ("", "https://a.org")
    for kind in ("", "deck", "FILE"):
        with pytest.raises(InvalidInputError, match="Share a file"):
            ask(kind=kind, text="x", address="https://a.org")
    with pytest.raises(InvalidInputError, match="20,000"):
        ask(kind="note", text="x" * 20_001, address="")


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, ""), (1, "1 kB"), (1001, "2 kB"), (999_000, "999 kB"), (1_540_000, "1.5 MB")],
)
def test_a_size_is_told_in_words(size: int, words: str) -> None:
    assert rules.size_words(size) == words


def test_only_two_orders_are_known() -> None:
    assert rules.parse_order("useful") == "useful"
    for wrong in ("best", "", None, 7, ["newest"]):
        with pytest.raises(InvalidInputError):
            rules.parse_order(wrong)


def test_an_audience_is_a_course_or_a_group() -> None:
    group_id = UUID(int=5)
    assert rules.parse_audience("course:101") == (101, None)
    assert rules.parse_audience(f"group:{group_id}") == (None, group_id)
