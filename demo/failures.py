"""The switch for everything that can go wrong with a Moodle, thrown by tests."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from demo.wire import RefusalError, access_exception, invalid_token

# "inner" is a call inside a batch: only failures tied to its function reach it.
Door = Literal["rest", "token", "file", "config", "inner"]


class Stage(StrEnum):
    """The moment of a request at which a failure strikes."""

    SITE = "site"
    ACCOUNT = "account"
    COURSE = "course"
    FILE = "file"
    REST_OF_FILE = "rest_of_file"
    TRANSFER = "transfer"


@dataclass(frozen=True)
class Kind:
    """When a failure strikes, and at which doors unless a function was named."""

    stage: Stage
    doors: frozenset[Door]


_EVERY: frozenset[Door] = frozenset({"rest", "token", "file", "config"})
_SIGNED_IN: frozenset[Door] = frozenset({"rest", "file"})
_FILE: frozenset[Door] = frozenset({"file"})
_DATA: frozenset[Door] = frozenset({"rest", "token"})

KINDS: dict[str, Kind] = {
    "gateway_down": Kind(Stage.SITE, _EVERY),
    "too_many_requests": Kind(Stage.SITE, _EVERY),
    "maintenance_cli": Kind(Stage.SITE, _EVERY),
    "maintenance": Kind(Stage.SITE, frozenset({"rest", "token", "file"})),
    "database_down": Kind(Stage.SITE, _EVERY),
    "upgrade_running": Kind(Stage.SITE, _EVERY),
    "web_services_off": Kind(Stage.SITE, frozenset({"rest", "token", "file"})),
    "redirected": Kind(Stage.SITE, _EVERY),
    "invalid_token": Kind(Stage.ACCOUNT, _SIGNED_IN),
    "expired_token": Kind(Stage.ACCOUNT, _SIGNED_IN),
    "access_exception": Kind(Stage.ACCOUNT, _SIGNED_IN),
    "user_suspended": Kind(Stage.ACCOUNT, frozenset({"rest", "file", "token"})),
    "invalid_login": Kind(Stage.ACCOUNT, frozenset({"token"})),
    "forced_password_change": Kind(Stage.COURSE, _SIGNED_IN),
    "policy_not_agreed": Kind(Stage.COURSE, _SIGNED_IN),
    "not_enrolled": Kind(Stage.COURSE, _SIGNED_IN),
    "file_error_as_200": Kind(Stage.FILE, _FILE),
    "file_not_found": Kind(Stage.FILE, _FILE),
    "resume_other_version": Kind(Stage.REST_OF_FILE, _FILE),
    "garbage": Kind(Stage.TRANSFER, _DATA),
    "truncated_json": Kind(Stage.TRANSFER, _DATA),
    "html_instead_of_json": Kind(Stage.TRANSFER, _DATA),
    "xml_instead_of_json": Kind(Stage.TRANSFER, _DATA),
    "slow": Kind(Stage.TRANSFER, _EVERY),
    "one_byte_a_second": Kind(Stage.TRANSFER, _EVERY),
    "ten_gigabytes": Kind(Stage.TRANSFER, _EVERY),
    "broken_off": Kind(Stage.TRANSFER, _FILE),
    "wrong_bytes": Kind(Stage.TRANSFER, _FILE),
}


def maintenance() -> RefusalError:
    """Maintenance that an administrator switched on in the settings."""
    return RefusalError(
        errorcode="sitemaintenance",
        message="The site is undergoing maintenance and is currently not available",
    )


def upgrade_running() -> RefusalError:
    """A new version is being installed."""
    return RefusalError(
        errorcode="upgraderunning", message="Site is being upgraded, please retry later."
    )


def no_database() -> RefusalError:
    """Moodle runs, its database does not."""
    return RefusalError(
        errorcode="dbconnectionfailed",
        message="<p>Error: Database connection failed</p>\n"
        "<p>It is possible that the database is overloaded or otherwise not running"
        " properly.</p>\n"
        "<p>The site administrator should also check that the database details have been"
        " correctly specified in config.php</p>",
        exception="dml_connection_exception",
    )


def invalid_login() -> RefusalError:
    """Wrong password, unknown, suspended or locked-out user: Moodle does not say which."""
    return RefusalError(errorcode="invalidlogin", message="Invalid login, please try again")


SITE_REFUSALS: dict[str, Callable[[], RefusalError]] = {
    "maintenance": maintenance,
    "upgrade_running": upgrade_running,
    "database_down": no_database,
}


def site_refusal(name: str) -> RefusalError:
    """What a site that is out of order says, for the names of `SITE_REFUSALS`."""
    return SITE_REFUSALS[name]()


ACCOUNT_REFUSALS: dict[str, Callable[[], RefusalError]] = {
    "invalid_token": invalid_token,
    "expired_token": access_exception,
    "access_exception": access_exception,
}


def suspended(username: str) -> RefusalError:
    """A suspended student with a token that would still be good."""
    return RefusalError(
        errorcode="wsaccessusersuspended",
        message=f"Refused web service access for suspended username: {username}",
    )


def policy_sentence(site: str) -> str:
    """The reason that Moodle gives as long as the site policy has not been agreed to."""
    return (
        f'Site policy not agreed: <a href="{site}/user/policy.php">'
        "Click here to open the site policy.</a>"
    )


@dataclass
class Failure:
    """A failure that is switched on: at one function or everywhere, for ever or some times.

    `function` may be all of a place or the part before its colon: a batch is at
    "tool_mobile_call_external_functions:" and its first function, a file at "file:" and the
    kind of module it lies in. `after` is how many bytes of the answer come as they should,
    for the failures that strike in the middle of one; `pause` is how many seconds a site
    that is too busy asks for.
    """

    name: str
    function: str | None = None
    times: int | None = None
    seconds: float = 5.0
    after: int | None = None
    pause: int | None = None
    struck: set[str] = field(default_factory=set[str])

    def strikes(self, stage: Stage, door: Door, place: str, username: str) -> bool:
        """Whether a request at this moment, door and function is hit."""
        kind = KINDS[self.name]
        names = {place, place.partition(":")[0]}
        here = self.function in names if self.function else door in kind.doors
        spent = self.name == "expired_token" and username in self.struck
        return kind.stage == stage and here and not spent


class Switchboard:
    """The failures that are switched on, oldest first."""

    def __init__(self) -> None:
        """Begin with everything in order."""
        self._on: list[Failure] = []

    def turn_on(self, failure: Failure) -> None:
        """Switch a failure on."""
        self._on.append(failure)

    def clear(self) -> None:
        """Switch everything off."""
        self._on.clear()

    @property
    def names(self) -> Iterable[str]:
        """The failures that are on."""
        return [failure.name for failure in self._on]

    def take(
        self, stage: Stage, door: Door, place: str, *, username: str = ""
    ) -> Failure | None:
        """The failure that hits this request, counted as one of its times."""
        for failure in self._on:
            if failure.strikes(stage, door, place, username):
                failure.struck.add(username)
                self._count(failure)
                return failure
        return None

    def _count(self, failure: Failure) -> None:
        if failure.times is not None:
            failure.times -= 1
            if failure.times <= 0:
                self._on.remove(failure)
