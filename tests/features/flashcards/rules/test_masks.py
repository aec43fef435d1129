from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studymaster.errors import InvalidInputError
from studymaster.features.flashcards.rules.masks import (
    Mask,
    numbers_of,
    parse_masks,
    read_masks,
    write_masks,
)

ANKI = (
    "{{c1::image-occlusion:rect:left=.0983:top=.3217:width=.1535:height=.0718:oi=1}}<br>"
    "{{c2::image-occlusion:ellipse:left=.5:top=.1:rx=.1:ry=.05:oi=1}}<br>"
    "{{c2::image-occlusion:polygon:points=.1,.2 .4,.2 .4,.6:oi=1}}<br>"
    "{{c0::image-occlusion:text:left=.1:top=.2:text=Cell:scale=1}}"
)
PART = st.integers(1, 9_999).map(lambda parts: parts / 10_000)
MASKS = st.lists(
    st.builds(
        Mask,
        number=st.integers(1, 40),
        left=PART,
        top=PART,
        width=PART.map(lambda part: max(part, 0.01)),
        height=PART.map(lambda part: max(part, 0.01)),
        hides_all=st.booleans(),
        label=st.text("ab :={}<>&\"\\%'\u65e5", max_size=40).map(
            lambda one: " ".join(one.split())
        ),
    ),
    min_size=1,
    max_size=20,
)


def test_what_anki_wrote_is_read_and_other_shapes_are_the_box_around_them() -> None:
    rect, ellipse, polygon, *_ = parse_masks(ANKI)
    assert rect == Mask(1, 0.0983, 0.3217, 0.1535, 0.0718, hides_all=True)
    assert (ellipse.width, ellipse.height) == pytest.approx((0.2, 0.1))
    assert (polygon.left, polygon.top) == (0.1, 0.2)
    assert (polygon.width, polygon.height) == pytest.approx((0.3, 0.4))
    assert numbers_of(parse_masks(ANKI)) == [1, 2]


LABELLED = (
    "{{c1::image-occlusion:rect:left=.1:top=.2:width=.3:height=.1:oi=1:label=Left atrium}}"
)


def test_a_place_carries_the_name_of_what_is_under_it() -> None:
    (place,) = parse_masks(LABELLED)
    assert (place.label, place.written) == ("Left atrium", "")
    assert write_masks([place]) == LABELLED
    named = replace(place, label="pH: 7 {50%}")
    assert ":label=pH%3A 7 %7B50%25%7D}}" in write_masks([named])
    assert parse_masks(write_masks([named])) == [named]


def test_a_name_is_one_line_without_what_nobody_can_read() -> None:
    (place,) = parse_masks(LABELLED.replace("Left atrium", " Left%0A%00 atrium "))
    assert place.label == "Left atrium"


def test_another_shape_carries_a_name_too() -> None:
    text = "{{c2::image-occlusion:ellipse:left=.5:top=.1:rx=.1:ry=.05:label=Cell}}"
    (place,) = parse_masks(text)
    assert place.label == "Cell"
    assert write_masks([place]) == text


def test_a_name_that_is_too_long_is_refused() -> None:
    parse_masks(LABELLED.replace("Left atrium", "x" * 100))
    with pytest.raises(InvalidInputError, match="100 characters"):
        parse_masks(LABELLED.replace("Left atrium", "x" * 101))


def test_another_shape_is_kept_as_it_was_written() -> None:
    assert write_masks(read_masks(ANKI)) == ANKI.replace("<br>", "\n")


@given(MASKS)
def test_what_was_drawn_is_read_again(masks: list[Mask]) -> None:
    assert parse_masks(write_masks(masks)) == masks


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "Cover at least one"),
        (None, "Cover at least one"),
        ("nonsense", "cannot be read"),
        ("{{c1::image-occlusion:rect:left=2:top=0:width=.1:height=.1}}", "cannot be read"),
        ("{{c1::image-occlusion:rect:left=.1:top=0:width=0:height=.1}}", "cannot be read"),
        ("{{c1::image-occlusion:rect:left=x:top=0:width=.1:height=.1}}", "cannot be read"),
        ("{{c1::image-occlusion:star:left=.1}}", "cannot be read"),
        ("{{c0::image-occlusion:rect:left=0:top=0:width=.1:height=.1}}", "Cover at least"),
        ("{{c1::image-occlusion:rect:left=0:top=0:width=.1:height=.1}} x", "cannot be"),
        (
            "".join(
                f"{{{{c{n}::image-occlusion:rect:left=0:top=0:width=.1:height=.1}}}}"
                for n in range(1, 52)
            ),
            "50 cards",
        ),
    ],
)
def test_places_that_cannot_be_are_refused(text: object, why: str) -> None:
    with pytest.raises(InvalidInputError, match=why):
        parse_masks(text)


@given(st.text("{}c1:image-oclusrt=.,<>2 ", max_size=80))
def test_no_text_breaks_the_reading(text: str) -> None:
    assert all(mask.number <= 500 for mask in read_masks(text))
