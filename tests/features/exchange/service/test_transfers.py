"""One file of cards at a time, and what is said of it."""

from uuid import UUID

import pytest

from studymaster.adapters.database import unit_of_work
from studymaster.errors import ConflictError, NotFoundError
from studymaster.features.exchange.service import transfers
from studymaster.features.exchange.service.merging import Report
from tests.conftest import NOON
from tests.features.flashcards.pile import make_deck, make_own_card

ALL = {"deck_ids": (), "with_media": True, "with_schedule": True, "now": NOON}


async def test_one_file_at_a_time_and_a_withdrawn_one_ends_its_worker(
    student, other_student
) -> None:
    deck = await make_deck(student, "Latin")
    await make_own_card(student, deck)
    whose = {"account_id": student.account_id}
    async with unit_of_work() as work:
        made = await transfers.request_give(work, **whose, **ALL)
    with pytest.raises(ConflictError, match="still under way"):
        async with unit_of_work() as work:
            await transfers.request_give(work, **whose, **ALL)
    one = {"transfer_id": UUID(made.id)}
    with pytest.raises(ConflictError):
        await transfers.forget(**whose, **one)
    with pytest.raises(NotFoundError):
        await transfers.forget(account_id=other_student.account_id, **one)
    async with unit_of_work() as work:
        error = RuntimeError("a fault of ours")
        await transfers.fail(work, **whose, **one, error=error, now=NOON)
    async with unit_of_work() as work:
        seen = await transfers.get_transfer(work, **whose, **one)
    assert seen.state == "failed"
    assert "fault on our side" in seen.failure
    await transfers.forget(**whose, **one)
    with pytest.raises(NotFoundError):
        async with unit_of_work() as work:
            await transfers.beat(
                work, **whose, **one, position=None, report=Report(), now=NOON
            )
