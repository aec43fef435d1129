import pytest

from studymaster.adapters.database import unit_of_work
from studymaster.errors import InvalidInputError, NotFoundError, SignInError
from studymaster.features.flashcards.schemas import MOST_CHOSEN, SearchProblem
from studymaster.features.flashcards.state.browse import BrowseState
from studymaster.features.flashcards.state.chosen import ChosenState
from tests.features.flashcards.pile import make_card, make_deck, make_own_card, new_card
from tests.features.library.shelf import make_lecture
from tests.tabs import open_tab, tab_of


async def opened(student, path="/smart-study/cards") -> ChosenState:
    tab = tab_of(student, ChosenState, path=path)
    await BrowseState.load.fn(tab)
    return tab


async def choose_rows(tab) -> None:
    """Choose all rows that are in sight."""
    await ChosenState.choose.fn(tab, [row.id for row in tab.rows], everything=False)


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
    await choose_rows(tab)
    assert await ChosenState.flag.fn(tab, "") is None
    await ChosenState.flag.fn(tab, "1")
    await BrowseState.search.fn(tab, "flag:1")
    assert [(row.front, row.flag) for row in tab.rows] == [("rosa", "Red")]
    await choose_rows(tab)
    for number in ("8", "-1", "x"):
        with pytest.raises(InvalidInputError, match="A flag is"):
            await ChosenState.flag.fn(tab, number)
    await ChosenState.flag.fn(tab, "0")
    assert tab.rows == []


@pytest.fixture
async def long_list(student) -> ChosenState:
    deck = await make_deck(student, "Latin")
    async with unit_of_work() as work:
        work.session.add_all(
            new_card(student.account_id, deck, front=f"card {number:03}", minute=number)
            for number in range(102)
        )
    return await opened(student)


async def test_long_lists_come_window_by_window(long_list) -> None:
    tab = long_list
    assert (len(tab.rows), tab.first, tab.total) == (100, 0, 102)
    stamp = tab.stamp
    await BrowseState.show_window.fn(tab, 101)
    assert (fronts(tab), tab.first, tab.stamp) == (["card 100", "card 101"], 100, stamp)
    await choose_rows(tab)
    await ChosenState.ask_delete.fn(tab, is_open=True)
    await ChosenState.delete.fn(tab)
    assert (len(tab.rows), tab.first, tab.total) == (100, 0, 100)
    assert tab.stamp > stamp


@pytest.mark.parametrize("place", [-5, "x", None, 10**9, 1.5])
async def test_a_window_that_no_table_has_shows_one_that_it_has(long_list, place) -> None:
    await BrowseState.show_window.fn(long_list, place)
    assert long_list.first in {0, 100}
    assert long_list.rows


async def test_the_table_is_sorted_and_begins_anew(long_list) -> None:
    tab = long_list
    await BrowseState.show_window.fn(tab, 100)
    await BrowseState.sort.fn(tab, "-front")
    assert (tab.order, tab.first, fronts(tab)[0]) == ("-front", 0, "card 101")
    with pytest.raises(InvalidInputError, match="Sort by front"):
        await BrowseState.sort.fn(tab, "colour")
    assert tab.order == "-front"


async def test_what_lies_between_two_places_is_chosen_as_it_is_sorted(long_list) -> None:
    tab = long_list
    await BrowseState.sort.fn(tab, "-front")
    await ChosenState.choose.fn(tab, [tab.rows[0].id], everything=False)
    await ChosenState.choose_between.fn(tab, 101, 99)
    assert (tab.chosen, len(tab.picked)) == (4, 4)
    await ChosenState.suspend.fn(tab, on=True)
    await BrowseState.search.fn(tab, "is:suspended")
    assert fronts(tab) == ["card 101", "card 002", "card 001", "card 000"]
    for wrong in (0, MOST_CHOSEN), (10**9, 1):
        with pytest.raises(InvalidInputError, match="Choose up to 1,000"):
            await ChosenState.choose_between.fn(tab, *wrong)


async def test_all_but_some_are_chosen(long_list) -> None:
    tab = long_list
    await ChosenState.choose.fn(tab, [row.id for row in tab.rows[:2]], everything=True)
    assert tab.chosen == 100
    await ChosenState.suspend.fn(tab, on=True)
    await BrowseState.search.fn(tab, "-is:suspended")
    assert fronts(tab) == ["card 000", "card 001"]


@pytest.mark.parametrize("ids", [["x"] * (MOST_CHOSEN + 1), None, "abc"])
async def test_more_than_can_be_named_is_refused(long_list, ids) -> None:
    with pytest.raises(InvalidInputError, match="Choose up to 1,000"):
        await ChosenState.choose.fn(long_list, ids, everything=False)
    assert long_list.chosen == 0


async def test_chosen_cards_are_suspended_resumed_moved_and_deleted(student, deck) -> None:
    tab = await opened(student)
    greek = await make_deck(student, "Greek")
    await BrowseState.search.fn(tab, "canis")
    for action, argument in (
        (ChosenState.suspend, True),
        (ChosenState.suspend, False),
        (ChosenState.move, f"deck:{greek}"),
    ):
        await ChosenState.choose.fn(tab, [tab.rows[0].id], everything=False)
        await action.fn(tab, argument)
        assert tab.chosen == 0
    assert (tab.rows[0].deck, tab.rows[0].stage) == ("Greek", "new")
    await choose_rows(tab)
    await ChosenState.ask_delete.fn(tab, is_open=True)
    assert tab.is_asking
    await ChosenState.delete.fn(tab)
    assert (tab.total, tab.is_asking) == (0, False)


async def test_what_was_chosen_is_left_out_again(student, deck) -> None:
    tab = await opened(student)
    await choose_rows(tab)
    assert (tab.chosen, tab.all_found) == (3, False)
    before = tab.pick
    await ChosenState.choose_none.fn(tab)
    assert (tab.chosen, tab.picked, tab.pick) == (0, [], before + 1)


async def test_delete_pressed_twice_deletes_once(student, deck) -> None:
    tab = await opened(student)
    await ChosenState.choose.fn(tab, [tab.rows[0].id], everything=False)
    await ChosenState.ask_delete.fn(tab, is_open=True)
    assert await ChosenState.delete.fn(tab) is not None
    assert await ChosenState.delete.fn(tab) is None
    assert tab.total == 2


async def test_the_address_keeps_every_filter_and_the_order(student, deck) -> None:
    tab = await opened(student, "/smart-study/cards?search=canis&state=new&tag=animal")
    assert (tab.text, tab.stage, tab.tag, fronts(tab)) == (
        "canis",
        "new",
        "animal",
        ["canis"],
    )
    sorted_by = await opened(student, "/smart-study/cards?order=-front")
    assert (sorted_by.order, fronts(sorted_by)[0]) == ("-front", "Which cell?")


@pytest.mark.parametrize(
    "query",
    ["order=colour", "order=-", "state=late", f"search={'x' * 501}", "search=is:dew"],
)
async def test_an_address_that_asks_for_nonsense_asks_for_nothing(
    student, deck, query: str
) -> None:
    tab = await opened(student, f"/smart-study/cards?{query}")
    assert (tab.text, tab.stage, tab.order, tab.total) == ("", "", "", 3)


async def test_nothing_chosen_is_said_so(student, deck) -> None:
    tab = await opened(student)
    await ChosenState.ask_delete.fn(tab, is_open=True)
    for attempt in (ChosenState.delete.fn(tab), ChosenState.suspend.fn(tab, on=True)):
        with pytest.raises(InvalidInputError, match="Choose at least one"):
            await attempt
    assert await ChosenState.move.fn(tab, "") is None


async def test_another_students_cards_are_neither_shown_nor_touched(
    student, other_student, deck
) -> None:
    mine = await opened(student)
    tab = await opened(other_student, f"/smart-study/cards?deck=deck:{deck}")
    assert (tab.rows, tab.deck, tab.tags) == ([], "", [])
    await ChosenState.choose.fn(tab, [mine.rows[0].id], everything=False)
    await ChosenState.ask_delete.fn(tab, is_open=True)
    for attempt in (
        ChosenState.delete.fn(tab),
        ChosenState.suspend.fn(tab, on=True),
        ChosenState.flag.fn(tab, "1"),
        ChosenState.move.fn(tab, f"deck:{deck}"),
    ):
        with pytest.raises(NotFoundError):
            await attempt
    await BrowseState.refresh.fn(mine)
    assert mine.total == 3


async def test_a_visitor_sees_nothing(student) -> None:
    tab = open_tab(ChosenState)
    for attempt in (
        BrowseState.load.fn(tab),
        BrowseState.refresh.fn(tab),
        BrowseState.search.fn(tab, "x"),
        ChosenState.choose.fn(tab, ["x"], everything=False),
        ChosenState.choose_between.fn(tab, 0, 1),
        ChosenState.choose_found.fn(tab),
        ChosenState.choose_none.fn(tab),
        ChosenState.ask_delete.fn(tab, is_open=True),
        ChosenState.delete.fn(tab),
        ChosenState.move.fn(tab, "x"),
        BrowseState.show_window.fn(tab, 1),
        BrowseState.sort.fn(tab, "front"),
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
    await ChosenState.choose_found.fn(tab)
    assert tab.all_found
    await ChosenState.add_tag.fn(tab, {"tag": "#Exam 1"})
    assert (tab.tags, tab.all_found, tab.can_undo) == (["exam-1"], False, True)
    await BrowseState.search.fn(tab, "tag:exam-1")
    assert tab.total == 52
    await ChosenState.choose_found.fn(tab)
    await BrowseState.search.fn(tab, '"card 1"')
    assert not tab.all_found
    await ChosenState.choose_found.fn(tab)
    await ChosenState.remove_tag.fn(tab, "exam-1")
    await BrowseState.show_all.fn(tab)
    await ChosenState.choose_found.fn(tab)
    await ChosenState.ask_delete.fn(tab, is_open=True)
    await ChosenState.delete.fn(tab)
    assert tab.total == 0
    for _ in range(3):
        await ChosenState.undo.fn(tab)
        assert tab.can_undo
    assert (tab.total, tab.tags) == (52, [])
    await ChosenState.undo.fn(tab)
    assert not tab.can_undo


async def test_chosen_cards_are_buried(student, deck) -> None:
    tab = await opened(student)
    await ChosenState.choose.fn(tab, [tab.rows[0].id], everything=False)
    await ChosenState.bury.fn(tab)
    await BrowseState.search.fn(tab, "is:buried")
    assert [(row.stage, row.when) for row in tab.rows] == [("buried", "Buried")]
    assert await ChosenState.add_tag.fn(tab, {"tag": " # "}) is None
    assert await ChosenState.remove_tag.fn(tab, "") is None
