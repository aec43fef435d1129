"""What goes wrong with one account's work stays with it: the others' goes on, the host is told."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, Self, TypeVar
from uuid import UUID

import structlog

from studymaster.adapters import clock
from studymaster.adapters.database import DatabaseAwayError, UnitOfWork, unit_of_work
from studymaster.errors import StudyMasterError
from studymaster.features.accounts.schemas import FailedTask
from studymaster.jobs import JobName
from workers import failures

log = structlog.get_logger(__name__)

Found = TypeVar("Found")
Work = Callable[[Sequence[UUID]], Awaitable[Found]]

MOST_TOLD = 10
"""Of so many accounts the host is told one by one in a run; of more, how many they were."""

SUMMARY = "AccountsLeftOut: {count} accounts were left out in one run. The log names each."


@dataclass(slots=True)
class Apart:
    """One run of a job that works for many accounts, none of which shall wait for another.

    At the end of the run the log has how many were left out; a fault that all have floods no
    page of the host's.
    """

    job: JobName
    left_out: int = field(default=0, init=False)

    async def __aenter__(self) -> Self:
        """Begin the run."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Tell how many accounts were left out."""
        if self.left_out:
            log.warning("accounts_left_out", job=self.job, accounts=self.left_out)
        if self.left_out > MOST_TOLD:
            said = SUMMARY.format(count=self.left_out)
            await failures.keep(FailedTask(task=self.job, arguments="", error=said))

    @asynccontextmanager
    async def one(self, account_id: UUID) -> AsyncGenerator[None]:
        """Keep what goes wrong with one account from ending the run.

        The log has all of it, the host's page whose it is and where it happened.

        Raises:
            DatabaseAwayError: nothing can be kept now; the job is tried again later.
        """
        try:
            yield
        except DatabaseAwayError:
            raise
        except Exception as error:
            log.exception("account_left_out", job=self.job, account_id=str(account_id))
            self.left_out += 1
            if self.left_out <= MOST_TOLD:
                whose = {"account_id": account_id}
                failure = failures.describe(self.job, arguments=whose, error=error)
                await failures.keep(failure)

    async def in_groups(
        self, account_ids: Sequence[UUID], do: Work[Found], *, most: int
    ) -> list[Found]:
        """Work on accounts, at most `most` together; return what came of each group.

        Where a group breaks, each account of it is tried again by itself.

        Raises:
            DatabaseAwayError: nothing can be kept now; the job is tried again later.
        """
        found: list[Found] = []
        for first in range(0, len(account_ids), most):
            found += await self._together(account_ids[first : first + most], do)
        return found

    async def _together(self, account_ids: Sequence[UUID], do: Work[Found]) -> list[Found]:
        if len(account_ids) == 1:
            async with self.one(account_ids[0]):
                return [await do(account_ids)]
            return []
        try:
            return [await do(account_ids)]
        except DatabaseAwayError:
            raise
        except Exception:  # noqa: BLE001 - it comes again below, with the account's name
            log.warning("group_broke", job=self.job, accounts=len(account_ids))
        return [part for one in account_ids for part in await self._together([one], do)]


class SayWhy(Protocol):
    """Keeps on the row of promised work why there is no result."""

    async def __call__(self, work: UnitOfWork, *, error: Exception, now: datetime) -> None:
        """Say it in a sentence for the student."""


@asynccontextmanager
async def promised(say_why: SayWhy) -> AsyncGenerator[None]:
    """Keep on the row of promised work why it cannot be done.

    What was our fault ends the job as well, so that the host learns of it.

    Raises:
        DatabaseAwayError: nothing can be kept now; the job is tried again later.
    """
    try:
        yield
    except DatabaseAwayError:
        raise
    except Exception as error:
        async with unit_of_work() as work:
            await say_why(work, error=error, now=clock.now())
        if not isinstance(error, StudyMasterError):
            raise
