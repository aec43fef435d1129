"""What a Moodle tells before anybody signs in, and signing in to it through the browser."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from secrets import SystemRandom
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from studymaster.adapters import moodle, vault
from studymaster.adapters.moodle import launch
from studymaster.adapters.moodle.translate.site import PublicConfig, SignInKind
from studymaster.config import get_settings
from studymaster.errors import InvalidInputError, SignInError, StudyMasterError
from studymaster.features.accounts import rules
from studymaster.features.accounts.schemas import (
    BrowserAttempt,
    BrowserView,
    ProviderView,
    SiteView,
)

OAUTH_PAGE = re.compile(r"/auth/oauth2/login\.php\?(?:[^#]*&)?id=([0-9]{1,9})(?:[&#]|$)")
SHAPE = TypeAdapter(BrowserAttempt)

NO_ATTEMPT = (
    "More than half an hour has passed, or this was begun in another browser. Start the "
    "sign-in again; it goes on from there."
)
NO_PAGE = "{name} has no sign-in page for apps. Sign in with your user name and password."


class BrowserOnlyError(SignInError):
    """The site signs students in on a page of its own, so a password is of no use here."""

    def __init__(self, name: str) -> None:
        """Name the site."""
        super().__init__(
            f"{name} signs its students in on a page of its own and takes no password from "
            "apps. Sign in through the browser instead."
        )


async def look_up_site(site: str) -> SiteView:
    """Return what a site tells everybody, and which ways in it offers.

    Raises:
        MoodleError: there is no Moodle, it cannot be reached, it is in maintenance, it has
            moved, or it lets no apps in; with its sentence.
    """
    address, told = await _ask(site)
    providers = tuple(_providers(told))
    on_a_page = told.sign_in is not SignInKind.APP
    return SiteView(
        url=address.url,
        name=told.site_name or address.host,
        password=not on_a_page,
        browser=on_a_page,
        providers=() if on_a_page else providers,
    )


async def find_site(
    site: str, *, zone: str, now: datetime, names: Mapping[str, str] | None = None
) -> SiteView:
    """Return what a site tells everybody; where there is nothing, why not.

    A site that asked for a pause is not asked in it by anybody, so that a lecture hall that
    tries again is no burden to it; until when is said by the clock of the time zone `zone`.
    `names` are those of the sites that the reader has connected, by their addresses.
    """
    try:
        return await look_up_site(site)
    except moodle.MoodleError as error:
        name = (names or {}).get(_url_of(site), "")
        put_into_words(error, name=name, zone=zone, now=now, connecting=True)
        return SiteView(problem=error.message)


def put_into_words(
    error: StudyMasterError,
    *,
    zone: str,
    now: datetime,
    name: str = "",
    connecting: bool = False,
) -> None:
    """Have the failure of a site say its name, and when its pause is over; others stay.

    Args:
        error: What went wrong.
        zone: The time zone of who reads it; empty when it is not known.
        now: When it went wrong.
        name: What the site calls itself, where that is known.
        connecting: Whether the reader is connecting the site, and has nothing of it.
    """
    if not isinstance(error, moodle.MoodleError):
        return
    over = pause_of(error, now=now)
    until = rules.time_of(over, now=now, zone=zone) if over and zone else ""
    error.reword(name, until=until, connecting=connecting)


def pause_of(error: StudyMasterError, *, now: datetime) -> datetime | None:
    """Return when the pause is over that a site asked for; None when it asked for none."""
    if not isinstance(error, moodle.MoodleError) or not error.retry_after:
        return None
    return now + min(timedelta(seconds=error.retry_after), rules.LONGEST_PAUSE)


async def begin_browser_sign_in(
    site: str, *, provider: str, account_id: UUID | None, now: datetime
) -> BrowserAttempt:
    """Begin to sign in through the browser: with a passport that no other attempt has.

    Args:
        site: The site, as typed.
        provider: Moodle's number of the service to sign in with; empty for the site's own
            page.
        account_id: The account that the site is for; None for a visitor.
        now: When this is.

    Raises:
        MoodleError: as for `look_up_site`.
        InvalidInputError: the site offers no such way.
    """
    address, told = await _ask(site)
    name = told.site_name or address.host
    offered = {one.id for one in _providers(told)}
    if provider not in offered and (provider or told.sign_in is SignInKind.APP):
        raise InvalidInputError(NO_PAGE.format(name=name))
    passport = launch.new_passport(SystemRandom())
    page = launch.launch_address(_launch_page(told, address), passport=passport)
    # With "confirmed" Moodle draws a page with the link on it, instead of jumping to an
    # address that no browser shows.
    page += "&confirmed=1" + (f"&oauthsso={provider}" if provider else "")
    return BrowserAttempt(
        site_url=address.url,
        site_name=name,
        sites=tuple(filter(None, (address.url, told.site_url, told.https_url))),
        passport=passport,
        address=page,
        account_id=str(account_id or ""),
        began_at=now,
    )


def is_shared(site_url: str, *, username: str) -> bool:
    """Tell whether a Moodle user is the one whom everybody is who tries the demo.

    Nobody may have that user to themselves: the next visitor would be in their account.
    """
    settings = get_settings()
    if not settings.demo_moodle_url or username != rules.DEMO_STUDENT:
        return False
    hosts = settings.moodle_allowed_hosts
    demo = moodle.check_site_address(settings.demo_moodle_url, allowed_hosts=hosts)
    return site_url == demo.url


def seal_attempt(attempt: BrowserAttempt) -> str:
    """Return an attempt as a browser may keep it: it can read and change nothing in it."""
    return vault.seal(SHAPE.dump_json(attempt).decode())


def find_attempt(
    sealed: str, *, account_id: UUID | None, now: datetime
) -> BrowserAttempt | None:
    """Return an attempt of this account, or of a visitor, that is not half an hour old."""
    life = int(rules.ATTEMPT_LIFE.total_seconds())
    note = vault.unseal_note(sealed, max_age_seconds=life) if sealed else None
    try:
        attempt = SHAPE.validate_json(note or "")
    except ValidationError:
        return None
    is_theirs = attempt.account_id == str(account_id or "")
    is_fresh = now - attempt.began_at < rules.ATTEMPT_LIFE
    return attempt if is_theirs and is_fresh else None


def read_link(
    sealed: str, *, link: str, account_id: UUID | None, now: datetime
) -> tuple[BrowserAttempt, str]:
    """Return the attempt, and the token in the link that a student brought back from it.

    Raises:
        InvalidInputError: the attempt is over, or the link is not its own.
    """
    attempt = find_attempt(sealed, account_id=account_id, now=now)
    if attempt is None:
        raise InvalidInputError(NO_ATTEMPT)
    found = launch.read_launch(link, sites=attempt.sites, passport=attempt.passport)
    return attempt, found.token


def view_of(attempt: BrowserAttempt | None) -> BrowserView:
    """Return what a page shows of an attempt; nothing without one."""
    if attempt is None:
        return BrowserView()
    return BrowserView(attempt.site_name, attempt.site_url, attempt.address)


def _url_of(site: str) -> str:
    """Return the checked address of a site as typed; empty when it is none to open."""
    hosts = get_settings().moodle_allowed_hosts
    try:
        return moodle.check_site_address(site, allowed_hosts=hosts).url
    except moodle.AddressRefusedError:
        return ""


async def _ask(site: str) -> tuple[moodle.SiteAddress, PublicConfig]:
    hosts = get_settings().moodle_allowed_hosts
    address = moodle.check_site_address(site, allowed_hosts=hosts)
    told = await moodle.ask_public_config(site, allowed_hosts=hosts)
    name = told.site_name or address.host
    if told.maintenance:
        raise moodle.MaintenanceError(name)
    if not (told.web_services and told.mobile):
        raise moodle.ServiceDisabledError(name)
    return address, told


def _providers(told: PublicConfig) -> Iterator[ProviderView]:
    for one in told.identity_providers:
        page = OAUTH_PAGE.search(one.url.replace("&amp;", "&"))
        if page and one.name:
            yield ProviderView(page[1], one.name)


def _launch_page(told: PublicConfig, address: moodle.SiteAddress) -> str:
    """Return the launch page that the site told, if it lies on the site itself."""
    page = urlsplit(told.launch_url)
    own = urlsplit(address.url)
    is_own = (page.scheme, page.netloc) == (own.scheme, own.netloc)
    return told.launch_url if is_own else address.url
