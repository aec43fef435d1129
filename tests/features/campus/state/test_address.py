import pytest

from studymaster.features.campus.state.address import named_by
from studymaster.features.campus.state.joining import JoinState
from tests.tabs import open_tab


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/campus/join/owls-2030", "owls-2030"),
        ("/campus/join/owls-2030/", "owls-2030"),
        ("/", ""),
    ],
)
def test_the_last_part_of_an_address_names_what_is_open(path: str, name: str) -> None:
    assert named_by(open_tab(JoinState, path=path)) == name
