"""Every SELECT on materials. The account comes first: no query sees another's rows."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ScalarSelect, exists, func, or_, update
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from studymaster.models import (
    UPLOAD,
    Account,
    Blob,
    BlobPage,
    Card,
    Course,
    Material,
    MoodleConnection,
    Proposal,
    ProposalState,
    TextState,
)

Row = tuple[Material, Blob | None, int, int]
"""A material, its bytes, how many proposals are open, how many cards were made."""


def _open_proposals() -> ScalarSelect[int]:
    return (
        select(func.count())
        .select_from(Proposal)
        .where(
            col(Proposal.account_id) == col(Material.account_id),
            col(Proposal.material_id) == col(Material.id),
            col(Proposal.state) == ProposalState.OPEN,
        )
        .correlate(Material)
        .scalar_subquery()
    )


def _cards() -> ScalarSelect[int]:
    return (
        select(func.count())
        .select_from(Card)
        .where(
            col(Card.account_id) == col(Material.account_id),
            col(Card.material_id) == col(Material.id),
        )
        .correlate(Material)
        .scalar_subquery()
    )


async def materials_of_course(
    session: AsyncSession,
    account_id: UUID,
    *,
    course_id: UUID,
    limit: int,
    offset: int = 0,
) -> Sequence[Row]:
    """Return the listed materials of a course in Moodle's order."""
    statement = (
        select(Material, Blob, _open_proposals(), _cards())
        .join(Blob, col(Blob.sha1) == col(Material.blob_sha1), isouter=True)
        .where(
            col(Material.account_id) == account_id,
            col(Material.course_id) == course_id,
            col(Material.listed),
        )
        .order_by(col(Material.position), col(Material.filename), col(Material.id))
        .offset(offset)
        .limit(limit)
    )
    return (await session.exec(statement)).all()


async def readable_materials(
    session: AsyncSession, account_id: UUID, *, limit: int
) -> Sequence[tuple[Material, str]]:
    """Return what has text in the account's courses, with the course's short name."""
    statement = (
        select(Material, col(Course.shortname))
        .join(Course, col(Course.id) == col(Material.course_id))
        .join(Blob, col(Blob.sha1) == col(Material.blob_sha1))
        .where(
            col(Material.account_id) == account_id,
            col(Material.listed),
            col(Course.listed),
            col(Blob.text_state) == TextState.READY,
        )
        .order_by(col(Course.shortname), col(Material.position), col(Material.id))
        .limit(limit)
    )
    return (await session.exec(statement)).all()


async def count_materials(
    session: AsyncSession, account_id: UUID, *, course_id: UUID
) -> int:
    """Return how many materials of a course are listed."""
    statement = select(func.count()).where(
        col(Material.account_id) == account_id,
        col(Material.course_id) == course_id,
        col(Material.listed),
    )
    return (await session.exec(statement)).one()


async def material_by_id(
    session: AsyncSession, account_id: UUID, material_id: UUID
) -> Row | None:
    """Return the material if it is the account's own, also when Moodle lists it no more."""
    statement = (
        select(Material, Blob, _open_proposals(), _cards())
        .join(Blob, col(Blob.sha1) == col(Material.blob_sha1), isouter=True)
        .where(col(Material.account_id) == account_id, col(Material.id) == material_id)
    )
    return (await session.exec(statement)).one_or_none()


async def pages_of_material(
    session: AsyncSession, account_id: UUID, material_id: UUID
) -> Sequence[BlobPage]:
    """Return the texts of all pages of the account's material, in order."""
    statement = (
        select(BlobPage)
        .join(Material, col(Material.blob_sha1) == col(BlobPage.sha1))
        .where(col(Material.account_id) == account_id, col(Material.id) == material_id)
        .order_by(col(BlobPage.number))
    )
    return (await session.exec(statement)).all()


async def page_of_material(
    session: AsyncSession, account_id: UUID, material_id: UUID, *, number: int
) -> BlobPage | None:
    """Return the text of one page of the account's material."""
    statement = (
        select(BlobPage)
        .join(Material, col(Material.blob_sha1) == col(BlobPage.sha1))
        .where(
            col(Material.account_id) == account_id,
            col(Material.id) == material_id,
            col(BlobPage.number) == number,
        )
    )
    return (await session.exec(statement)).one_or_none()


async def count_uploads(session: AsyncSession, account_id: UUID) -> int:
    """Return how many files the account has added."""
    statement = select(func.count()).where(
        col(Material.account_id) == account_id, col(Material.modname) == UPLOAD
    )
    return (await session.exec(statement)).one()


async def upload_by_number(
    session: AsyncSession, account_id: UUID, *, course_id: UUID, number: int
) -> Material | None:
    """Return the account's own file in a course by its number there, which is below 0."""
    statement = select(Material).where(
        col(Material.account_id) == account_id,
        col(Material.course_id) == course_id,
        col(Material.cmid) == number,
    )
    return (await session.exec(statement)).one_or_none()


async def uploads_by_number(
    session: AsyncSession, account_id: UUID, *, number: int
) -> Sequence[Material]:
    """Return the account's own files with a number, in whichever of its courses."""
    statement = select(Material).where(
        col(Material.account_id) == account_id,
        col(Material.cmid) == number,
        col(Material.modname) == UPLOAD,
    )
    return (await session.exec(statement)).all()


async def hold_own_files(session: AsyncSession, account_id: UUID) -> None:
    """Wait for whoever adds or removes own files of the account, then keep others off."""
    statement = select(Account.id).where(Account.id == account_id)
    await session.exec(statement.with_for_update(key_share=True))


async def has_file(session: AsyncSession, account_id: UUID, *, sha1: str) -> bool:
    """Say whether bytes of the account's own have a row."""
    statement = select(Blob.sha1).where(Blob.sha1 == sha1, _is_own(account_id))
    return (await session.exec(statement)).one_or_none() is not None


async def unused_files(session: AsyncSession, account_id: UUID) -> Sequence[Blob]:
    """Return bytes of the account's own that no material, card or proposal has."""
    used = [
        exists().where(col(table.blob_sha1) == col(Blob.sha1))
        for table in (Material, Card, Proposal)
    ]
    statement = select(Blob).where(_is_own(account_id), ~or_(*used))
    return (await session.exec(statement)).all()


async def cut_cards_loose(
    session: AsyncSession, account_id: UUID, *, material: Material
) -> None:
    """Leave the cards without the file they were made from, also without earlier versions.

    What another material of the account has as well stays with its cards.
    """
    other = exists().where(
        col(Material.account_id) == account_id,
        col(Material.id) != material.id,
        col(Material.blob_sha1) == col(Card.blob_sha1),
    )
    made_from_it = or_(
        col(Card.material_id) == material.id, col(Card.blob_sha1) == material.blob_sha1
    )
    await session.exec(
        update(Card)
        .where(col(Card.account_id) == account_id, made_from_it, ~other)
        .values(blob_sha1=None)
    )


async def renew_decided_proposals(
    session: AsyncSession, account_id: UUID, *, material: Material
) -> None:
    """Have the proposals that were decided on name a material's newest bytes.

    They are kept so that nothing is proposed twice, not for what they quote.
    """
    await session.exec(
        update(Proposal)
        .where(
            col(Proposal.account_id) == account_id,
            col(Proposal.material_id) == material.id,
            col(Proposal.state) != ProposalState.OPEN,
        )
        .values(blob_sha1=material.blob_sha1)
    )


def _is_own(account_id: UUID) -> ColumnElement[bool]:
    return col(Blob.storage_key).startswith(f"users/{account_id}/")


async def course_of_number(
    session: AsyncSession, account_id: UUID, *, number: int, site_url: str | None
) -> UUID | None:
    """Return the account's course that Moodle knows by a number, the first site's first."""
    statement = (
        select(Course.id)
        .join(MoodleConnection, col(MoodleConnection.id) == col(Course.connection_id))
        .where(col(Course.account_id) == account_id, col(Course.moodle_id) == number)
        .order_by(col(MoodleConnection.created_at), col(MoodleConnection.id))
        .limit(1)
    )
    if site_url is not None:
        statement = statement.where(col(MoodleConnection.site_url) == site_url)
    return (await session.exec(statement)).one_or_none()


async def course_place(
    session: AsyncSession, account_id: UUID, *, course_id: UUID
) -> tuple[Course, str] | None:
    """Return the account's course and the address of its Moodle."""
    statement = (
        select(Course, col(MoodleConnection.site_url))
        .join(MoodleConnection, col(MoodleConnection.id) == col(Course.connection_id))
        .where(col(Course.account_id) == account_id, col(Course.id) == course_id)
    )
    return (await session.exec(statement)).one_or_none()
