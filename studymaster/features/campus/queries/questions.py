"""Every SELECT on quick questions and answers: only of courses that the account has."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, or_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select

from studymaster.features.campus.schemas.questions import QuestionOrder, WantedQuestions
from studymaster.models import (
    Account,
    Answer,
    AnswerReport,
    AnswerVote,
    Block,
    Course,
    MoodleConnection,
    Question,
    QuestionReport,
)
from studymaster.paging import Window

QuestionRow = tuple[Question, Account | None, int]
"""A question, who asks, and how many answers it has."""

AnswerRow = tuple[Answer, Account | None, int, bool]
"""An answer, whose it is, its votes, and whether the account's is among them."""


async def questions(
    session: AsyncSession, account_id: UUID, *, wanted: WantedQuestions, window: Window
) -> Sequence[QuestionRow]:
    """Return the questions that the account may see, unanswered or newest first."""
    newest = col(Question.created_at).desc()
    answered = _answers(account_id) > 0
    by_need = (answered, newest) if wanted.order is QuestionOrder.UNANSWERED else (newest,)
    statement = (
        _visible(account_id)
        .where(*_wanted(wanted))
        .order_by(*by_need, col(Question.id))
        .offset(window.offset)
        .limit(window.probe)
    )
    return (await session.exec(statement)).all()


async def question_by_id(
    session: AsyncSession, account_id: UUID, *, question_id: UUID
) -> QuestionRow | None:
    """Return a question if the account may see it."""
    statement = _visible(account_id).where(col(Question.id) == question_id)
    return (await session.exec(statement)).one_or_none()


async def lock_question(
    session: AsyncSession, account_id: UUID, *, question_id: UUID
) -> QuestionRow | None:
    """Return a question that the account may see, locked with all its answers."""
    # In this order: what was read before the lock may have changed while waiting for it.
    locked = select(Question.id).where(Question.id == question_id).with_for_update()
    if (await session.exec(locked)).one_or_none() is None:
        return None
    return await question_by_id(session, account_id, question_id=question_id)


async def add_question(
    session: AsyncSession, account_id: UUID, *, question: Question
) -> bool:
    """Write a question unless it is there already; tell whether it was written."""
    statement = (
        insert(Question)
        .values({**question.model_dump(), "account_id": account_id})
        .on_conflict_do_nothing(index_elements=["id"])
        .returning(col(Question.id))
    )
    return (await session.exec(statement)).first() is not None


async def add_answer(session: AsyncSession, account_id: UUID, *, answer: Answer) -> bool:
    """Write an answer unless it is there already; tell whether it was written."""
    statement = (
        insert(Answer)
        .values({**answer.model_dump(), "account_id": account_id})
        .on_conflict_do_nothing(index_elements=["id"])
        .returning(col(Answer.id))
    )
    return (await session.exec(statement)).first() is not None


async def answers(
    session: AsyncSession, account_id: UUID, *, question_id: UUID, window: Window
) -> Sequence[AnswerRow]:
    """Return the answers to a question: what helped first, then by votes, then by age."""
    statement = (
        _answer_rows(account_id)
        .where(col(Answer.question_id) == question_id)
        .order_by(
            col(Answer.helped).desc(),
            _votes().desc(),
            col(Answer.created_at),
            col(Answer.id),
        )
        .offset(window.offset)
        .limit(window.probe)
    )
    return (await session.exec(statement)).all()


async def answer_by_id(
    session: AsyncSession, account_id: UUID, *, answer_id: UUID
) -> AnswerRow | None:
    """Return an answer that is not hidden from the account; its question may still be."""
    statement = _answer_rows(account_id).where(col(Answer.id) == answer_id)
    return (await session.exec(statement)).one_or_none()


async def question_of_answer(
    session: AsyncSession,
    account_id: UUID,  # noqa: ARG001  (who may see it is asked once the thread is locked)
    *,
    answer_id: UUID,
) -> UUID | None:
    """Return which question an answer belongs to; to be locked before anything is read."""
    statement = select(Answer.question_id).where(Answer.id == answer_id)
    return (await session.exec(statement)).one_or_none()


async def helped_answers(
    session: AsyncSession, account_id: UUID, *, question_id: UUID
) -> Sequence[Answer]:
    """Return the answers that the account, who asks, marked."""
    statement = (
        select(Answer)
        .join(Question, col(Question.id) == col(Answer.question_id))
        .where(
            Question.id == question_id,
            Question.account_id == account_id,
            col(Answer.helped),
        )
    )
    return (await session.exec(statement)).all()


async def others_in_thread(
    session: AsyncSession, account_id: UUID, *, question_id: UUID
) -> set[UUID]:
    """Return who else asks or answers in a thread."""
    asker = select(Question.account_id).where(Question.id == question_id)
    answerers = select(Answer.account_id).where(Answer.question_id == question_id)
    found = {*(await session.exec(asker)).all(), *(await session.exec(answerers)).all()}
    return {one for one in found if one is not None} - {account_id}


async def count_question_reports(
    session: AsyncSession, account_id: UUID, *, question_id: UUID
) -> int:
    """Return how many others than the account reported a question."""
    statement = (
        select(func.count())
        .select_from(QuestionReport)
        .where(
            QuestionReport.question_id == question_id,
            QuestionReport.account_id != account_id,
        )
    )
    return (await session.exec(statement)).one()


async def count_answer_reports(
    session: AsyncSession, account_id: UUID, *, answer_id: UUID
) -> int:
    """Return how many others than the account reported an answer."""
    statement = (
        select(func.count())
        .select_from(AnswerReport)
        .where(AnswerReport.answer_id == answer_id, AnswerReport.account_id != account_id)
    )
    return (await session.exec(statement)).one()


def _visible(account_id: UUID) -> Select[Question, Account, int]:
    in_course = (
        exists()
        .where(
            col(Course.account_id) == account_id,
            col(Course.listed),
            col(Course.moodle_id) == col(Question.moodle_course_id),
            col(MoodleConnection.id) == col(Course.connection_id),
            col(MoodleConnection.site_url) == col(Question.site_url),
        )
        .correlate(Question)
    )
    apart = _is_apart(account_id, col(Question.account_id))
    as_one_of_many = and_(in_course, col(Question.hidden_at).is_(None), ~apart)
    return (
        select(Question, Account, _answers(account_id))
        .join(Account, col(Account.id) == col(Question.account_id), isouter=True)
        .where(or_(col(Question.account_id) == account_id, as_one_of_many))
    )


def _answer_rows(account_id: UUID) -> Select[Answer, Account, int, bool]:
    voted = exists().where(
        col(AnswerVote.answer_id) == col(Answer.id),
        col(AnswerVote.account_id) == account_id,
    )
    return (
        select(Answer, Account, _votes(), voted)
        .join(Account, col(Account.id) == col(Answer.account_id), isouter=True)
        .where(_may_read(account_id))
    )


def _may_read(account_id: UUID) -> ColumnElement[bool]:
    """Say of an answer that it is the account's own, or neither hidden nor kept from it."""
    return or_(
        col(Answer.account_id) == account_id,
        and_(
            col(Answer.hidden_at).is_(None),
            ~_is_apart(account_id, col(Answer.account_id)),
        ),
    )


def _is_apart(account_id: UUID, author: Mapped[UUID | None]) -> ColumnElement[bool]:
    """Say that the account blocks an author, or the author the account."""
    blocker, blocked = col(Block.blocker_id), col(Block.blocked_id)
    return exists().where(
        or_(
            and_(blocker == account_id, blocked == author),
            and_(blocker == author, blocked == account_id),
        )
    )


def _answers(account_id: UUID) -> ScalarSelect[int]:
    return (
        select(func.count())
        .select_from(Answer)
        .where(col(Answer.question_id) == col(Question.id), _may_read(account_id))
        .correlate(Question)
        .scalar_subquery()
    )


def _votes() -> ScalarSelect[int]:
    return (
        select(func.count())
        .select_from(AnswerVote)
        .where(col(AnswerVote.answer_id) == col(Answer.id))
        .correlate(Answer)
        .scalar_subquery()
    )


def _wanted(wanted: WantedQuestions) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        or_(
            col(Question.title).icontains(word, autoescape=True),
            col(Question.text).icontains(word, autoescape=True),
        )
        for word in wanted.words
    ]
    if wanted.course is not None:
        found.append(col(Question.site_url) == wanted.course.site_url)
        found.append(col(Question.moodle_course_id) == wanted.course.moodle_id)
    return found
