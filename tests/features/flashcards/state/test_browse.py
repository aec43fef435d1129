import pytest

from studymaster.errors import InvalidInputError, NotFoundError, SignInError
from studymaster.features.flashcards.schemas import SearchProblem
from studymaster.features.flashcards.state.browse import BrowseState
from tests.features.flashcards.pile import make_card, make_deck, make_own_card
from tests.features.library.shelf import make_lecture
from tests.tabs import open_tab, tab_of


async def opened(student, path="/smart-study/cards") -> BrowseState:
    tab = tab_of(student, BrowseState, path=path)
    await BrowseState.load.fn(tab)
    return tab


def fronts(tab) -> list[str]:
    return [row.front for row in tab.rows]


@pytest.fixture
async def deck(student):
    deck = await make_deck(student, "Latin")
    await make_own_card(student, deck, front="canis", tags=["animal"])
    await make_own_card(student, deck, front="rosa")
    await make_card(student, await make_lecture(student), front="Which cell?")
    return deck


async def test_all_cards_show_and_words_narrow_them(student, deck) -> None:
    tab = await opened(student)
    assert (tab.total, tab.tags, len(tab.choices)) == (3, ["animal"], 2)
    await BrowseState.search.fn(tab, "cell")
    assert (fronts(tab), tab.total) == (["Which cell?"], 1)
    await BrowseState.show_all.fn(tab)
    assert (tab.total, tab.text) == (3, "")


async def test_the_filters_work_together(student, deck) -> None:
    tab = await opened(student)
    await BrowseState.choose_deck.fn(tab, f"deck:{deck}")
    await BrowseState.choose_stage.fn(tab, "new")
    await BrowseState.choose_tag.fn(tab, "animal")
    assert fronts(tab) == ["canis"]
    await BrowseState.choose_stage.fn(tab, "due")
    assert fronts(tab) == []


async def test_the_address_names_a_deck(student, deck) -> None:
    tab = await opened(student, f"/smart-study/cards?deck=deck:{deck}")
    assert (tab.deck, tab.total) == (f"deck:{deck}", 2)


async def test_a_search_that_is_refused_leaves_the_last_one(student, deck) -> None:
    tab = await opened(student)
    await BrowseState.search.fn(tab, "canis")
    with pytest.raises(InvalidInputError):
        await BrowseState.choose_stage.fn(tab, "late")
    await BrowseState.refresh.fn(tab)
    assert (tab.text, tab.stage, fronts(tab)) == ("canis", "", ["canis"])


async def test_a_search_in_its_language_is_asked(student, deck) -> None:
    tab = await opened(student)
    await BrowseState.search.fn(tab, "(tag:animal or deck:bio*) -cell is:new")
    assert fronts(tab) == ["canis"]
    assert tab.problem == SearchProblem()


async def test_a_wrong_search_says_where_and_leaves_the_cards_of_the_last(
    student, deck
) -> None:
    tab = await opened(student)
    await BrowseState.search.fn(tab, "canis")
    await BrowseState.search.fn(tab, "canis is:dew or")
    assert tab.problem.sentence.startswith("Character 10: after “is:” comes due")
    assert (tab.problem.before, tab.problem.piece, tab.problem.after) == (
        "canis is:",
        "dew",
        " or",
    )
    assert (tab.text, fronts(tab)) == ("canis", ["canis"])
    await BrowseState.choose_stage.fn(tab, "new")
    assert (tab.problem.piece, fronts(tab)) == ("dew", ["canis"])
    await BrowseState.search.fn(tab, "rosa")
    assert (tab.problem, fronts(tab)) == (SearchProblem(), ["rosa"])
    await BrowseState.search.fn(tab, "x" * 501)
    assert tab.problem.sentence.startswith("Search with up to")
    await BrowseState.show_all.fn(tab)
    assert (tab.problem, tab.total) == (SearchProblem(), 3)


async def test_chosen_cards_are_flagged_and_found_by_it(student, deck) -> None:
    tab = await opened(student)
    await BrowseState.search.fn(tab, "rosa")
    await BrowseState.choose_page.fn(tab)
    assert await BrowseState.flag.fn(tab, "") is None
    await BrowseState.flag.fn(tab, "1")
    await BrowseState.search.fn(tab, "flag:1")
    assert [(row.front, row.flag) for row in tab.rows] == [("rosa", "Red")]
    await BrowseState.choose_page.fn(tab)
    for number in ("8", "-1", "x"):
        with pytest.raises(InvalidInputError, match="A flag is"):
            await BrowseState.flag.fn(tab, number)
    await BrowseState.flag.fn(tab, "0")
    assert tab.rows == []


async def test_long_lists_come_page_by_page(student) -> None:
    deck = await make_deck(student, "Latin")
    for number in range(52):
        await make_own_card(student, deck, front=f"card {number}")
    tab = await opened(student)
    assert (len(tab.rows), tab.first, tab.total) == (50, 0, 52)
    await BrowseState.turn_page.fn(tab, 1)
    assert (len(tab.rows), tab.first) == (2, 50)
    await BrowseState.choose_page.fn(tab)
    await BrowseState.ask_delete.fn(tab, is_open=True)
    await BrowseState.delete.fn(tab)
    assert (len(tab.rows), tab.first, tab.total) == (50, 0, 50)
    await BrowseState.turn_page.fn(tab, -1)
    assert tab.first == 0


async def test_chosen_cards_are_suspended_resumed_moved_and_deleted(student, deck) -> None:
    tab = await opened(student)
    greek = await make_deck(student, "Greek")
    await BrowseState.search.fn(tab, "canis")
    for action, argument in (
        (BrowseState.suspend, True),
        (BrowseState.suspend, False),
        (BrowseState.move, f"deck:{greek}"),
    ):
        await BrowseState.toggle.fn(tab, tab.rows[0].id)
        await action.fn(tab, argument)
        assert tab.chosen == []
    assert (tab.rows[0].deck, tab.rows[0].stage) == ("Greek", "new")
    await BrowseState.choose_page.fn(tab)
    await BrowseState.ask_delete.fn(tab, is_open=True)
    assert tab.is_asking
    await BrowseState.delete.fn(tab)
    assert (tab.total, tab.is_asking) == (0, False)


async def test_choosing_twice_leaves_out_again(student, deck) -> None:
    tab = await opened(student)
    one = tab.rows[0].id
    await BrowseState.toggle.fn(tab, one)
    await BrowseState.choose_page.fn(tab)
    assert len(tab.chosen) == 3
    await BrowseState.choose_page.fn(tab)
    assert tab.chosen == []
    await BrowseState.toggle.fn(tab, one)
    await BrowseState.toggle.fn(tab, one)
    assert tab.chosen == []
    await BrowseState.choose_page.fn(tab)
    await BrowseState.choose_none.fn(tab)
    assert tab.chosen == []


async def test_delete_pressed_twice_deletes_once(student, deck) -> None:
    tab = await opened(student)
    await BrowseState.toggle.fn(tab, tab.rows[0].id)
    await BrowseState.ask_delete.fn(tab, is_open=True)
    assert await BrowseState.delete.fn(tab) is not None
    assert await BrowseState.delete.fn(tab) is None
    assert tab.total == 2


async def test_the_address_keeps_every_filter_and_the_page(student, deck) -> None:
    tab = await opened(student, "/smart-study/cards?search=canis&state=new&tag=animal")
    assert (tab.text, tab.stage, tab.tag, fronts(tab)) == (
        "canis",
        "new",
        "animal",
        ["canis"],
    )
    for number in range(60):
        await make_own_card(student, deck, front=f"card {number}")
    second = await opened(student, "/smart-study/cards?page=2")
    assert (second.first, len(second.rows)) == (50, 13)
    beyond = await opened(student, "/smart-study/cards?page=900")
    assert (beyond.first, len(beyond.rows)) == (50, 13)


@pytest.mark.parametrize(
    "query", ["page=0", "page=x", "state=late", f"search={'x' * 501}", "search=is:dew"]
)
async def test_an_address_that_asks_for_nonsense_asks_for_nothing(
    student, deck, query: str
) -> None:
    tab = await opened(student, f"/smart-study/cards?{query}")
    assert (tab.text, tab.stage, tab.first, tab.total) == ("", "", 0, 3)


async def test_nothing_chosen_is_said_so(student, deck) -> None:
    tab = await opened(student)
    await BrowseState.ask_delete.fn(tab, is_open=True)
    for attempt in (BrowseState.delete.fn(tab), BrowseState.suspend.fn(tab, on=True)):
        with pytest.raises(InvalidInputError, match="Choose at least one"):
            await attempt
    assert await BrowseState.move.fn(tab, "") is None


async def test_another_students_cards_are_neither_shown_nor_touched(
    student, other_student, deck
) -> None:
    mine = await opened(student)
    tab = await opened(other_student, f"/smart-study/cards?deck=deck:{deck}")
    assert (tab.rows, tab.deck, tab.tags) == ([], "", [])
    await BrowseState.toggle.fn(tab, mine.rows[0].id)
    await BrowseState.ask_delete.fn(tab, is_open=True)
    for attempt in (
        BrowseState.delete.fn(tab),
        BrowseState.suspend.fn(tab, on=True),
        BrowseState.flag.fn(tab, "1"),
        BrowseState.move.fn(tab, f"deck:{deck}"),
    ):
        with pytest.raises(NotFoundError):
            await attempt
    await BrowseState.refresh.fn(mine)
    assert mine.total == 3


async def test_a_visitor_sees_nothing(student) -> None:
    tab = open_tab(BrowseState)
    for attempt in (
        BrowseState.load.fn(tab),
        BrowseState.refresh.fn(tab),
        BrowseState.search.fn(tab, "x"),
        BrowseState.toggle.fn(tab, "x"),
        BrowseState.choose_page.fn(tab),
        BrowseState.choose_none.fn(tab),
        BrowseState.ask_delete.fn(tab, is_open=True),
        BrowseState.delete.fn(tab),
        BrowseState.move.fn(tab, "x"),
        BrowseState.turn_page.fn(tab, 1),
    ):
        with pytest.raises(SignInError):
            await attempt


async def test_dropping_the_filters_draws_the_search_field_anew(student, deck) -> None:
    tab = await opened(student)
    before = tab.visit
    await BrowseState.search.fn(tab, "canis")
    assert tab.visit == before
    await BrowseState.show_all.fn(tab)
    assert tab.visit != before


async def test_everything_that_is_found_is_tagged_taken_back_and_deleted(student) -> None:
    deck = await make_deck(student, "Latin")
    for number in range(52):
        await make_own_card(student, deck, front=f"card {number}")
    tab = await opened(student)
    await BrowseState.choose_found.fn(tab)
    assert tab.all_found
    await BrowseState.add_tag.fn(tab, {"tag": "#Exam 1"})
    assert (tab.tags, tab.all_found, tab.can_undo) == (["exam-1"], False, True)
    await BrowseState.search.fn(tab, "tag:exam-1")
    assert tab.total == 52
    await BrowseState.choose_found.fn(tab)
    await BrowseState.search.fn(tab, '"card 1"')
    assert not tab.all_found
    await BrowseState.choose_found.fn(tab)
    await BrowseState.remove_tag.fn(tab, "exam-1")
    await BrowseState.show_all.fn(tab)
    await BrowseState.choose_found.fn(tab)
    await BrowseState.ask_delete.fn(tab, is_open=True)
    await BrowseState.delete.fn(tab)
    assert tab.total == 0
    for _ in range(3):
        await BrowseState.undo.fn(tab)
        assert tab.can_undo
    assert (tab.total, tab.tags) == (52, [])
    await BrowseState.undo.fn(tab)
    assert not tab.can_undo


async def test_chosen_cards_are_buried(student, deck) -> None:
    tab = await opened(student)
    await BrowseState.toggle.fn(tab, tab.rows[0].id)
    await BrowseState.bury.fn(tab)
    await BrowseState.search.fn(tab, "is:buried")
    assert [(row.stage, row.when) for row in tab.rows] == [("buried", "Buried")]
    assert await BrowseState.add_tag.fn(tab, {"tag": " # "}) is None
    assert await BrowseState.remove_tag.fn(tab, "") is None
