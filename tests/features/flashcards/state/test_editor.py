import pytest
from sqlmodel import select

from studymaster.adapters.database import unit_of_work
from studymaster.errors import InvalidInputError, NotFoundError, SignInError
from studymaster.features.flashcards.rules.browse import parse_search
from studymaster.features.flashcards.schemas import CardProblems, Pile
from studymaster.features.flashcards.service import browse, review
from studymaster.features.flashcards.state.editor import CardEditorState
from studymaster.models import Card, CardKind
from studymaster.paging import Window
from tests.conftest import NOON
from tests.features.flashcards.pile import make_deck, make_own_card
from tests.features.library.shelf import make_course, make_lecture
from tests.tabs import open_tab, tab_of


async def cards_of(student) -> list[tuple[str, str]]:
    async with unit_of_work() as work:
        found = await browse.list_cards(
            work, student=student, search=parse_search(), window=Window(), now=NOON
        )
    return sorted((card.front, card.back) for card in found.items)


def typed(tab, **fields) -> dict[str, object]:
    form = {"kind": "basic", "front": "canis", "back": "dog", "tags": ""}
    return form | {"deck": tab.draft.deck, "visit": tab.visit} | fields


async def opened_new(student, deck="") -> CardEditorState:
    tab = tab_of(student, CardEditorState)
    await CardEditorState.open_new.fn(tab, deck)
    return tab


async def test_an_empty_card_opens_for_the_deck_that_was_meant(student) -> None:
    course = await make_course(student)
    deck = await make_deck(student, "Latin")
    tab = await opened_new(student, f"deck:{deck}")
    assert (tab.is_open, tab.draft.deck) == (True, f"deck:{deck}")
    assert (await opened_new(student)).draft.deck == f"course:{course.id}"
    assert (await opened_new(student, "nonsense")).draft.deck == f"course:{course.id}"


async def test_a_saved_card_leaves_room_for_the_next_in_the_same_deck(student) -> None:
    await make_course(student)
    deck = await make_deck(student, "Latin")
    tab = await opened_new(student)
    visit = tab.visit
    await CardEditorState.save.fn(tab, typed(tab, deck=f"deck:{deck}", kind="reversed"))
    assert (tab.is_open, tab.made, tab.draft.deck) == (True, 2, f"deck:{deck}")
    assert tab.visit != visit
    assert await cards_of(student) == [("canis", "dog"), ("dog", "canis")]


async def test_the_same_form_pressed_twice_makes_one_card(student) -> None:
    await make_deck(student, "Latin")
    tab = await opened_new(student)
    form = typed(tab)
    await CardEditorState.save.fn(tab, form)
    assert await CardEditorState.save.fn(tab, form) is None
    assert (await cards_of(student), tab.made) == ([("canis", "dog")], 1)


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"front": " "}, "front", "cannot be empty"),
        ({"front": "x" * 2_340}, "front", "2,000 characters; this has 2,340"),
        ({"back": "x" * 2_001}, "back", "2,000 characters; this has 2,001"),
        ({"kind": "cloze"}, "front", "Mark the words to hide"),
        ({"tags": f"exam, {'y' * 61}"}, "tags", f"“{'y' * 24}…” has 61"),
        ({"tags": ",".join(f"t{n}" for n in range(21))}, "tags", "these are 21"),
    ],
)
async def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(
    student, fields, field, words
) -> None:
    await make_deck(student, "Latin")
    tab = await opened_new(student)
    visit = tab.visit
    await CardEditorState.save.fn(tab, typed(tab, **fields))
    assert words in getattr(tab.problems, field)
    assert (tab.is_open, tab.visit, tab.made, tab.saved) == (True, visit, 0, 0)
    assert await cards_of(student) == []
    await CardEditorState.save.fn(tab, typed(tab))
    assert (tab.problems, tab.saved) == (CardProblems(), 1)


async def test_a_kind_that_does_not_exist_is_refused(student) -> None:
    await make_deck(student, "Latin")
    tab = await opened_new(student)
    with pytest.raises(InvalidInputError):
        await CardEditorState.save.fn(tab, typed(tab, kind="poem"))


async def test_without_a_course_or_a_deck_the_window_makes_the_first_one(student) -> None:
    tab = await opened_new(student)
    assert tab.choices == []
    await CardEditorState.make_deck.fn(tab, {"name": " "})
    assert "1 to 120" in tab.deck_problem
    await CardEditorState.make_deck.fn(tab, {"name": "Latin"})
    await CardEditorState.make_deck.fn(tab, {"name": "Latin"})
    assert ([one.name for one in tab.choices], tab.is_open) == (["Latin"], True)
    await CardEditorState.save.fn(tab, typed(tab))
    assert await cards_of(student) == [("canis", "dog")]


async def test_a_gap_taken_out_of_a_cloze_is_said_at_its_sentence(student) -> None:
    deck = await make_deck(student, "Latin")
    card = await make_own_card(
        student, deck, kind=CardKind.CLOZE, front="{{c1::canis}} barks", back="canis"
    )
    tab = tab_of(student, CardEditorState)
    await CardEditorState.open_card.fn(tab, str(card.id))
    await CardEditorState.save.fn(tab, typed(tab, front="canis barks", kind=None))
    assert (tab.is_open, "{{c1::words}}" in tab.problems.front) == (True, True)


async def test_a_card_opens_changes_and_closes(student) -> None:
    deck = await make_deck(student, "Latin")
    card = await make_own_card(student, deck, tags=["animal"])
    greek = await make_deck(student, "Greek")
    tab = tab_of(student, CardEditorState)
    await CardEditorState.open_card.fn(tab, str(card.id))
    assert (tab.draft.front, tab.draft.tags, tab.kind) == ("canis", "animal", "basic")
    await CardEditorState.save.fn(tab, typed(tab, back="hound", deck=f"deck:{greek}"))
    assert not tab.is_open
    assert await cards_of(student) == [("canis", "hound")]


async def test_the_window_closes_and_the_kind_changes(student) -> None:
    await make_deck(student, "Latin")
    tab = await opened_new(student)
    await CardEditorState.choose_kind.fn(tab, "cloze")
    await CardEditorState.close.fn(tab, is_open=True)
    assert (tab.kind, tab.is_open) == ("cloze", True)
    await CardEditorState.close.fn(tab, is_open=False)
    assert not tab.is_open


async def test_another_students_card_and_deck_are_not_there(student, other_student) -> None:
    deck = await make_deck(student, "Latin")
    card = await make_own_card(student, deck)
    await make_deck(other_student, "Mine")
    tab = await opened_new(other_student)
    for card_id in (str(card.id), "nonsense"):
        with pytest.raises(NotFoundError):
            await CardEditorState.open_card.fn(tab, card_id)
    for key in (f"deck:{deck}", "", None):
        with pytest.raises(NotFoundError):
            await CardEditorState.save.fn(tab, typed(tab, deck=key))
    assert await cards_of(student) == [("canis", "dog")]


async def test_a_visitor_cannot_type_a_card(student) -> None:
    tab = open_tab(CardEditorState)
    for attempt in (
        CardEditorState.open_new.fn(tab, ""),
        CardEditorState.open_card.fn(tab, "x"),
        CardEditorState.open_page.fn(tab, "x", 1),
        CardEditorState.choose_kind.fn(tab, "basic"),
        CardEditorState.close.fn(tab, is_open=False),
        CardEditorState.save.fn(tab, {}),
        CardEditorState.make_deck.fn(tab, {}),
    ):
        with pytest.raises(SignInError):
            await attempt


PLACES = (
    "{{c1::image-occlusion:rect:left=.1:top=.1:width=.2:height=.1:oi=1}}\n"
    "{{c2::image-occlusion:rect:left=.5:top=.1:width=.2:height=.1:oi=1}}"
)


async def test_each_place_of_a_picture_makes_a_card_and_can_be_moved_later(student) -> None:
    await make_deck(student, "Anatomy")
    tab = await opened_new(student)
    form = {"kind": "occlusion", "front": "![Heart](heart.png)", "back": ""}
    await CardEditorState.save.fn(tab, typed(tab, **form, masks=""))
    assert "Cover at least one place" in tab.problems.masks
    await CardEditorState.save.fn(tab, typed(tab, **form, masks=PLACES))
    assert (tab.problems, tab.made) == (CardProblems(), 2)
    async with unit_of_work() as work:
        found = await browse.list_cards(
            work, student=student, search=parse_search(), window=Window(), now=NOON
        )
    await CardEditorState.open_card.fn(tab, found.items[0].id)
    assert (tab.kind, tab.draft.masks) == ("occlusion", PLACES)
    moved = PLACES.replace("left=.5", "left=.6")
    await CardEditorState.save.fn(
        tab, {**form, "kind": None, "masks": moved, "deck": tab.draft.deck, "tags": ""}
    )
    await CardEditorState.open_card.fn(tab, found.items[1].id)
    assert tab.draft.masks == moved


async def saved_from_a_page(student, tab, material) -> list[Card]:
    await CardEditorState.open_page.fn(tab, str(material.id), 2)
    form = {"front": tab.draft.front, "kind": tab.kind, "back": "", "masks": PLACES}
    origin = {"material": tab.draft.material, "page": str(tab.draft.page)}
    await CardEditorState.save.fn(tab, typed(tab, **form, **origin))
    async with unit_of_work() as work:
        return list((await work.session.exec(select(Card))).all())


async def test_places_on_a_page_of_a_lecture_keep_where_they_come_from(
    student,
) -> None:
    material = await make_lecture(student)
    tab = tab_of(student, CardEditorState)
    made = await saved_from_a_page(student, tab, material)
    assert {(card.material_id, card.page, card.blob_sha1) for card in made} == {
        (material.id, 2, material.blob_sha1)
    }
    assert sorted(card.ordinal for card in made) == [1, 2]
    assert not tab.is_open
    async with unit_of_work() as work:
        found, _ = await review.list_due(
            work, student=student, pile=Pile(), now=NOON, window=Window()
        )
    assert {face.source.picture for face in found.items} == {
        f"/api/v1/materials/{material.id}/pages/2.webp?width=800"
    }
    assert found.items[0].source.quote == ""


async def test_anothers_page_opens_no_card(student, other_student) -> None:
    material = await make_lecture(student)
    tab = tab_of(other_student, CardEditorState)
    with pytest.raises(NotFoundError):
        await CardEditorState.open_page.fn(tab, str(material.id), 2)
    assert not tab.is_open


async def test_the_tags_in_use_are_offered_and_drafts_are_kept_by_student(
    student, other_student
) -> None:
    deck = await make_deck(student, "Latin")
    await make_own_card(student, deck, tags=["exam"])
    tab, other = await opened_new(student), await opened_new(other_student)
    assert (tab.tags, other.tags) == (["exam"], [])
    assert tab.shelf
    assert tab.shelf != other.shelf
