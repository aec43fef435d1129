import pytest
from hypothesis import given
from hypothesis import strategies as st

from studymaster.features.quizzes.rules.comparing import fold, is_right, slips
from studymaster.typed import clean


@pytest.mark.parametrize(
    ("given_answer", "answer"),
    [
        ("mitochondrion", "Mitochondrion"),
        ("  the Mitochondrion. ", "mitochondrion"),
        ("mitochondrian", "mitochondrion"),
        ("mitochondiron", "mitochondrion"),
        ("mitocondrian", "mitochondrion"),
        ("cafe", "Café"),
        ("strasse", "Straße"),
        ("3,14", "3,14"),
        ("in 1789", "In 1789."),
        ("the who", "The Who"),
        ("the", "The"),
        ("+", "+"),
        ("日本", "日本"),
        ("co2", "CO₂"),
        ("-5", "\u22125"),
        ("5 - 3", "5\u20133"),
        ("10^-3", "10⁻³"),
        ("10^3", "10³"),
        ("x^2", "x²"),
        ("Na+", "Na⁺"),
        ("Cl-", "Cl⁻"),
        ("p < 0.05", "p<0.05"),
        ("x <= 3", "x ≤ 3"),
        ("x != 3", "x ≠ 3"),
        ("well known", "well-known"),
        ("pre and postnatal", "pre- and postnatal"),
        ("mitosis: cell division", "mitosis - cell division"),
        ("A -> B", "A → B"),
        ("ca2+ dependent", "Ca2+-dependent"),
        ("intracelullar", "intracellular"),
        ("hypertensoin", "hypertension"),
    ],
)
def test_what_means_the_same_is_right(given_answer: str, answer: str) -> None:
    assert is_right(given_answer, answer=answer)


@pytest.mark.parametrize(
    ("given_answer", "answer"),
    [
        ("", "dog"),
        ("dig", "dog"),
        ("mytocondrian", "mitochondrion"),
        ("1798", "1789"),
        ("3.15", "3.14"),
        ("in 1789 or so", "1789"),
        ("100", "1000"),
        ("-", "+"),
        ("osmosis", "mitosis"),
        ("a b", "the who"),
        ("5", "-5"),
        ("-5", "5"),
        ("Na-", "Na+"),
        ("Na", "Na+"),
        ("Cl", "Cl-"),
        ("C", "C++"),
        ("p > 0.05", "p < 0.05"),
        ("10^3", "10^-3"),
        ("10^3", "10⁻³"),
        ("103", "10³"),
        ("5+3", "5-3"),
        ("x = 3", "x ≠ 3"),
        ("x is 5 and y is -3", "x is -5 and y is 3"),
        ("a + b", "a - b"),
        ("hypotension", "hypertension"),
        ("arterial hypotension", "arterial hypertension"),
        ("intercellular", "intracellular"),
        ("inter-cellular space", "intra-cellular space"),
        ("tripeptide", "dipeptide"),
        ("adduction", "abduction"),
        ("typical", "atypical"),
        ("stable equilibrium", "unstable equilibrium"),
    ],
)
def test_what_means_something_else_is_wrong(given_answer: str, answer: str) -> None:
    assert not is_right(given_answer, answer=answer)


@given(st.text(min_size=1))
def test_the_answer_itself_is_always_right(answer: str) -> None:
    if clean(answer):
        assert is_right(clean(answer), answer=clean(answer))


def plain_distance(one: str, other: str) -> int:
    table = {(row, 0): row for row in range(len(one) + 1)}
    table |= {(0, column): column for column in range(len(other) + 1)}
    for row in range(1, len(one) + 1):
        for column in range(1, len(other) + 1):
            same = one[row - 1] == other[column - 1]
            table[row, column] = min(
                table[row - 1, column] + 1,
                table[row, column - 1] + 1,
                table[row - 1, column - 1] + (not same),
            )
            swapped = one[row - 2 : row] == other[column - 2 : column][::-1]
            if row > 1 and column > 1 and swapped:
                table[row, column] = min(table[row, column], table[row - 2, column - 2] + 1)
    return table[len(one), len(other)]


@given(st.text("abc", max_size=12), st.text("abc", max_size=12), st.integers(0, 2))
def test_slips_are_counted_as_far_as_they_matter(one: str, other: str, most: int) -> None:
    assert slips(one, other, most=most) == min(plain_distance(one, other), most + 1)


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
