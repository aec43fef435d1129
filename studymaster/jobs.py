"""The names of background work: what services ask for and workers answer to."""

from enum import StrEnum
from typing import Final

QUEUE: Final = "studymaster"
"""The queue on which jobs are sent and heard."""


class JobName(StrEnum):
    """One member per task in workers/; a test holds the two together."""

    SYNC_ACCOUNT = "sync.account"
    SYNC_DUE_ACCOUNTS = "sync.due_accounts"
    GENERATE_PROPOSALS = "flashcards.generate"
    SWEEP_UNFINISHED = "sweep.unfinished"
