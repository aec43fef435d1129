"""What leaves the accounts service: frozen, plain."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from pydantic import JsonValue, SecretStr

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
class Presence:
    """Who is behind a session, and until when (UTC); nobody once it is over."""

    student: Student | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SessionTokens:
    """The two cookies of a session, as signed JWTs."""

    account_id: UUID
    access: str
    refresh: str


@dataclass(frozen=True, slots=True)
class MoodleIdentity:
    """Who a Moodle site says somebody is, and the token that reads for them.

    `way` is how the token came: a value of ConnectionWay.
    """

    site_url: str
    site_name: str
    user_id: int
    username: str
    full_name: str
    token: str
    way: str = "password"


@dataclass(frozen=True, slots=True)
class SessionView:
    """One sign-in, as the settings page lists it; `used` is right to a few minutes."""

    id: str
    device: str
    since: str
    used: str
    current: bool


@dataclass(frozen=True, slots=True)
class DeviceView:
    """The sign-ins on what calls itself alike, newest first; this one stands for itself."""

    name: str
    current: bool
    count: int
    sessions: list[SessionView]


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """Why what was typed into a field cannot be used; both empty when it can."""

    field: str = ""
    sentence: str = ""


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
    has_password: bool
    theme: str
    time_zone: str
    day_start_hour: int
    devices: tuple[DeviceView, ...]
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


CHOICES: Final = (
    "on_leaderboard",
    "open_to_buddies",
    "sync_enabled",
    "propose_after_sync",
    "notify_sync",
    "notify_cards",
    "notify_focus",
    "notify_campus",
    "notify_points",
    "grade_insight",
)
"""The switches of the settings page."""


@dataclass(frozen=True, slots=True)
class PreferencesView:
    """What a student chose, without their key; the defaults hold before the first choice.

    `ai_ready` says that they named a model of their own, `ai_has_key` that its key is kept.
    After `timebox_minutes` a review pauses (0: never).
    """

    on_leaderboard: bool = False
    open_to_buddies: bool = False
    sync_enabled: bool = True
    propose_after_sync: bool = True
    notify_sync: bool = True
    notify_cards: bool = True
    notify_focus: bool = True
    notify_campus: bool = True
    notify_points: bool = True
    notify_by_email: bool = False
    grade_insight: bool = False
    ai_address: str = ""
    ai_model: str = ""
    ai_ready: bool = False
    ai_has_key: bool = False
    timebox_minutes: int = 0


@dataclass(frozen=True, slots=True)
class ModelAccess:
    """Where a language model answers (`https://host/v1`), its name, and the key, or none."""

    address: str
    model: str
    key: SecretStr


@dataclass(frozen=True, slots=True)
class ExportView:
    """A file with all of a student's data. `state` is queued, running, done or failed.

    `asked_at` and `expires_at` are ISO 8601 moments; `address` is where to fetch it, empty
    until it is done.
    """

    id: str
    state: str
    asked_at: str
    expires_at: str
    size: str
    address: str
    failure: str


@dataclass(frozen=True, slots=True)
class OwnFile:
    """A file of the student's own, and its name in the export."""

    storage_key: str
    name: str


JsonRow = dict[str, JsonValue]


@dataclass(frozen=True, slots=True)
class ExportedRows:
    """A part of one table as it goes into an export; `after` is None at its end."""

    rows: list[JsonRow]
    files: list[OwnFile]
    after: tuple[object, ...] | None


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a student is to a program. Moments are UTC.

    `fingerprint` is a short digest of the sealed Moodle token, None without a Moodle.
    """

    username: str
    email: str | None
    fingerprint: str | None
    created_at: datetime
    last_login_at: datetime | None


@dataclass(frozen=True, slots=True)
class FailedTask:
    """A background task that ended in an error, without anybody's secrets."""

    task: str
    arguments: str
    error: str


@dataclass(frozen=True, slots=True)
class FailureView:
    """A failed task as its host sees it; `at` is an ISO 8601 moment."""

    id: str
    task: str
    arguments: str
    error: str
    at: str


@dataclass(frozen=True, slots=True)
class PartView:
    """Something the product stands on, and whether it answered just now."""

    name: str
    works: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure of the host's page."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class HostView:
    """What the person who hosts the product sees; `ticked_at` is empty before the first."""

    facts: tuple[Fact, ...]
    failures: tuple[FailureView, ...]
    failure_count: int
    ticked_at: str
    beats: bool


@dataclass(frozen=True, slots=True)
class ProviderView:
    """Another service that signs a Moodle's students in; `id` is Moodle's number of it."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class SiteView:
    """A Moodle site as it tells everybody, and the ways in that it offers.

    `password` and `browser` say which of the two it has; `providers` are the services whose
    pages students of a site with passwords may use instead. Without a `url` none was found,
    and `problem` says why.
    """

    url: str = ""
    name: str = ""
    password: bool = False
    browser: bool = False
    providers: tuple[ProviderView, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class BrowserAttempt:
    """Signing in to a Moodle through the browser, begun and not yet done.

    Attributes:
        site_url: The checked address of the site.
        site_name: Its name.
        sites: What the site may call itself when it signs the link.
        passport: What only this attempt has.
        address: The page that the student opens.
        account_id: The account that it connects; empty for a visitor.
        began_at: When it was begun, UTC.
    """

    site_url: str
    site_name: str
    sites: tuple[str, ...]
    passport: str
    address: str
    account_id: str
    began_at: datetime


@dataclass(frozen=True, slots=True)
class BrowserView:
    """What a page shows of an attempt: where to sign in, and at which address."""

    site_name: str = ""
    site_url: str = ""
    address: str = ""
