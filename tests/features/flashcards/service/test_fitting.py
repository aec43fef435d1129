from asyncio import gather
from datetime import timedelta

import pytest
from sqlmodel import select

from studymaster.adapters.database import unit_of_work
from studymaster.errors import ConflictError
from studymaster.features.flashcards.rules.scheduling import Plan, Scheduler
from studymaster.features.flashcards.schemas import Pile
from studymaster.features.flashcards.service import decks, fitting
from studymaster.jobs import JobName
from studymaster.models import Card, Deck, FitWish, RunState, SchedulerFit
from tests.conftest import NOON
from tests.features.flashcards.pile import make_deck
from tests.features.flashcards.rules.students import FORGETFUL, lives
from tests.features.flashcards.service.histories import put_histories
from tests.jobs import carry_out
from workers import fitting as worker
from workers import sweep

FSRS = Plan(Scheduler.FSRS)


async def by_fsrs(student, deck_id) -> None:
    async with unit_of_work() as work:
        await decks.choose_plan(
            work,
            account_id=student.account_id,
            pile=Pile(deck_id=deck_id),
            plan=FSRS,
            now=NOON,
        )


async def ask(student, *, now=NOON) -> bool:
    async with unit_of_work() as work:
        return await fitting.request_fit(work, student=student, now=now)


async def go_back(student, *, now) -> bool:
    async with unit_of_work() as work:
        return await fitting.request_published(work, student=student, now=now)


async def keep_promises(sent) -> None:
    for job in [one for one in sent if one.name == JobName.FIT_SCHEDULER]:
        await carry_out(worker.fit, **job.arguments)
    sent.clear()


async def rows(kind=SchedulerFit) -> list:
    async with unit_of_work() as work:
        return list((await work.session.exec(select(kind))).all())


async def memories() -> dict:
    return {card.id: (card.stability, card.due_on) for card in await rows(Card)}


@pytest.fixture
async def forgetful(student):
    """Mina, who forgets sooner than most, and her deck by FSRS."""
    deck_id = await make_deck(student, "Latin")
    await put_histories(
        student, deck_id, lives(cards=1_200, reviews=8, parameters=FORGETFUL)
    )
    await by_fsrs(student, deck_id)
    return student


async def test_a_better_fit_is_taken_and_her_decks_go_by_it(forgetful, sent) -> None:
    before = await memories()
    assert await ask(forgetful)
    await keep_promises(sent)
    (row,) = await rows()
    assert (row.state, row.taken) == (RunState.DONE, True)
    assert row.loss_after < row.loss_before
    (deck,) = await rows(Deck)
    assert deck.parameters == row.parameters
    assert await memories() != before


async def test_one_click_leads_back_to_where_the_published_parameters_had_them(
    forgetful, sent
) -> None:
    before = await memories()
    await ask(forgetful)
    await keep_promises(sent)
    assert await go_back(forgetful, now=NOON + timedelta(minutes=1))
    await keep_promises(sent)
    (deck,) = await rows(Deck)
    assert deck.parameters == []
    assert await memories() == before


async def test_a_deck_that_turns_to_fsrs_later_goes_by_the_fitted_ones(
    forgetful, sent
) -> None:
    await ask(forgetful)
    await keep_promises(sent)
    greek = await make_deck(forgetful, "Greek")
    await by_fsrs(forgetful, greek)
    own = {tuple(deck.parameters) for deck in await rows(Deck)}
    assert len(own) == 1
    assert own != {()}


async def test_too_few_answers_are_counted_out(student) -> None:
    deck_id = await make_deck(student, "Latin")
    await put_histories(student, deck_id, lives(cards=5, reviews=4))
    with pytest.raises(ConflictError, match="more reviews of cards that had rested"):
        await ask(student)
    assert await rows() == []


async def test_with_enough_to_compare_but_not_to_fit_nothing_changes(student, sent) -> None:
    deck_id = await make_deck(student, "Latin")
    await put_histories(student, deck_id, lives(cards=60, reviews=5))
    await ask(student)
    await keep_promises(sent)
    (row,) = await rows()
    assert (row.state, row.taken, row.loss_after) == (RunState.DONE, False, None)
    found = fitting.SHAPE.validate_json(row.comparison)
    assert found.sm2.answers == found.fsrs.answers == row.answers
    assert found.of_newest is None


async def test_asked_twice_at_once_it_is_fitted_once(forgetful, sent) -> None:
    sent.clear()
    assert sorted(await gather(ask(forgetful), ask(forgetful))) == [False, True]
    assert [job.name for job in sent] == [JobName.FIT_SCHEDULER]


async def test_a_dead_worker_is_noticed_and_its_work_done_once(
    forgetful, sent, monkeypatch
) -> None:
    await ask(forgetful)
    sent.clear()
    async with unit_of_work() as work:
        (row,) = (await work.session.exec(select(SchedulerFit))).all()
        wish = await fitting.start(
            work, account_id=forgetful.account_id, fit_id=row.id, now=NOON
        )
    assert wish is FitWish.FITTED
    monkeypatch.setattr(sweep.clock, "now", lambda: NOON + timedelta(minutes=10))
    await carry_out(sweep.sweep_unfinished)
    jobs = [job for job in sent if job.name == JobName.FIT_SCHEDULER]
    assert len(jobs) == 1
    await keep_promises(sent)
    await carry_out(worker.fit, **jobs[0].arguments)
    (row,) = await rows()
    assert (row.state, row.taken) == (RunState.DONE, True)


async def test_every_month_those_who_go_by_fsrs_are_fitted(
    forgetful, other_student, sent, monkeypatch
) -> None:
    latin = await make_deck(other_student, "Latin")
    await put_histories(other_student, latin, lives(cards=100, reviews=8))
    sent.clear()
    await carry_out(worker.fit_monthly)
    await carry_out(worker.fit_monthly)
    asked = [job.arguments["account_id"] for job in sent]
    assert asked == [str(forgetful.account_id)]
    await keep_promises(sent)
    for days, count in ((29, 0), (31, 1)):
        now = NOON + timedelta(days=days)
        monkeypatch.setattr(worker.clock, "now", lambda now=now: now)
        await carry_out(worker.fit_monthly)
        assert len(sent) == count


async def test_what_is_anothers_is_not_fitted(forgetful, other_student, sent) -> None:
    await ask(forgetful)
    (job,) = [one for one in sent if one.name == JobName.FIT_SCHEDULER]
    told = job.arguments | {"account_id": str(other_student.account_id)}
    await carry_out(worker.fit, **told)
    (row,) = await rows()
    assert row.state is RunState.QUEUED


async def test_our_fault_is_told_in_a_sentence(forgetful, sent, monkeypatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError

    await ask(forgetful)
    monkeypatch.setattr(fitting, "find", broken)
    with pytest.raises(RuntimeError):
        await keep_promises(sent)
    (row,) = await rows()
    assert row.state is RunState.FAILED
    assert "fault on our side" in row.failure
