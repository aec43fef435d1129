import pytest

from studymaster.errors import ConflictError, InvalidInputError
from studymaster.features.accounts.rules.fields import (
    FieldError,
    TakenError,
    at,
    problem_of,
)
from studymaster.features.accounts.schemas import FieldProblem


async def refuse(error: Exception) -> None:
    raise error


def test_what_cannot_be_used_is_said_of_its_field() -> None:
    sentence = "Too long."
    with pytest.raises(FieldError, match=sentence) as caught, at("name"):
        raise InvalidInputError(sentence)
    assert (caught.value.field, caught.value.status) == ("name", 422)


def test_what_is_taken_is_a_conflict() -> None:
    assert TakenError("Taken.", field="email").status == 409


async def test_a_problem_is_shown_instead_of_raised() -> None:
    error = FieldError("Too long.", field="name")
    assert await problem_of(refuse(error)) == FieldProblem("name", "Too long.")


async def test_without_a_problem_there_is_none() -> None:
    async def work() -> int:
        return 1

    assert await problem_of(work()) == FieldProblem()


@pytest.mark.parametrize("error", [InvalidInputError("No."), ConflictError("No.")])
async def test_what_is_of_no_field_goes_on(error) -> None:
    with pytest.raises(type(error)):
        await problem_of(refuse(error))
