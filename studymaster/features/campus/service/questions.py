"""Quick questions to everybody who has the course, and what others answer.

Three reports hide a question or an answer from everybody but its author.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from studymaster.adapters.bus import Topic, news_for
from studymaster.adapters.database import UnitOfWork
from studymaster.errors import ConflictError, NotFoundError
from studymaster.features.accounts.schemas import Student
from studymaster.features.campus.queries import questions as queries
from studymaster.features.campus.queries.questions import AnswerRow, QuestionRow
from studymaster.features.campus.rules import questions as rules
from studymaster.features.campus.rules import reports
from studymaster.features.campus.schemas.audience import CourseKey
from studymaster.features.campus.schemas.questions import (
    AnswerView,
    QuestionView,
    WantedQuestions,
)
from studymaster.features.campus.service.audience import tell_classmates
from studymaster.features.notifications.schemas import Notice
from studymaster.features.notifications.service import notify
from studymaster.models import (
    Answer,
    AnswerReport,
    AnswerVote,
    NotificationKind,
    Question,
    QuestionReport,
)
from studymaster.paging import Stretch, Window, stretch

NO_QUESTION: Final = "That question is not there, or it is not in your courses."
NO_ANSWER: Final = "That answer is not there, or it is not in your courses."
NOT_YOURS: Final = "Only who wrote it can remove it."
NOT_ASKER: Final = "Only who asked can say which answer helped."
OWN_VOTE: Final = "It is yours, so your vote does not count."
OWN_REPORT: Final = "It is yours. Remove it if it should not be here."
REPORTED: Final = "You have reported it already."
PATH: Final = "/campus?tab=questions"


async def ask(
    work: UnitOfWork,
    *,
    student: Student,
    course: CourseKey,
    title: object,
    text: object,
    now: datetime,
) -> QuestionView:
    """Ask everybody who has one of the student's own courses."""
    question = Question(
        account_id=student.account_id,
        site_url=course.site_url,
        moodle_course_id=course.moodle_id,
        course_name=course.name,
        title=rules.require_title(title),
        text=rules.require_text(text),
        created_at=now,
    )
    work.session.add(question)
    await work.session.flush()
    await tell_classmates(
        work,
        account_id=student.account_id,
        site_url=course.site_url,
        moodle_id=course.moodle_id,
    )
    return await get_question(work, account_id=student.account_id, question_id=question.id)


async def list_questions(
    work: UnitOfWork, *, account_id: UUID, wanted: WantedQuestions, window: Window
) -> Stretch[QuestionView]:
    """List the questions of the student's courses; long ones are cut."""
    rows = await queries.questions(work.session, account_id, wanted=wanted, window=window)
    views = [_question_view(row, account_id, most=rules.EXCERPT) for row in rows]
    return stretch(views, window=window)


async def find_question(
    work: UnitOfWork, *, account_id: UUID, question_id: UUID
) -> QuestionView | None:
    """Return one question with all its words; None when the student may not see it."""
    row = await queries.question_by_id(work.session, account_id, question_id=question_id)
    return _question_view(row, account_id, most=rules.TEXT_MAX) if row else None


async def get_question(
    work: UnitOfWork, *, account_id: UUID, question_id: UUID
) -> QuestionView:
    """Return one question with all its words.

    Raises:
        NotFoundError: it is not there, or not in the student's courses.
    """
    view = await find_question(work, account_id=account_id, question_id=question_id)
    if view is None:
        raise NotFoundError(NO_QUESTION)
    return view


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
    work: UnitOfWork, *, student: Student, question_id: UUID, text: object, now: datetime
) -> AnswerView:
    """Answer a question; who asked is notified, and everybody in the thread sees it."""
    words = rules.require_answer(text)
    question = await _locked_question(
        work, account_id=student.account_id, question_id=question_id
    )
    row = Answer(
        question_id=question_id, account_id=student.account_id, text=words, created_at=now
    )
    work.session.add(row)
    await work.session.flush()
    if question.account_id not in {None, student.account_id}:
        assert question.account_id is not None
        title = f"{student.display_name} answered “{question.title}”"
        cause = f"answer:{row.id}"
        await _notify(work, question.account_id, title, text=words, cause=cause, now=now)
    await _tell_thread(work, question_id, by=student.account_id)
    return await _get_answer(work, account_id=student.account_id, answer_id=row.id)


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
    if row.account_id == account_id:
        raise ConflictError(OWN_VOTE)
    known = await work.session.get(AnswerVote, (answer_id, account_id))
    wish = known is None if useful is None else useful
    if wish and known is None:
        work.session.add(
            AnswerVote(answer_id=answer_id, account_id=account_id, created_at=now)
        )
    if not wish and known is not None:
        await work.session.delete(known)
    await work.session.flush()
    await _tell_thread(work, row.question_id, by=account_id)
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
    if helped and row.account_id not in {None, account_id}:
        assert row.account_id is not None
        title = f"Your answer to “{question.title}” helped {student.display_name}"
        cause = f"helped:{row.id}"
        await _notify(work, row.account_id, title, text="", cause=cause, now=now)
    await _tell_thread(work, question.id, by=account_id)
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


async def remove_question(work: UnitOfWork, *, account_id: UUID, question_id: UUID) -> None:
    """Remove one's own question with its answers."""
    question = await _locked_question(work, account_id=account_id, question_id=question_id)
    if question.account_id != account_id:
        raise NotFoundError(NOT_YOURS)
    await _tell_thread(work, question_id, by=account_id)
    await work.session.delete(question)


async def remove_answer(work: UnitOfWork, *, account_id: UUID, answer_id: UUID) -> None:
    """Remove one's own answer; a question that it solved is open again."""
    row = await _locked_answer(work, account_id=account_id, answer_id=answer_id)
    if row.account_id != account_id:
        raise NotFoundError(NOT_YOURS)
    if row.helped:
        question = await work.session.get_one(Question, row.question_id)
        question.solved_at = None
        work.session.add(question)
    await _tell_thread(work, row.question_id, by=account_id)
    await work.session.delete(row)


async def report_question(
    work: UnitOfWork, *, account_id: UUID, question_id: UUID, reason: object, now: datetime
) -> None:
    """Say that a question should not be here; the third report hides it.

    Raises:
        ConflictError: it is the student's own, or reported by them already.
    """
    words = reports.require_reason(reason)
    row = await _locked_question(work, account_id=account_id, question_id=question_id)
    if row.account_id == account_id:
        raise ConflictError(OWN_REPORT)
    statement = (
        insert(QuestionReport)
        .values(
            question_id=question_id, account_id=account_id, created_at=now, reason=words
        )
        .on_conflict_do_nothing()
        .returning(col(QuestionReport.account_id))
    )
    if (await work.session.exec(statement)).one_or_none() is None:
        raise ConflictError(REPORTED)
    others = await queries.count_question_reports(
        work.session, account_id, question_id=question_id
    )
    if reports.hides(others + 1):
        await _hide(work, row, what=f"Your question “{row.title}”", now=now)


async def report_answer(
    work: UnitOfWork, *, account_id: UUID, answer_id: UUID, reason: object, now: datetime
) -> None:
    """Say that an answer should not be here; the third report hides it.

    Raises:
        ConflictError: it is the student's own, or reported by them already.
    """
    words = reports.require_reason(reason)
    row = await _locked_answer(work, account_id=account_id, answer_id=answer_id)
    if row.account_id == account_id:
        raise ConflictError(OWN_REPORT)
    statement = (
        insert(AnswerReport)
        .values(answer_id=answer_id, account_id=account_id, created_at=now, reason=words)
        .on_conflict_do_nothing()
        .returning(col(AnswerReport.account_id))
    )
    if (await work.session.exec(statement)).one_or_none() is None:
        raise ConflictError(REPORTED)
    others = await queries.count_answer_reports(
        work.session, account_id, answer_id=answer_id
    )
    if reports.hides(others + 1):
        question = await work.session.get_one(Question, row.question_id)
        await _hide(work, row, what=f"Your answer to “{question.title}”", now=now)


async def _hide(
    work: UnitOfWork, row: Question | Answer, *, what: str, now: datetime
) -> None:
    if row.hidden_at is not None:
        return
    row.hidden_at = now
    work.session.add(row)
    if row.account_id is None:
        return
    text = "Three students reported it, so nobody else sees it. You can remove it."
    cause = f"hidden:{row.id}"
    await _notify(
        work, row.account_id, f"{what} is hidden", text=text, cause=cause, now=now
    )
    work.announce(news_for(row.account_id, Topic.CAMPUS, subject=str(row.id)))


async def _locked_question(
    work: UnitOfWork, *, account_id: UUID, question_id: UUID
) -> Question:
    row = await queries.lock_question(work.session, account_id, question_id=question_id)
    if row is None:
        raise NotFoundError(NO_QUESTION)
    return row[0]


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


async def _tell_thread(work: UnitOfWork, question_id: UUID, *, by: UUID) -> None:
    others = await queries.others_in_thread(work.session, by, question_id=question_id)
    for account_id in (by, *sorted(others)):
        work.announce(news_for(account_id, Topic.CAMPUS, subject=str(question_id)))


async def _notify(
    work: UnitOfWork, account_id: UUID, title: str, *, text: str, cause: str, now: datetime
) -> None:
    notice = Notice(
        kind=NotificationKind.CAMPUS, title=title, text=text, path=PATH, cause=cause
    )
    await notify(work, account_id=account_id, notice=notice, now=now)


def _question_view(row: QuestionRow, account_id: UUID, *, most: int) -> QuestionView:
    one, author, count = row
    return QuestionView(
        id=str(one.id),
        title=one.title,
        text=one.text[:most],
        cut=len(one.text) > most,
        author=author.display_name if author else "",
        author_id=str(one.account_id or ""),
        course=one.course_name,
        course_id=one.moodle_course_id,
        answers=count,
        solved=one.solved_at is not None,
        mine=one.account_id == account_id,
        hidden=one.hidden_at is not None,
        created_at=one.created_at.isoformat(),
    )


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
