from studymaster.adapters.database import unit_of_work
from studymaster.features.campus.service import orphans
from studymaster.models import Account, Resource
from tests.features.campus.mates import classmates, gather
from tests.features.campus.sharing import listed, report, share


async def prune() -> list[str]:
    async with unit_of_work() as work:
        return list(await orphans.delete_orphans(work))


async def test_what_nobody_can_see_again_is_thrown_away_with_its_bytes(student) -> None:
    author, *readers = await classmates(5)
    seen = await share(author, course_id=101, title="Still seen")
    hidden = await share(author, course_id=101, title="Hidden")
    group_id = await gather(student, author, *readers)
    judged = await share(author, group_id=group_id, title="A moderator looks at it")
    for one in readers[:3]:
        await report(one, hidden.id)
        await report(one, judged.id)
    async with unit_of_work() as work:
        row = await work.session.get_one(Resource, hidden.id)
        row.storage_key = "shared/hidden"
    assert await prune() == []
    async with unit_of_work() as work:
        await work.session.delete(await work.session.get_one(Account, author.account_id))
    assert await prune() == ["shared/hidden"]
    assert await prune() == []
    assert [one.id for one in await listed(readers[3])] == [seen.id]
    assert [one.id for one in await listed(student)] == [judged.id]
