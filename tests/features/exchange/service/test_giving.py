"""Cards on their way out keep the names of their notes."""

from pathlib import Path

from sqlmodel import select

from studymaster.adapters.anki.package import opened
from studymaster.adapters.database import unit_of_work
from studymaster.features.exchange.service import giving
from studymaster.features.exchange.service.giving import Wish
from studymaster.models import Card
from tests.conftest import NOON
from tests.features.flashcards.pile import make_deck, make_own_card


async def told(work, place, report) -> None:
    """Take no notice."""


async def test_a_note_is_called_the_same_each_time_and_only_the_chosen_deck_goes(
    student, tmp_path: Path
) -> None:
    deck = await make_deck(student, "Latin")
    card = await make_own_card(student, deck)
    await make_own_card(student, await make_deck(student, "Greek"))
    seen = []
    for name in ("one.apkg", "two.apkg"):
        wish = Wish(student.account_id, (deck,))
        report = await giving.give(
            tmp_path / name, wish, zone=("UTC", 4), now=NOON, tell=told
        )
        assert report.new == 1
        with opened(tmp_path / name, most_bytes=10_000_000) as package:
            seen += package.collection.notes(after=0, limit=9)
    assert {note.guid for note in seen} == {card.id.hex}
    async with unit_of_work() as work:
        kept = (await work.session.exec(select(Card).where(Card.id == card.id))).one()
    assert kept.guid == card.id.hex
    assert kept.trace
