"""Notes put among those that are here, by hand and in the thousands."""

from datetime import date
from uuid import uuid4

from sqlmodel import select

from studymaster.adapters.database import unit_of_work
from studymaster.features.exchange.rules.types import Kind, ReadCard, ReadNote
from studymaster.features.exchange.service import merging
from studymaster.features.exchange.service.merging import (
    DeckPlace,
    Incoming,
    Report,
    Target,
)
from studymaster.models import Card
from tests.conftest import NOON
from tests.features.flashcards.pile import make_deck


def incoming(raw: str, *gaps: int) -> Incoming:
    front = "The cell " + " ".join(f"{{{{c{gap}::word{gap}}}}}" for gap in gaps)
    cards = [ReadCard(gap - 1, gap, front, f"word{gap}") for gap in gaps]
    note = ReadNote(Kind.CLOZE, cards, "", None, shared=True)
    return Incoming("guid", raw, front, "", note, ("a",), NOON, {0: "cells", 1: "cells"})


async def put(student, deck_id, *notes: Incoming) -> Report:
    report = Report()
    places = {"cells": DeckPlace(deck_id, remembers=False)}
    target = Target(student.account_id, date(2030, 1, 16), NOON, places)
    async with unit_of_work() as work:
        await merging.write(work, notes, target=target, report=report)
    return report


async def test_a_gap_that_came_later_gets_its_card_and_one_that_went_loses_it(
    student,
) -> None:
    deck = await make_deck(student, "Cells")
    assert (await put(student, deck, incoming("1", 1, 2))).cards == 2
    assert (await put(student, deck, incoming("1", 1, 2))).same == 1
    assert (await put(student, deck, incoming("2", 2, 3))).changed == 1
    async with unit_of_work() as work:
        cards = (await work.session.exec(select(Card).order_by("ordinal"))).all()
    assert [(card.ordinal, card.back) for card in cards] == [(2, "word2"), (3, "word3")]
    assert len({card.trace for card in cards}) == 1
    assert (await put(student, deck, incoming("2", 2, 3))).same == 1


async def test_a_note_twice_in_a_file_is_taken_once_and_a_broken_one_is_named(
    student,
) -> None:
    deck = await make_deck(student, "Cells")
    broken = Incoming(str(uuid4()), "x", "a name", "why it stays outside")
    report = await put(student, deck, incoming("1", 1), broken, incoming("1", 1))
    assert (report.new, report.same, report.broken) == (1, 1, 1)
    assert report.left_out == [["a name", "why it stays outside"]]
