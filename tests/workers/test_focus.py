import pytest

from studymaster.adapters import clock
from studymaster.features.focus import service as focus
from studymaster.jobs import JobName
from tests.features.focus.desk import after, row_of, start, step, told
from tests.jobs import carry_out
from tests.workers.told import host_was_told
from workers.focus import settle


@pytest.fixture
def at(monkeypatch):
    """Set the server's clock to so many minutes after noon."""

    def set_clock(minutes: float) -> None:
        monkeypatch.setattr(clock, "now", lambda: after(minutes))

    return set_clock


async def test_sessions_end_although_nobody_looks(student, other_student, at) -> None:
    first = await start(student)
    second = await start(other_student, focus=50)
    at(25)
    await carry_out(settle)
    assert [(await row_of(one)).state for one in (first, second)] == ["finished", "running"]
    at(50)
    await carry_out(settle)
    await carry_out(settle)
    ledger, inbox = await told()
    assert sorted(line.amount for line in ledger) == [5, 10]
    assert len(inbox) == 2


async def test_a_forgotten_pause_is_ended(student, at) -> None:
    session_id = await start(student)
    await step("pause", student, session_id, after(10))
    at(10 + 12 * 60)
    await carry_out(settle)
    assert (await row_of(session_id)).focused_seconds == 600


async def test_one_students_trouble_does_not_hold_up_the_others(
    student, other_student, at, monkeypatch
) -> None:
    ids = [await start(student), await start(other_student)]
    at(25)
    whole = focus.settle

    async def broken_for_mina(work, *, student, now) -> bool:
        if student.display_name == "Mina Aalto":
            msg = "broken"
            raise ValueError(msg)
        return await whole(work, student=student, now=now)

    monkeypatch.setattr(focus, "settle", broken_for_mina)
    await carry_out(settle)
    (told,) = await host_was_told()
    assert (told.task, told.arguments) == (
        JobName.SETTLE_FOCUS,
        f"account_id={student.account_id}",
    )
    assert [(await row_of(one)).state for one in ids] == ["running", "finished"]
    monkeypatch.setattr(focus, "settle", whole)
    await carry_out(settle)
    assert (await row_of(ids[0])).state == "finished"
