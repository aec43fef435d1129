"""What students say of each other's things: that one is useful, or should not be here."""

from typing import Final
from uuid import UUID

from sqlalchemy import inspect
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from studymaster.adapters.database import UnitOfWork
from studymaster.errors import ConflictError
from studymaster.models import (
    AnswerReport,
    AnswerVote,
    QuestionReport,
    ResourceReport,
    ResourceVote,
)

OWN_VOTE: Final = "It is yours, so your vote does not count."
OWN_REPORT: Final = "It is yours. Remove it if it should not be here."
REPORTED: Final = "You have reported it already."


async def keep_vote(
    work: UnitOfWork,
    vote: ResourceVote | AnswerVote,
    *,
    author_id: UUID | None,
    useful: bool | None,
) -> None:
    """Keep that a locked thing is useful, or not; None turns round what was said.

    Raises:
        ConflictError: the voter is its author.
    """
    if vote.account_id == author_id:
        raise ConflictError(OWN_VOTE)
    kind = type(vote)
    known = await work.session.get(kind, inspect(kind).primary_key_from_instance(vote))
    wish = known is None if useful is None else useful
    if wish and known is None:
        work.session.add(vote)
    if not wish and known is not None:
        await work.session.delete(known)
    await work.session.flush()


async def keep_report(
    work: UnitOfWork,
    report: ResourceReport | QuestionReport | AnswerReport,
    *,
    author_id: UUID | None,
) -> None:
    """Keep that a locked thing should not be here.

    Raises:
        ConflictError: whoever says so is its author, or has said so already.
    """
    if report.account_id == author_id:
        raise ConflictError(OWN_REPORT)
    kind = type(report)
    statement = (
        insert(kind)
        .values(report.model_dump())
        .on_conflict_do_nothing()
        .returning(col(kind.account_id))
    )
    if (await work.session.exec(statement)).one_or_none() is None:
        raise ConflictError(REPORTED)
