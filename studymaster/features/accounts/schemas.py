"""What leaves the accounts service: frozen, plain."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from studymaster.features.accounts import rules


@dataclass(frozen=True, slots=True)
class Student:
    """Who is signed in, in which session, and when their day starts."""

    account_id: UUID
    session_id: UUID
    display_name: str
    time_zone: str
    day_start_hour: int

    def day_of(self, moment: datetime) -> date:
        """Return the student's day that holds a moment."""
        return rules.day_of(
            moment, time_zone=self.time_zone, day_start_hour=self.day_start_hour
        )


@dataclass(frozen=True, slots=True)
class SessionTokens:
    """The two cookies of a session, as signed JWTs."""

    account_id: UUID
    access: str
    refresh: str


@dataclass(frozen=True, slots=True)
class MoodleIdentity:
    """Who a Moodle site says somebody is, and the token that reads for them."""

    site_url: str
    site_name: str
    user_id: int
    username: str
    full_name: str
    token: str


@dataclass(frozen=True, slots=True)
class SessionView:
    """One sign-in, as the settings page lists it."""

    id: str
    device: str
    since: str
    current: bool


@dataclass(frozen=True, slots=True)
class ConnectionView:
    """A connected Moodle site; `failure` is empty while it works."""

    id: str
    site_name: str
    site_url: str
    username: str
    failure: str


@dataclass(frozen=True, slots=True)
class Profile:
    """What the settings page knows about a student."""

    display_name: str
    email: str
    theme: str
    time_zone: str
    day_start_hour: int
    sessions: tuple[SessionView, ...]
    connections: tuple[ConnectionView, ...]


@dataclass(frozen=True, slots=True)
class SignInForm:
    """What was typed into the sign-in form; passwords and tokens are not kept."""

    way: str = "moodle"
    site: str = ""
    username: str = ""
    email: str = ""
    display_name: str = ""
    problem: str = ""
