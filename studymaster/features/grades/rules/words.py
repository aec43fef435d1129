"""Grades in words: figures, trends, wishes, and where the weights come from. Pure."""

from typing import Final

from studymaster.features.grades.rules.insight import Pull, Weight
from studymaster.features.grades.rules.lines import Line, grade_at
from studymaster.features.grades.rules.standing import Basis, Source, Tally
from studymaster.features.grades.rules.trend import Direction, Trend
from studymaster.features.grades.rules.wishing import Need, Outcome

SOURCES: Final = {
    Source.MOODLE: "Moodle's course total.",
    Source.LINES: "Added up from what is graded, because Moodle shows no course total.",
    Source.NONE: "Nothing is graded yet.",
}
BASES: Final = {
    Basis.MOODLE: "Moodle tells the weight of every line. Its total counts what is still open "
    "as zero.",
    Basis.GRADED: "Moodle tells the weights of what is graded. Here what is still open counts "
    "by the same rule; type the share if you know it.",
    Basis.GUESSED: "Moodle does not tell how much the open lines count. Here they count by "
    "their points; type the share if you know it.",
    Basis.POINTS: "Moodle tells no weights that add up. Here each line counts by its points; "
    "type the share if you know it.",
}
DIFFERS: Final = (
    "Moodle's total is not the sum of the lines: something is dropped, hidden or weighed "
    "inside a category. So this is an estimate."
)
TRENDS: Final = {
    Direction.RISING: "rising",
    Direction.STEADY: "steady",
    Direction.FALLING: "falling",
}


def number_words(number: float) -> str:
    """Return a number with at most two decimals: `17`, `87.5`."""
    words = f"{number:,.2f}".rstrip("0").rstrip(".")
    return "0" if words == "-0" else words


def percent_words(percent: float | None) -> str:
    """Return a percentage with at most one decimal, or nothing for none."""
    if percent is None:
        return ""
    words = f"{percent:,.1f}".removesuffix(".0")
    return "0%" if words == "-0" else f"{words}%"


def range_words(line: Line) -> str:
    """Return from where to where a grade goes: `0 to 100`."""
    return f"{number_words(line.minimum)} to {number_words(line.maximum)}"


def share_words(share: float) -> str:
    """Return a share of the course in percent; what is small is not called nothing."""
    return "under 1%" if 0 < share < 0.01 else f"{round(share * 100)}%"  # noqa: PLR2004 - a percent


def trend_words(trend: Trend | None) -> str:
    """Return where grades are heading, or nothing where nothing can be said."""
    if trend is None:
        return ""
    word = TRENDS[trend.direction]
    if trend.direction is Direction.STEADY:
        return word
    return f"{word}, by about {abs(trend.per_month):.0f} percentage points a month"


def basis_words(by: Tally) -> str:
    """Say where the weights come from, and whether what follows is an estimate."""
    return f"{BASES[by.basis]} {DIFFERS}" if by.differs else BASES[by.basis]


def result_words(percent: float | None, *, is_told: bool) -> str:
    """Say where the course ends with the assumed grades, or nothing where none are.

    `is_told`: Moodle tells how much they count.
    """
    if percent is None:
        return ""
    words = (
        f"With the grades that you assumed, the course stands at {percent_words(percent)}."
    )
    return words if is_told else f"{words} {ESTIMATE}"


ESTIMATE: Final = "An estimate: Moodle does not tell how much they count."
NOT_TOLD: Final = "Moodle does not tell that share: type it if you know it."


def need_words(found: Need | None, *, wished: float, of: list[Line], is_told: bool) -> str:
    """Say what a wish takes.

    `is_told`: Moodle or the student tells how much the lines count; else the answer begins
    with what is taken for it.
    """
    if found is None or not of:
        return "What is still open counts nothing, so it cannot change the course."
    target, share = percent_words(wished), share_words(found.share)
    if is_told:
        said = _said(found, target=target, of=of, name=_named(of))
        counts = f" {_counts(of)} {share} of it."
        return f"{said}{counts}" if found.outcome is Outcome.NEEDED else said
    said = _said(found, target=target, of=of, name="it" if len(of) == 1 else "all of it")
    said = said.replace("You need", "you need", 1)
    return f"If {_named(of)} counts {share} of the course, {said} {NOT_TOLD}"


def _said(found: Need, *, target: str, of: list[Line], name: str) -> str:
    if found.outcome is Outcome.REACHED:
        return f"{target} is reached already, whatever comes in {name}."
    if found.outcome is Outcome.OUT_OF_REACH:
        return (
            f"{target} cannot be reached any more: full marks in {name} lead to at most "
            f"{percent_words(found.best)}."
        )
    return f"You need {_wanted(found, of=of, name=name)} for {target} in the course."


def _named(lines: list[Line]) -> str:
    return f"“{lines[0].name}”" if len(lines) == 1 else "everything that is still open"


def _wanted(found: Need, *, of: list[Line], name: str) -> str:
    percent = percent_words(found.percent)
    if len(of) > 1:
        return f"{percent} on average in the {len(of)} grades that are still open"
    points = number_words(grade_at(of[0], percent=found.percent))
    return f"{percent} in {name}, which is {points} of {number_words(of[0].maximum)},"


def _counts(lines: list[Line]) -> str:
    return "It counts" if len(lines) == 1 else "Together they count"


def pull_words(up: Pull | None, down: Pull | None) -> list[str]:
    """Say what moves a course's grade most, each way."""
    said: list[str] = []
    if up is not None:
        points = percent_words(up.points).removesuffix("%")
        said.append(f"“{up.line.name}” pulls it up most, by {points} percentage points.")
    if down is not None:
        points = percent_words(-down.points).removesuffix("%")
        said.append(
            f"“{down.line.name}” pulls it down most, by {points} percentage points."
        )
    return said


def weight_words(found: Weight | None) -> list[str]:
    """Say which open line weighs most."""
    if found is None:
        return []
    share = share_words(found.share)
    return [
        f"Of what is still open, “{found.line.name}” weighs most: {share} of the course."
    ]
