import pytest

from studymaster.features.campus.state.address import linked_question
from studymaster.features.campus.state.campus import CampusState
from tests.tabs import open_tab


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("/campus?tab=questions&question=an-id", "an-id"),
        ("/campus?tab=questions", ""),
        ("/campus?question=", ""),
    ],
)
def test_an_address_names_the_question_to_open(path: str, named: str) -> None:
    assert linked_question(open_tab(CampusState, path=path)) == named
