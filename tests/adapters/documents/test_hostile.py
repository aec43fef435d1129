"""No file, however it was made, costs more than seconds and 200 MB, or raises."""

import multiprocessing
import resource
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from itertools import repeat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studymaster.adapters import documents
from studymaster.adapters.documents import Finding, kinds
from tests.adapters.documents.samples import (
    DOCX_TYPES,
    slides,
    word,
    word_by_hand,
    zipped,
)

MEMORY_BYTES = 200_000_000
KINDS = [
    kinds.PDF,
    kinds.HTML,
    kinds.PLAIN,
    kinds.MARKDOWN,
    kinds.VTT,
    kinds.SRT,
    kinds.DOCX,
    kinds.PPTX,
    kinds.ODT,
    kinds.ODP,
    kinds.ZIP,
    "application/octet-stream",
]
STRANGE = [
    "<w:p>",
    "</w:p>",
    "<w:r>",
    "</w:r>",
    "<w:t>",
    "</w:t>",
    "<w:tr>",
    "</w:tr>",
    "<w:tc>",
    "</w:tc>",
    "<w:pPr>",
    "</w:pPr>",
    "x",
    "<w:del>",
    "</w:del>",
    "<w:tab/>",
    "<w:lastRenderedPageBreak/>",
    "<w:sectPr/>",
    "<w:pageBreakBefore/>",
]
PARAGRAPH = b"<w:p><w:r><w:t>x</w:t></w:r></w:p>"


def many(piece: bytes, *, total_bytes: int) -> Iterator[bytes]:
    block = piece * (1_000_000 // len(piece))
    return repeat(block, total_bytes // len(block))


def words(piece: bytes, total_bytes: int, path: Path) -> None:
    word_by_hand(path, many(piece, total_bytes=total_bytes))


def crowd(path: Path) -> None:
    zipped(path, {f"word/{number}.xml": "" for number in range(40_000)})


def content(data: bytes, path: Path) -> None:
    path.write_bytes(data)


BOMBS: dict[str, tuple[str, Callable[[Path], object]]] = {
    "300 MB of text in 1 MB": (
        kinds.DOCX,
        partial(
            words, b"<w:p><w:r><w:t>" + b"x" * 9_000 + b"</w:t></w:r></w:p>", 300_000_000
        ),
    ),
    "endless paragraphs": (kinds.DOCX, partial(words, PARAGRAPH, 100_000_000)),
    "one endless word": (
        kinds.DOCX,
        lambda path: word_by_hand(
            path, [b"<w:p><w:r><w:t>", *many(b"x", total_bytes=90_000_000)]
        ),
    ),
    "tables inside tables": (kinds.DOCX, partial(words, b"<w:tbl><w:tr><w:tc>", 9_000_000)),
    "one tag of 20 MB": (
        kinds.DOCX,
        lambda path: word_by_hand(
            path, [b"<w:p", *(f' a{n}="x"'.encode() for n in range(10**6)), b"/>"]
        ),
    ),
    "40,000 entries": (kinds.DOCX, crowd),
    "endless rows": (
        kinds.HTML,
        partial(content, b"<table><tr><td>" + b"x" * 300_000 + b"<tr><td>y" * 90_000),
    ),
    "endless cells": (kinds.HTML, partial(content, b"<table><tr>" + b"<td>x" * 300_000)),
    "lists inside lists": (
        kinds.HTML,
        partial(content, b"<ul>" * 240 + b"<li>x" * 300_000),
    ),
    "elements inside elements": (kinds.HTML, partial(content, b"<div>" * 500_000)),
    "captions of tags": (
        kinds.VTT,
        partial(content, b"WEBVTT\n\n00:01.000 --> 00:02.000\n" + b"<v a " * 1_000_000),
    ),
}


def read_within(path: Path, kind: str, answers) -> None:
    # What the process needed so far, plus what one document may need.
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    reading = documents.read(path, mimetype=kind)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    answers.put((after - before, len(reading.pages)))


@pytest.mark.parametrize("bomb", BOMBS)
def test_no_file_unfolds_beyond_the_limits(tmp_path: Path, bomb: str) -> None:
    kind, make = BOMBS[bomb]
    path = tmp_path / "bomb"
    make(path)
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    reader = context.Process(target=read_within, args=(path, kind, answers))
    reader.start()
    grown, pages = answers.get(timeout=60)
    reader.join()
    assert grown < MEMORY_BYTES
    assert pages <= documents.PAGE_LIMIT


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE w [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE w SYSTEM "http://localhost/x.dtd">',
    ],
    ids=["one that grows", "a file of the host", "an address"],
)
def test_entities_are_not_followed(tmp_path: Path, declaration: str) -> None:
    path = zipped(
        tmp_path / "x.docx",
        {
            "[Content_Types].xml": DOCX_TYPES,
            "word/document.xml": f"{declaration}<w><p><r><t>a&a;</t></r></p></w>",
        },
    )
    assert documents.read(path, mimetype=kinds.DOCX).finding is Finding.CORRUPT


def test_an_entry_that_points_out_of_the_package_is_not_followed(tmp_path: Path) -> None:
    path = zipped(
        tmp_path / "x.docx",
        {
            "[Content_Types].xml": DOCX_TYPES,
            "_rels/.rels": (
                '<R><Relationship Id="1" Type="x/officeDocument" '
                'Target="../../../../etc/hostname"/></R>'
            ),
        },
    )
    assert documents.read(path, mimetype=kinds.DOCX).finding is Finding.CORRUPT


def test_a_locked_entry_says_that_it_is_locked(tmp_path: Path) -> None:
    path = word_by_hand(tmp_path / "x.docx", "<w:p/>")
    data = bytearray(path.read_bytes())
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.rfind(mark)
        data[place + flags] |= 1
    path.write_bytes(data)
    assert documents.read(path, mimetype=kinds.DOCX).finding is Finding.ENCRYPTED


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.binary(max_size=400), kind=st.sampled_from(KINDS), name=st.text(max_size=9))
def test_no_bytes_are_too_strange_to_read(tmp_path, data: bytes, kind, name) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)
    reading = documents.read(path, mimetype=kind, name=name)
    assert "\x00" not in "".join(reading.pages)
    "".join(reading.pages).encode()


@pytest.fixture(scope="module")
def office(tmp_path_factory) -> list[bytes]:
    folder = tmp_path_factory.mktemp("office")

    def title(presentation) -> None:
        slide = presentation.slides.add_slide(presentation.slide_layouts[1])
        slide.shapes.title.text = "Hello"

    return [
        word(folder / "x.docx", lambda document: document.add_paragraph("x")).read_bytes(),
        slides(folder / "x.pptx", title).read_bytes(),
    ]


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
    max_examples=60,
)
@given(
    which=st.sampled_from([0, 1]),
    place=st.floats(0, 1, exclude_max=True),
    junk=st.binary(min_size=1, max_size=40),
    cut=st.booleans(),
)
def test_no_damage_to_a_file_is_too_much(tmp_path, office, which, place, junk, cut) -> None:
    data = office[which]
    at = int(place * len(data))
    rest = b"" if cut else data[at + len(junk) :]
    path = tmp_path / "file"
    path.write_bytes(data[:at] + junk + rest)
    reading = documents.read(path, mimetype=(kinds.DOCX, kinds.PPTX)[which])
    assert reading.finding in Finding


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
    max_examples=60,
)
@given(
    st.lists(
        st.sampled_from(STRANGE),
        max_size=40,
    )
)
def test_no_order_of_elements_is_too_strange(tmp_path: Path, elements) -> None:
    path = word_by_hand(tmp_path / "x.docx", "".join(elements))
    assert documents.read(path, mimetype=kinds.DOCX).finding in Finding


def test_ways_of_packing_that_could_fill_the_memory_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("[Content_Types].xml", DOCX_TYPES)
        archive.writestr("word/document.xml", "<w/>")
    assert documents.read(path, mimetype=kinds.DOCX).finding is Finding.CORRUPT
