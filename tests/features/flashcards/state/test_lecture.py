import pytest

from studymaster.adapters.database import unit_of_work
from studymaster.errors import InvalidInputError, NotFoundError, SignInError
from studymaster.features.flashcards.rules.search import EVERY_CARD
from studymaster.features.flashcards.service import browse
from studymaster.features.flashcards.state.lecture import LectureState
from studymaster.paging import Window
from tests.conftest import NOON
from tests.features.flashcards.pile import make_proposal
from tests.features.library.shelf import (
    LECTURE_PAGES,
    make_blob,
    make_course,
    make_lecture,
    make_material,
)
from tests.tabs import open_tab, tab_of


async def opened(student, material) -> LectureState:
    tab = tab_of(student, LectureState, path=f"/smart-study/lecture/{material.id}")
    await LectureState.load.fn(tab)
    return tab


async def cards_of(student) -> list:
    async with unit_of_work() as work:
        return (
            await browse.list_cards(
                work, student=student, search=EVERY_CARD, window=Window(), now=NOON
            )
        ).items


async def test_a_lecture_opens_on_its_first_page(student) -> None:
    tab = await opened(student, await make_lecture(student))
    assert (tab.material.name, tab.page_number, tab.loaded) == ("Lecture 7.pdf", 1, True)
    assert tab.generation.sentence == ""


async def test_making_cards_shows_that_a_worker_is_awaited(student, sent) -> None:
    tab = await opened(student, await make_lecture(student))
    await LectureState.make_cards.fn(tab)
    await LectureState.make_cards.fn(tab)
    assert tab.generation.unfinished
    assert len(sent) == 1


async def test_the_first_proposal_is_chosen_and_its_page_open(student) -> None:
    material = await make_lecture(student)
    quote = "Chlorophyll is the green pigment"
    proposal = await make_proposal(student, material, page=2, quote=quote)
    tab = await opened(student, material)
    assert (tab.chosen.id, tab.page_number) == (str(proposal.id), 2)


async def test_after_each_word_the_next_proposal_is_chosen(student) -> None:
    material = await make_lecture(student)
    first, second, third = [
        await make_proposal(student, material, front=f"{n}?", position=n) for n in range(3)
    ]
    tab = await opened(student, material)
    await LectureState.choose.fn(tab, str(second.id))
    await LectureState.accept.fn(tab, str(second.id))
    assert tab.chosen.id == str(third.id)
    await LectureState.reject.fn(tab, str(third.id))
    assert tab.chosen.id == str(first.id)
    await LectureState.accept.fn(tab, str(first.id))
    assert (tab.chosen.id, tab.proposals, tab.material.cards) == ("", [], 2)


async def test_an_edit_becomes_the_card(student) -> None:
    material = await make_lecture(student)
    proposal = await make_proposal(student, material)
    tab = await opened(student, material)
    with pytest.raises(InvalidInputError):
        await LectureState.save_edit.fn(tab, str(proposal.id), "", "x")
    assert (tab.saved, tab.open_count) == (0, 1)
    await LectureState.save_edit.fn(tab, str(proposal.id), "Mine?", "Yes.")
    assert (tab.saved, tab.open_count, tab.waiting) == (1, 0, 1)
    assert [card.front for card in await cards_of(student)] == ["Mine?"]


async def test_words_typed_for_a_decided_proposal_are_kept_as_a_card(student) -> None:
    material = await make_lecture(student)
    proposal = await make_proposal(student, material)
    here, there = await opened(student, material), await opened(student, material)
    await LectureState.reject.fn(there, str(proposal.id))
    await LectureState.refresh.fn(here)
    await LectureState.save_edit.fn(here, str(proposal.id), "Mine?", "Yes.")
    assert [card.front for card in await cards_of(student)] == ["Mine?"]


async def test_news_leave_the_chosen_proposal_alone(student) -> None:
    material = await make_lecture(student)
    proposal = await make_proposal(student, material)
    tab = await opened(student, material)
    await make_proposal(student, material, front="Another?", position=-1)
    await LectureState.refresh.fn(tab)
    assert (tab.open_count, tab.chosen.id) == (2, str(proposal.id))


async def test_an_accepted_card_waits_in_its_course_at_once(student) -> None:
    material = await make_lecture(student)
    proposal = await make_proposal(student, material)
    tab = await opened(student, material)
    assert tab.waiting == 0
    await LectureState.accept.fn(tab, str(proposal.id))
    assert tab.waiting == 1


async def test_all_can_be_accepted_at_once(student) -> None:
    material = await make_lecture(student)
    for number in range(3):
        await make_proposal(student, material, front=f"{number}?")
    tab = await opened(student, material)
    await LectureState.accept_all.fn(tab)
    assert (tab.open_count, len(await cards_of(student))) == (0, 3)


async def test_each_decision_can_be_taken_back_the_last_one_first(student) -> None:
    material = await make_lecture(student)
    for number in range(3):
        await make_proposal(student, material, front=f"{number}?", position=number)
    tab = await opened(student, material)
    assert tab.undo == ""
    await LectureState.reject.fn(tab, tab.proposals[0].id)
    await LectureState.accept_all.fn(tab)
    assert (tab.undo, tab.open_count) == ("Accepted 2", 0)
    await LectureState.take_back.fn(tab)
    assert (tab.undo, tab.open_count, await cards_of(student)) == ("Rejected", 2, [])
    await LectureState.take_back.fn(tab)
    await LectureState.take_back.fn(tab)
    assert (tab.undo, [one.question for one in tab.proposals]) == ("", ["0?", "1?", "2?"])


@pytest.mark.parametrize(
    ("asked", "shown"), [(2, 2), (99, 2), (-4, 1), ("2", 1), (None, 1), (True, 1)]
)
async def test_only_pages_that_exist_are_opened(student, asked: object, shown: int) -> None:
    tab = await opened(student, await make_lecture(student))
    await LectureState.go_to_page.fn(tab, asked)
    assert tab.page_number == shown


async def test_a_page_without_a_picture_shows_its_words(student) -> None:
    texts = tuple("\n".join(lines) for lines in LECTURE_PAGES)
    blob = await make_blob(b"<p>", mimetype="text/html", pages=texts)
    material = await make_material(await make_course(student), name="Page", blob=blob)
    tab = await opened(student, material)
    await LectureState.go_to_page.fn(tab, 2)
    assert tab.page_text == texts[1]


async def test_another_students_lecture_does_not_open(student, other_student) -> None:
    material = await make_lecture(student)
    proposal = await make_proposal(student, material)
    closed = await opened(other_student, material)
    assert (closed.missing, closed.loaded, closed.material.id) == (True, False, "")
    tab = await opened(other_student, await make_lecture(other_student))
    for handler in (LectureState.accept, LectureState.reject):
        with pytest.raises(NotFoundError):
            await handler.fn(tab, str(proposal.id))
    assert await cards_of(other_student) == []


async def test_a_mistyped_address_says_that_there_is_nothing(student) -> None:
    tab = tab_of(student, LectureState, path="/smart-study/lecture/nonsense")
    await LectureState.load.fn(tab)
    assert tab.missing


async def test_a_visitor_cannot_call_anything(student) -> None:
    calls = (
        (LectureState.load, ()),
        (LectureState.make_cards, ()),
        (LectureState.accept_all, ()),
        (LectureState.take_back, ()),
        (LectureState.show_more, ()),
        (LectureState.go_to_page, (1,)),
        (LectureState.choose, ("x",)),
        (LectureState.accept, ("x",)),
        (LectureState.reject, ("x",)),
        (LectureState.save_edit, ("x", "f", "b")),
    )
    for handler, arguments in calls:
        with pytest.raises(SignInError):
            await handler.fn(open_tab(LectureState), *arguments)
