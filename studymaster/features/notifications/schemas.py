"""What a student is told, as it comes in and as it is shown: frozen and plain."""

from dataclasses import dataclass

from studymaster.models import NotificationKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something to tell a student once per `cause`; `path` is our page it leads to."""

    kind: NotificationKind
    title: str
    cause: str
    text: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class NotificationView:
    """One message in the inbox; `created_at` is an ISO 8601 moment in UTC."""

    id: str
    kind: str
    title: str
    text: str
    path: str
    created_at: str
    read: bool


@dataclass(frozen=True, slots=True)
class Bell:
    """What the frame shows of the inbox: how many are unread, and the newest of them.

    `looked` is false until the inbox was asked; `newest_at` is an ISO 8601 moment.
    """

    looked: bool = False
    unread: int = 0
    newest_at: str = ""
    newest_id: str = ""
    newest_title: str = ""
    newest_text: str = ""
    newest_path: str = ""
