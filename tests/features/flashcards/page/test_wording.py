import pytest

from tests.features.focus.page.javascript import run

WORDING = "../../flashcards/page/wording.js"


def words(tex: str, language: str = "") -> object:
    return run(WORDING, "return m.wordsOfFormula(...argument)", [tex, language])


def test_common_formulas_are_spoken_as_words() -> None:
    spoken = {
        "x^2": "x squared",
        "a_1 + b_{12}": "a sub 1 plus b sub 12",
        r"\frac{a+b}{2}": "a plus b over 2",
        r"\sqrt{x} \le 3": "square root of x is at most 3",
        r"\sum_{i=1}^{n} i^3": "sum from i equals 1 to n i cubed",
        r"E = mc^{2}": "E equals m c squared",
        r"e^{i\pi} = -1": "e to the power of i pi equals minus 1",
        r"f(x) = \sin x": "f, x, equals sin x",
        r"v = 3.5\,\text{metres per second}": "v equals 3.5 metres per second",
        r"\Delta x \to \infty": "capital delta x to infinity",
    }
    found = run(WORDING, "return argument.map((one) => m.wordsOfFormula(one))", [*spoken])
    assert found == [*spoken.values()]


@pytest.mark.parametrize(
    "tex", [r"\begin{matrix}a\end{matrix}", r"\sqrt[3]{x}", r"\frac{a}", "{x", "a & b", ""]
)
def test_what_has_no_words_is_called_a_formula(tex: str) -> None:
    assert words(tex) == "formula"


def test_other_languages_say_what_it_is() -> None:
    assert [words("x^2", one) for one in ("en-GB", "de", "es-MX", "sv")] == [
        "x squared",
        "Formel",
        "f\u00f3rmula",
        "formula",
    ]


def test_a_text_keeps_its_words_and_its_money() -> None:
    text = "From $5 to $10: $a = b$ and\n```python\nprint(1)\n```\nthen `x`."
    said = run(WORDING, "return m.worded(argument)", text)
    assert said == "From $5 to $10:  a equals b  and\n, code, \nthen `x`."
