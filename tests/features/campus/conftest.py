import pytest

from studymaster.features.accounts.schemas import Student
from tests.features.campus.mates import enrol


@pytest.fixture
async def pair(student, other_student) -> tuple[Student, Student]:
    """Mina and Jonas, who have the same course."""
    for one in (student, other_student):
        await enrol(one)
    return student, other_student
