from datetime import timedelta
from uuid import UUID

import pytest

from studymaster.adapters import clock
from studymaster.config import get_settings
from studymaster.errors import InvalidInputError, NotFoundError, SignInError
from studymaster.features.flashcards.state.review import ReviewState
from tests.conftest import NOON
from tests.features.flashcards.pile import choose, make_card, make_deck, make_own_card
from tests.features.library.shelf import make_course, make_lecture
from tests.statements import asked
from tests.tabs import open_tab, tab_of

ONE, OTHER = UUID(int=1).hex, UUID(int=2).hex
"""What a browser calls its answers."""


async def opened(student, path: str = "/smart-study/review") -> ReviewState:
    tab = tab_of(student, ReviewState, path=path)
    await ReviewState.load.fn(tab)
    return tab


async def test_a_few_cards_lie_ready_and_all_are_counted(student) -> None:
    lecture = await make_lecture(student)
    for _ in range(5):
        await make_card(student, lecture)
    tab = await opened(student)
    assert (len(tab.cards), tab.counts.left, tab.minutes_left) == (3, 5, 1)


async def test_an_answer_brings_the_next_card_and_its_report(student) -> None:
    lecture = await make_lecture(student)
    await make_card(student, lecture, front="1?", page=1)
    await make_card(student, lecture, front="2?", page=2)
    tab = await opened(student)
    first = tab.cards[0]
    await ReviewState.grade.fn(tab, first.id, first.turn, 4, 2_000, ONE)
    assert [card.front for card in tab.cards] == ["2?"]
    assert (tab.report.answers, tab.report.points, tab.counts.left) == (1, 2, 1)


async def test_a_tab_does_not_ask_again_for_what_it_has_just_answered(student) -> None:
    lecture = await make_lecture(student)
    for page in (1, 2):
        await make_card(student, lecture, page=page)
    tab = await opened(student)
    first = tab.cards[0]
    await ReviewState.grade.fn(tab, first.id, first.turn, 4, 2_000, ONE)
    with asked() as statements:
        await ReviewState.refresh.fn(tab)
    assert (statements, tab.report.answers) == ([], 1)


async def test_a_tab_follows_an_answer_that_was_given_in_another(student) -> None:
    lecture = await make_lecture(student)
    for page in (1, 2):
        await make_card(student, lecture, page=page)
    tab, other = await opened(student), await opened(student)
    first = other.cards[0]
    await ReviewState.grade.fn(other, first.id, first.turn, 4, 2_000, ONE)
    await ReviewState.refresh.fn(tab)
    assert (tab.report.answers, tab.cards) == (1, other.cards)


async def test_a_tab_without_redis_looks_whenever_it_is_told(student, monkeypatch) -> None:
    tab = await opened(student)
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    get_settings.cache_clear()
    await ReviewState.refresh.fn(tab)
    with asked() as statements:
        await ReviewState.refresh.fn(tab)
    assert any("FROM card" in statement for statement in statements)


async def test_a_double_click_is_one_answer(student) -> None:
    await make_card(student, await make_lecture(student))
    tab = await opened(student)
    (card,) = tab.cards
    for _ in range(2):
        await ReviewState.grade.fn(tab, card.id, card.turn, 4, 2_000, ONE)
    assert (tab.report.answers, tab.cards) == (1, [])


async def test_answers_that_waited_in_the_browser_count_once(student) -> None:
    lecture = await make_lecture(student)
    cards = [await make_card(student, lecture, front=f"{n}?", page=n) for n in (1, 2)]
    waiting = [
        {"card_id": str(card.id), "turn": 0, "grade": 4, "elapsed_ms": 900}
        for card in cards
    ]
    tab = await opened(student)
    await ReviewState.grade.fn(tab, waiting[0]["card_id"], 0, 4, 900, ONE)
    for _ in range(2):
        await ReviewState.resend.fn(tab, waiting)
    assert (tab.report.answers, tab.report.points, tab.cards) == (2, 4, [])
    assert {f"{card.id}:0" for card in cards} == set(tab.settled)


async def test_a_waiting_answer_that_has_no_card_any_more_stops_waiting(student) -> None:
    card = await make_card(student, await make_lecture(student), due_in=3, turn=1)
    gone = UUID(int=7)
    tab = await opened(student)
    kept = [
        {"card_id": str(one), "turn": 1, "grade": 4, "elapsed_ms": 1}
        for one in (card.id, gone)
    ]
    await ReviewState.resend.fn(tab, kept)
    assert (tab.report.answers, len(tab.settled)) == (0, 2)


@pytest.mark.parametrize("kept", [None, "x", {}, [1, None, {}], [{"card_id": "x"}]])
async def test_nonsense_in_the_browsers_store_counts_nothing(student, kept) -> None:
    await make_card(student, await make_lecture(student))
    tab = await opened(student)
    await ReviewState.resend.fn(tab, kept)
    assert (tab.report.answers, tab.settled, tab.counts.left) == (0, [], 1)


async def test_two_students_of_one_browser_keep_their_answers_apart(
    student, other_student
) -> None:
    mine, theirs = await opened(student), await opened(other_student)
    assert mine.outbox != theirs.outbox
    assert str(student.account_id) not in mine.outbox


async def test_one_course_can_be_reviewed_alone(student) -> None:
    await make_card(student, await make_lecture(student), front="all")
    other = await make_course(student, shortname="HIS 1")
    await make_card(student, await make_lecture(student, course=other), front="one")
    tab = await opened(student, path=f"/smart-study/review?course={other.id}")
    assert [card.front for card in tab.cards] == ["one"]


async def test_nonsense_in_the_address_reviews_everything(student) -> None:
    await make_card(student, await make_lecture(student))
    tab = await opened(student, path="/smart-study/review?course=nonsense")
    assert (tab.counts.left, tab.one_course) == (1, False)


async def test_somebody_elses_course_in_the_address_reviews_everything(
    student, other_student
) -> None:
    theirs = await make_course(other_student)
    tab = await opened(student, path=f"/smart-study/review?course={theirs.id}")
    assert not tab.one_course


async def test_a_slip_is_taken_back_and_the_card_can_be_answered_again(student) -> None:
    lecture = await make_lecture(student)
    card = await make_card(student, lecture, front="1?", page=1)
    await make_card(student, lecture, front="2?", page=2)
    tab = await opened(student)
    key = f"{card.id}:0"
    await ReviewState.grade.fn(tab, str(card.id), 0, 5, 2_000, ONE)
    assert tab.settled == [key]
    await ReviewState.take_back.fn(tab, str(card.id), 0, ONE)
    assert [(face.front, face.turn) for face in tab.cards] == [("1?", 0), ("2?", 0)]
    assert (tab.report.answers, tab.counts.left, tab.settled) == (0, 2, [])
    await ReviewState.take_back.fn(tab, str(card.id), 0, ONE)
    await ReviewState.grade.fn(tab, str(card.id), 0, 2, 2_000, ONE)
    assert (tab.report.again, tab.report.easy, tab.settled) == (1, 0, [key])


async def test_a_slip_that_is_taken_back_twice_leaves_the_answer_in_its_place(
    student,
) -> None:
    card = await make_card(student, await make_lecture(student))
    tab = await opened(student)
    await ReviewState.grade.fn(tab, str(card.id), 0, 2, 2_000, ONE)
    await ReviewState.take_back.fn(tab, str(card.id), 0, ONE)
    await ReviewState.grade.fn(tab, str(card.id), 0, 4, 2_000, OTHER)
    await ReviewState.take_back.fn(tab, str(card.id), 0, ONE)
    report = tab.report
    assert (report.answers, report.again, report.good, report.points) == (1, 0, 1, 2)


async def test_an_answer_that_waited_in_the_browser_can_be_taken_back(student) -> None:
    card = await make_card(student, await make_lecture(student))
    tab = await opened(student)
    kept = {"card_id": str(card.id), "turn": 0, "grade": 4, "elapsed_ms": 900}
    await ReviewState.resend.fn(tab, [kept | {"answer_id": ONE}])
    assert tab.report.answers == 1
    await ReviewState.take_back.fn(tab, str(card.id), 0, ONE)
    assert (tab.report.answers, tab.counts.left) == (0, 1)


@pytest.mark.parametrize("name", ["", "x", None, 7])
async def test_an_answer_under_no_real_name_is_not_there(student, name: object) -> None:
    card = await make_card(student, await make_lecture(student))
    tab = await opened(student)
    await ReviewState.grade.fn(tab, str(card.id), 0, 4, 2_000, ONE)
    with pytest.raises(NotFoundError):
        await ReviewState.take_back.fn(tab, str(card.id), 0, name)
    assert tab.report.answers == 1


@pytest.mark.parametrize("turn", [-1, None, "0", 0.0, True])
async def test_only_a_turn_can_be_taken_back(student, turn: object) -> None:
    card = await make_card(student, await make_lecture(student))
    tab = await opened(student)
    with pytest.raises(InvalidInputError):
        await ReviewState.take_back.fn(tab, str(card.id), turn, ONE)


@pytest.mark.parametrize("payload", [("x", 0, 4, 1), (None, 0, 4, 1)])
async def test_a_wrong_card_is_not_there(student, payload) -> None:
    tab = await opened(student)
    with pytest.raises(NotFoundError):
        await ReviewState.grade.fn(tab, *payload, ONE)


async def test_a_wrong_grade_is_one_sentence(student) -> None:
    card = await make_card(student, await make_lecture(student))
    tab = await opened(student)
    with pytest.raises(InvalidInputError):
        await ReviewState.grade.fn(tab, str(card.id), 0, 9, 1, ONE)
    assert tab.report.answers == 0


async def test_another_students_card_is_not_there(student, other_student) -> None:
    card = await make_card(student, await make_lecture(student))
    tab = await opened(other_student)
    for attempt in (
        ReviewState.grade.fn(tab, str(card.id), 0, 4, 1, ONE),
        ReviewState.take_back.fn(tab, str(card.id), 0, ONE),
    ):
        with pytest.raises(NotFoundError):
            await attempt
    assert tab.cards == []


async def test_a_visitor_cannot_grade(student) -> None:
    card = await make_card(student, await make_lecture(student))
    with pytest.raises(SignInError):
        await ReviewState.grade.fn(open_tab(ReviewState), str(card.id), 0, 4, 1, ONE)
    with pytest.raises(SignInError):
        await ReviewState.resend.fn(open_tab(ReviewState), [])
    with pytest.raises(SignInError):
        await ReviewState.take_back.fn(open_tab(ReviewState), str(card.id), 0, ONE)


async def test_the_course_of_a_session_stays_on_the_server(student) -> None:
    course = await make_course(student)
    tab = await opened(student, path=f"/smart-study/review?course={course.id}")
    sent = {name: value for part in tab.dict().values() for name, value in part.items()}
    shown = {name: value for name, value in sent.items() if "router" not in name}
    assert str(course.id) not in str(shown)


async def test_one_own_deck_can_be_reviewed_alone(student) -> None:
    await make_card(student, await make_lecture(student))
    deck = await make_deck(student, "Latin")
    card = await make_own_card(student, deck)
    tab = tab_of(student, ReviewState, path=f"/smart-study/review?deck={deck}")
    await ReviewState.load.fn(tab)
    assert [face.id for face in tab.cards] == [str(card.id)]
    assert (tab.one_course, tab.counts.left) == (True, 1)


async def test_ten_more_new_cards_can_be_asked_for_where_the_day_is_done(student) -> None:
    latin = await make_deck(student, "Latin")
    for _ in range(12):
        await make_own_card(student, latin)
    await choose(latin, new_per_day=0)
    tab = await opened(student, f"/smart-study/review?deck={latin}")
    assert (tab.cards, tab.held_new, tab.counts.left) == ([], 10, 0)
    await ReviewState.ask_more.fn(tab, "new")
    assert (len(tab.cards), tab.counts.new) == (3, 10)
    await ReviewState.ask_more.fn(tab, "new")
    assert tab.counts.new == 10
    with pytest.raises(InvalidInputError):
        await ReviewState.ask_more.fn(tab, "all")


async def test_the_page_goes_on_by_itself_when_a_step_has_come(
    student, monkeypatch
) -> None:
    latin = await make_deck(student, "Latin")
    await make_own_card(student, latin)
    await choose(latin, steps="50 50")
    tab = await opened(student)
    (card,) = tab.cards
    await ReviewState.grade.fn(tab, card.id, card.turn, 4, 2_000, ONE)
    opens = NOON + timedelta(minutes=30)
    assert (tab.cards, tab.counts.left, tab.next_step_at) == ([], 1, opens.isoformat())
    monkeypatch.setattr(clock, "now", lambda: opens)
    await ReviewState.look_again.fn(tab)
    assert (len(tab.cards), tab.next_step_at) == (1, "")


async def test_a_visitor_asks_for_no_more(student) -> None:
    tab = open_tab(ReviewState)
    for attempt in (ReviewState.ask_more.fn(tab, "new"), ReviewState.look_again.fn(tab)):
        with pytest.raises(SignInError):
            await attempt
