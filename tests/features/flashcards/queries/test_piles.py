from sqlmodel import select

from studymaster.adapters.database import unit_of_work
from studymaster.features.flashcards.queries.piles import deck_ids, in_pile
from studymaster.features.flashcards.schemas import EVERYTHING, Pile
from studymaster.models import Deck
from tests.features.flashcards.pile import make_deck


async def names_in(pile: Pile) -> list[str]:
    async with unit_of_work() as work:
        statement = select(Deck.name).where(*in_pile(pile)).order_by(Deck.name)
        return list((await work.session.exec(statement)).all())


async def test_a_deck_holds_those_that_lie_in_it_and_no_others(
    student, other_student
) -> None:
    top = await make_deck(student, "Languages")
    await make_deck(student, "languages::Spanish")
    await make_deck(student, "Languages of old")
    await make_deck(other_student, "Languages::Greek")
    assert await names_in(Pile(deck_id=top)) == ["Languages", "languages::Spanish"]


async def test_everything_has_no_list_of_decks(student, other_student) -> None:
    deck = await make_deck(student, "Latin")
    async with unit_of_work() as work:
        session = work.session
        assert await deck_ids(session, student.account_id, EVERYTHING) is None
        pile = Pile(deck_id=deck)
        assert await deck_ids(session, student.account_id, pile) == {deck}
        assert await deck_ids(session, other_student.account_id, pile) == frozenset()
