from datetime import timedelta
from uuid import UUID

import pytest

from studymaster.adapters.database import unit_of_work
from studymaster.errors import SignInError
from studymaster.features.flashcards.state.decks import DecksState
from studymaster.models import MoodleConnection
from tests.conftest import NOON
from tests.factories.moodle import make_run
from tests.features.flashcards.pile import make_card, make_deck, make_own_card
from tests.features.library.shelf import make_course, make_lecture
from tests.tabs import open_tab, tab_of


async def test_the_decks_show_what_waits(student) -> None:
    await make_card(student, await make_lecture(student))
    tab = tab_of(student, DecksState)
    await DecksState.load.fn(tab)
    assert (tab.waiting, [deck.waiting for deck in tab.decks]) == (1, [1])
    assert (tab.loaded, tab.sections) == (True, [])


async def test_a_course_opens_and_closes(student) -> None:
    lecture = await make_lecture(student)
    tab = tab_of(student, DecksState)
    await DecksState.load.fn(tab)
    await DecksState.toggle_course.fn(tab, str(lecture.course_id))
    assert [m.name for s in tab.sections for m in s.materials] == ["Lecture 7.pdf"]
    await DecksState.toggle_course.fn(tab, str(lecture.course_id))
    assert (tab.open_course, tab.sections) == ("", [])


async def test_the_address_opens_a_course(student) -> None:
    course = await make_course(student)
    await make_lecture(student, course=course)
    tab = tab_of(student, DecksState, path=f"/smart-study?course={course.id}")
    await DecksState.load.fn(tab)
    assert len(tab.sections) == 1


async def test_without_courses_it_says_why(student, other_student) -> None:
    tab = tab_of(student, DecksState)
    await DecksState.load.fn(tab)
    assert tab.why_empty == "unconnected"
    for synced_at, why in ((None, "unsynced"), (NOON, "unlisted")):
        async with unit_of_work() as work:
            connection = MoodleConnection(
                account_id=student.account_id,
                site_url=f"https://{why}.example.edu",
                site_name="Example University",
                moodle_user_id=1,
                moodle_username="noor",
                sealed_token="sealed",
                token_obtained_at=NOON,
                created_at=NOON + timedelta(minutes=synced_at is not None),
            )
            work.session.add(connection)
        if synced_at is not None:
            await make_run(connection)
        await DecksState.refresh.fn(tab)
        assert tab.why_empty == why
    other = tab_of(other_student, DecksState)
    await DecksState.load.fn(other)
    assert other.why_empty == "unconnected"


async def test_another_students_course_opens_empty(student, other_student) -> None:
    lecture = await make_lecture(student)
    tab = tab_of(other_student, DecksState)
    await DecksState.toggle_course.fn(tab, str(lecture.course_id))
    assert (tab.decks, tab.sections) == ([], [])


@pytest.mark.parametrize("course_id", ["nonsense", "", str(UUID(int=7))])
async def test_nonsense_in_the_address_opens_nothing(student, course_id: str) -> None:
    await make_course(student)
    tab = tab_of(student, DecksState, path=f"/smart-study?course={course_id}")
    await DecksState.load.fn(tab)
    assert (tab.open_course, tab.sections, len(tab.decks)) == ("", [], 1)


async def test_a_visitor_sees_nothing(student) -> None:
    for handler in (DecksState.load, DecksState.refresh, DecksState.show_more):
        with pytest.raises(SignInError):
            await handler.fn(open_tab(DecksState))


async def test_own_decks_are_a_tree_that_stays_folded(student) -> None:
    latin = str(await make_deck(student, "Latin"))
    await make_own_card(student, await make_deck(student, "Latin::Verbs"))
    tab = tab_of(student, DecksState)
    await DecksState.load.fn(tab)
    assert [(one.name, one.depth, one.cards) for one in tab.branches] == [
        ("Latin", 0, 1),
        ("Verbs", 1, 1),
    ]
    await DecksState.fold.fn(tab, latin)
    await DecksState.fold.fn(tab, "nonsense")
    assert [(one.name, one.folded) for one in tab.branches] == [("Latin", True)]
    again = tab_of(student, DecksState)
    again.folded = tab.folded
    await DecksState.load.fn(again)
    assert len(again.branches) == 1
    await DecksState.fold.fn(again, latin)
    assert (len(again.branches), again.folded) == (2, "")
