"""The page of import and export, as one tab holds it."""

import pytest

from studymaster.errors import InvalidInputError, NotFoundError
from studymaster.features.exchange.service import transfers
from studymaster.features.exchange.state import EVERY_DECK, ExchangeState
from tests.conftest import NOBODYS_ID, NOON
from tests.features.flashcards.pile import make_deck, make_own_card
from tests.jobs import carry_out
from tests.tabs import tab_of
from workers.exchange import exchange


async def test_a_tab_writes_a_file_shows_it_and_forgets_it(student, sent) -> None:
    await make_own_card(student, await make_deck(student, "Latin"))
    await make_deck(student, "Empty")
    tab = tab_of(student, ExchangeState)
    await tab.load()
    assert [deck.name for deck in tab.decks] == ["Latin"]
    with pytest.raises(NotFoundError):
        await tab.give({"deck": f"deck:{NOBODYS_ID}"})
    await tab.give({"deck": EVERY_DECK, "with_media": "on"})
    assert tab.is_busy
    await carry_out(exchange, **sent.pop().arguments)
    await tab.refresh()
    (file,) = tab.files
    assert (file.state, file.new, tab.is_busy) == ("done", 1, False)
    assert file.address.endswith("/file")
    await tab.forget(file.id)
    assert tab.files == []


async def test_a_table_is_taken_with_the_columns_of_the_form(
    student, sent, tmp_path
) -> None:
    deck = await make_deck(student, "Latin")
    path = tmp_path / "words.csv"
    path.write_text("dog,canis\ncat,felis\n", encoding="utf-8")
    made = await transfers.request_look(
        account_id=student.account_id, name="words.csv", path=path, now=NOON
    )
    await carry_out(exchange, **sent.pop().arguments)
    tab = tab_of(student, ExchangeState)
    await tab.load()
    assert [one.name for one in tab.targets] == ["Latin"]
    assert [one.field for one in tab.files[0].table.columns] == ["role-0", "role-1"]
    form = {"transfer_id": made.id, "deck": f"deck:{deck}", "form": "basic"}
    with pytest.raises(InvalidInputError, match="fronts"):
        await tab.take(form | {"role-0": "back", "role-1": "skip", "role-": "x"})
    await tab.take(form | {"role-1": "front", "role-0": "back"})
    await carry_out(exchange, **sent.pop().arguments)
    await tab.refresh()
    assert (tab.files[0].state, tab.files[0].new) == ("done", 2)
    assert [deck.name for deck in tab.decks] == ["Latin"]
    await tab.give({"deck": EVERY_DECK, "form": "csv"})
    await carry_out(exchange, **sent.pop().arguments)
    await tab.refresh()
    assert {one.name for one in tab.files} == {"words.csv", "Latin.csv"}
