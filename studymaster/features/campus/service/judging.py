"""What students say of a shared resource, and what becomes of one that should not be here.

Three reports hide it: in a group until its owner or a moderator restores or removes it, in a
course until its author removes it.
"""

from datetime import datetime
from uuid import UUID

from studymaster.adapters.bus import Topic, news_for
from studymaster.adapters.database import UnitOfWork
from studymaster.errors import NotFoundError
from studymaster.features.campus.queries import resources as queries
from studymaster.features.campus.rules import reports
from studymaster.features.campus.schemas.resources import ResourceView
from studymaster.features.campus.service.opinions import keep_report, keep_vote
from studymaster.features.campus.service.resources import (
    NOT_YOURS,
    PATH,
    get_resource,
    lock_resource,
    tell_audience,
)
from studymaster.features.notifications.schemas import Notice
from studymaster.features.notifications.service import notify
from studymaster.models import NotificationKind, Resource, ResourceReport, ResourceVote


async def vote(
    work: UnitOfWork,
    *,
    account_id: UUID,
    resource_id: UUID,
    useful: bool | None,
    now: datetime,
) -> ResourceView:
    """Say that a resource is useful, or take it back; None turns round what was said.

    Raises:
        ConflictError: it is the student's own.
    """
    row = await lock_resource(work, account_id=account_id, resource_id=resource_id)
    said = ResourceVote(resource_id=resource_id, account_id=account_id, created_at=now)
    await keep_vote(work, said, author_id=row.resource.account_id, useful=useful)
    await tell_audience(work, row.resource, by=account_id)
    return await get_resource(work, account_id=account_id, resource_id=resource_id)


async def report(
    work: UnitOfWork,
    *,
    account_id: UUID,
    resource_id: UUID,
    reason: object,
    now: datetime,
) -> None:
    """Say that a resource should not be here; the third report hides it.

    Raises:
        ConflictError: it is the student's own, or reported by them already.
    """
    said = ResourceReport(
        resource_id=resource_id,
        account_id=account_id,
        created_at=now,
        reason=reports.require_reason(reason),
    )
    row = await lock_resource(work, account_id=account_id, resource_id=resource_id)
    await keep_report(work, said, author_id=row.resource.account_id)
    others = await queries.count_reports(work.session, account_id, resource=row.resource)
    if row.resource.hidden_at is None and reports.hides(others + 1):
        await _hide(work, row.resource, now=now)
        await tell_audience(work, row.resource, by=account_id)


async def restore(
    work: UnitOfWork, *, account_id: UUID, resource_id: UUID, now: datetime
) -> ResourceView:
    """Show a resource of the group again; the reports up to now count no more.

    Raises:
        NotFoundError: the student does not keep that group clean, or it is their own.
    """
    row = await lock_resource(work, account_id=account_id, resource_id=resource_id)
    if not row.is_judge or row.resource.account_id == account_id:
        raise NotFoundError(NOT_YOURS)
    row.resource.hidden_at, row.resource.judged_at = None, now
    work.session.add(row.resource)
    await work.session.flush()
    await tell_audience(work, row.resource, by=account_id)
    return await get_resource(work, account_id=account_id, resource_id=resource_id)


async def _hide(work: UnitOfWork, resource: Resource, *, now: datetime) -> None:
    """Hide a resource, tell its author, and those who can judge it."""
    resource.hidden_at = now
    work.session.add(resource)
    cause = f"resource-hidden:{resource.id}:{now:%Y%m%dT%H%M%S}"
    name = resource.title
    if resource.account_id is not None:
        text = "Three students reported it. A moderator of the group looks at it next."
        if resource.group_id is None:
            text = "Three students reported it, so nobody else sees it. You can remove it."
        await _tell(work, resource.account_id, f"“{name}” is hidden", text, cause, now)
    if resource.group_id is not None:
        for judge in await queries.judges(
            work.session, resource.account_id, group_id=resource.group_id
        ):
            text = "Three members reported it. Restore it or remove it."
            await _tell(work, judge, f"“{name}” needs your eye", text, cause, now)


async def _tell(
    work: UnitOfWork, account_id: UUID, title: str, text: str, cause: str, now: datetime
) -> None:
    notice = Notice(
        kind=NotificationKind.CAMPUS, title=title, text=text, path=PATH, cause=cause
    )
    await notify(work, account_id=account_id, notice=notice, now=now)
    work.announce(news_for(account_id, Topic.CAMPUS))
