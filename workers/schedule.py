"""What happens by itself, and how often: beat as one table."""

from dataclasses import dataclass

from studymaster.jobs import JobName


@dataclass(frozen=True, slots=True)
class Recurring:
    """A job and the seconds between two of its runs."""

    job: JobName
    every_seconds: float


RECURRING = (
    Recurring(JobName.SYNC_DUE_ACCOUNTS, every_seconds=60),
    Recurring(JobName.SWEEP_UNFINISHED, every_seconds=60),
    Recurring(JobName.SETTLE_FOCUS, every_seconds=30),
    Recurring(JobName.TAKE_STOCK, every_seconds=30),
    Recurring(JobName.MAIL_NOTICES, every_seconds=30),
    Recurring(JobName.PLAN_DUE_EXAMS, every_seconds=15 * 60),
    Recurring(JobName.CLOSE_DAYS, every_seconds=15 * 60),
    Recurring(JobName.PRUNE_OLD, every_seconds=3600),
    Recurring(JobName.FIT_MONTHLY, every_seconds=3600),
    Recurring(JobName.PRUNE_MEDIA, every_seconds=24 * 3600),
)

BEAT = {
    item.job.value: {
        "task": item.job.value,
        "schedule": item.every_seconds,
        # Whoever could not be asked in time is asked by the next tick, not twice.
        "options": {"expires": item.every_seconds},
    }
    for item in RECURRING
}
