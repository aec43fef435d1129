from uuid import uuid4

import pytest

from studymaster.errors import NotFoundError
from studymaster.features.accounts.rules import parse_id


def test_an_id_is_read_from_its_text() -> None:
    known = uuid4()
    assert parse_id(str(known), missing="Gone.") == known


@pytest.mark.parametrize("value", ["", "1", "../x", None, 7, [], {"a": 1}, "\ud800", b"x"])
def test_anything_else_is_not_there(value: object) -> None:
    with pytest.raises(NotFoundError, match=r"Gone\."):
        parse_id(value, missing="Gone.")
