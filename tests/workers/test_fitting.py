import pytest

from tests.conftest import NOBODYS_ID
from tests.jobs import carry_out
from workers import fitting


async def test_a_promise_that_is_gone_is_no_fault(student) -> None:
    await carry_out(fitting.fit, account_id=str(student.account_id), fit_id=NOBODYS_ID)


@pytest.mark.parametrize("runs", [1, 2])
async def test_without_students_by_fsrs_nothing_is_asked_for(student, sent, runs) -> None:
    for _ in range(runs):
        await carry_out(fitting.fit_monthly)
    assert sent == []
