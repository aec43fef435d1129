"""How often a student may do what reaches others."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final
from uuid import UUID

from studymaster.adapters import limits


class Act(StrEnum):
    """What a student does that others are told of."""

    ASK_BUDDY = "buddy-ask"
    QUESTION = "question"
    ANSWER = "answer"
    REPORT = "report"


A_MINUTE: Final[Mapping[Act, int]] = {
    Act.ASK_BUDDY: 10,
    Act.QUESTION: 5,
    Act.ANSWER: 10,
    Act.REPORT: 10,
}


async def take_turn(act: Act, *, account_id: UUID) -> None:
    """Count an act against the student's pace.

    Raises:
        TooManyRequestsError: they did it as often as a minute allows.
    """
    await limits.take(f"campus:{act}", str(account_id), per_minute=A_MINUTE[act])
