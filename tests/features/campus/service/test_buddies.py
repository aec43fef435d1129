import asyncio
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from studymaster.adapters.bus import Topic
from studymaster.adapters.database import unit_of_work
from studymaster.errors import ConflictError, InvalidInputError, NotFoundError
from studymaster.features.accounts import service as accounts
from studymaster.features.accounts.schemas import Student
from studymaster.features.campus.schemas.buddies import Standing
from studymaster.features.campus.service import buddies
from studymaster.features.notifications import service as inbox
from studymaster.models import Account, BuddyLink, Notification
from studymaster.paging import Window
from tests.conftest import NOON, make_student
from tests.features.campus.mates import enrol, gather, open_up

FIRST = Window(limit=20)


@pytest.fixture
async def pair(pair) -> tuple[Student, Student]:
    """Mina and Jonas, who share a course and are open to buddies."""
    await open_up(*pair)
    return pair


async def suggested(
    student: Student, *, now: datetime = NOON
) -> list[tuple[str, list[str]]]:
    async with unit_of_work() as work:
        found = await buddies.suggest(
            work, account_id=student.account_id, now=now, window=FIRST
        )
    return [(one.name, one.shared) for one in found.items]


async def ask(one: Student, other: Student, *, note: object = "", now=NOON):
    async with unit_of_work() as work:
        return await buddies.ask(
            work, student=one, other_id=other.account_id, note=note, now=now
        )


async def accept(student: Student, link_id: str):
    async with unit_of_work() as work:
        return await buddies.accept(work, student=student, link_id=UUID(link_id), now=NOON)


async def end(student: Student, link_id: str, *, now: datetime = NOON) -> None:
    async with unit_of_work() as work:
        await buddies.end(
            work, account_id=student.account_id, link_id=UUID(link_id), now=now
        )


async def block(one: Student, other: Student) -> None:
    async with unit_of_work() as work:
        await buddies.block(
            work, account_id=one.account_id, other_id=other.account_id, now=NOON
        )


async def names(student: Student, standing: Standing) -> list[str]:
    async with unit_of_work() as work:
        found = await buddies.list_links(
            work, account_id=student.account_id, standing=standing, window=FIRST
        )
    return [one.name for one in found.items]


async def unread(student: Student) -> int:
    async with unit_of_work() as work:
        return (await inbox.bell(work, account_id=student.account_id)).unread


async def notices(student: Student) -> list[str]:
    statement = select(Notification.title).where(
        Notification.account_id == student.account_id
    )
    async with unit_of_work() as work:
        return list((await work.session.exec(statement)).all())


async def test_those_who_share_a_course_and_wish_it_find_each_other(pair) -> None:
    mina, jonas = pair
    assert await suggested(mina) == [("Jonas Keller", ["BIO 101"])]
    assert await suggested(jonas) == [("Mina Aalto", ["BIO 101"])]


@pytest.mark.parametrize("closed", [0, 1])
async def test_without_the_wish_of_both_nobody_is_suggested(pair, closed: int) -> None:
    await open_up(pair[closed], on=False)
    assert await suggested(pair[0]) == []
    assert await suggested(pair[1]) == []


async def test_only_shared_courses_are_named_in_the_words_of_who_looks(pair) -> None:
    mina, jonas = pair
    await enrol(mina, moodle_id=102, shortname="CHEM 221")
    await enrol(jonas, moodle_id=102, shortname="CHEMISTRY")
    await enrol(jonas, moodle_id=103, shortname="SECRET 1")
    assert await suggested(mina) == [("Jonas Keller", ["BIO 101", "CHEM 221"])]
    assert await suggested(jonas) == [("Mina Aalto", ["BIO 101", "CHEMISTRY"])]


async def test_the_same_number_on_another_site_is_another_course(student) -> None:
    stranger = await make_student("Ada")
    await enrol(student)
    await enrol(stranger, site="https://moodle.elsewhere.edu")
    await open_up(student, stranger)
    assert await suggested(student) == []


async def test_a_course_that_moodle_lists_no_more_ties_nobody(student) -> None:
    former = await make_student("Ada")
    await enrol(student)
    await enrol(former, listed=False)
    await open_up(student, former)
    assert await suggested(student) == []


async def test_two_connections_to_one_site_count_a_course_once(pair) -> None:
    mina, jonas = pair
    await enrol(jonas)
    assert await suggested(mina) == [("Jonas Keller", ["BIO 101"])]


async def test_most_shared_courses_come_first(pair) -> None:
    mina, _ = pair
    close = await make_student("Zoe")
    await open_up(close)
    for one in (mina, close):
        await enrol(one, moodle_id=102, shortname="CHEM 221")
    await enrol(close)
    assert [name for name, _ in await suggested(mina)] == ["Zoe", "Jonas Keller"]


async def test_who_is_leaving_is_suggested_to_nobody(pair) -> None:
    mina, jonas = pair
    async with unit_of_work() as work:
        account = await work.session.get_one(Account, jonas.account_id)
        account.deleting_since = NOON
    assert await suggested(mina) == []
    with pytest.raises(NotFoundError):
        await ask(mina, jonas)


async def test_a_request_waits_with_its_note_until_it_is_accepted(pair) -> None:
    mina, jonas = pair
    link = await ask(mina, jonas, note="Osmosis on Friday?")
    assert (link.standing, link.note) == ("outgoing", "Osmosis on Friday?")
    assert await names(jonas, Standing.INCOMING) == ["Mina Aalto"]
    assert await names(mina, Standing.OUTGOING) == ["Jonas Keller"]
    assert await notices(jonas) == ["Mina Aalto asks to be your study buddy"]
    await accept(jonas, link.id)
    assert await names(mina, Standing.BUDDY) == ["Jonas Keller"]
    assert await names(jonas, Standing.BUDDY) == ["Mina Aalto"]
    assert await notices(mina) == ["Jonas Keller is your study buddy now"]
    assert await suggested(mina) == []


async def test_both_tabs_hear_of_it(pair, monkeypatch) -> None:
    mina, jonas = pair
    async with unit_of_work() as work:
        link = await buddies.ask(
            work, student=mina, other_id=jonas.account_id, note="", now=NOON
        )
        told = {(one.account_id, one.topic) for one in work._news}
    both = {str(mina.account_id), str(jonas.account_id)}
    assert {(account, Topic.CAMPUS) for account in both} <= told
    assert link.account_id == str(jonas.account_id)


async def test_two_who_ask_each_other_at_once_are_buddies(pair) -> None:
    mina, jonas = pair
    await asyncio.gather(ask(mina, jonas), ask(jonas, mina))
    assert await names(mina, Standing.BUDDY) == ["Jonas Keller"]
    async with unit_of_work() as work:
        assert len((await work.session.exec(select(BuddyLink))).all()) == 1


async def test_the_same_request_twice_at_once_is_one(pair) -> None:
    mina, jonas = pair
    both = await asyncio.gather(ask(mina, jonas), ask(mina, jonas), return_exceptions=True)
    assert [type(one) for one in both].count(ConflictError) == 1
    assert await names(jonas, Standing.INCOMING) == ["Mina Aalto"]
    assert len(await notices(jonas)) == 1


async def test_accepting_twice_at_once_is_accepting_once(pair) -> None:
    mina, jonas = pair
    link = await ask(mina, jonas)
    await asyncio.gather(accept(jonas, link.id), accept(jonas, link.id))
    assert len(await notices(mina)) == 1


async def test_nobody_accepts_their_own_request(pair) -> None:
    mina, jonas = pair
    link = await ask(mina, jonas)
    with pytest.raises(NotFoundError):
        await accept(mina, link.id)


async def test_a_third_student_neither_accepts_nor_ends(pair) -> None:
    mina, jonas = pair
    stranger = await make_student("Ada")
    link = await ask(mina, jonas)
    for step in (accept, end):
        with pytest.raises(NotFoundError):
            await step(stranger, link.id)
    assert await names(mina, Standing.OUTGOING) == ["Jonas Keller"]


async def test_a_no_is_quiet_and_holds_for_thirty_days(pair) -> None:
    mina, jonas = pair
    link = await ask(mina, jonas)
    await end(jonas, link.id)
    assert await names(mina, Standing.OUTGOING) == []
    assert await names(jonas, Standing.INCOMING) == []
    assert await notices(mina) == []
    assert await suggested(mina, now=NOON + timedelta(days=29)) == []
    with pytest.raises(ConflictError, match="at the moment"):
        await ask(mina, jonas, now=NOON + timedelta(days=29))
    with pytest.raises(NotFoundError):
        await accept(jonas, link.id)
    later = NOON + timedelta(days=30)
    assert len(await suggested(mina, now=later)) == 1
    assert (await ask(mina, jonas, now=later)).standing == "outgoing"
    assert len(await notices(jonas)) == 2


async def test_who_said_no_may_ask_whenever_they_like(pair) -> None:
    mina, jonas = pair
    await end(jonas, (await ask(mina, jonas)).id)
    assert (await ask(jonas, mina)).standing == "outgoing"


async def test_a_withdrawn_request_can_be_sent_again(pair) -> None:
    mina, jonas = pair
    await end(mina, (await ask(mina, jonas)).id)
    assert (await ask(mina, jonas)).standing == "outgoing"


async def test_either_of_two_buddies_may_end_it(pair) -> None:
    mina, jonas = pair
    for one in pair:
        link = await ask(mina, jonas)
        await accept(jonas, link.id)
        await end(one, link.id)
        assert await names(mina, Standing.BUDDY) == []


async def test_no_more_than_twenty_requests_wait(pair) -> None:
    mina, _ = pair
    for number in range(20):
        other = await make_student(f"Student {number}")
        await enrol(other)
        await open_up(other)
        await ask(mina, other)
    with pytest.raises(ConflictError, match="20"):
        await ask(mina, pair[1])


async def test_who_is_not_open_asks_nobody(pair) -> None:
    mina, jonas = pair
    await open_up(mina, on=False)
    with pytest.raises(ConflictError, match="not open"):
        await ask(mina, jonas)


async def test_who_cannot_be_asked_looks_like_not_there(pair) -> None:
    mina, _ = pair
    stranger = await make_student("Ada")
    await open_up(stranger)
    closed = await make_student("Bo")
    await enrol(closed)
    for other_id in (stranger.account_id, closed.account_id, mina.account_id, uuid4()):
        with pytest.raises(NotFoundError):
            async with unit_of_work() as work:
                await buddies.ask(work, student=mina, other_id=other_id, note="", now=NOON)


@pytest.mark.parametrize("note", ["x" * 301, "a\x00b", "\ud800", 7, None])
async def test_a_note_that_cannot_be_is_refused(pair, note: object) -> None:
    with pytest.raises(InvalidInputError):
        await ask(*pair, note=note)


async def test_markup_in_a_note_is_only_text(pair) -> None:
    link = await ask(*pair, note="<script>1</script>")
    assert link.note == "<script>1</script>"


async def test_a_block_ends_and_hides_from_both_sides(pair) -> None:
    mina, jonas = pair
    link = await ask(mina, jonas)
    await accept(jonas, link.id)
    await block(jonas, mina)
    for one in pair:
        assert await names(one, Standing.BUDDY) == []
        assert await suggested(one) == []
    for one, other in (pair, (jonas, mina)):
        with pytest.raises(NotFoundError):
            await ask(one, other)


async def test_a_block_and_a_request_at_once_leave_no_request(pair) -> None:
    mina, jonas = pair
    await asyncio.gather(block(jonas, mina), ask(mina, jonas), return_exceptions=True)
    assert await names(jonas, Standing.INCOMING) == []


async def test_asking_and_withdrawing_all_day_is_told_once(pair) -> None:
    mina, jonas = pair
    for _ in range(5):
        await end(mina, (await ask(mina, jonas)).id)
    assert await notices(jonas) == ["Mina Aalto asks to be your study buddy"]
    assert await unread(jonas) == 0
    tomorrow = NOON + timedelta(days=1)
    await ask(mina, jonas, now=tomorrow)
    assert (len(await notices(jonas)), await unread(jonas)) == (2, 1)


@pytest.mark.parametrize("answered", [accept, end])
async def test_a_request_that_was_answered_waits_in_no_inbox(pair, answered) -> None:
    mina, jonas = pair
    link = await ask(mina, jonas)
    assert await unread(jonas) == 1
    await answered(jonas, link.id)
    assert await unread(jonas) == 0


async def test_accepting_again_and_again_is_told_once_a_day(pair) -> None:
    mina, jonas = pair
    for _ in range(3):
        link = await ask(mina, jonas)
        await accept(jonas, link.id)
        await end(mina, link.id)
    assert await notices(mina) == ["Jonas Keller is your study buddy now"]


async def test_course_mates_hear_that_somebody_is_open(pair) -> None:
    mina, jonas = pair
    async with unit_of_work() as work:
        await buddies.open_up(work, account_id=mina.account_id, on=True)
        heard = {one.account_id for one in work._news if one.topic == Topic.CAMPUS}
    assert heard == {str(jonas.account_id)}


async def test_a_block_can_be_lifted(pair) -> None:
    mina, jonas = pair
    await asyncio.gather(block(jonas, mina), block(jonas, mina))
    async with unit_of_work() as work:
        listed = await buddies.list_blocked(work, account_id=jonas.account_id, window=FIRST)
        assert [one.name for one in listed.items] == ["Mina Aalto"]
        await buddies.unblock(work, account_id=jonas.account_id, other_id=mina.account_id)
    assert len(await suggested(mina)) == 1
    with pytest.raises(NotFoundError):
        async with unit_of_work() as work:
            await buddies.unblock(
                work, account_id=jonas.account_id, other_id=mina.account_id
            )


async def test_only_who_can_have_been_met_is_blocked(student) -> None:
    stranger, groupmate = await make_student("Ada"), await make_student("Bo")
    await gather(student, groupmate)
    await block(student, groupmate)
    with pytest.raises(NotFoundError):
        await block(student, stranger)
    with pytest.raises(NotFoundError):
        await block(student, student)


async def test_other_features_ask_for_buddies_by_account(pair) -> None:
    mina, jonas = pair
    stranger = await make_student("Ada")
    await accept(jonas, (await ask(mina, jonas)).id)
    async with unit_of_work() as work:
        (listed,) = await buddies.list_buddies(work, account_id=mina.account_id)
        found = await buddies.require_buddy(
            work, account_id=mina.account_id, other_id=jonas.account_id
        )
        assert found == listed
        assert (found.account_id, found.name) == (str(jonas.account_id), "Jonas Keller")
        assert found.shared == ["BIO 101"]
        with pytest.raises(NotFoundError):
            await buddies.require_buddy(
                work, account_id=mina.account_id, other_id=stranger.account_id
            )


async def test_who_wants_no_campus_news_is_not_notified(pair) -> None:
    mina, jonas = pair
    async with unit_of_work() as work:
        await accounts.save_preference(
            work, account_id=jonas.account_id, name="notify_campus", on=False
        )
    await ask(mina, jonas)
    assert await notices(jonas) == []
