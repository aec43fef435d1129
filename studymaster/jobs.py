"""The names of background work: what services ask for and workers answer to."""

from enum import StrEnum
from typing import Final


class JobName(StrEnum):
    """One member per task in workers/; a test holds the two together."""

    SYNC_ACCOUNT = "sync.account"
    SYNC_DUE_ACCOUNTS = "sync.due_accounts"
    READ_TEXTS = "sync.read_texts"
    GENERATE_PROPOSALS = "flashcards.generate"
    FIT_SCHEDULER = "flashcards.fit"
    FIT_MONTHLY = "flashcards.fit_monthly"
    SETTLE_FOCUS = "focus.settle"
    CLOSE_DAYS = "points.close_days"
    TAKE_STOCK = "accountability.take_stock"
    REFRESH_LEADERBOARD = "points.refresh_leaderboard"
    TRANSCRIBE_MEMO = "braindump.transcribe"
    EXPORT_ACCOUNT = "accounts.export"
    DELETE_ACCOUNT = "accounts.delete"
    PRUNE_OLD = "accounts.prune"
    PRUNE_MEDIA = "flashcards.prune_media"
    EXCHANGE_CARDS = "exchange.cards"
    PLAN_EXAMS = "exams.plan"
    PLAN_DUE_EXAMS = "exams.plan_due"
    MAIL_NOTICES = "notifications.mail"
    SWEEP_UNFINISHED = "sweep.unfinished"


QUEUE: Final = "studymaster"
"""What a student waits for, and what takes a moment."""

SYNC_QUEUE: Final = "studymaster.syncs"
"""What may take half an hour: nothing short shall stand behind it."""

SLOW: Final = frozenset(
    {
        JobName.SYNC_ACCOUNT,
        JobName.READ_TEXTS,
        JobName.EXPORT_ACCOUNT,
        JobName.FIT_SCHEDULER,
        JobName.EXCHANGE_CARDS,
        JobName.PLAN_EXAMS,
    }
)

QUEUES: Final = {job: SYNC_QUEUE if job in SLOW else QUEUE for job in JobName}
"""On which queue each job is sent and heard."""

SETTLING: Final = {JobName.REFRESH_LEADERBOARD: 5}
"""Asked for many times at once, done once, so many seconds after the first asked."""
