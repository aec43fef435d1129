"""The table in docs/features.md is what the tests say, and no line is without a test."""

from studymaster.studymaster import SCREENS
from tests.contract.lines import KNOWN, held
from tests.contract.table import DOCUMENT, PAGES, document


def test_every_line_has_a_test() -> None:
    assert {pair.line for pair in held()} == KNOWN


def test_no_test_holds_a_line_twice() -> None:
    assert len(held()) == len(set(held()))


def test_the_document_says_what_the_tests_say() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document()


def test_every_test_that_runs_here_stands_in_the_table(request) -> None:
    own = f"{__package__.replace('.', '/')}/"
    running = {
        (item.nodeid.removeprefix(own), item.nodeid.removeprefix(own).partition("[")[0])
        for item in request.session.items
        if item.nodeid.startswith(own) and item.path.name != "test_table.py"
    }
    known = {pair.test for pair in held()}
    assert {names for names in running if not known & {*names}} == set()


def test_every_page_of_the_table_is_a_page_of_the_product() -> None:
    routes = {screen.route for screen in SCREENS}
    assert {path for path, _ in PAGES.values()} <= routes


def test_nothing_is_put_off() -> None:
    words = DOCUMENT.read_text(encoding="utf-8").lower().split()
    assert not {"later", "todo", "tbd", "planned"} & set(words)
