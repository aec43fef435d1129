import json

import pytest

from benchmarks.report import Report, report_of, shown, table, write_json


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.4216, "0.42"),
        (42.16, "42.2"),
        (421.6, "422"),
        (4216.0, "4,216"),
        (4216, "4,216"),
        (7, "7"),
        ("-", "-"),
    ],
)
def test_a_figure_has_as_many_digits_as_it_deserves(value, text) -> None:
    assert shown(value) == text


@pytest.fixture
def report() -> Report:
    report = Report("Page data", seconds=12.34)
    report.add("/", {"p50 ms": 12.3456, "statements": 20})
    report.add("/focus", {"p50 ms": 1.5})
    report.remark("/: slow.")
    return report


def test_a_table_has_a_line_for_each_thing_and_a_dash_for_what_was_not_measured(
    report,
) -> None:
    title, _, heads, _, first, second, remark = table(report).splitlines()
    assert title == "Page data (12 s)"
    assert heads.split() == ["p50", "ms", "statements"]
    assert first.split() == ["/", "12.3", "20"]
    assert second.split() == ["/focus", "1.50", "-"]
    assert remark.strip() == "/: slow."


def test_figures_come_back_from_their_file(report, tmp_path) -> None:
    file = tmp_path / "new" / "figures.json"
    write_json(file, report.as_json())
    back = report_of(json.loads(file.read_text("utf-8")))
    assert back.rows == {
        "/": {"p50 ms": 12.346, "statements": 20},
        "/focus": {"p50 ms": 1.5},
    }
    assert (back.title, back.remarks, back.seconds) == ("Page data", ["/: slow."], 12.3)
