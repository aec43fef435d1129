"""What a part of the benchmarks found out: as a table for the terminal, as JSON for later."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

Value = float | int | str
Figures = Mapping[str, Value]

EMPTY = "-"
SMALL = 10
MIDDLE = 100


@dataclass(slots=True)
class Report:
    """One part's figures: a table with a row for each thing that was measured."""

    title: str
    rows: dict[str, Figures] = field(default_factory=dict[str, Figures])
    remarks: list[str] = field(default_factory=list[str])
    seconds: float = 0.0

    def add(self, name: str, figures: Figures) -> None:
        """Add a row."""
        self.rows[name] = figures

    def remark(self, sentence: str) -> None:
        """Add a sentence that stands below the table."""
        self.remarks.append(sentence)

    def as_json(self) -> dict[str, object]:
        """Return it as plain values."""
        return {
            "title": self.title,
            "seconds": round(self.seconds, 1),
            "rows": {name: _rounded(figures) for name, figures in self.rows.items()},
            "remarks": self.remarks,
        }


def report_of(plain: Mapping[str, object]) -> Report:
    """Return the report that `as_json` made plain."""
    return Report(**plain)  # type: ignore[arg-type]


def table(report: Report) -> str:
    """Return the report as lines of text: names on the left, figures on the right."""
    columns = list(dict.fromkeys(name for row in report.rows.values() for name in row))
    lines = [
        [name, *(shown(row.get(column, EMPTY)) for column in columns)]
        for name, row in report.rows.items()
    ]
    drawn = _aligned([["", *columns], *lines])
    rule = "-" * max(map(len, drawn))
    head = f"{report.title} ({report.seconds:.0f} s)"
    remarks = [f"  {sentence}" for sentence in report.remarks]
    return "\n".join([head, rule, drawn[0], rule, *drawn[1:], *remarks])


def shown(value: Value) -> str:
    """Return a figure with as many digits as it deserves: 0.42, 4.2, 42, 4,200."""
    if isinstance(value, str):
        return value
    if isinstance(value, int) or abs(value) >= MIDDLE:
        return f"{value:,.0f}"
    return f"{value:.2f}" if abs(value) < SMALL else f"{value:.1f}"


def write_json(path: Path, content: Mapping[str, object]) -> None:
    """Write figures into a file, with its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", "utf-8")


def _rounded(figures: Figures) -> dict[str, Value]:
    return {
        name: round(value, 3) if isinstance(value, float) else value
        for name, value in figures.items()
    }


def _aligned(lines: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return [_line(line, widths) for line in lines]


def _line(cells: Sequence[str], widths: Iterable[int]) -> str:
    (name, first), *rest = zip(cells, widths, strict=True)
    return "  ".join([name.ljust(first), *(cell.rjust(width) for cell, width in rest)])
