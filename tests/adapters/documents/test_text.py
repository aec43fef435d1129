"""Texts and web pages are whole when short, and divided where a citation needs a place."""

from pathlib import Path

import pytest

from studymaster.adapters import documents
from studymaster.adapters.documents import PAGE_LIMIT, TEXT_LIMIT_BYTES, Finding, kinds

PARAGRAPH = "Water moves through the membrane to the side with more salt. " * 12


@pytest.fixture
def read(tmp_path: Path):
    def read(content: str | bytes, kind: str = kinds.PLAIN) -> documents.Reading:
        path = tmp_path / "text"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return documents.read(path, mimetype=kind)

    return read


@pytest.mark.parametrize(
    "data",
    [
        "Größe 5 µm".encode(),
        "Größe 5 µm".encode("utf-8-sig"),
        "Größe 5 µm".encode("utf-16"),
        "Größe 5 µm".encode("utf-32"),
        "Größe 5 µm".encode("windows-1252"),
    ],
    ids=["utf-8", "with a mark", "utf-16", "utf-32", "old windows"],
)
def test_text_is_read_in_whatever_encoding_it_was_saved(read, data: bytes) -> None:
    assert read(data).pages == ("Größe 5 µm",)


def test_a_web_page_may_name_its_encoding(read) -> None:
    page = '<meta charset="koi8-r"><p>Клетка</p>'.encode("koi8-r")
    assert read(page, kinds.HTML).pages == ("Клетка",)


def test_a_short_text_is_one_page_and_a_form_feed_turns_it(read) -> None:
    assert read("# One\n\n# Two\n", kinds.MARKDOWN).pages == ("# One\n\n# Two",)
    assert read("one\ftwo").pages == ("one", "two")


def test_long_markdown_is_divided_at_headings_outside_of_code(read) -> None:
    chapters = [
        f"# Chapter {number}\n\n{PARAGRAPH}\n\n{PARAGRAPH}\n\n```\n# no heading\n```\n\n"
        for number in range(1, 4)
    ]
    chapters.append(f"Chapter 4\n=========\n\n{PARAGRAPH}{PARAGRAPH}\n")
    pages = read("\n".join([*chapters, PARAGRAPH]), kinds.MARKDOWN).pages
    assert [page.split("\n")[0].lstrip("# ") for page in pages] == [
        f"Chapter {number}" for number in range(1, 5)
    ]


def test_a_long_web_page_is_divided_at_its_headings(read) -> None:
    chapters = "".join(
        f"<h2><a>Chapter {number}</a></h2><p>{PARAGRAPH}</p><p>{PARAGRAPH}</p><p>{PARAGRAPH}</p>"
        for number in range(1, 5)
    )
    pages = read(f"<html><body>{chapters}</body></html>", kinds.HTML).pages
    assert [page.split("\n")[0] for page in pages] == [f"Chapter {n}" for n in range(1, 5)]


def test_a_long_text_without_headings_is_divided_between_paragraphs(read) -> None:
    reading = read("\n\n".join([PARAGRAPH] * 40))
    assert reading.page_count > 4
    assert all(page.startswith("Water") for page in reading.pages)
    assert all(len(page) <= 6_000 for page in reading.pages)


def test_a_text_in_one_line_is_divided_between_words(read) -> None:
    pages = read(PARAGRAPH * 20).pages
    assert len(pages) > 2
    assert " ".join(pages) == (PARAGRAPH * 20).strip()


def test_a_table_of_a_thousand_rows_keeps_its_rows(read) -> None:
    rows = "".join(
        f"<tr><td>word {n}</td><td>{'meaning ' * 20}</td></tr>" for n in range(1000)
    )
    pages = read(f"<table>{rows}</table>", kinds.HTML).pages
    lines = [line for page in pages for line in page.split("\n") if "word" in line]
    assert len(lines) == 1000
    assert all("meaning" in line for line in lines)


def test_what_is_hidden_is_not_read_and_no_style_makes_a_page_grow(read) -> None:
    page = (
        '<p style="display: none">hidden</p>'
        '<p style="margin-top: 99999999em; padding-left: 99999999em">shown</p>'
    )
    assert read(page, kinds.HTML).pages == ("shown",)


def test_a_page_that_carries_its_pictures_is_read_behind_them(read) -> None:
    picture = f'<img src="data:image/png;base64,{"A" * 9_000_000}">'
    assert read(f"{picture}<p>below</p>", kinds.HTML).pages == ("below",)


def test_a_program_that_is_called_a_text_is_named_as_damaged(read) -> None:
    assert read(bytes(range(256)) * 40).finding is Finding.CORRUPT


def test_what_no_database_keeps_never_leaves(read) -> None:
    for content, kind in (
        (b"one word, a\x00b", kinds.PLAIN),
        (b"<p>a&#0;b&#xD800;c</p>", kinds.HTML),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\na\x00b&#xD800;\n", kinds.VTT),
    ):
        (text,) = read(content, kind).pages
        assert "\x00" not in text
        text.encode()


def test_a_surrogate_in_a_piece_of_html_costs_only_itself() -> None:
    assert documents.html_to_text("<p>a\ud800b</p>") == "ab"


def test_an_endless_text_is_read_up_to_the_limits(read) -> None:
    reading = read("# x\n\n" + ("\f" + "a" * 900) * 10_000, kinds.MARKDOWN)
    assert len(reading.pages) == PAGE_LIMIT
    assert reading.page_count > PAGE_LIMIT
    assert sum(len(page) for page in reading.pages) <= TEXT_LIMIT_BYTES
    whole = read("a " * TEXT_LIMIT_BYTES)
    assert sum(len(page) for page in whole.pages) <= TEXT_LIMIT_BYTES
