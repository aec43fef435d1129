"""A table in and out, as a worker carries it."""

from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import col, select

from studymaster.adapters.database import unit_of_work
from studymaster.adapters.storage import get_storage
from studymaster.errors import InvalidInputError, NotFoundError
from studymaster.features.exchange.schemas import TableWish
from studymaster.features.exchange.service import sheets, transfers
from studymaster.models import Card, Deck, Transfer
from tests.conftest import NOON
from tests.features.flashcards.pile import make_deck, make_own_card
from tests.jobs import carry_out
from workers import exchange

TABLE = """Question,Answer,Tags,Deck
canis,dog,Animal pet,
felis,"cat, small",,Zoo::Cats
,nobody,,
=1+1,two,,
"""


async def sent(student, text: str | bytes, tmp_path: Path, name="words.csv"):
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    made = await transfers.request_look(
        account_id=student.account_id, name=name, path=path, now=NOON
    )
    return await carried(student, made.id)


async def carried(student, transfer_id: str):
    whose = {"account_id": str(student.account_id), "transfer_id": transfer_id}
    await carry_out(exchange.exchange, **whose)
    async with unit_of_work() as work:
        return await transfers.get_transfer(
            work, account_id=student.account_id, transfer_id=UUID(transfer_id)
        )


async def taken(student, seen, deck: UUID, **table):
    async with unit_of_work() as work:
        await transfers.request_take(
            work,
            account_id=student.account_id,
            transfer_id=UUID(seen.id),
            table=TableWish(deck=f"deck:{deck}", **table),
            now=NOON,
        )
    return await carried(student, seen.id)


async def cards() -> list[tuple[str, str, list[str], str]]:
    statement = (
        select(Card.front, Card.back, Card.tags, Deck.name)
        .join(Deck, col(Deck.id) == col(Card.deck_id))
        .order_by(col(Card.created_at), col(Card.ordinal))
    )
    async with unit_of_work() as work:
        return [tuple(row) for row in (await work.session.exec(statement)).all()]


async def test_a_table_is_looked_at_then_taken_row_by_row(student, tmp_path) -> None:
    deck = await make_deck(student, "Latin")
    seen = await sent(student, TABLE, tmp_path)
    assert (seen.state, seen.form, seen.new, seen.broken) == ("done", "csv", 3, 1)
    assert [one.role for one in seen.table.columns] == ["front", "back", "tags", "deck"]
    assert seen.table.sentence == (
        "A table divided by commas; its first row names the columns."
    )
    assert seen.table.rows[1] == ["felis", "cat, small", "", "Zoo::Cats"]
    assert await cards() == []
    done = await taken(student, seen, deck)
    assert (done.state, done.new, done.cards, done.broken) == ("done", 3, 3, 1)
    assert done.left_out[0].name == "Line 4: nobody"
    assert done.left_out[0].why == "Its front is empty."
    assert await cards() == [
        ("canis", "dog", ["animal", "pet"], "Latin"),
        ("felis", "cat, small", [], "Zoo::Cats"),
        ("=1+1", "two", [], "Latin"),
    ]


async def test_the_same_table_again_changes_what_differs_and_doubles_nothing(
    student, tmp_path
) -> None:
    deck = await make_deck(student, "Latin")
    await taken(student, await sent(student, TABLE, tmp_path), deck)
    again = TABLE.replace("canis,dog", "canis,hound")
    done = await taken(student, await sent(student, again, tmp_path), deck)
    assert (done.new, done.changed, done.same, done.broken) == (0, 1, 2, 1)
    assert [(front, back) for front, back, *_ in await cards()][:1] == [("canis", "hound")]
    assert len(await cards()) == 3


async def test_columns_and_kind_are_as_the_student_says(student, tmp_path) -> None:
    deck = await make_deck(student, "Latin")
    seen = await sent(student, "dog;canis\ncat;felis\n", tmp_path)
    roles = ["back", "front"]
    done = await taken(student, seen, deck, roles=roles, form="reversed")
    assert (done.new, done.cards) == (2, 4)
    assert [row[:2] for row in await cards()][:2] == [("canis", "dog"), ("dog", "canis")]


@pytest.mark.parametrize(
    ("table", "error"),
    [
        ({"roles": ["skip", "skip"]}, InvalidInputError),
        ({"roles": ["front", "front"]}, InvalidInputError),
        ({"form": "poem"}, InvalidInputError),
    ],
)
async def test_a_table_cannot_be_taken_anyhow(student, tmp_path, table, error) -> None:
    deck = await make_deck(student, "Latin")
    seen = await sent(student, "a;b\n", tmp_path)
    with pytest.raises(error):
        await taken(student, seen, deck, **table)
    assert (await cards(), (await carried(student, seen.id)).step) == ([], "look")


async def test_a_table_goes_into_no_deck_of_anothers(
    student, other_student, tmp_path
) -> None:
    theirs = await make_deck(other_student, "Latin")
    seen = await sent(student, "a;b\n", tmp_path)
    with pytest.raises(NotFoundError):
        await taken(student, seen, theirs)


async def test_what_is_no_table_says_so(student, tmp_path) -> None:
    seen = await sent(student, b"\x00\x01\x02", tmp_path, "cards.bin")
    assert seen.state == "failed"
    assert "neither an Anki package nor a table" in seen.failure


async def test_another_encoding_is_read_and_named(student, tmp_path) -> None:
    deck = await make_deck(student, "Deutsch")
    seen = await sent(student, "früh;early\n".encode("cp1252"), tmp_path)
    assert "It is not UTF-8" in seen.table.sentence
    await taken(student, seen, deck)
    assert (await cards())[0][0] == "früh"


async def test_an_import_that_was_cut_short_goes_on_behind_the_last_row(
    student, tmp_path, monkeypatch
) -> None:
    monkeypatch.setattr(sheets, "ROWS_AT_ONCE", 2)
    deck = await make_deck(student, "Latin")
    seen = await sent(student, "".join(f"q{n};a{n}\n" for n in range(7)), tmp_path)
    async with unit_of_work() as work:
        await transfers.request_take(
            work,
            account_id=student.account_id,
            transfer_id=UUID(seen.id),
            table=TableWish(deck=f"deck:{deck}"),
            now=NOON,
        )
    beats = 0
    real = transfers.beat

    async def die(work, **how):
        nonlocal beats
        beats += 1
        await real(work, **how)
        if beats == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(transfers, "beat", die)
    with pytest.raises(KeyboardInterrupt):
        await carried(student, seen.id)
    assert len(await cards()) == 4
    monkeypatch.setattr(transfers, "beat", real)
    done = await carried(student, seen.id)
    assert (done.state, done.new, done.same) == ("done", 7, 0)
    assert [row[0] for row in await cards()] == [f"q{n}" for n in range(7)]


async def test_a_table_that_went_out_comes_in_again_as_it_was(
    student, other_student, tmp_path
) -> None:
    deck = await make_deck(student, "Latin")
    await make_own_card(
        student, deck, front='=a, "b"', back="-1\nnext", tags=["x", "y"], extra="e"
    )
    note = await make_own_card(student, deck, front="there", back="back", created_at=NOON)
    await make_own_card(
        student, deck, front="back", back="there", note_id=note.id, ordinal=1
    )
    async with unit_of_work() as work:
        (await work.session.get_one(Card, note.id)).note_id = note.id
        made = await transfers.request_table(
            work, account_id=student.account_id, deck_ids=(), now=NOON
        )
    given = await carried(student, made.id)
    assert (given.state, given.new, given.cards, given.name) == ("done", 2, 3, "Latin.csv")
    async with unit_of_work() as work:
        row = await work.session.get_one(Transfer, UUID(made.id))
    async with get_storage().lend(row.storage_key) as path:
        text = path.read_bytes()
    assert b"'=a" in text
    seen = await sent(other_student, text, tmp_path)
    target = await make_deck(other_student, "Other")
    done = await taken(other_student, seen, target)
    assert (done.new, done.cards, done.broken) == (2, 3, 0)
    async with unit_of_work() as work:
        rows = (await work.session.exec(select(Card))).all()
    kept = {
        account: sorted(
            (card.front, card.back, card.extra, tuple(card.tags), card.kind)
            for card in rows
            if card.account_id == account
        )
        for account in (student.account_id, other_student.account_id)
    }
    mine, theirs = kept.values()
    assert mine == theirs
