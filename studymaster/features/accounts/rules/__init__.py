"""What a student's day is, and what may be typed into a sign-in form. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime, timedelta
from hashlib import sha256
from ipaddress import ip_address, ip_network
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from studymaster.errors import InvalidInputError, NotFoundError
from studymaster.typed import FILLERS, UNKEEPABLE, one_line

ACCESS_COOKIE = "sm_access"
REFRESH_COOKIE = "sm_refresh"
PROBLEM_COOKIE = "sm_problem"
ACCESS_LIFE = timedelta(minutes=15)
REFRESH_LIFE = timedelta(days=7)
OVERLAP = timedelta(minutes=1)
"""How long a refresh token is still good after its successor was made."""

USE_NOTED_EVERY = timedelta(minutes=5)
"""A session in use is marked as used no more often than this."""

PROBLEM_LIFE = timedelta(minutes=2)
ATTEMPT_COOKIE = "sm_attempt"
ATTEMPT_LIFE = timedelta(minutes=30)
"""How long a student may take to sign in on the page of their Moodle."""

DISCONNECTED = "disconnected"
"""The failure code of a Moodle connection that its student ended."""

DEMO_STUDENT = "robin"
"""The user of the demo Moodle whose account everybody shares who tries the demo."""

ALMOST_A_MINUTE = timedelta(seconds=59)
LONGEST_PAUSE = timedelta(days=1)
"""No site is left alone for longer than that, whatever it asks for."""

PASSWORD_MIN = 10
PASSWORD_MAX = 200
EMAIL_MAX = 254
NAME_MAX = 120
PATH_MAX = 500
LAST_HOUR = 23
IPV4 = 4
HOME_BITS = 64
WITH_PORT = re.compile(r"(?:\[(?P<v6>.+)\]|(?P<v4>[^:]+)):\d+")
EMAIL = re.compile(r"[^@\s\x00-\x1f]{1,64}@[^@\s.\x00-\x1f]+(\.[^@\s.\x00-\x1f]+)+")
FALLBACK_ZONE = "UTC"
NAMELESS = "A student"
JOINERS = "\u200c\u200d"
"""Unseen, but letters of Persian and signs of more than one part are spelt with them."""

NAME_LENGTH = f"Your name needs 1 to {NAME_MAX} letters."
NAME_UNSEEN = "There is nothing to see in this name. Type at least one letter."
NAME_UNREADABLE = (
    "There is a character in this name that nobody can see or read. Type the name again."
)


def day_of(moment: datetime, *, time_zone: str, day_start_hour: int) -> date:
    """Return the student's day that holds a moment.

    A day lasts from `day_start_hour` by the wall clock to the same hour of the next date,
    so a shift to or from daylight-saving time makes it an hour shorter or longer, never two.
    """
    wall = moment.astimezone(ZoneInfo(time_zone)).replace(tzinfo=None)
    return (wall - timedelta(hours=day_start_hour)).date()


def time_of(moment: datetime, *, now: datetime, zone: str) -> str:
    """Return when something is over by the student's clock: `16:05`, on another day with it.

    The minute is the first one at which it is over.
    """
    local = (moment + ALMOST_A_MINUTE).astimezone(ZoneInfo(zone))
    is_today = local.date() == now.astimezone(ZoneInfo(zone)).date()
    return f"{local:%H:%M}" if is_today else f"{local:%a %d %b, %H:%M}"


def known_zone(name: str) -> str:
    """Return the time zone if the world has it, else UTC."""
    return name if name in available_timezones() else FALLBACK_ZONE


def require_zone(name: str) -> str:
    """Return the time zone, or say that there is none of that name."""
    if name not in available_timezones():
        msg = (
            "That time zone is not known. Choose one from the list, such as Europe/Berlin."
        )
        raise InvalidInputError(msg)
    return name


def require_day_start(text: str) -> int:
    """Return the hour at which the day starts, 0 to 23."""
    if not (text.isascii() and text.isdigit() and int(text[:4]) <= LAST_HOUR):
        msg = "The day can start at a full hour from 0 to 23."
        raise InvalidInputError(msg)
    return int(text)


def find_email(text: str) -> str | None:
    """Return the e-mail address in its one spelling, None when it is not one."""
    address = text.strip().lower()
    fits = len(address) <= EMAIL_MAX and EMAIL.fullmatch(address)
    return address if fits else None


def require_email(text: str) -> str:
    """Return the e-mail address in its one spelling, or say that it is not one."""
    address = find_email(text)
    if address is None:
        msg = "That e-mail address is not complete. It looks like name@university.edu."
        raise InvalidInputError(msg)
    return address


def cut(text: str, *, most_bytes: int) -> str:
    """Return the beginning of a text that takes at most so many bytes."""
    return text.encode()[:most_bytes].decode(errors="ignore")


def require_password(text: str) -> str:
    """Return a new password that is long enough to be worth having."""
    if not PASSWORD_MIN <= len(text) <= PASSWORD_MAX:
        msg = f"A password needs {PASSWORD_MIN} to {PASSWORD_MAX} characters."
        raise InvalidInputError(msg)
    return text


def require_name(text: str) -> str:
    """Return a name to show, with its white space put in order and otherwise as it is.

    Raises:
        InvalidInputError: it is empty, too long, invisible or has characters that nobody
            can read.
    """
    name = one_line(text)
    if not 1 <= len(name) <= NAME_MAX:
        raise InvalidInputError(NAME_LENGTH)
    if not any(_is_seen(one) for one in name):
        raise InvalidInputError(NAME_UNSEEN)
    if UNKEEPABLE.search(text) or not all(map(_is_readable, name)):
        raise InvalidInputError(NAME_UNREADABLE)
    return name


def _is_readable(one: str) -> bool:
    return one.isprintable() or one in JOINERS


def _is_seen(one: str) -> bool:
    return unicodedata.category(one)[0] in "LNPS" and one not in FILLERS


def name_of(names: Iterable[str]) -> str:
    """Return the first of some names that can be shown, without what nobody can read."""
    for name in names:
        plain = (one for one in one_line(name) if _is_readable(one))
        with suppress(InvalidInputError):
            return require_name("".join(plain)[:NAME_MAX])
    return NAMELESS


def local_path(text: str) -> str:
    """Return where to go after signing in: a path on this site, else the dashboard."""
    safe = text.startswith("/") and not text.startswith(("//", "/\\", "/api/", "/sign-in"))
    return text if safe and text.isprintable() and len(text) <= PATH_MAX else "/"


def device_name(user_agent: str) -> str:
    """Return a short name such as `Firefox on Windows` for a browser's own description."""
    systems = {
        "Android": "Android",
        "iPhone": "iPhone",
        "iPad": "iPad",
        "Windows": "Windows",
        "Mac OS": "macOS",
        "CrOS": "ChromeOS",
        "Linux": "Linux",
    }
    browsers = {
        "Edg": "Edge",
        "OPR": "Opera",
        "Firefox": "Firefox",
        "Chrome": "Chrome",
        "Safari": "Safari",
    }
    system = next((name for mark, name in systems.items() if mark in user_agent), None)
    browser = next((name for mark, name in browsers.items() if mark in user_agent), None)
    return f"{browser or 'A program'} on {system or 'an unknown system'}"


def local_moment(moment: datetime, *, time_zone: str) -> str:
    """Return a moment as the student's wall clock shows it, such as `22 Nov, 18:04`."""
    return f"{moment.astimezone(ZoneInfo(time_zone)):%-d %b, %H:%M}"


def parse_id(value: object, *, missing: str) -> UUID:
    """Return an id that came from outside.

    Raises:
        NotFoundError: with the sentence `missing`, when it is not even an id.
    """
    try:
        return UUID(value if isinstance(value, str) else "")
    except ValueError:
        raise NotFoundError(missing) from None


def named_account(way: str, *, email: str, username: str, host: str) -> str:
    """Return which account somebody tries to open, however they spell it.

    `host` is the name of the Moodle site; a token names nobody, whatever else is typed, and
    neither does a sign-in in the browser.
    """
    if way in {"local", "register"}:
        return _plain(email)
    return f"{_plain(username) if way == 'moodle' else ''} at {host}"


def _plain(name: str) -> str:
    """Return a name without case, spaces and accents: databases may find it without them."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(
        one for one in letters if not (one.isspace() or unicodedata.combining(one))
    )


def client_of(host: str) -> str:
    """Return whose requests count together: an address, or the network of a home in IPv6.

    There a single line has more addresses than anybody could count. Some proxies put the
    port behind the address; what is no address counts by its name.
    """
    behind = WITH_PORT.fullmatch(host)
    for text in (host, behind["v6"] or behind["v4"] if behind else ""):
        try:
            address = ip_address(text)
        except ValueError:
            continue
        if address.version == IPV4:
            return str(address)
        inside = address.ipv4_mapped
        return str(inside or ip_network((address, HOME_BITS), strict=False))
    return host


def admin_name(name: str) -> str:
    """Return an entry of ADMINS in its one spelling: only a path keeps its case."""
    who, mark, site = name.rpartition("@")
    host, slash, path = site.partition("/")
    return f"{who.lower()}{mark}{host.lower()}{slash}{path}"


def fingerprint(sealed: str) -> str:
    """Return a short digest that changes with a sealed secret and tells nothing of it."""
    return sha256(sealed.encode()).hexdigest()[:12]
