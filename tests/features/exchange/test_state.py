"""The page of import and export, as one tab holds it."""

import pytest

from studymaster.errors import NotFoundError
from studymaster.features.exchange.state import EVERY_DECK, ExchangeState
from tests.conftest import NOBODYS_ID
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
