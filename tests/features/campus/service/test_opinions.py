from uuid import UUID

import pytest

from studymaster.adapters.database import unit_of_work
from studymaster.errors import ConflictError
from studymaster.features.campus.service.opinions import keep_report, keep_vote
from studymaster.models import AnswerReport, AnswerVote, ResourceReport, ResourceVote
from tests.conftest import NOON
from tests.features.campus.asking import answer, ask
from tests.features.campus.mates import enrol
from tests.features.campus.sharing import look, share


@pytest.fixture
async def things(student) -> tuple[UUID, UUID]:
    """A resource and an answer of the same student."""
    await enrol(student)
    resource = await share(student, course_id=101)
    return UUID(resource.id), UUID((await answer(student, await ask(student))).id)


async def test_a_vote_is_kept_taken_back_and_turned_round(
    things, student, other_student
) -> None:
    vote_of = {"account_id": other_student.account_id, "created_at": NOON}
    for useful, count in ((True, 1), (True, 1), (False, 0), (None, 1), (None, 0)):
        for vote in (
            ResourceVote(resource_id=things[0], **vote_of),
            AnswerVote(answer_id=things[1], **vote_of),
        ):
            async with unit_of_work() as work:
                await keep_vote(work, vote, author_id=student.account_id, useful=useful)
        assert (await look(student, str(things[0]))).votes == count


async def test_a_report_is_kept_once(things, student, other_student) -> None:
    said = {
        "account_id": other_student.account_id,
        "created_at": NOON,
        "reason": "Not ours",
    }
    for kind, about in (
        (ResourceReport, {"resource_id": things[0]}),
        (AnswerReport, {"answer_id": things[1]}),
    ):
        async with unit_of_work() as work:
            await keep_report(work, kind(**about, **said), author_id=student.account_id)
        with pytest.raises(ConflictError, match="already"):
            async with unit_of_work() as work:
                await keep_report(work, kind(**about, **said), author_id=None)


async def test_nobody_has_an_opinion_of_their_own_things(things, student) -> None:
    said = {"account_id": student.account_id, "created_at": NOON}
    with pytest.raises(ConflictError, match="your vote does not count"):
        async with unit_of_work() as work:
            vote = AnswerVote(answer_id=things[1], **said)
            await keep_vote(work, vote, author_id=student.account_id, useful=True)
    with pytest.raises(ConflictError, match="Remove it"):
        async with unit_of_work() as work:
            report = ResourceReport(resource_id=things[0], reason="No", **said)
            await keep_report(work, report, author_id=student.account_id)
