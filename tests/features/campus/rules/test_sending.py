from uuid import uuid4

import pytest

from studymaster.errors import InvalidInputError
from studymaster.features.campus.rules import sending as rules


@pytest.mark.parametrize("key", [None, 7, "", "a" * 7, "a" * 65, "semi;colon", "ключключ"])
def test_what_is_no_key(key) -> None:
    with pytest.raises(InvalidInputError):
        rules.require_sent_key(key)


def test_a_key_names_one_thing_of_one_account() -> None:
    mina, jonas = uuid4(), uuid4()
    assert rules.id_of("a" * 32, account_id=mina) == rules.id_of("a" * 32, account_id=mina)
    assert rules.id_of("a" * 32, account_id=mina) != rules.id_of("a" * 32, account_id=jonas)
    assert rules.id_of("a" * 32, account_id=mina) != rules.id_of("b" * 32, account_id=mina)


def test_without_a_key_everything_is_new() -> None:
    mina = uuid4()
    assert rules.id_of(None, account_id=mina) != rules.id_of(None, account_id=mina)
