"""Background work on notices: those that a student wants by e-mail go to the mail server."""

from uuid import UUID

import structlog

from studymaster.adapters import clock, mail
from studymaster.adapters.database import unit_of_work
from studymaster.adapters.mail import (
    LetterRefusedError,
    MailServerError,
    NoSuchMailboxError,
)
from studymaster.features.notifications.service import mailing
from studymaster.jobs import JobName
from workers.apart import Apart
from workers.app import task

log = structlog.get_logger(__name__)

AT_ONCE = 100
"""Letters of one run; the next begins half a minute later with whoever waits longest."""


@task(JobName.MAIL_NOTICES)
async def mail_notices() -> None:
    """Send everybody who is due one mail with all that is unread.

    Raises:
        MailServerError: no letter can go; all wait, and the host is told why.
    """
    if not mail.is_offered():
        return
    async with unit_of_work() as work:
        due = await mailing.due_accounts(work, now=clock.now(), limit=AT_ONCE)
    async with Apart(JobName.MAIL_NOTICES) as apart:
        for place, account_id in enumerate(due):
            trouble: MailServerError | None = None
            async with apart.one(account_id):
                trouble = await _mail(account_id)
            if trouble:
                await _wait(account_id, due[place + 1 :])
                raise trouble


async def _mail(account_id: UUID) -> MailServerError | None:
    """Send one student's mail; return why none can go to anybody."""
    async with unit_of_work() as work:
        outgoing = await mailing.begin(work, account_id=account_id, now=clock.now())
    if outgoing is None:
        return None
    ending = mailing.finish
    try:
        await mail.send(outgoing.letter)
    except MailServerError as error:
        return error
    except LetterRefusedError as error:
        log.warning("letter_refused", account_id=str(account_id), reason=error.message)
        return None
    except NoSuchMailboxError:
        ending = mailing.give_up
    async with unit_of_work() as work:
        await ending(work, account_id=account_id, outgoing=outgoing, now=clock.now())
    log.info("letter_done", account_id=str(account_id), gone=ending is mailing.finish)
    return None


async def _wait(tried: UUID, untried: list[UUID]) -> None:
    async with unit_of_work() as work:
        await mailing.await_server(work, tried=tried, untried=untried, now=clock.now())
