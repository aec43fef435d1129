from studymaster.features.accounts.schemas import Student
from studymaster.features.dashboard import service
from tests.conftest import NOON
from tests.features.flashcards.pile import make_deck
from tests.features.library.shelf import make_lecture


async def test_a_student_goes_to_courses_first_then_to_their_own_decks(student) -> None:
    lecture = await make_lecture(student)
    deck = await make_deck(student, "Swedish")
    course, own = await service.find_places(student=student, now=NOON)
    assert (course.name, course.detail) == ("BIO 101", "BIO 101 in full")
    assert course.path == f"/smart-study?course={lecture.course_id}"
    assert own.name == "Swedish"
    assert own.path == f"/smart-study/cards?deck=deck:{deck}"


async def test_nobody_goes_where_another_student_learns(student, other_student) -> None:
    await make_deck(student, "Swedish")
    found: list[object] = [*await service.find_places(student=other_student, now=NOON)]
    assert isinstance(other_student, Student)
    assert found == []
