"""Puts whole histories of answers into the log of a student."""

from datetime import timedelta
from uuid import UUID

from studymaster.adapters.database import unit_of_work
from studymaster.features.flashcards.rules.histories import History
from studymaster.models import Card, ReviewLog
from tests.conftest import NOON
from tests.features.flashcards.pile import TODAY


async def put_histories(student, deck_id: UUID, found: list[History]) -> list[UUID]:
    """Make a card for each history, which ended a while ago."""
    late = max(history[-1].day for history in found)
    away = TODAY - late - timedelta(days=1)
    cards, lines = [], []
    for history in found:
        days = [one.day + away for one in history]
        card = Card(
            account_id=student.account_id,
            deck_id=deck_id,
            kind="basic",
            front="canis",
            back="dog",
            due_on=days[-1] + timedelta(days=5),
            interval_days=5,
            repetitions=2,
            turn=len(history),
            created_at=NOON,
        )
        cards.append(card)
        for turn, (one, day) in enumerate(zip(history, days, strict=True)):
            lines.append(
                ReviewLog(
                    account_id=student.account_id,
                    card_id=card.id,
                    turn=turn,
                    grade=one.grade,
                    day=day,
                    drill=turn > 0 and days[turn - 1] == day,
                    elapsed_ms=8_000,
                    easiness_before=250,
                    easiness_after=250,
                    interval_before=0 if turn == 0 else 5,
                    interval_after=5,
                    repetitions_before=turn,
                    repetitions_after=turn + 1,
                    created_at=NOON,
                )
            )
    async with unit_of_work() as work:
        work.session.add_all(cards)
        work.session.add_all(lines)
    return [card.id for card in cards]
