from studymaster.features.accounts.schemas import Student
from studymaster.features.dashboard import service
from tests.conftest import NOON
from tests.features.flashcards.pile import make_deck
from tests.features.library.shelf import make_lecture


async def test_a_student_goes_to_courses_first_then_to_decks_and_lectures(student) -> None:
    lecture = await make_lecture(student)
    deck = await make_deck(student, "Swedish")
    course, own, talk = await service.find_places(student=student, now=NOON)
    assert (course.name, course.detail) == ("BIO 101", "BIO 101 in full")
    assert course.path == f"/smart-study?course={lecture.course_id}"
    assert own.name == "Swedish"
    assert own.path == f"/smart-study/cards?deck=deck:{deck}"
    assert (talk.name, talk.detail) == (lecture.name, "BIO 101")
    assert (talk.path, talk.is_lecture) == (f"/smart-study/lecture/{lecture.id}", True)
    assert (course.is_lecture, own.is_lecture) == (False, False)


async def test_nobody_goes_where_another_student_learns(student, other_student) -> None:
    await make_deck(student, "Swedish")
    await make_lecture(student)
    found: list[object] = [*await service.find_places(student=other_student, now=NOON)]
    assert isinstance(other_student, Student)
    assert found == []
