from asyncio import gather
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from studymaster.adapters.database import unit_of_work
from studymaster.errors import InvalidInputError, NotFoundError
from studymaster.features.flashcards.schemas import Pile, parse_new_card
from studymaster.features.flashcards.service import cards, notes
from studymaster.features.flashcards.service.cards import CardChange
from studymaster.features.flashcards.service.notes import NoteText
from studymaster.models import Card, CardKind
from tests.conftest import NOON
from tests.features.flashcards.pile import TODAY, make_card, make_deck, make_own_card
from tests.features.library.shelf import make_lecture

TWO = "{{c1::feles}} is {{c2::cat}}"
BOX = "{{{{c{}::image-occlusion:rect:left=.1:top=.2:width=.3:height=.1:oi=1}}}}"


async def add(student, **typed):
    deck = await make_deck(student, f"Deck {uuid4()}")
    async with unit_of_work() as work:
        return await cards.add(
            work,
            student=student,
            pile=Pile(deck_id=deck),
            new=parse_new_card(**{"kind": "cloze", "back": "", "tags": ""} | typed),
            first_id=uuid4(),
            now=NOON,
        )


async def edit(student, card_id, **change):
    async with unit_of_work() as work:
        return await cards.edit(
            work,
            student=student,
            card_id=UUID(str(card_id)),
            change=CardChange(**change),
            now=NOON,
        )


async def going(student, card_id, **text):
    async with unit_of_work() as work:
        return await notes.count_going(
            work,
            account_id=student.account_id,
            card_id=UUID(str(card_id)),
            text=NoteText(**text),
        )


async def rows():
    async with unit_of_work() as work:
        found = await work.session.exec(select(Card).order_by(Card.ordinal, Card.front))
        return found.all()


async def answered(card_id, **fields) -> None:
    async with unit_of_work() as work:
        card = await work.session.get(Card, UUID(str(card_id)))
        for name, value in fields.items():
            setattr(card, name, value)


async def test_a_new_gap_makes_a_card_and_leaves_the_schedule_of_the_others(
    student,
) -> None:
    first, second = await add(student, front=TWO, tags="latin")
    await answered(first.id, turn=4, interval_days=9)
    await edit(student, second.id, front=f"{TWO} and {{{{c3::purrs}}}}", extra="See p. 3")
    found = await rows()
    assert [(one.ordinal, one.back, one.turn) for one in found] == [
        (1, "feles", 4),
        (2, "cat", 0),
        (3, "purrs", 0),
    ]
    assert {one.front for one in found} == {f"{TWO} and {{{{c3::purrs}}}}"}
    assert {(one.extra, tuple(one.tags)) for one in found} == {("See p. 3", ("latin",))}
    assert len({one.note_id for one in found}) == 1
    assert found[2].due_on == TODAY


async def test_a_gap_that_is_gone_takes_its_card_and_that_is_known_before(student) -> None:
    first, second = await add(student, front=TWO)
    left = "feles is {{c2::cat}}"
    assert await going(student, first.id, front=left) == 1
    assert await going(student, first.id, front=TWO + ".") == 0
    shown = await edit(student, first.id, front=left)
    assert shown.id == second.id
    assert [one.back for one in await rows()] == ["cat"]


async def test_a_note_whose_numbers_all_change_keeps_a_card(student) -> None:
    (only,) = await add(student, front="It is {{c1::wet}}.")
    await answered(only.id, turn=3)
    await edit(student, only.id, front="It is {{c5::very wet}}.")
    assert [(one.ordinal, one.back, one.turn) for one in await rows()] == [
        (5, "very wet", 3)
    ]


async def test_an_early_card_with_one_gap_becomes_a_note_and_keeps_its_source(
    student,
) -> None:
    card = await make_card(
        student,
        await make_lecture(student),
        kind=CardKind.CLOZE,
        front="A {{c1::b}} c.",
        back="b",
        turn=2,
    )
    await edit(student, card.id, front="A {{c1::b}} {{c2::c}}.")
    old, new = await rows()
    assert (old.id, old.turn, old.ordinal, new.ordinal) == (card.id, 2, 1, 2)
    assert (new.material_id, new.page, new.quote) == (card.material_id, 1, card.quote)
    assert old.note_id == new.note_id == card.id


async def test_one_side_of_a_reversed_pair_changes_the_other_card_too(student) -> None:
    there, back = await add(student, kind="reversed", front="canis", back="dog")
    await edit(student, back.id, front="hound")
    assert [(one.front, one.back) for one in await rows()] == [
        ("canis", "hound"),
        ("hound", "canis"),
    ]
    assert there.note_id == back.note_id is not None


async def test_a_sibling_that_asks_something_else_stays_as_it_is(student) -> None:
    deck, note = await make_deck(student, "Latin"), uuid4()
    card = await make_own_card(student, deck, note_id=note)
    await make_own_card(
        student, deck, note_id=note, ordinal=1, front="Say dog", back="canis"
    )
    await edit(student, card.id, back="hound")
    assert [one.back for one in await rows()] == ["hound", "canis"]


async def test_tags_and_the_deck_go_for_the_whole_note(student) -> None:
    first, _ = await add(student, front=TWO)
    deck = await make_deck(student, "Other")
    await edit(student, first.id, tags="exam", pile=Pile(deck_id=deck))
    assert {(one.deck_id, tuple(one.tags)) for one in await rows()} == {(deck, ("exam",))}


async def test_a_basic_card_can_be_typed_but_no_cloze(student) -> None:
    (card,) = await add(student, kind="basic", front="canis", back="dog")
    assert (await edit(student, card.id, kind="typed")).kind == "typed"
    with pytest.raises(InvalidInputError, match="basic and a typed"):
        await edit(student, card.id, kind="cloze")


async def test_the_places_of_a_picture_are_cards_that_change_together(student) -> None:
    front = "Parts ![A cell](cell.png)"
    first, second = await add(
        student, kind="occlusion", front=front, masks=BOX.format(1) + BOX.format(2)
    )
    assert (first.ordinal, second.ordinal, first.masks) == (1, 2, second.masks)
    changed = BOX.format(2) + "\n" + BOX.format(3)
    assert await going(student, second.id, masks=changed) == 1
    await edit(student, second.id, masks=changed, back="The cell")
    assert [(one.ordinal, one.back, one.masks) for one in await rows()] == [
        (2, "The cell", changed),
        (3, "The cell", changed),
    ]
    with pytest.raises(InvalidInputError, match="cannot be read"):
        await edit(student, second.id, masks="nonsense")


async def test_a_name_of_a_place_changes_no_schedule(student) -> None:
    first, _ = await add(
        student,
        kind="occlusion",
        front="![A cell](cell.png)",
        masks=BOX.format(1) + BOX.format(2),
    )
    await answered(first.id, turn=4)
    named = f"{BOX.format(1)[:-2]}:label=Cell wall}}}}\n{BOX.format(2)}"
    assert await going(student, first.id, masks=named) == 0
    await edit(student, first.id, masks=named)
    assert [(one.ordinal, one.turn, one.masks) for one in await rows()] == [
        (1, 4, named),
        (2, 0, named),
    ]


async def test_two_edits_at_once_make_each_new_card_once(student) -> None:
    first, second = await add(student, front=TWO)
    text = f"{TWO} {{{{c3::now}}}}"
    await gather(*(edit(student, one.id, front=text) for one in (first, second) * 3))
    assert [one.ordinal for one in await rows()] == [1, 2, 3]


async def test_another_students_note_is_not_there(student, other_student) -> None:
    first, _ = await add(student, front=TWO)
    for attempt in (
        edit(other_student, first.id, front="Mine {{c1::now}}"),
        going(other_student, first.id, front="Mine {{c1::now}}"),
    ):
        with pytest.raises(NotFoundError):
            await attempt
    assert {one.front for one in await rows()} == {TWO}
