"""Study groups and their chat, buddies, shared resources, and quick questions.

What belongs to a course is known by (site_url, moodle_course_id): each student has a row of
their own for the same Moodle course.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel

from studymaster.models._base import MOMENT, Record, one_of


class StudyGroup(Record, table=True):
    """Students who study together, for one course or for none."""

    __table_args__ = (Index("ix_study_group_course", "site_url", "moodle_course_id"),)

    name: str = Field(max_length=120)
    about: str = Field(default="", max_length=1000)
    site_url: str = Field(default="", max_length=300)
    moodle_course_id: int | None = Field(default=None, sa_type=BigInteger)
    course_name: str = Field(default="", max_length=400)
    created_by: UUID | None = Field(
        default=None, foreign_key="account.id", ondelete="SET NULL", index=True
    )
    listed: bool = True
    invite_code: str = Field(max_length=40, unique=True)
    next_session_at: datetime | None = Field(default=None, sa_type=MOMENT)
    next_session_note: str = Field(default="", max_length=200)


class GroupRole(StrEnum):
    """What a member may do: an owner everything, a moderator keep the chat clean."""

    OWNER = "owner"
    MODERATOR = "moderator"
    MEMBER = "member"


class GroupMember(SQLModel, table=True):
    """A student's place in a group; `read_at` is how far they have read its chat."""

    group_id: UUID = Field(
        foreign_key="studygroup.id", ondelete="CASCADE", primary_key=True
    )
    account_id: UUID = Field(
        foreign_key="account.id", ondelete="CASCADE", primary_key=True, index=True
    )
    role: GroupRole = Field(
        default=GroupRole.MEMBER, sa_type=one_of(GroupRole, name="role"), nullable=False
    )
    joined_at: datetime = Field(sa_type=MOMENT)
    read_at: datetime | None = Field(default=None, sa_type=MOMENT)


class GroupRemoval(SQLModel, table=True):
    """A student who was removed from a group and comes back only by a newer invitation."""

    group_id: UUID = Field(
        foreign_key="studygroup.id", ondelete="CASCADE", primary_key=True
    )
    account_id: UUID = Field(
        foreign_key="account.id", ondelete="CASCADE", primary_key=True, index=True
    )
    created_at: datetime = Field(sa_type=MOMENT)


class GroupMessage(Record, table=True):
    """One line of a group's chat; a removed one keeps its place without its words.

    `sent_key` comes from the tab that sent it: the same message sent twice counts once.
    """

    __table_args__ = (
        UniqueConstraint("group_id", "account_id", "sent_key"),
        Index("ix_group_message_group_id_created_at", "group_id", "created_at"),
        Index(
            "ix_group_message_removed",
            "group_id",
            "removed_at",
            postgresql_where=sql("removed_at IS NOT NULL"),
        ),
    )

    group_id: UUID = Field(foreign_key="studygroup.id", ondelete="CASCADE")
    account_id: UUID | None = Field(
        default=None, foreign_key="account.id", ondelete="SET NULL", index=True
    )
    sent_key: str = Field(max_length=64)
    text: str = Field(max_length=2000)
    removed_at: datetime | None = Field(default=None, sa_type=MOMENT)
    removed_by_author: bool = False


class BuddyState(StrEnum):
    """What the other side has said; a no is kept for a while, so that it is heard once."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class BuddyLink(Record, table=True):
    """Two students who study side by side, or one who asked the other.

    One row per pair: a unique index over the two ids in order.
    """

    __table_args__ = (
        Index("ix_buddy_link_asked_id", "asked_id"),
        Index("ix_buddy_link_asker_id", "asker_id"),
        CheckConstraint("asker_id <> asked_id", name="two_people"),
    )

    asker_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    asked_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    pair_key: str = Field(max_length=80, unique=True)
    state: BuddyState = Field(sa_type=one_of(BuddyState, name="state"), nullable=False)
    note: str = Field(default="", max_length=300)
    answered_at: datetime | None = Field(default=None, sa_type=MOMENT)


class Block(SQLModel, table=True):
    """A student who does not want to meet another one anywhere."""

    blocker_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE", primary_key=True)
    blocked_id: UUID = Field(
        foreign_key="account.id", ondelete="CASCADE", primary_key=True, index=True
    )
    created_at: datetime = Field(sa_type=MOMENT)


class ResourceKind(StrEnum):
    """What was shared."""

    FILE = "file"
    LINK = "link"
    NOTE = "note"


class Resource(Record, table=True):
    """A file, a link or a note that a student shares with a course or with a group.

    Exactly one audience: a group, or everybody whose Moodle has the course. Reports from
    before `judged_at`, when a moderator looked, count no more.
    """

    __table_args__ = (
        Index("ix_resource_course", "site_url", "moodle_course_id"),
        CheckConstraint(
            "(group_id IS NULL) <> (moodle_course_id IS NULL)", name="one_audience"
        ),
    )

    account_id: UUID | None = Field(
        default=None, foreign_key="account.id", ondelete="SET NULL", index=True
    )
    group_id: UUID | None = Field(
        default=None, foreign_key="studygroup.id", ondelete="CASCADE", index=True
    )
    site_url: str = Field(default="", max_length=300)
    moodle_course_id: int | None = Field(default=None, sa_type=BigInteger)
    course_name: str = Field(default="", max_length=400)
    kind: ResourceKind = Field(sa_type=one_of(ResourceKind, name="kind"), nullable=False)
    title: str = Field(max_length=200)
    text: str = Field(default="", max_length=20_000)
    address: str = Field(default="", max_length=2000)
    storage_key: str = Field(default="", max_length=300)
    filename: str = Field(default="", max_length=300)
    mimetype: str = Field(default="", max_length=160)
    size_bytes: int = Field(default=0, sa_type=BigInteger)
    hidden_at: datetime | None = Field(default=None, sa_type=MOMENT)
    judged_at: datetime | None = Field(default=None, sa_type=MOMENT)


class ResourceVote(SQLModel, table=True):
    """One student found a resource useful."""

    resource_id: UUID = Field(
        foreign_key="resource.id", ondelete="CASCADE", primary_key=True
    )
    account_id: UUID = Field(
        foreign_key="account.id", ondelete="CASCADE", primary_key=True, index=True
    )
    created_at: datetime = Field(sa_type=MOMENT)


class ResourceReport(SQLModel, table=True):
    """One student says that a resource should not be here, and why."""

    resource_id: UUID = Field(
        foreign_key="resource.id", ondelete="CASCADE", primary_key=True
    )
    account_id: UUID = Field(
        foreign_key="account.id", ondelete="CASCADE", primary_key=True, index=True
    )
    created_at: datetime = Field(sa_type=MOMENT)
    reason: str = Field(max_length=300)


class Question(Record, table=True):
    """A quick question to everybody who has the course."""

    __table_args__ = (
        Index("ix_question_course", "site_url", "moodle_course_id", "created_at"),
    )

    account_id: UUID | None = Field(
        default=None, foreign_key="account.id", ondelete="SET NULL", index=True
    )
    site_url: str = Field(max_length=300)
    moodle_course_id: int = Field(sa_type=BigInteger)
    course_name: str = Field(max_length=400)
    title: str = Field(max_length=200)
    text: str = Field(default="", max_length=4000)
    solved_at: datetime | None = Field(default=None, sa_type=MOMENT)
    hidden_at: datetime | None = Field(default=None, sa_type=MOMENT)


class QuestionReport(SQLModel, table=True):
    """One student says that a question should not be here, and why."""

    question_id: UUID = Field(
        foreign_key="question.id", ondelete="CASCADE", primary_key=True
    )
    account_id: UUID = Field(
        foreign_key="account.id", ondelete="CASCADE", primary_key=True, index=True
    )
    created_at: datetime = Field(sa_type=MOMENT)
    reason: str = Field(max_length=300)


class Answer(Record, table=True):
    """An answer to a question; the asker may mark the one that helped."""

    question_id: UUID = Field(foreign_key="question.id", ondelete="CASCADE", index=True)
    account_id: UUID | None = Field(
        default=None, foreign_key="account.id", ondelete="SET NULL", index=True
    )
    text: str = Field(max_length=4000)
    helped: bool = False
    hidden_at: datetime | None = Field(default=None, sa_type=MOMENT)


class AnswerVote(SQLModel, table=True):
    """One student found an answer useful."""

    answer_id: UUID = Field(foreign_key="answer.id", ondelete="CASCADE", primary_key=True)
    account_id: UUID = Field(
        foreign_key="account.id", ondelete="CASCADE", primary_key=True, index=True
    )
    created_at: datetime = Field(sa_type=MOMENT)


class AnswerReport(SQLModel, table=True):
    """One student says that an answer should not be here, and why."""

    answer_id: UUID = Field(foreign_key="answer.id", ondelete="CASCADE", primary_key=True)
    account_id: UUID = Field(
        foreign_key="account.id", ondelete="CASCADE", primary_key=True, index=True
    )
    created_at: datetime = Field(sa_type=MOMENT)
    reason: str = Field(max_length=300)
