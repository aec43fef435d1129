import pytest

from studymaster.adapters.database import unit_of_work
from studymaster.features.campus.service.telling import tell_of
from studymaster.features.notifications.schemas import Notice
from studymaster.models import Block, NotificationKind
from tests.conftest import NOON
from tests.features.campus.mates import titles_told

NEWS = Notice(kind=NotificationKind.CAMPUS, title="Jonas joined", cause="joined")


@pytest.mark.parametrize(("blocker", "told"), [(None, 1), (0, 0), (1, 0)])
async def test_one_hears_nothing_of_whom_one_does_not_meet(pair, blocker, told) -> None:
    mina, jonas = (one.account_id for one in pair)
    async with unit_of_work() as work:
        if blocker is not None:
            ids = (mina, jonas) if blocker == 0 else (jonas, mina)
            block = Block(blocker_id=ids[0], blocked_id=ids[1], created_at=NOON)
            work.session.add(block)
            await work.session.flush()
        await tell_of(work, sender_id=jonas, account_id=mina, notice=NEWS, now=NOON)
    assert len(await titles_told(pair[0])) == told
