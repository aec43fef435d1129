"""What is wrong with which field of a form, so that it can be said beside it."""

from collections.abc import Awaitable, Generator
from contextlib import contextmanager
from http import HTTPStatus

from studymaster.errors import InvalidInputError
from studymaster.features.accounts.schemas import FieldProblem


class FieldError(InvalidInputError):
    """What was typed into one field cannot be used; `field` is its name in the form."""

    def __init__(self, message: str, *, field: str) -> None:
        """Keep where it is besides the sentence."""
        super().__init__(message)
        self.field = field


class TakenError(FieldError):
    """What was typed belongs to somebody else already."""

    status = HTTPStatus.CONFLICT


@contextmanager
def at(field: str) -> Generator[None]:
    """Say of whatever cannot be used inside that it was typed into this field."""
    try:
        yield
    except InvalidInputError as error:
        raise FieldError(error.message, field=field) from error


async def problem_of(deed: Awaitable[object]) -> FieldProblem:
    """Do something with a form; return what is wrong with it, if anything is."""
    try:
        await deed
    except FieldError as error:
        return FieldProblem(error.field, error.message)
    return FieldProblem()
