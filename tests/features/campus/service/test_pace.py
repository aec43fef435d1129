import pytest

from studymaster.errors import TooManyRequestsError
from studymaster.features.campus.service.pace import A_MINUTE, Act, take_turn


@pytest.mark.parametrize("act", [*Act])
async def test_a_minute_allows_only_so_many(act, student, other_student) -> None:
    for _ in range(A_MINUTE[act]):
        await take_turn(act, account_id=student.account_id)
    with pytest.raises(TooManyRequestsError):
        await take_turn(act, account_id=student.account_id)
    await take_turn(act, account_id=other_student.account_id)
