"""Quick questions to everybody who has the course.

Three reports hide a question or an answer from everybody but its author.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from studymaster.adapters.bus import Topic, news_for
from studymaster.adapters.database import UnitOfWork
from studymaster.errors import NotFoundError
from studymaster.features.accounts.rules import parse_id
from studymaster.features.accounts.schemas import Student
from studymaster.features.campus.queries import questions as queries
from studymaster.features.campus.queries.questions import QuestionRow
from studymaster.features.campus.rules import questions as rules
from studymaster.features.campus.rules import reports
from studymaster.features.campus.rules.excerpts import EXCERPT, excerpt
from studymaster.features.campus.rules.sending import id_of
from studymaster.features.campus.schemas.audience import CourseKey
from studymaster.features.campus.schemas.questions import (
    QuestionView,
    TypedQuestion,
    WantedQuestions,
)
from studymaster.features.campus.service.audience import tell_classmates
from studymaster.features.campus.service.opinions import keep_report
from studymaster.features.notifications.schemas import Notice
from studymaster.features.notifications.service import notify
from studymaster.models import Answer, NotificationKind, Question, QuestionReport
from studymaster.paging import Stretch, Window, stretch

NO_QUESTION: Final = "That question is not there, or it is not in your courses."
NOT_YOURS: Final = "Only who wrote it can remove it."
GONE: Final = "That question is gone, or its course is not among yours any more."
PATH: Final = "/campus?tab=questions&question={question_id}"
"""Where a question stands open; a plain list is at the same address without it."""


async def ask(
    work: UnitOfWork,
    *,
    student: Student,
    course: CourseKey,
    typed: TypedQuestion,
    now: datetime,
) -> QuestionView:
    """Ask everybody who has one of the student's own courses; twice under one key is once."""
    account_id = student.account_id
    question = Question(
        id=id_of(typed.sent_key, account_id=account_id),
        account_id=account_id,
        site_url=course.site_url,
        moodle_course_id=course.moodle_id,
        course_name=course.name,
        title=rules.require_title(typed.title),
        text=rules.require_text(typed.text),
        created_at=now,
    )
    if await queries.add_question(work.session, account_id, question=question):
        await tell_classmates(
            work,
            account_id=account_id,
            site_url=course.site_url,
            moodle_id=course.moodle_id,
        )
    return await get_question(work, account_id=account_id, question_id=question.id)


async def list_questions(
    work: UnitOfWork, *, account_id: UUID, wanted: WantedQuestions, window: Window
) -> Stretch[QuestionView]:
    """List the questions of the student's courses; long ones are cut."""
    rows = await queries.questions(work.session, account_id, wanted=wanted, window=window)
    views = [_question_view(row, account_id, most=EXCERPT) for row in rows]
    return stretch(views, window=window)


async def find_question(
    work: UnitOfWork, *, account_id: UUID, question_id: UUID
) -> QuestionView | None:
    """Return one question with all its words; None when the student may not see it."""
    row = await queries.question_by_id(work.session, account_id, question_id=question_id)
    return _question_view(row, account_id, most=rules.TEXT_MAX) if row else None


async def find_linked(
    work: UnitOfWork, *, account_id: UUID, address: str
) -> QuestionView | None:
    """Return the question that an address names; None when the student may not see it."""
    try:
        question_id = parse_id(address, missing=NO_QUESTION)
    except NotFoundError:
        return None
    return await find_question(work, account_id=account_id, question_id=question_id)


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


async def lock_question(
    work: UnitOfWork, *, account_id: UUID, question_id: UUID
) -> Question:
    """Keep a question with its answers as they are until the unit of work ends.

    Raises:
        NotFoundError: it is not there, or not in the student's courses.
    """
    row = await queries.lock_question(work.session, account_id, question_id=question_id)
    if row is None:
        raise NotFoundError(NO_QUESTION)
    return row[0]


async def remove_question(work: UnitOfWork, *, account_id: UUID, question_id: UUID) -> None:
    """Remove one's own question with its answers."""
    question = await lock_question(work, account_id=account_id, question_id=question_id)
    if question.account_id != account_id:
        raise NotFoundError(NOT_YOURS)
    await tell_thread(work, question, by=account_id)
    await work.session.delete(question)


async def report_question(
    work: UnitOfWork, *, account_id: UUID, question_id: UUID, reason: object, now: datetime
) -> None:
    """Say that a question should not be here; the third report hides it.

    Raises:
        ConflictError: it is the student's own, or reported by them already.
    """
    said = QuestionReport(
        question_id=question_id,
        account_id=account_id,
        created_at=now,
        reason=reports.require_reason(reason),
    )
    row = await lock_question(work, account_id=account_id, question_id=question_id)
    await keep_report(work, said, author_id=row.account_id)
    others = await queries.count_question_reports(
        work.session, account_id, question_id=question_id
    )
    if reports.hides(others + 1):
        await hide(work, row, what=f"Your question “{row.title}”", now=now)


async def hide(
    work: UnitOfWork, row: Question | Answer, *, what: str, now: datetime
) -> None:
    """Hide a question or an answer from everybody but its author, and tell them."""
    if row.hidden_at is not None:
        return
    row.hidden_at = now
    work.session.add(row)
    if row.account_id is None:
        return
    text = "Three students reported it, so nobody else sees it. You can remove it."
    about = row.id if isinstance(row, Question) else row.question_id
    news = news_of(about, f"{what} is hidden", text=text, cause=f"hidden:{row.id}")
    await notify(work, account_id=row.account_id, notice=news, now=now)
    work.announce(news_for(row.account_id, Topic.CAMPUS, subject=str(row.id)))


async def tell_thread(work: UnitOfWork, question: Question, *, by: UUID) -> None:
    """Tell the tabs of all who can have a thread open, so those of `by` too."""
    for account_id in await queries.others_in_thread(
        work.session, by, question_id=question.id
    ):
        work.announce(news_for(account_id, Topic.CAMPUS, subject=str(question.id)))
    await tell_classmates(
        work,
        account_id=by,
        site_url=question.site_url,
        moodle_id=question.moodle_course_id,
    )


def news_of(question_id: UUID, title: str, *, cause: str, text: str = "") -> Notice:
    """Return what somebody is told of what became of their words; it leads to the question."""
    return Notice(
        kind=NotificationKind.CAMPUS,
        title=title,
        text=text,
        path=PATH.format(question_id=question_id),
        cause=cause,
    )


def _question_view(row: QuestionRow, account_id: UUID, *, most: int) -> QuestionView:
    one, author, count = row
    return QuestionView(
        id=str(one.id),
        title=one.title,
        text=excerpt(one.text, most=most),
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
