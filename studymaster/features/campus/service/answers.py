"""What others answer to a quick question, and which answer helped who asked."""

from datetime import datetime
from typing import Final
from uuid import UUID

from studymaster.adapters.database import UnitOfWork
from studymaster.errors import NotFoundError
from studymaster.features.accounts.schemas import Student
from studymaster.features.campus.queries import questions as queries
from studymaster.features.campus.queries.questions import AnswerRow
from studymaster.features.campus.rules import questions as rules
from studymaster.features.campus.rules import reports
from studymaster.features.campus.rules.excerpts import gist
from studymaster.features.campus.rules.sending import id_of
from studymaster.features.campus.schemas.questions import AnswerView, TypedAnswer
from studymaster.features.campus.service.opinions import keep_report, keep_vote
from studymaster.features.campus.service.questions import (
    NOT_YOURS,
    get_question,
    hide,
    lock_question,
    news_of,
    tell_thread,
)
from studymaster.features.campus.service.telling import tell_of
from studymaster.features.notifications.schemas import Notice
from studymaster.models import Answer, AnswerReport, AnswerVote, Question
from studymaster.paging import Stretch, Window, stretch

NO_ANSWER: Final = "That answer is not there, or it is not in your courses."
NOT_ASKER: Final = "Only who asked can say which answer helped."


async def list_answers(
    work: UnitOfWork, *, account_id: UUID, question_id: UUID, window: Window
) -> Stretch[AnswerView]:
    """List the answers: the one that helped first, then by votes."""
    await get_question(work, account_id=account_id, question_id=question_id)
    rows = await queries.answers(
        work.session, account_id, question_id=question_id, window=window
    )
    return stretch([_answer_view(row, account_id) for row in rows], window=window)


async def answer(
    work: UnitOfWork,
    *,
    student: Student,
    question_id: UUID,
    typed: TypedAnswer,
    now: datetime,
) -> AnswerView:
    """Answer a question; everybody who has it open sees it. Twice under one key is once.

    Who asked is notified of each student who answers once a day.
    """
    account_id = student.account_id
    row = Answer(
        id=id_of(typed.sent_key, account_id=account_id),
        question_id=question_id,
        account_id=account_id,
        text=rules.require_answer(typed.text),
        created_at=now,
    )
    question = await lock_question(work, account_id=account_id, question_id=question_id)
    if await queries.add_answer(work.session, account_id, answer=row):
        news = news_of(
            question_id,
            f"{student.display_name} answered “{question.title}”",
            text=gist(row.text),
            cause=f"answer:{question_id}:{account_id}:{now:%Y-%m-%d}",
        )
        await _notify(work, question.account_id, news, sender_id=account_id, now=now)
        await tell_thread(work, question, by=account_id)
    return await _get_answer(work, account_id=account_id, answer_id=row.id)


async def _notify(
    work: UnitOfWork,
    author_id: UUID | None,
    news: Notice,
    *,
    sender_id: UUID,
    now: datetime,
) -> None:
    """Notify an author of what another student did, if their account is still there."""
    if author_id is not None and author_id != sender_id:
        await tell_of(work, sender_id=sender_id, account_id=author_id, notice=news, now=now)


async def vote(
    work: UnitOfWork,
    *,
    account_id: UUID,
    answer_id: UUID,
    useful: bool | None,
    now: datetime,
) -> AnswerView:
    """Say that an answer is useful, or take it back; None turns round what was said.

    Raises:
        ConflictError: it is the student's own.
    """
    row = await _locked_answer(work, account_id=account_id, answer_id=answer_id)
    said = AnswerVote(answer_id=answer_id, account_id=account_id, created_at=now)
    await keep_vote(work, said, author_id=row.account_id, useful=useful)
    question = await work.session.get_one(Question, row.question_id)
    await tell_thread(work, question, by=account_id)
    return await _get_answer(work, account_id=account_id, answer_id=answer_id)


async def mark_helped(
    work: UnitOfWork, *, student: Student, answer_id: UUID, helped: bool, now: datetime
) -> AnswerView:
    """Say which answer helped, or that none did; one answer at most.

    Raises:
        NotFoundError: the student did not ask that question.
    """
    account_id = student.account_id
    row = await _locked_answer(work, account_id=account_id, answer_id=answer_id)
    question = await work.session.get_one(Question, row.question_id)
    if question.account_id != account_id:
        raise NotFoundError(NOT_ASKER)
    if row.helped is not helped:
        await _move_mark(work, question, row if helped else None, now=now)
    if helped:
        title = f"Your answer to “{question.title}” helped {student.display_name}"
        news = news_of(question.id, title, cause=f"helped:{row.id}")
        await _notify(work, row.account_id, news, sender_id=account_id, now=now)
    await tell_thread(work, question, by=account_id)
    return await _get_answer(work, account_id=account_id, answer_id=answer_id)


async def _move_mark(
    work: UnitOfWork, question: Question, to: Answer | None, *, now: datetime
) -> None:
    assert question.account_id is not None
    marked = await queries.helped_answers(
        work.session, question.account_id, question_id=question.id
    )
    for other in marked:
        other.helped = False
    if to is not None:
        to.helped = True
        work.session.add(to)
    question.solved_at = None if to is None else now
    work.session.add_all([*marked, question])
    await work.session.flush()


async def remove_answer(work: UnitOfWork, *, account_id: UUID, answer_id: UUID) -> None:
    """Remove one's own answer; a question that it solved is open again."""
    row = await _locked_answer(work, account_id=account_id, answer_id=answer_id)
    if row.account_id != account_id:
        raise NotFoundError(NOT_YOURS)
    question = await work.session.get_one(Question, row.question_id)
    if row.helped:
        question.solved_at = None
        work.session.add(question)
    await tell_thread(work, question, by=account_id)
    await work.session.delete(row)


async def report_answer(
    work: UnitOfWork, *, account_id: UUID, answer_id: UUID, reason: object, now: datetime
) -> None:
    """Say that an answer should not be here; the third report hides it.

    Raises:
        ConflictError: it is the student's own, or reported by them already.
    """
    said = AnswerReport(
        answer_id=answer_id,
        account_id=account_id,
        created_at=now,
        reason=reports.require_reason(reason),
    )
    row = await _locked_answer(work, account_id=account_id, answer_id=answer_id)
    await keep_report(work, said, author_id=row.account_id)
    others = await queries.count_answer_reports(
        work.session, account_id, answer_id=answer_id
    )
    if reports.hides(others + 1):
        question = await work.session.get_one(Question, row.question_id)
        await hide(work, row, what=f"Your answer to “{question.title}”", now=now)


async def _locked_answer(work: UnitOfWork, *, account_id: UUID, answer_id: UUID) -> Answer:
    """Return an answer that the student may see, its whole thread locked."""
    session = work.session
    question_id = await queries.question_of_answer(session, account_id, answer_id=answer_id)
    if question_id and await queries.lock_question(
        session, account_id, question_id=question_id
    ):
        row = await queries.answer_by_id(session, account_id, answer_id=answer_id)
        if row is not None:
            return row[0]
    raise NotFoundError(NO_ANSWER)


async def _get_answer(work: UnitOfWork, *, account_id: UUID, answer_id: UUID) -> AnswerView:
    row = await queries.answer_by_id(work.session, account_id, answer_id=answer_id)
    if row is None:
        raise NotFoundError(NO_ANSWER)
    return _answer_view(row, account_id)


def _answer_view(row: AnswerRow, account_id: UUID) -> AnswerView:
    one, author, votes, voted = row
    return AnswerView(
        id=str(one.id),
        text=one.text,
        author=author.display_name if author else "",
        author_id=str(one.account_id or ""),
        helped=one.helped,
        votes=votes,
        voted=voted,
        mine=one.account_id == account_id,
        hidden=one.hidden_at is not None,
        created_at=one.created_at.isoformat(),
    )
