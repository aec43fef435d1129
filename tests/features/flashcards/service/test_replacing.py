from datetime import timedelta
from uuid import uuid4

import pytest

from studymaster.adapters.database import unit_of_work
from studymaster.errors import NotFoundError
from studymaster.features.flashcards.rules.language import parse
from studymaster.features.flashcards.rules.replacing import parse_wish
from studymaster.features.flashcards.schemas import Changed
from studymaster.features.flashcards.service import replacing, undoing
from studymaster.features.flashcards.service.bulk import Chosen
from studymaster.models import CardKind
from tests.conftest import NOON
from tests.features.flashcards.pile import make_deck, make_own_card
from tests.features.flashcards.service.test_bulk import rows
from tests.statements import asked

ALL = Chosen(search=parse(""))


def wish(find, into, where="all", **how):
    told = {"is_pattern": False, "case_matters": False} | how
    return parse_wish(find=find, into=into, where=where, **told)


async def replace(student, *words, chosen=ALL, **how) -> str:
    async with unit_of_work() as work:
        return await replacing.replace(
            work, student=student, chosen=chosen, wish=wish(*words, **how), now=NOON
        )


async def preview(student, *words, chosen=ALL):
    async with unit_of_work() as work:
        return await replacing.preview(
            work, student=student, chosen=chosen, wish=wish(*words), now=NOON
        )


async def duplicates(student, search=""):
    async with unit_of_work() as work:
        return await replacing.find_duplicates(
            work, student=student, search=parse(search), now=NOON
        )


@pytest.fixture
async def deck(student):
    deck = await make_deck(student, "Latin")
    await make_own_card(student, deck, front="canis", back="dog", tags=["animal"])
    await make_own_card(student, deck, front="felis", back="cat")
    await make_own_card(student, deck, front="dog", back="hound", extra="a dog")
    return deck


async def test_words_are_replaced_in_one_step_and_taken_back(student, deck) -> None:
    before = await rows()
    assert await replace(student, "dog", "cat") == "2 cards changed."
    after = await rows()
    assert {(one["front"], one["back"], one["extra"]) for one in after.values()} == {
        ("canis", "cat", ""),
        ("felis", "cat", ""),
        ("cat", "hound", "a cat"),
    }
    async with unit_of_work() as work:
        said = await undoing.undo_last(work, student=student, now=NOON)
    assert said == "Took back: 2 cards changed."
    assert await rows() == before


async def test_the_preview_changes_nothing_and_shows_the_first(student, deck) -> None:
    before = await rows()
    found = await preview(student, "dog", "wolf")
    assert (found.count, found.refused) == (2, 0)
    assert set(found.samples) == {Changed("dog", "wolf"), Changed("dog", "wolf")}
    assert await rows() == before


async def test_only_what_is_chosen_changes_but_with_its_whole_note(student, deck) -> None:
    note = uuid4()
    text = "A {{c1::dog}} and {{c2::a dog}}"
    cloze = {"front": text, "kind": CardKind.CLOZE, "note_id": note}
    first = await make_own_card(student, deck, back="dog", ordinal=1, **cloze)
    second = await make_own_card(student, deck, back="a dog", ordinal=2, **cloze)
    said = await replace(student, "dog", "cow", chosen=Chosen([first.id]))
    assert said == "2 cards changed."
    async with unit_of_work() as work:
        (one, other) = [
            await work.session.get_one(type(card), card.id) for card in (first, second)
        ]
    assert (one.front, one.back, other.back) == (
        "A {{c1::cow}} and {{c2::a cow}}",
        "cow",
        "a cow",
    )
    assert one.front == other.front
    assert "canis" in await rows()


async def test_what_cannot_be_said_stays_and_is_counted(student, deck) -> None:
    said = await replace(student, "felis", "", "front")
    assert said.startswith("No card was changed. 1 stays as it is: a side would be empty")
    said = await replace(student, "dog", "", "front")
    assert said.startswith("No card was changed. 1 stays")
    assert await replace(student, "bird", "x") == "No card was changed."
    async with unit_of_work() as work:
        assert await undoing.undo_last(work, student=student, now=NOON) is None


async def test_a_thousand_cards_take_as_many_statements_as_three(student, deck) -> None:
    with asked() as few:
        await replace(student, "dog", "cat")
    for number in range(60):
        await make_own_card(student, deck, front=f"dog {number}")
    with asked() as many:
        await replace(student, "dog", "cow", chosen=ALL)
    assert len(many) == len(few)


async def test_another_students_cards_are_not_there(student, other_student, deck) -> None:
    foreign = await make_own_card(student, deck, front="dog 7")
    with pytest.raises(NotFoundError):
        await replace(other_student, "dog", "x", chosen=Chosen([foreign.id]))
    with pytest.raises(NotFoundError):
        await preview(other_student, "dog", "x")
    assert (await duplicates(other_student)).groups == ()


async def test_cards_that_ask_the_same_stand_together_the_oldest_first(
    student, deck
) -> None:
    later = await make_own_card(
        student, deck, front=" CANIS ", back="hound", created_at=NOON + timedelta(days=1)
    )
    found = await duplicates(student)
    assert (found.total, found.newer) == (1, (str(later.id),))
    (group,) = found.groups
    assert (group.front, [card.back for card in group.cards]) == ("canis", ["dog", "hound"])
    assert [card.added for card in group.cards] == ["16 Jan 2030", "17 Jan 2030"]
    assert (await duplicates(student, "tag:animal")).groups == ()


async def test_cards_of_one_note_are_no_duplicates(student) -> None:
    deck, note = await make_deck(student, "Latin"), uuid4()
    for ordinal in (1, 2):
        await make_own_card(
            student,
            deck,
            front="{{c1::a}} {{c2::b}}",
            kind=CardKind.CLOZE,
            note_id=note,
            ordinal=ordinal,
        )
    for ordinal in (0, 1):
        await make_own_card(student, deck, front="x", note_id=uuid4(), ordinal=ordinal)
    assert (await duplicates(student)).total == 0
