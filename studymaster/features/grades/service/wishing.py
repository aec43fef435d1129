"""What would come of assumed grades, and what a wish takes."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from studymaster.adapters.database import UnitOfWork
from studymaster.errors import NotFoundError
from studymaster.features.accounts.rules import parse_id
from studymaster.features.accounts.rules.fields import at
from studymaster.features.grades import queries
from studymaster.features.grades.rules import asking, words
from studymaster.features.grades.rules.lines import Line
from studymaster.features.grades.rules.standing import Basis, Tally, tally
from studymaster.features.grades.rules.wishing import need, open_lines, result
from studymaster.features.grades.schemas import (
    ASSUMED,
    NO_COURSE,
    NO_LINE,
    WhatIf,
    WhatIfAnswer,
)
from studymaster.features.grades.service.figures import lines_of, total_percent

NONE_LEFT: Final = (
    "You assumed a grade for everything that is open. Empty a field to ask what it takes."
)


async def what_if(
    work: UnitOfWork, *, account_id: UUID, course_id: UUID, asked: WhatIf
) -> WhatIfAnswer:
    """Say where assumed grades lead and, if something is wished for, what that takes.

    Raises:
        NotFoundError: the course is not the student's, or a line is not open.
        FieldError: something typed is no such number, or nothing was typed.
    """
    if not await queries.course_by_id(work.session, account_id, course_id=course_id):
        raise NotFoundError(NO_COURSE)
    rows = await queries.items(work.session, account_id, course_ids=[course_id])
    lines = lines_of(rows)
    by = tally(lines, total=total_percent(rows))
    waiting = {line.key: line for line in open_lines(lines, by=by)}
    percents = _percents(asked.assumed, waiting)
    is_result_alone = bool(percents) and asking.is_empty(asked.wished)
    return WhatIfAnswer(
        result=words.result_words(
            result(by, assumed=percents) if percents else None,
            is_told=by.basis is Basis.MOODLE,
        ),
        need="" if is_result_alone else _need_words(by, asked, waiting, percents),
    )


def _percents(
    assumed: Mapping[str, object], waiting: Mapping[str, Line]
) -> dict[str, float]:
    found: dict[str, float] = {}
    for key, value in assumed.items():
        line = _waiting_line(key, waiting)
        with at(f"{ASSUMED}{line.key}"):
            percent = asking.parse_grade(value, line=line)
        if percent is not None:
            found[line.key] = percent
    return found


def _waiting_line(key: object, waiting: Mapping[str, Line]) -> Line:
    line = waiting.get(str(parse_id(key, missing=NO_LINE)))
    if line is None:
        raise NotFoundError(NO_LINE)
    return line


def _need_words(
    by: Tally,
    asked: WhatIf,
    waiting: Mapping[str, Line],
    percents: Mapping[str, float],
) -> str:
    with at("wished"):
        wished = asking.parse_wish(asked.wished)
    with at("share"):
        share = asking.parse_share(asked.share)
    if asked.which:
        chosen = [_waiting_line(asked.which, waiting)]
    else:
        chosen = [line for key, line in waiting.items() if key not in percents]
    if percents and not chosen:
        return NONE_LEFT
    found = need(
        by, wished=wished, of=[line.key for line in chosen], assumed=percents, share=share
    )
    is_told = share is not None or by.basis is Basis.MOODLE
    return words.need_words(found, wished=wished, of=chosen, is_told=is_told)
