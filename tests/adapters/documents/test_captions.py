"""What is said in a recording is read with its times, two minutes to a page."""

from pathlib import Path

import pytest

from studymaster.adapters import documents
from studymaster.adapters.documents import Finding, kinds

VTT = """WEBVTT - Lecture 3

STYLE
::cue { color: red }

NOTE nobody says this

intro
00:00:01.000 --> 00:00:04.500 align:start position:0%
<v Dr. Weber>Good <b>morning</b> &amp; welcome.

00:01:58.000 --> 00:02:03.000
Today: the
cell.

02:00.500 --> 02:05.000
It is small.

01:00:00.000 --> 01:00:09.000
The end.
"""

SRT = "\ufeff1\r\n00:00:01,000 --> 00:00:02,000\r\n<i>Hello</i>\r\n\r\n2\r\n00:02:00,1 --> 00:02:01,0\r\nagain\r\n"


@pytest.fixture
def read(tmp_path: Path):
    def read(text: str, kind: str = kinds.VTT) -> documents.Reading:
        path = tmp_path / "captions"
        path.write_bytes(text.encode())
        return documents.read(path, mimetype=kind)

    return read


def test_each_page_begins_with_the_time_of_its_first_words(read) -> None:
    assert read(VTT).pages == (
        "[0:00:01]\nDr. Weber: Good morning & welcome. Today: the cell.",
        "[0:02:00]\nIt is small.",
        "[1:00:00]\nThe end.",
    )


def test_subtitles_of_the_older_kind_are_read_alike(read) -> None:
    assert read(SRT, kinds.SRT).pages == ("[0:00:01]\nHello", "[0:02:00]\nagain")


def test_a_line_that_rolls_up_is_said_once(read) -> None:
    rolling = (
        "WEBVTT\n\n00:01.000 --> 00:02.000\nthe cell\n\n"
        "00:02.000 --> 00:03.000\nthe cell\nis small\n\n"
        "00:03.000 --> 00:04.000\nis small\n"
    )
    assert read(rolling).pages == ("[0:00:01]\nthe cell is small",)


def test_a_caption_that_breaks_the_rules_does_not_cost_the_others(read) -> None:
    broken = "WEBVTT\n\n99:99 --> x\nlost\n\n00:01.000 --> 00:02.000\nkept\n"
    assert read(broken).pages == ("[0:00:01]\nkept",)


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("WEBVTT\n", Finding.NO_TEXT),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n\n", Finding.NO_TEXT),
        ("  \n", Finding.NO_TEXT),
        ("There are no times in here.", Finding.CORRUPT),
    ],
)
def test_captions_without_words_say_so(read, text: str, finding: Finding) -> None:
    assert read(text, kinds.SRT).finding is finding
