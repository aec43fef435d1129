"""Files, links and notes that students share with a course or a group of theirs.

For everybody else a resource is not there.
"""

from collections.abc import AsyncGenerator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

import structlog

from studymaster.adapters.bus import Topic, news_for
from studymaster.adapters.database import UnitOfWork
from studymaster.adapters.storage import Storage, shared_key
from studymaster.errors import (
    InvalidInputError,
    NotFoundError,
    StudyMasterError,
)
from studymaster.features.accounts.schemas import Student
from studymaster.features.campus.queries import groups as places
from studymaster.features.campus.queries import resources as queries
from studymaster.features.campus.queries.resources import ResourceRow, Votes
from studymaster.features.campus.rules import resources as rules
from studymaster.features.campus.rules.excerpts import EXCERPT, excerpt
from studymaster.features.campus.schemas.resources import (
    Audience,
    AudienceChoice,
    Draft,
    ResourceView,
    SharedFile,
    StoredFile,
    Upload,
    Wanted,
)
from studymaster.features.campus.service import audience as courses
from studymaster.features.library.rules import served_type
from studymaster.models import (
    Resource,
    ResourceKind,
)
from studymaster.paging import Stretch, Window, stretch

log = structlog.get_logger(__name__)

NO_RESOURCE: Final = "That resource is not there, or it is not shared with you."
NO_GROUP: Final = "That group is not one of yours."
NO_AUDIENCE: Final = "Choose one course or one group of yours to share with."
NOT_YOURS: Final = "Only who shared it, or a moderator of the group, can do that."
NO_BYTES: Final = "That resource is not a file. Open its link, or read its note."
PATH: Final = "/campus?tab=resources"


async def audience_choices(work: UnitOfWork, *, account_id: UUID) -> list[AudienceChoice]:
    """List with whom the student can share: courses by short name, then groups."""
    own = await courses.own_courses(work, account_id=account_id)
    groups = await queries.own_groups(work.session, account_id)
    by_id = {f"course:{one.moodle_id}": one.name for one in reversed(own)}
    by_id = {value: by_id[value] for value in reversed(by_id)}
    by_id |= {f"group:{group_id}": name for group_id, name in groups}
    return [AudienceChoice(value, name) for value, name in by_id.items()]


async def get_audience(
    work: UnitOfWork,
    *,
    account_id: UUID,
    course_id: int | None = None,
    group_id: UUID | None = None,
) -> Audience:
    """Return a course (by its Moodle id) or a group of the student's own.

    Raises:
        InvalidInputError: neither or both are named.
        NotFoundError: it is not theirs.
    """
    if (course_id is None) == (group_id is None):
        raise InvalidInputError(NO_AUDIENCE)
    if course_id is not None:
        course = await courses.course_of_moodle_id(
            work, account_id=account_id, moodle_id=course_id
        )
        return Audience(course.name, course=course)
    assert group_id is not None
    name = await queries.own_group_name(work.session, account_id, group_id=group_id)
    if name is None:
        raise NotFoundError(NO_GROUP)
    return Audience(name, group_id=group_id)


async def require_shareable(
    work: UnitOfWork, *, account_id: UUID, draft: Draft, upload: Upload | None
) -> None:
    """Refuse what cannot be shared before its bytes go anywhere."""
    rules.require_title(draft.title)
    rules.require_content(kind=draft.kind, text=draft.text, address=draft.address)
    rules.require_file(
        kind=draft.kind,
        has_file=upload is not None,
        size_bytes=upload.size_bytes if upload else 0,
    )
    await get_audience(
        work,
        account_id=account_id,
        course_id=draft.course_id,
        group_id=draft.group_id,
    )


@asynccontextmanager
async def stored(
    storage: Storage, upload: Upload | None
) -> AsyncGenerator[StoredFile | None]:
    """Put a file into the store, and take it out again if what follows fails.

    Raises:
        InvalidInputError: it is a program.
        StorageAwayError: the store does not take it.
    """
    if upload is None:
        yield None
        return
    file = _described(upload)
    await storage.put_file(upload.path, file.key)
    try:
        yield file
    except BaseException:
        await forget_file(storage, file.key)
        raise


async def share(
    work: UnitOfWork,
    *,
    student: Student,
    draft: Draft,
    file: StoredFile | None,
    now: datetime,
) -> ResourceView:
    """Share something with a course or a group; of a file, what the store already has."""
    text, address = rules.require_content(
        kind=draft.kind, text=draft.text, address=draft.address
    )
    to = await get_audience(
        work,
        account_id=student.account_id,
        course_id=draft.course_id,
        group_id=draft.group_id,
    )
    if to.group_id is not None:
        await _hold_place(work, account_id=student.account_id, group_id=to.group_id)
    resource = Resource(
        account_id=student.account_id,
        kind=ResourceKind(draft.kind),
        title=rules.require_title(draft.title),
        text=text,
        address=address,
        created_at=now,
    )
    _address(resource, to)
    if file is not None:
        _attach(resource, file)
    work.session.add(resource)
    await work.session.flush()
    await tell_audience(work, resource, by=student.account_id)
    return await get_resource(work, account_id=student.account_id, resource_id=resource.id)


async def list_resources(
    work: UnitOfWork, *, account_id: UUID, wanted: Wanted, window: Window
) -> Stretch[ResourceView]:
    """List what is shared with the student; notes are cut short."""
    rows = await queries.resources(work.session, account_id, wanted=wanted, window=window)
    return stretch(await _views(work, account_id, rows), window=window)


async def get_resource(
    work: UnitOfWork, *, account_id: UUID, resource_id: UUID
) -> ResourceView:
    """Return one resource, a note with all its words."""
    row = await queries.resource_by_id(work.session, account_id, resource_id=resource_id)
    if row is None:
        raise NotFoundError(NO_RESOURCE)
    (view,) = await _views(work, account_id, [row], most=rules.NOTE_MAX)
    return view


async def lock_resource(
    work: UnitOfWork, *, account_id: UUID, resource_id: UUID
) -> ResourceRow:
    """Keep a resource as it is until the unit of work ends.

    Raises:
        NotFoundError: it is not there, or it is not shared with the student.
    """
    row = await queries.lock_resource(work.session, account_id, resource_id=resource_id)
    if row is None:
        raise NotFoundError(NO_RESOURCE)
    return row


async def get_file(work: UnitOfWork, *, account_id: UUID, resource_id: UUID) -> SharedFile:
    """Return where the bytes of a shared file lie.

    Raises:
        NotFoundError: it is not shared with the student, or it is not a file.
    """
    row = await queries.resource_by_id(work.session, account_id, resource_id=resource_id)
    if row is None:
        raise NotFoundError(NO_RESOURCE)
    if not row.resource.storage_key:
        raise NotFoundError(NO_BYTES)
    one = row.resource
    return SharedFile(one.storage_key, one.filename, one.mimetype)


def lend_file(storage: Storage, file: SharedFile) -> AbstractAsyncContextManager[Path]:
    """Lend the bytes of a shared file as a path to read from.

    Raises:
        FileGoneError: the store has lost them.
        StorageAwayError: the store does not answer.
    """
    return storage.lend(file.key)


async def remove(work: UnitOfWork, *, account_id: UUID, resource_id: UUID) -> str:
    """Remove a resource; return the key of what is left to forget in the store, or "".

    Raises:
        NotFoundError: it is neither the student's own nor in a group they keep clean.
    """
    row = await lock_resource(work, account_id=account_id, resource_id=resource_id)
    if row.resource.account_id != account_id and not row.is_judge:
        raise NotFoundError(NOT_YOURS)
    await tell_audience(work, row.resource, by=account_id)
    await work.session.delete(row.resource)
    return row.resource.storage_key


async def tell_audience(work: UnitOfWork, resource: Resource, *, by: UUID) -> None:
    """Tell the tabs of all who see what a resource is shared with, so those of `by` too."""
    if resource.group_id is not None:
        for one in await places.members(work.session, by, group_id=resource.group_id):
            work.announce(news_for(one.place.account_id, Topic.CAMPUS))
    elif resource.moodle_course_id is not None:
        await courses.tell_classmates(
            work,
            account_id=by,
            site_url=resource.site_url,
            moodle_id=resource.moodle_course_id,
        )


async def forget_file(storage: Storage, key: str) -> None:
    """Remove bytes that nothing names any more; a store that is away only costs room."""
    if not key:
        return
    try:
        await storage.remove(key)
    except StudyMasterError as error:
        log.warning("shared_file_left_over", key=key, reason=error.message)


def _described(upload: Upload) -> StoredFile:
    resource_id = uuid4()
    filename = rules.safe_filename(upload.filename)
    with upload.path.open("rb") as stream:
        head = stream.read(rules.HEAD_BYTES)
    rules.require_no_program(filename, head=head)
    return StoredFile(
        id=resource_id,
        key=shared_key(str(resource_id)),
        filename=filename,
        mimetype=rules.sniff(head),
        size_bytes=upload.size_bytes,
    )


def _address(resource: Resource, to: Audience) -> None:
    resource.group_id = to.group_id
    if to.course is not None:
        resource.site_url, resource.course_name = to.course.site_url, to.course.name
        resource.moodle_course_id = to.course.moodle_id


def _attach(resource: Resource, file: StoredFile) -> None:
    resource.id, resource.storage_key = file.id, file.key
    resource.filename, resource.mimetype = file.filename, file.mimetype
    resource.size_bytes = file.size_bytes


async def _hold_place(work: UnitOfWork, *, account_id: UUID, group_id: UUID) -> None:
    """Keep the group, and the student in it, until what they share is stored."""
    place = await places.place_to_speak(work.session, account_id, group_id=group_id)
    if place is None:
        raise NotFoundError(NO_GROUP)


async def _views(
    work: UnitOfWork,
    account_id: UUID,
    rows: Sequence[ResourceRow],
    *,
    most: int = EXCERPT,
) -> list[ResourceView]:
    ids = [row.resource.id for row in rows]
    found = await queries.votes(work.session, account_id, resource_ids=ids)
    return [
        _view(row, account_id, votes=found.get(row.resource.id, Votes()), most=most)
        for row in rows
    ]


def _view(row: ResourceRow, account_id: UUID, *, votes: Votes, most: int) -> ResourceView:
    one = row.resource
    return ResourceView(
        id=str(one.id),
        kind=one.kind.value,
        title=one.title,
        text=excerpt(one.text, most=most),
        cut=len(one.text) > most,
        address=one.address,
        host=rules.host_of(one.address),
        filename=one.filename,
        size_bytes=one.size_bytes,
        size=rules.size_words(one.size_bytes),
        opens=served_type(one.mimetype)[1],
        author=row.author.display_name if row.author else "",
        author_id=str(one.account_id or ""),
        audience=row.group.name if row.group else one.course_name,
        course_id=one.moodle_course_id,
        group_id=str(one.group_id) if one.group_id else None,
        votes=votes.count,
        voted=votes.own,
        reported=row.reported,
        mine=one.account_id == account_id,
        hidden=one.hidden_at is not None,
        may_judge=row.is_judge or one.account_id == account_id,
        created_at=one.created_at.isoformat(),
    )
