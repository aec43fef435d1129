from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studymaster.features.flashcards.rules.drafts import Proposal
from studymaster.features.flashcards.rules.fairness import check
from studymaster.features.flashcards.rules.proposals import (
    PageText,
    propose,
    propose_glossary,
)
from studymaster.features.flashcards.rules.quotes import is_on_page
from tests.features.flashcards.rules.samples import sample

calm = settings(deadline=None)  # a busy machine is not a wrong rule

TITLES = {
    "immune_system": "Two lines of defence",
    "graphs": "Graphs and how to walk them",
}

GOLDEN = {
    "immune_system": [
        (
            1,
            "definition",
            "What is innate immunity?",
            "The part of the defence that is present from birth and answers within hours.",
        ),
        (
            2,
            "definition",
            "What is adaptive immunity?",
            "The part of the defence that learns to recognise single invaders.",
        ),
        (
            3,
            "entry",
            "What is meant by “Titre”?",
            "The highest dilution of a serum that still gives a reaction",
        ),
        (
            1,
            "definition",
            "What is a phagocyte?",
            "A cell that swallows foreign particles and digests them.",
        ),
        (
            2,
            "definition",
            "What is an antigen?",
            (
                "Any molecule that can be recognised by a receptor of the adaptive "
                "immune system."
            ),
        ),
        (
            3,
            "entry",
            "What is meant by “Booster”?",
            "A later dose of a vaccine that renews the memory",
        ),
        (
            1,
            "list",
            "Innate immunity: Inflammation has four classic signs. Which are they?",
            (
                "- redness\n- warmth of the tissue around the wound\n- swelling caused "
                "by fluid that leaves the vessels\n- pain"
            ),
        ),
        (
            2,
            "statement",
            "What does the clonal selection theory state?",
            (
                "Each lymphocyte carries receptors of one kind and multiplies only "
                "after its antigen has bound to them."
            ),
        ),
        (
            3,
            "reason",
            "Why is it that the adaptive defence is slow and remembers?",
            "Because memory cells survive for years.",
        ),
        (
            1,
            "reason",
            "Why is it that fever slows many bacteria down?",
            "Because their enzymes work best at 37 °C.",
        ),
        (
            2,
            "name",
            "What is the small region of an antigen that an antibody touches called?",
            "An epitope",
        ),
        (
            3,
            "date",
            (
                "In {{c1::1796}} Edward Jenner infected a boy with cowpox to protect "
                "him from smallpox."
            ),
            "1796",
        ),
        (
            2,
            "question",
            "Two lines of defence: Explain why vaccines work.",
            (
                "A vaccine shows the body a harmless form of an antigen. Memory cells "
                "remain for years and answer a second contact within a day or two."
            ),
        ),
        (
            3,
            "date",
            (
                "In {{c1::1885}} Louis Pasteur treated a boy who had been bitten by a "
                "mad dog."
            ),
            "1885",
        ),
        (
            2,
            "term",
            "Antibodies are proteins of B cells that bind one {{c1::epitope}} each.",
            "epitope",
        ),
    ],
    "graphs": [
        (
            1,
            "definition",
            "What is a graph?",
            "A set of vertices together with a set of edges that join two vertices each.",
        ),
        (
            2,
            "definition",
            "What is breadth-first search?",
            (
                "The walk that visits all vertices at one distance from the start "
                "before any vertex further away."
            ),
        ),
        (
            3,
            "definition",
            "What is a proper colouring?",
            "An assignment of colours in which adjacent vertices differ.",
        ),
        (
            1,
            "definition",
            "What is the degree of a vertex?",
            "The number of edges that meet in it.",
        ),
        (
            2,
            "reason",
            "Why is it that negative edges spoil the result?",
            "Because a finished vertex is never looked at again.",
        ),
        (
            3,
            "definition",
            "What is the chromatic number of a graph?",
            "The least number of colours of a proper colouring.",
        ),
        (
            1,
            "definition",
            "What is a path?",
            "A sequence of vertices in which each is adjacent to the next.",
        ),
        (
            2,
            "quantity",
            "With lists of neighbours breadth-first search takes {{c1::O(n + m)}} steps.",
            "O(n + m)",
        ),
        (
            3,
            "statement",
            "What does the four colour theorem state?",
            "Every planar graph has a proper colouring with four colours.",
        ),
        (
            1,
            "definition",
            "What is a cycle?",
            "A path that returns to its first vertex and uses no edge twice.",
        ),
        (
            1,
            "definition",
            "What is a tree?",
            "A connected graph without cycles.",
        ),
        (
            1,
            "name",
            "Two vertices that are joined by an edge are called {{c1::adjacent}}.",
            "adjacent",
        ),
        (
            1,
            "equivalence",
            "Complete: A graph is a tree if and only if …",
            "… any two of its vertices are joined by exactly one path.",
        ),
    ],
}


def asked(text: str, *, title: str = "") -> list[tuple[str, str]]:
    return [(one.front, one.back) for one in propose([PageText(1, text)], title=title)]


@pytest.mark.parametrize("name", GOLDEN)
def test_a_lecture_proposes_exactly_these_cards(name: str) -> None:
    found = propose(sample(name), title=TITLES[name])
    assert [(one.page, one.rule, one.front, one.back) for one in found] == GOLDEN[name]


@pytest.mark.parametrize("name", TITLES)
def test_every_card_cites_words_of_its_page(name: str) -> None:
    pages = {page.number: page.text for page in sample(name)}
    for one in propose(sample(name), title=TITLES[name]):
        assert is_on_page(pages[one.page], one.quote)


@pytest.mark.parametrize(
    ("text", "front", "back"),
    [
        (
            "A ligand is a molecule that binds to a receptor.",
            "What is a ligand?",
            "A molecule that binds to a receptor.",
        ),
        (
            "The Enlightenment was an age in which reason was to judge everything.",
            "What was the Enlightenment?",
            "An age in which reason was to judge everything.",
        ),
        (
            "The term entropy denotes the number of arrangements of a system.",
            "What is meant by “term entropy”?",
            "The number of arrangements of a system.",
        ),
        (
            "The pressure of a cell on its wall is called turgor.",
            "What is the pressure of a cell on its wall called?",
            "Turgor",
        ),
        (
            "Hess's law states that the heat of a reaction is the same on every path.",
            "What does Hess's law state?",
            "The heat of a reaction is the same on every path.",
        ),
        (
            "A matrix is invertible if and only if its determinant differs from zero.",
            "Complete: A matrix is invertible if and only if …",
            "… its determinant differs from zero.",
        ),
        (
            "The empire lost the war mainly because it could not feed its towns.",
            "Why is it that the empire lost the war?",
            "Because it could not feed its towns.",
        ),
        (
            "Because the pump moves more charges out, the inside of the cell is negative.",
            "Why is it that the inside of the cell is negative?",
            "Because the pump moves more charges out.",
        ),
    ],
)
def test_a_sentence_becomes_the_question_a_student_would_ask(text, front, back) -> None:
    assert asked(text) == [(front, back)]


@pytest.mark.parametrize(
    "text",
    [
        "It is a molecule that binds to a receptor in the membrane.",
        "This is a molecule that binds to a receptor in the membrane.",
        "The reason is a lack of food in all the larger towns.",
        "The figure above is a picture of a cell in a drop of water.",
        "More harmful was the naval race between the two great powers.",
        "Water is also found in the leaves of many tropical plants.",
        "A molecule that is large is a problem for the cell membrane.",
        "a fragment that begins in the middle of the sentence is the rest.",
        "A ligand is a molecule that binds to a receptor of the",
        "What is a ligand?",
        "We call the next step a proof of the theorem of the day.",
        "",
        "1 2 3 4 5 6 7 8 9",
    ],
)
def test_a_sentence_that_cannot_stand_alone_makes_no_card(text: str) -> None:
    assert asked(text) == []


def test_dates_are_asked_only_where_dates_are_the_matter() -> None:
    one = "Pasteur separated the two forms of tartaric acid in 1848."
    two = "The Treaty of London of 1839 guaranteed the neutrality of Belgium."
    assert asked(one) == []
    assert len(asked(f"{one} {two}")) == 2


def test_pages_take_turns_when_there_are_too_many_cards() -> None:
    words = ["ligand", "vesicle", "membrane", "receptor"]
    text = " ".join(f"A {word} is a part of the living cell number one." for word in words)
    later = "A spectrum is a band of colours that a prism makes of light."
    found = propose([PageText(1, text), PageText(2, later)], title="", limit=2)
    assert [one.page for one in found] == [1, 2]


def test_the_same_definition_on_two_pages_makes_one_card() -> None:
    text = "A ligand is a molecule that binds to a receptor."
    found = propose([PageText(1, text), PageText(2, text)], title="")
    assert len(found) == 1


def test_a_glossary_entry_becomes_a_card() -> None:
    entries = [
        PageText(1, "Ligand\nA molecule that binds\nto a receptor."),
        PageText(2, "Empty\n"),
        PageText(3, "Lone line without a definition"),
    ]
    (card,) = propose_glossary(entries)
    assert card.front == "What is meant by “Ligand”?"
    assert card.back == "A molecule that binds to a receptor."
    assert (card.page, is_on_page(entries[0].text, card.quote)) == (1, True)


PAGE = "A ligand is a molecule that binds to a receptor."
GOOD = Proposal("basic", "What is a ligand?", "A molecule that binds.", 1, PAGE, "any")
GAP = replace(GOOD, kind="cloze", front="A {{c1::ligand}} binds.", back="ligand")


GAPS = replace(GAP, front="A {{c1::ligand}} binds to a {{c2::receptor::where?}}.")


@pytest.mark.parametrize("card", [GOOD, GAP, GAPS])
def test_a_good_card_of_any_maker_passes(card: Proposal) -> None:
    assert check(card, PAGE) is None


@pytest.mark.parametrize(
    ("card", "sentence"),
    [
        (replace(GOOD, quote="A ligand is a protein that binds."), "not on page 1"),
        (replace(GOOD, quote="ligand"), "too short"),
        (replace(GOOD, quote=""), "too short"),
        (replace(GOOD, front="  "), "empty"),
        (replace(GOOD, back=""), "empty"),
        (replace(GOOD, back="long " * 400), "too long"),
        (replace(GOOD, back="ligand"), "contains its answer"),
        (replace(GAP, front="A ligand binds."), "Mark the words to hide"),
        (replace(GAP, front="A {{c1::ligand}} {{c2::}}."), "no words in it"),
        (replace(GAP, front="A {{c1::x {{c2::y}} z}} binds."), "cannot stand inside"),
        (
            replace(GAP, front="A {{c1::ligand}} meets a {{c2::ligand}} there."),
            "gives the gap away",
        ),
        (replace(GAP, front="A {{c1::ligand}} is a ligand."), "gives the gap away"),
        (replace(GAP, front="{{c1::A ligand binds}}."), "nothing but its gap"),
    ],
)
def test_a_poor_card_is_refused_with_the_reason(card: Proposal, sentence: str) -> None:
    refusal = check(card, PAGE)
    assert refusal is not None
    assert sentence in refusal


PHRASES = st.sampled_from(
    [
        "A ligand is a molecule that binds to a receptor.",
        "Osmosis is the diffusion of water through a membrane.",
        "It has three parts:",
        "The cycle has three steps:",
        "• the first part of it",
        "1. The pump opens to the outside.",
        "Why cells need pumps",
        "Summary",
        "Such a transport is called passive.",
        "The war began in 1914 and ended, because nobody could pay, in 1918.",
        "page 3 of 9",
        "E = mc²",
        "Figure 1. A cell.",
        "{{c1::odd}} text with trans-",
        "port and “quotes” in the ﬁrst line.",
        "\u00ad\u200b",
    ]
)
documents = st.lists(st.lists(PHRASES, max_size=12).map("\n".join), max_size=4)


@calm
@given(documents, st.integers(0, 8))
def test_whatever_the_pages_say_every_card_can_be_shown(texts, limit: int) -> None:
    pages = [PageText(number, text) for number, text in enumerate(texts, 1)]
    found = propose(pages, title="Cells", limit=limit)
    assert len(found) <= limit
    assert all(check(one, texts[one.page - 1]) is None for one in found)
    assert len({one.front for one in found}) == len(found)


@calm
@given(st.lists(st.text(max_size=300), max_size=3))
def test_any_text_at_all_can_be_read(texts) -> None:
    pages = [PageText(number, text) for number, text in enumerate(texts, 1)]
    for one in propose(pages, title=""):
        assert check(one, texts[one.page - 1]) is None
