"""Students who are signed in."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from benchmarks.filling.pen import DAY, DAYS, Pen
from studymaster.adapters import vault
from studymaster.adapters.vault import SessionToken, TokenUse
from studymaster.features.accounts.schemas import Student
from studymaster.models import Account, AuthSession, Preferences

SESSION_LIFE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Known:
    """A student who is signed in, and some of what is theirs."""

    student: Student
    access: str
    course_id: UUID | None = None
    material_id: UUID | None = None
    quiz_id: UUID | None = None
    group_id: UUID | None = None
    invite_code: str = ""
    cards: tuple[UUID, ...] = ()

    @property
    def cookie(self) -> str:
        """The header by which a browser says who it is."""
        return f"sm_access={self.access}"


def add_account(pen: Pen, name: str, *, since: datetime | None = None) -> Known:
    """Note an account, on the leaderboard, with one live session."""
    account_id, session_id = pen.id(), pen.id()
    pen.add(
        Account,
        id=account_id,
        display_name=name,
        **DAY,
        created_at=since or pen.now - timedelta(days=DAYS),
    )
    pen.add(
        Preferences,
        account_id=account_id,
        on_leaderboard=True,
        open_to_buddies=True,
    )
    expires = pen.now + SESSION_LIFE
    pen.add(
        AuthSession,
        id=session_id,
        account_id=account_id,
        created_at=pen.now,
        expires_at=expires,
    )
    # As long as the session: nobody renews it during a measurement.
    token = SessionToken(TokenUse.ACCESS, account_id, session_id, 1, expires)
    student = Student(account_id, session_id, name, **DAY)
    return Known(student, vault.sign(token, issued_at=pen.now))
