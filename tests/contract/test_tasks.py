"""What happens by itself: the half-hourly sync with all that follows, and the end of a day."""

from datetime import date, timedelta

import pytest
from sqlmodel import col, select

from studymaster.adapters import clock
from studymaster.adapters.database import unit_of_work
from studymaster.adapters.queue import Job
from studymaster.features.accounts import service as accounts
from studymaster.features.accounts.schemas import Student
from studymaster.features.points import service as points
from studymaster.jobs import JobName
from studymaster.models import ClosedDay, RunState, SyncRun
from tests.conftest import NOON, make_student
from tests.contract.hands import Hands
from tests.contract.lines import contract
from tests.contract.people import Person, work_off
from tests.contract.term import Term
from tests.factories.moodle import connect, make_run
from workers.app import celery

HALF_AN_HOUR = 30 * 60


def seconds_between(name: JobName) -> float:
    return float(celery.conf.beat_schedule[name]["schedule"])


async def beat(name: JobName) -> None:
    """Have beat's message arrive at a worker; what it asks for waits."""
    await work_off([Job(name, {})])


async def runs() -> list[SyncRun]:
    async with unit_of_work() as work:
        found = await work.session.exec(select(SyncRun).order_by(col(SyncRun.created_at)))
        return list(found.all())


@contract("Moodle sync every 30 minutes")
async def test_a_site_is_read_again_after_half_an_hour_and_not_before(
    student: Student, hands: Hands, sent: list[Job]
) -> None:
    await make_run(await connect(student), state=RunState.DONE)
    assert seconds_between(JobName.SYNC_DUE_ACCOUNTS) <= 60
    hands.forward(minutes=29)
    await beat(JobName.SYNC_DUE_ACCOUNTS)
    assert len(await runs()) == 1
    hands.forward(minutes=1)
    await beat(JobName.SYNC_DUE_ACCOUNTS)
    _, due = await runs()
    assert (due.created_at - NOON).total_seconds() == HALF_AN_HOUR
    assert [job.name for job in sent] == [JobName.SYNC_ACCOUNT]


@contract("Scheduler: sync all users")
async def test_everybody_who_has_it_on_is_synced_by_itself(
    student: Student, other_student: Student, sent: list[Job]
) -> None:
    without = await make_student("Noor Haddad")
    for one in (student, other_student, without):
        await connect(one)
    async with unit_of_work() as work:
        await accounts.save_preference(
            work, account_id=without.account_id, name="sync_enabled", on=False
        )
    await beat(JobName.SYNC_DUE_ACCOUNTS)
    wanted = {str(one.account_id) for one in (student, other_student)}
    assert {job.arguments["account_id"] for job in sent} == wanted
    assert len(sent) == 2


@contract("sync_moodle_courses: fetch new materials")
def test_a_new_lecture_is_fetched(term: Term) -> None:
    assert term.run_after["state"] == term.second_run["state"] == "done"
    assert term.run_after["files_done"] == term.run_after["files_total"] > 15
    assert term.second_run["new_count"] == 1
    assert (term.lecture["kind"], term.lecture["fresh"]) == ("file", True)
    assert term.lecture["name"] not in {one["name"] for one in term.materials}


@contract("sync_moodle_courses: process PDFs")
def test_the_lecture_is_read_page_by_page(term: Term) -> None:
    assert (term.lecture["readable"], term.lecture["pictured"]) == (True, True)
    assert term.lecture["page_count"] >= 1


@contract("sync_moodle_courses: generate flashcards")
def test_cards_are_proposed_from_it_with_their_places(term: Term) -> None:
    assert term.proposals
    for proposal in term.proposals:
        assert proposal.front
        assert proposal.quote
        assert 1 <= proposal.page <= term.lecture["page_count"]


@contract("sync_moodle_courses: send notifications")
def test_the_student_is_told_of_the_news_and_of_the_proposals(term: Term) -> None:
    told = {one["kind"]: one for one in term.notifications}
    assert {"sync", "cards"} <= set(told)
    assert told["sync"]["path"] == "/live-sync"
    assert term.lecture["id"] in told["cards"]["path"]
    assert not any(one["read"] for one in told.values())


TOKYO = "Asia/Tokyo"
DAY = date(2030, 1, 16)


async def win(student: Student, amount: int, *, cause: str = "x") -> None:
    async with unit_of_work() as work:
        await points.award(
            work,
            student=student,
            amount=amount,
            cause=cause,
            sentence="For x.",
            now=clock.now(),
        )


async def closed_by_now() -> set[tuple[object, date]]:
    async with unit_of_work() as work:
        rows = (await work.session.exec(select(ClosedDay))).all()
    return {(row.account_id, row.day) for row in rows}


@contract("Points decay daily at midnight")
async def test_each_student_has_a_midnight_of_their_own(
    empty_database, hands: Hands
) -> None:
    here = await make_student("Mina Aalto")
    there = await make_student("Hana Sato", time_zone=TOKYO)
    assert seconds_between(JobName.CLOSE_DAYS) <= 15 * 60
    hands.now = NOON + timedelta(hours=8)  # 05:00 in Tokyo: the day began at 04:00
    await beat(JobName.CLOSE_DAYS)
    assert await closed_by_now() == {(there.account_id, DAY)}
    hands.now = NOON + timedelta(hours=17)
    for _ in range(2):
        await beat(JobName.CLOSE_DAYS)
    assert await closed_by_now() == {(there.account_id, DAY), (here.account_id, DAY)}


@contract("decay_points: apply the decay formula")
@pytest.mark.parametrize(("balance", "loss"), [(1000, 20), (125, 3), (10, 1), (0, 0)])
async def test_an_idle_day_takes_two_percent(
    mina: Person, hands: Hands, balance: int, loss: int
) -> None:
    if balance:
        await win(mina.student, balance)
    hands.forward(days=1)
    await beat(JobName.CLOSE_DAYS)
    await mina.post("/auth/refresh", status=200)  # the access token is a day old
    lines = (await mina.get("/accountability/ledger"))["items"]
    assert [line["amount"] for line in lines if line["amount"] < 0] == [-loss] * bool(loss)
    assert sum(line["amount"] for line in lines) == balance - loss


@contract("decay_points: update the leaderboard")
async def test_the_leaderboard_follows_the_end_of_days(
    mina: Person, hands: Hands, sent: list[Job]
) -> None:
    async with unit_of_work() as work:
        await accounts.save_preference(
            work, account_id=mina.student.account_id, name="on_leaderboard", on=True
        )
    await win(mina.student, 9)
    sent.clear()
    hands.forward(days=1)
    await beat(JobName.CLOSE_DAYS)
    assert [job.name for job in sent] == [JobName.REFRESH_LEADERBOARD]
    await work_off(sent)
    await mina.post("/auth/refresh", status=200)
    (row,) = (await mina.get("/accountability/leaderboard"))["rankings"]["items"]
    assert (row["rank"], row["name"], row["points"]) == (1, "Mina", 9)
