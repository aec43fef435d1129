from uuid import UUID

import pytest

from studymaster.adapters.database import unit_of_work
from studymaster.errors import ConflictError, InvalidInputError, NotFoundError
from studymaster.features.flashcards.schemas import SearchWish
from studymaster.features.flashcards.service import searches
from tests.conftest import NOON
from tests.features.flashcards.pile import make_deck


async def keep(student, name="Hard ones", **wish):
    async with unit_of_work() as work:
        return await searches.keep(
            work,
            account_id=student.account_id,
            wish=SearchWish(name, **{"text": "prop:ease<1.5", **wish}),
            now=NOON,
        )


async def kept(student):
    async with unit_of_work() as work:
        return await searches.list_searches(work, account_id=student.account_id)


async def test_searches_are_kept_by_name_and_lead_to_their_cards(student) -> None:
    deck = await make_deck(student, "Latin")
    await keep(student, "zoo")
    await keep(
        student, " Ä  b ", text='"cell wall" -tag:x', stage="due", deck=f"deck:{deck}"
    )
    first, last = sorted(await kept(student), key=lambda one: one.name == "zoo")
    assert (first.name, last.name) == ("Ä b", "zoo")
    assert last.address == "/smart-study/cards?search=prop%3Aease%3C1.5"
    assert first.address.endswith(f"state=due&deck=deck%3A{deck}")


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        ({"name": " "}, "cannot be empty"),
        ({"name": "x" * 81}, "at most 80"),
        ({"text": "  "}, "Search for something first"),
        ({"text": "is:nothing"}, "is:"),
        ({"text": "(a"}, "."),
    ],
)
async def test_what_cannot_be_searched_for_is_not_kept(student, wish, sentence) -> None:
    with pytest.raises(InvalidInputError, match=sentence):
        await keep(student, **wish)
    assert await kept(student) == []


async def test_a_name_is_used_once_whatever_its_letters(student, other_student) -> None:
    mine = await keep(student, "Hard")
    await keep(other_student, "Hard")
    with pytest.raises(ConflictError, match="that name already"):
        await keep(student, "hard")
    other = await keep(student, "Easy")
    async with unit_of_work() as work:
        renamed = await searches.rename(
            work,
            account_id=student.account_id,
            search_id=UUID(mine.id),
            name="HARD",
        )
    assert renamed.name == "HARD"
    with pytest.raises(ConflictError):
        async with unit_of_work() as work:
            await searches.rename(
                work,
                account_id=student.account_id,
                search_id=UUID(other.id),
                name="hard",
            )


async def test_there_are_at_most_fifty(student) -> None:
    for one in range(50):
        await keep(student, f"{one}")
    with pytest.raises(ConflictError, match="50 searches"):
        await keep(student)


async def test_anothers_search_is_not_there(student, other_student) -> None:
    deck = await make_deck(other_student, "Latin")
    with pytest.raises(NotFoundError):
        await keep(student, deck=f"deck:{deck}")
    theirs = UUID((await keep(other_student)).id)
    for deed, how in ((searches.forget, {}), (searches.rename, {"name": "x"})):
        with pytest.raises(NotFoundError):
            async with unit_of_work() as work:
                await deed(work, account_id=student.account_id, search_id=theirs, **how)
    assert (await kept(student), len(await kept(other_student))) == ([], 1)
