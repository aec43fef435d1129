import pytest

from studymaster.errors import InvalidInputError
from studymaster.features.flashcards.rules.typed import (
    NewKind,
    Sides,
    lies_in,
    lineage,
    make_sides,
    parse_name,
    parse_optional,
    parse_tags,
    parse_text,
)


@pytest.mark.parametrize("value", ["", "  \n", None, 7, "\x00\x07", ["a"]])
def test_a_side_needs_words(value: object) -> None:
    with pytest.raises(InvalidInputError, match="front of a card cannot be empty"):
        parse_text(value, side="front")


def test_a_side_ends_at_two_thousand_characters() -> None:
    assert len(parse_text("x" * 2_000, side="back")) == 2_000
    with pytest.raises(InvalidInputError, match="2,000"):
        parse_text("x" * 2_001, side="back")


def test_what_the_database_cannot_keep_is_dropped() -> None:
    assert parse_text(" a\x00b\ud800c\n\td é 日 ", side="front") == "abc\n\td é 日"


def test_a_reversed_card_asks_both_ways() -> None:
    assert make_sides(NewKind.REVERSED, front="Hund", back="dog") == [
        Sides("Hund", "dog", 0),
        Sides("dog", "Hund", 1),
    ]


def test_two_equal_sides_make_one_card() -> None:
    assert len(make_sides(NewKind.REVERSED, front="same", back="same")) == 1


def test_every_number_makes_a_card_of_the_whole_sentence() -> None:
    text = "{{c1::Osmosis}} moves {{c2::water::a fluid}} through {{c1::membranes}}."
    assert make_sides(NewKind.CLOZE, front=text, back="") == [
        Sides(text, "Osmosis, membranes", 1),
        Sides(text, "water", 2),
    ]


def test_every_covered_number_makes_a_card_with_the_same_back() -> None:
    masks = "".join(
        f"{{{{c{number}::image-occlusion:rect:left=.{number}:top=0:width=.1:height=.1}}}}"
        for number in (2, 1, 2)
    )
    front = "Name it. ![A cell](cell.png)"
    assert make_sides(NewKind.OCCLUSION, front=front, back="", masks=masks) == [
        Sides(front, "", 1),
        Sides(front, "", 2),
    ]
    with pytest.raises(InvalidInputError, match="Choose a picture"):
        make_sides(NewKind.OCCLUSION, front="No picture", back="", masks=masks)


def test_an_optional_side_may_be_empty_but_no_longer_than_others() -> None:
    assert parse_optional("  ", side="extra") == parse_optional(None, side="extra") == ""
    with pytest.raises(InvalidInputError, match="extra of a card"):
        parse_optional("x" * 2_001, side="extra")


@pytest.mark.parametrize(
    ("typed", "tags"),
    [
        ("", []),
        (None, []),
        ("Exam, #Cell Biology ,exam,", ["exam", "cell-biology"]),
        (["Exam", "a,b", 7, ""], ["exam", "a-b"]),
    ],
)
def test_tags_are_single_words_in_lower_case_each_once(typed: object, tags) -> None:
    assert parse_tags(typed) == tags


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (f"exam,{'x' * 61}", f"“{'x' * 24}…” has 61"),
        (",".join(map(str, range(21))), "20 tags"),
    ],
)
def test_tags_are_few_and_short(typed: str, words: str) -> None:
    with pytest.raises(InvalidInputError, match=words):
        parse_tags(typed)


def test_a_deck_has_a_name_of_up_to_120_characters() -> None:
    assert parse_name("  My\n own\x00  deck ") == "My own deck"
    for name in ("", " ", None, 7, "x" * 121):
        with pytest.raises(InvalidInputError, match="name of a deck"):
            parse_name(name)


def test_a_deck_lies_in_others_by_its_name() -> None:
    name = parse_name(" Languages ::  Spanish::Verbs ")
    assert name == "Languages::Spanish::Verbs"
    assert lineage(name) == ["Languages", "Languages::Spanish"]
    assert lies_in(name, "languages")
    assert not lies_in("Languages of old", "Languages")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("A::", "1 to 120"),
        ("::A", "1 to 120"),
        ("A:: ::B", "1 to 120"),
        ("::".join("ABCDEFGHI"), "8 deep"),
        ("::".join(["x" * 120] * 4), "400 characters"),
    ],
)
def test_a_place_among_decks_that_cannot_be_is_refused(name: str, why: str) -> None:
    with pytest.raises(InvalidInputError, match=why):
        parse_name(name)
