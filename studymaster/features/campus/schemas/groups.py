"""What leaves the groups service: frozen, plain."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupForm:
    """What was typed to make a group; `course_id` is one of the student's own, or empty."""

    name: str
    about: str = ""
    course_id: str = ""
    listed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupChanges:
    """What an owner changes about a group; None leaves it as it is."""

    name: str | None = None
    about: str | None = None
    listed: bool | None = None


@dataclass(frozen=True, slots=True)
class SessionPlan:
    """When a group meets next (None: nothing is planned), and a note on it."""

    moment: datetime | None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupView:
    """A study group as one student sees it.

    `course_id` is Moodle's number. `role` is empty and `created_by` null for those who have
    not joined. `line` is the student's own colour of the course (0 to 9), or -1. `when` says
    the next session in the student's own time zone, `wall_clock` as an input takes it.
    """

    id: str = ""
    name: str = ""
    about: str = ""
    course_id: int | None = None
    course_name: str = ""
    line: int = -1
    listed: bool = False
    created_by: str | None = None
    member_count: int = 0
    full: bool = False
    role: str = ""
    unread: int = 0
    next_session: datetime | None = None
    next_session_note: str = ""
    when: str = ""
    wall_clock: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberView:
    """One member as another one sees them, and what the viewer may do about them.

    `blocked` is whether the viewer blocks them; who blocks the viewer is told to nobody.
    """

    account_id: str
    name: str
    role: str
    is_you: bool
    blocked: bool
    may_remove: bool
    may_change_role: bool


@dataclass(frozen=True, slots=True)
class GroupRoom:
    """A group from the inside."""

    group: GroupView
    members: tuple[MemberView, ...]
    invite_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """What somebody with a link learns about a group before joining.

    `owner` is who has owned it longest and stays; empty when every owner is leaving.
    """

    group_id: str = ""
    name: str = ""
    course_name: str = ""
    owner: str = ""
    member_count: int = 0
    is_member: bool = False
    full: bool = False
