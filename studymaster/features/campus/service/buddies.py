"""Students who study side by side: only those who both wish it, and nobody who was blocked.

Switching "open to buddies" off hides a student from suggestions and new requests; buddies
and requests that are there stay until somebody ends them.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from studymaster.adapters.bus import Topic, news_for
from studymaster.adapters.database import UnitOfWork
from studymaster.errors import ConflictError, NotFoundError
from studymaster.features.accounts import service as accounts
from studymaster.features.accounts.schemas import Student
from studymaster.features.campus.queries import buddies as queries
from studymaster.features.campus.rules import buddies as rules
from studymaster.features.campus.schemas.buddies import (
    BlockedView,
    BuddyView,
    Standing,
    SuggestionView,
)
from studymaster.features.campus.service.audience import tell_all_classmates
from studymaster.features.notifications.schemas import Notice
from studymaster.features.notifications.service import notify, settle
from studymaster.models import (
    Account,
    Block,
    BuddyLink,
    BuddyState,
    NotificationKind,
)
from studymaster.paging import Stretch, Window, stretch

NO_BUDDY = "That student is not one of your buddies."
NO_LINK = "That request is not there any more."
NO_STUDENT = "That student cannot be asked. Choose one from your suggestions."
NOBODY = "That student is not in your courses or groups."
NOT_BLOCKED = "You have not blocked that student."
CLOSED = "You are not open to buddies. Switch it on first, then others can see you too."
PATH = "/campus?tab=buddies"

Row = tuple[BuddyLink, Account]


async def list_buddies(work: UnitOfWork, *, account_id: UUID) -> list[BuddyView]:
    """List the student's buddies by name."""
    rows = await queries.buddies(work.session, account_id)
    return await _views(work, account_id, rows)


async def require_buddy(work: UnitOfWork, *, account_id: UUID, other_id: UUID) -> BuddyView:
    """Return one of the student's buddies.

    Raises:
        NotFoundError: they are not buddies.
    """
    for buddy in await list_buddies(work, account_id=account_id):
        if buddy.account_id == str(other_id):
            return buddy
    raise NotFoundError(NO_BUDDY)


async def list_links(
    work: UnitOfWork, *, account_id: UUID, standing: Standing, window: Window
) -> Stretch[BuddyView]:
    """List buddies by name, or the requests that wait, newest first."""
    rows = await queries.links(work.session, account_id, standing=standing, window=window)
    return stretch(await _views(work, account_id, rows), window=window)


async def suggest(
    work: UnitOfWork, *, account_id: UUID, now: datetime, window: Window
) -> Stretch[SuggestionView]:
    """List students to ask, most shared courses first; nobody to whom one is not open too."""
    if not await _is_open(work, account_id):
        return Stretch(items=[], next_offset=None)
    rows = await queries.mates(
        work.session,
        account_id,
        forgotten_before=now - rules.NO_COUNTS_FOR,
        window=window,
    )
    found = [SuggestionView(str(other), name, list(shared)) for other, name, shared in rows]
    return stretch(found, window=window)


async def ask(
    work: UnitOfWork, *, student: Student, other_id: UUID, note: object, now: datetime
) -> BuddyView:
    """Ask somebody to be buddies; when they have asked already, the two are.

    Raises:
        NotFoundError: they are not open to the student, or share no course.
        ConflictError: the student is not open, has asked, or was told no lately.
    """
    account_id, words = student.account_id, rules.require_note(note)
    if not await _is_open(work, account_id):
        raise ConflictError(CLOSED)
    await queries.lock_asking(work.session, account_id)
    await queries.lock_pair(work.session, account_id, other_id=other_id)
    if await queries.mate(work.session, account_id, other_id=other_id) is None:
        raise NotFoundError(NO_STUDENT)
    link = await queries.link_of_pair(work.session, account_id, other_id=other_id)
    if link is not None and _is_asked_by(other_id, link):
        return await _accept(work, student=student, link=link, now=now)
    if link is not None:
        await _forget(work, link, account_id=account_id, now=now)
    rules.require_few_asked(await queries.count_asked(work.session, account_id))
    return await _request(work, student=student, other_id=other_id, note=words, now=now)


async def accept(
    work: UnitOfWork, *, student: Student, link_id: UUID, now: datetime
) -> BuddyView:
    """Say yes to a request.

    Raises:
        NotFoundError: nobody asks the student so, or does so no more.
    """
    link = await _locked_link(work, account_id=student.account_id, link_id=link_id)
    if link.state is BuddyState.ASKED and link.asker_id == student.account_id:
        raise NotFoundError(NO_LINK)
    if link.state is BuddyState.ACCEPTED:
        return await _view(work, student.account_id, link)
    return await _accept(work, student=student, link=link, now=now)


async def end(work: UnitOfWork, *, account_id: UUID, link_id: UUID, now: datetime) -> None:
    """Decline a request, withdraw one's own, or be buddies no more; nobody is notified.

    Raises:
        NotFoundError: there is no such tie of the student's.
    """
    link = await _locked_link(work, account_id=account_id, link_id=link_id)
    await _settle_request(work, link, now=now)
    if link.state is BuddyState.ASKED and link.asked_id == account_id:
        link.state, link.answered_at, link.note = BuddyState.DECLINED, now, ""
        work.session.add(link)
    else:
        await work.session.delete(link)
    _tell_both(work, link)


async def block(
    work: UnitOfWork, *, account_id: UUID, other_id: UUID, now: datetime
) -> None:
    """Meet somebody nowhere any more: it ends what ties the two, and hides what they write.

    Raises:
        NotFoundError: the two cannot have met.
    """
    session = work.session
    await queries.lock_pair(session, account_id, other_id=other_id)
    if not await queries.is_known(session, account_id, other_id=other_id):
        raise NotFoundError(NOBODY)
    link = await queries.link_of_pair(session, account_id, other_id=other_id)
    if link is not None:
        await _settle_request(work, link, now=now)
        await session.delete(link)
        _tell_both(work, link)
    values = {"blocker_id": account_id, "blocked_id": other_id, "created_at": now}
    await session.exec(insert(Block).values(values).on_conflict_do_nothing())
    _tell_apart(work, account_id, other_id)


async def unblock(work: UnitOfWork, *, account_id: UUID, other_id: UUID) -> None:
    """Let somebody be met again.

    Raises:
        NotFoundError: they are not blocked.
    """
    row = await queries.block_of(work.session, account_id, other_id=other_id)
    if row is None:
        raise NotFoundError(NOT_BLOCKED)
    await work.session.delete(row)
    _tell_apart(work, account_id, other_id)


async def list_blocked(
    work: UnitOfWork, *, account_id: UUID, window: Window
) -> Stretch[BlockedView]:
    """List whom the student blocks, newest first."""
    rows = await queries.blocked(work.session, account_id, window=window)
    return stretch([BlockedView(str(other), name) for other, name in rows], window=window)


async def open_up(work: UnitOfWork, *, account_id: UUID, on: bool) -> None:
    """Be found by students of the same courses, or not any more."""
    await accounts.save_preference(
        work, account_id=account_id, name="open_to_buddies", on=on
    )
    await tell_all_classmates(work, account_id=account_id)


async def _is_open(work: UnitOfWork, account_id: UUID) -> bool:
    chosen = await accounts.preferences(work, account_id=account_id)
    return chosen.open_to_buddies


def _is_asked_by(other_id: UUID, link: BuddyLink) -> bool:
    return link.state is BuddyState.ASKED and link.asker_id == other_id


async def _forget(
    work: UnitOfWork, link: BuddyLink, *, account_id: UUID, now: datetime
) -> None:
    """Take an old no away, or say why the student cannot ask now."""
    declined = link.state is BuddyState.DECLINED
    own_no = declined and link.asked_id == account_id
    old_no = declined and rules.is_forgotten(answered_at=link.answered_at, now=now)
    if not (own_no or old_no):
        raise ConflictError(rules.ASK_REFUSALS[link.state.value])
    await work.session.delete(link)
    await work.session.flush()


async def _request(
    work: UnitOfWork, *, student: Student, other_id: UUID, note: str, now: datetime
) -> BuddyView:
    link = BuddyLink(
        asker_id=student.account_id,
        asked_id=other_id,
        pair_key=rules.pair_key(student.account_id, other_id),
        state=BuddyState.ASKED,
        note=note,
        created_at=now,
    )
    work.session.add(link)
    await work.session.flush()
    notice = Notice(
        kind=NotificationKind.CAMPUS,
        title=f"{student.display_name} asks to be your study buddy",
        text=note,
        path=PATH,
        cause=_asked(link),
    )
    await notify(work, account_id=other_id, notice=notice, now=now)
    _tell_both(work, link)
    return await _view(work, student.account_id, link)


async def _accept(
    work: UnitOfWork, *, student: Student, link: BuddyLink, now: datetime
) -> BuddyView:
    await _settle_request(work, link, now=now)
    link.state, link.answered_at = BuddyState.ACCEPTED, now
    work.session.add(link)
    await work.session.flush()
    notice = Notice(
        kind=NotificationKind.CAMPUS,
        title=f"{student.display_name} is your study buddy now",
        text="You can make each other a pledge on the Accountability page.",
        path=PATH,
        cause=f"buddy-accepted:{student.account_id}:{now:%Y-%m-%d}",
    )
    await notify(work, account_id=link.asker_id, notice=notice, now=now)
    _tell_both(work, link)
    return await _view(work, student.account_id, link)


def _asked(link: BuddyLink) -> str:
    """Name a request for the inbox: whoever asks, withdraws and asks again is told of once."""
    return f"buddy-asked:{link.asker_id}:{link.created_at:%Y-%m-%d}"


async def _settle_request(work: UnitOfWork, link: BuddyLink, *, now: datetime) -> None:
    """Let a request that was answered or withdrawn wait in nobody's inbox."""
    await settle(work, account_id=link.asked_id, cause=_asked(link), now=now)


async def _locked_link(work: UnitOfWork, *, account_id: UUID, link_id: UUID) -> BuddyLink:
    other_id = await queries.other_of_link(work.session, account_id, link_id=link_id)
    if other_id is not None:
        await queries.lock_pair(work.session, account_id, other_id=other_id)
        link = await queries.link_of_pair(work.session, account_id, other_id=other_id)
        if link and link.id == link_id and link.state is not BuddyState.DECLINED:
            return link
    raise NotFoundError(NO_LINK)


def _tell_apart(work: UnitOfWork, account_id: UUID, other_id: UUID) -> None:
    """Tell the tabs of both that what they see of each other changed; not who did it."""
    for one in (account_id, other_id):
        work.announce(news_for(one, Topic.CAMPUS))


def _tell_both(work: UnitOfWork, link: BuddyLink) -> None:
    for account_id in (link.asker_id, link.asked_id):
        work.announce(news_for(account_id, Topic.CAMPUS, subject=str(link.id)))


async def _view(work: UnitOfWork, account_id: UUID, link: BuddyLink) -> BuddyView:
    other_id = link.asked_id if link.asker_id == account_id else link.asker_id
    other = await work.session.get_one(Account, other_id)
    (view,) = await _views(work, account_id, [(link, other)])
    return view


async def _views(
    work: UnitOfWork, account_id: UUID, rows: Sequence[Row]
) -> list[BuddyView]:
    others = [other.id for _, other in rows]
    shared: dict[UUID, list[str]] = {}
    if others:
        shared = await queries.shared_courses(work.session, account_id, others=others)
    return [
        BuddyView(
            account_id=str(other.id),
            name=other.display_name,
            id=str(link.id),
            standing=_standing(link, account_id=account_id),
            note=link.note,
            since=(link.answered_at or link.created_at).isoformat(),
            shared=shared[other.id],
        )
        for link, other in rows
    ]


def _standing(link: BuddyLink, *, account_id: UUID) -> Standing:
    if link.state is BuddyState.ACCEPTED:
        return Standing.BUDDY
    return Standing.OUTGOING if link.asker_id == account_id else Standing.INCOMING
