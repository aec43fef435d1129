"""A chart says in words what it draws."""

from dataclasses import dataclass

from studymaster.ui import charts


@dataclass(frozen=True)
class Cell:
    level: int
    title: str


def test_a_heat_map_has_a_summary_and_a_title_for_each_day() -> None:
    cells = [Cell(4, "Mon 14 Jan 2030: 60 reviews"), Cell(-1, "Tue 15 Jan 2030")]
    text = str(charts.heatmap(cells, summary="60 reviews on 1 day"))
    assert '"aria-label":"60 reviews on 1 day"' in text
    assert 'role:"img"' in text
    assert "Mon 14 Jan 2030: 60 reviews" in text
    assert "data-level" in text
