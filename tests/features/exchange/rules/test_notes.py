"""Names of notes, tags and decks as ours can be."""

from studymaster.features.exchange.rules.notes import (
    deck_name,
    guid_of,
    own_mark,
    shown_name,
    tags_of,
)


def test_names_fit_what_we_can_keep() -> None:
    assert deck_name(" A ::  :: B\x00") == "A::B"
    assert deck_name("::") == "Imported"
    assert len(deck_name("x" * 500)) == 120
    assert tags_of(" Bio::Cell  leech leech ") == ("bio::cell", "leech")
    assert len(tags_of(" ".join(map(str, range(99))))) == 20
    assert guid_of("abc") == "abc"
    assert len(guid_of("x" * 99)) <= 64
    assert shown_name(["<b>What</b>  is", "it?"]) == "What is it?"


def test_the_back_of_a_cloze_says_nothing_of_its_own() -> None:
    assert own_mark("cloze", "a", "b", "", None) == own_mark("cloze", "a", "c", "", None)
    assert own_mark("basic", "a", "b", "", None) != own_mark("basic", "a", "c", "", None)
