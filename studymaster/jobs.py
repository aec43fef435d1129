"""The names of background work: what services ask for and workers answer to."""

from enum import StrEnum
from typing import Final


class JobName(StrEnum):
    """One member per task in workers/; a test holds the two together."""

    SYNC_ACCOUNT = "sync.account"
    SYNC_DUE_ACCOUNTS = "sync.due_accounts"
    GENERATE_PROPOSALS = "flashcards.generate"
    SWEEP_UNFINISHED = "sweep.unfinished"


QUEUE: Final = "studymaster"
"""What a student waits for, and what takes a moment."""

SYNC_QUEUE: Final = "studymaster.syncs"
"""What may take half an hour: nothing short shall stand behind it."""

QUEUES: Final = {
    JobName.SYNC_ACCOUNT: SYNC_QUEUE,
    JobName.SYNC_DUE_ACCOUNTS: QUEUE,
    JobName.GENERATE_PROPOSALS: QUEUE,
    JobName.SWEEP_UNFINISHED: QUEUE,
}
"""On which queue each job is sent and heard."""
