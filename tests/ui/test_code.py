import re
from pathlib import Path

from studymaster.ui.written import PACKAGES
from tests.features.focus.page.javascript import run
from tests.ui.test_theme import CSS, SURFACES, colour, contrast

RUNS = "../../../ui/runs.js"
INK = re.compile(r"^[^\n]*\.code-[^\n]*\{ color: var\(--([\w-]+)\);", re.MULTILINE)


def words(value):
    return {"type": "text", "value": value}


def span(look, *children):
    return {
        "type": "element",
        "tagName": "span",
        "properties": {"className": [look]},
        "children": children,
    }


def cut(tree, *letters):
    return run(
        RUNS,
        "return m.cutRuns(argument[0], argument[1])",
        [{"children": tree}, [[one, None] for one in letters]],
    )


def test_a_gap_cuts_what_a_grammar_found_and_keeps_its_looks() -> None:
    tree = [span("code-string", words('"a '), span("code-subst", words("b")), words('"'))]
    assert cut(tree, '"', "a b", '"') == [
        [['"', "code-string"]],
        [["a ", "code-string"], ["b", "code-string code-subst"]],
        [['"', "code-string"]],
    ]


def test_every_letter_stays_where_it_was() -> None:
    tree = [span("code-keyword", words("def")), words(" f():\n    "), span("x", words("_"))]
    pieces = ["de", "f f", "():\n    ", "_"]
    found = cut(tree, *pieces)
    assert ["".join(one for one, _ in runs) for runs in found] == pieces


def test_a_blank_in_code_is_a_name_to_the_grammar() -> None:
    blank = {"type": "element", "tagName": "span", "children": [words("[...]")]}
    filled = {"type": "element", "tagName": "mark", "children": [words("range")]}
    code = {"children": [words("for i in "), filled, words("("), blank, words(")")]}
    found = run(RUNS, "return m.piecesOf(argument).map(([one]) => one)", code)
    assert found == ["for i in ", "range", "(", "_", ")"]


def test_every_colour_of_code_is_readable_on_every_surface() -> None:
    inks = set(INK.findall(CSS))
    assert len(inks) >= 6
    for theme in ("dark", "light"):
        for ink in inks:
            for surface in SURFACES:
                found = contrast(colour(theme, ink), colour(theme, surface))
                assert found >= 4.5, (theme, ink, surface)


def test_the_colours_come_apart_from_the_page() -> None:
    sources = Path(__file__).parents[2] / "studymaster"
    naming = [
        path.name for path in sources.rglob("*.js*") if "highlight.js" in path.read_text()
    ]
    assert naming == ["grammars.js"]
    assert 'import("./grammars.js")' in (sources / "ui/code.jsx").read_text()
    assert {"lowlight@3.3.0", "highlight.js@11.11.1"} <= set(PACKAGES)
