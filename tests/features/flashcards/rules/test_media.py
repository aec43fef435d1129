import pytest
from hypothesis import given
from hypothesis import strategies as st

from studymaster.errors import InvalidInputError
from studymaster.features.flashcards.rules.media import (
    LONGEST_NAME,
    address,
    names_in,
    other_name,
    picture,
    pictures_in,
    safe_name,
    type_of,
)


@pytest.mark.parametrize(
    ("beginning", "mimetype"),
    [
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"\xff\xd8\xff\xe0....", "image/jpeg"),
        (b"GIF89a....", "image/gif"),
        (b"RIFF\x10\n\x00\x00WEBPVP8 ", "image/webp"),
        (b"ID3\x04....", "audio/mpeg"),
        (b"\xff\xfb\x90\x00", "audio/mpeg"),
        (b"OggS\x00", "audio/ogg"),
        (b"RIFF\x10\x00\x00\x00WAVEfmt ", "audio/wav"),
        (b"\x00\x00\x00\x1cftypM4A ", "audio/mp4"),
        (b"\x1a\x45\xdf\xa3\x01\x00\x42\x82\x84webm", "audio/webm"),
    ],
)
def test_a_file_is_told_by_how_it_begins(beginning: bytes, mimetype: str) -> None:
    assert type_of(beginning) == mimetype


@pytest.mark.parametrize(
    ("beginning", "why"),
    [
        (b"<?xml version='1.0'?><SVG onload='x()'>", "SVG drawings can hold programs"),
        (b"<html><script>", "none of them"),
        (b"MZ\x90", "none of them"),
        (b"", "none of them"),
    ],
)
def test_what_no_card_can_show_is_refused(beginning: bytes, why: str) -> None:
    with pytest.raises(InvalidInputError, match=why):
        type_of(beginning)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("cell wall.PNG", "cell wall.PNG"),
        ("cell.svg", "cell.svg.png"),
        ("../../etc/passwd", "_.._etc_passwd.png"),
        ("a[b](c)#?.png", "a_b_(c)_.png"),
        ("Zelle ä 日.png", "Zelle ä 日.png"),
        (".png", "png.png"),
    ],
)
def test_a_name_can_stand_in_a_text_and_ends_as_its_type(name: str, kept: str) -> None:
    assert safe_name(name, mimetype="image/png") == kept


@pytest.mark.parametrize("name", [None, 7, "", "..", "\x00"])
def test_a_file_needs_a_name(name: object) -> None:
    if name == "\x00":
        assert safe_name(name, mimetype="image/png") == "_.png"
    else:
        with pytest.raises(InvalidInputError, match="without a name"):
            safe_name(name, mimetype="image/png")


@given(st.text(min_size=1, max_size=300), st.integers(1, 999))
def test_every_name_is_found_again_in_a_text(name: str, number: int) -> None:
    try:
        kept = other_name(safe_name(name, mimetype="image/png"), number=number)
    except InvalidInputError:
        return
    assert len(kept) <= LONGEST_NAME
    assert safe_name(kept, mimetype="image/png") == kept
    assert pictures_in(f"See {picture(kept, words='x')} there") == [kept]
    assert names_in(f"Hear [sound:{kept}] there") == {kept}
    assert "/" not in address(kept).removeprefix("/api/v1/media/")


def test_pictures_elsewhere_are_not_the_students_own() -> None:
    text = "![a](https://example.org/a.png) ![b](/x.png) ![c](<c d.png>) ![e](e%20f.png)"
    assert pictures_in(text) == ["c d.png", "e f.png"]
