"""The form by which a student signs in or connects a Moodle: reading it, and its way back."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import Annotated, Any, Final
from urllib.parse import quote
from uuid import UUID

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from pydantic import AfterValidator, BaseModel, ValidationError

from studymaster.adapters import clock, limits, vault
from studymaster.config import get_settings
from studymaster.errors import InvalidInputError, StudyMasterError
from studymaster.features.accounts import rules, service
from studymaster.features.accounts.rules import (
    ATTEMPT_COOKIE,
    PROBLEM_COOKIE,
    PROBLEM_LIFE,
)
from studymaster.features.accounts.schemas import MoodleIdentity, SignInForm
from studymaster.typed import UNKEEPABLE

SIGN_IN: Final = "/sign-in"
KINDS: Final = ("moodle", "browser", "token", "local", "register")
"""The ways of the form: three through a Moodle, two without."""

SIGN_IN_TRIES = "sign-in"
CLIENT_TRIES, CLIENT_TRIES_A_MINUTE = "sign-in-client", 30
NEWCOMERS, NEWCOMERS_A_MINUTE = "register-client", 10
LOOK_UPS = "look-up-site"
UNTYPABLE = "It contains characters that nobody can type."
NO_FILES = "Signing in takes JSON or a plain form, without files."
UNKEPT = {"Cache-Control": "no-store"}


def _keepable(text: str) -> str:
    if UNKEEPABLE.search(text):
        raise ValueError(UNTYPABLE)
    return text


Typed = Annotated[str, AfterValidator(_keepable)]


class LoginForm(BaseModel):
    """The fields of the sign-in form; `way` says which of them count.

    Without a `link` the way through the browser is only begun: the answer says where to go.
    A program without cookies sends the `attempt` back with the link.
    """

    way: Typed = "moodle"
    site: Typed = ""
    username: Typed = ""
    password: Typed = ""
    token: Typed = ""
    link: Typed = ""
    provider: Typed = ""
    attempt: Typed = ""
    email: Typed = ""
    display_name: Typed = ""
    time_zone: Typed = ""
    next: Typed = "/"

    @property
    def begins(self) -> bool:
        """Whether a sign-in through the browser is to be begun."""
        return self.way == "browser" and not self.link.strip()

    def without_secrets(self, *, problem: str) -> SignInForm:
        """Return what may come back to the form after a failure."""
        return SignInForm(
            way=self.way if self.way in KINDS else "moodle",
            site=rules.cut(self.site, most_bytes=300),
            username=rules.cut(self.username, most_bytes=200),
            email=rules.cut(self.email, most_bytes=254),
            display_name=rules.cut(self.display_name, most_bytes=240),
            problem=problem,
        )


class BrowserWay(BaseModel):
    """Where to sign in through the browser; the link from there ends the `attempt`.

    `expires_in` is how long the attempt waits for it, in seconds.
    """

    site: str
    address: str
    attempt: str
    expires_in: int


SENT_ON: dict[int | str, dict[str, Any]] = {
    303: {"description": "A browser's form: on to the page, or back with the reason."}
}
"""What every form of a browser may be answered with."""

LOGIN_SCHEMA = {"schema": LoginForm.model_json_schema()}
FORM_OR_JSON = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": LOGIN_SCHEMA,
            "application/x-www-form-urlencoded": LOGIN_SCHEMA,
        },
    }
}


async def read_form(request: Request) -> LoginForm:
    """Return the form of a request, as JSON or as a page sends it.

    Raises:
        InvalidInputError: it comes with files.
        RequestValidationError: it cannot be read.
    """
    if _media_type(request).startswith("multipart/"):
        # Before a byte of it is read: nobody knows yet who sends it, and it may be large.
        raise InvalidInputError(NO_FILES)
    try:
        if _media_type(request) == "application/json":
            form = LoginForm.model_validate_json(await request.body())
        else:
            form = LoginForm.model_validate(dict(await request.form()))
    except ValidationError as error:
        raise RequestValidationError(_in_body(error)) from error
    form.attempt = form.attempt or request.cookies.get(ATTEMPT_COOKIE, "")
    return form


def _in_body(error: ValidationError) -> list[dict[str, object]]:
    # Without what was typed: passwords are among it.
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return [{**one, "loc": ("body", *one["loc"])} for one in found]


@asynccontextmanager
async def tried(request: Request, form: LoginForm) -> AsyncGenerator[None]:
    """Count a try for the client, and for the client and the account that it names.

    What succeeds was no guess and counts for neither; a new account counts for its client.
    """
    client = _client(request)
    who = f"{client} {_named_account(form)}"
    await limits.take(CLIENT_TRIES, client, per_minute=CLIENT_TRIES_A_MINUTE)
    if form.way == "register":
        await limits.take(NEWCOMERS, client, per_minute=NEWCOMERS_A_MINUTE)
    await limits.take(SIGN_IN_TRIES, who)
    yield
    await limits.forgive(SIGN_IN_TRIES, who)
    await limits.give_back(CLIENT_TRIES, client, per_minute=CLIENT_TRIES_A_MINUTE)


def _client(request: Request) -> str:
    return rules.client_of(request.client.host if request.client else "")


def _named_account(form: LoginForm) -> str:
    return rules.named_account(
        form.way,
        email=form.email,
        username=form.username,
        host=service.find_host(form.site),
    )


async def begin(
    request: Request, form: LoginForm, *, page: str, account_id: UUID | None = None
) -> Response:
    """Send a student to the sign-in page of their Moodle; a cookie knows the attempt."""
    who = str(account_id or _client(request))
    await limits.take(LOOK_UPS, who)
    attempt = await service.begin_browser_sign_in(
        form.site, provider=form.provider, account_id=account_id, now=clock.now()
    )
    if account_id is None:
        # What was found was no guess: a lecture hall may sign in behind one address.
        await limits.give_back(LOOK_UPS, who, per_minute=10)
    sealed, life = service.seal_attempt(attempt), int(rules.ATTEMPT_LIFE.total_seconds())
    if is_browser_form(request):
        answer: Response = RedirectResponse(_step(page, form, "way=browser"), 303)
        answer.delete_cookie(PROBLEM_COOKIE, path="/")
    else:
        way = BrowserWay(
            site=attempt.site_name,
            address=attempt.address,
            attempt=sealed,
            expires_in=life,
        )
        answer = JSONResponse(way.model_dump(), headers=UNKEPT)
    set_cookie(answer, ATTEMPT_COOKIE, sealed, seconds=life)
    return answer


def _step(page: str, form: LoginForm, query: str) -> str:
    target = f"{page}{'&' if '?' in page else '?'}{query}"
    if page == SIGN_IN:
        target += f"&next={quote(rules.local_path(form.next))}"
    return target


def forget_tries(answer: Response) -> None:
    """Make the browser forget why a try failed, and the way that was begun."""
    for name in (PROBLEM_COOKIE, ATTEMPT_COOKIE):
        answer.delete_cookie(name, path="/")


def set_cookie(answer: Response, name: str, value: str, *, seconds: int) -> None:
    """Put a cookie on an answer, out of reach of any script."""
    answer.set_cookie(
        name,
        value,
        max_age=seconds,
        httponly=True,
        samesite="lax",
        secure=_is_https(),
    )


async def ask_whose(form: LoginForm, *, account_id: UUID | None = None) -> MoodleIdentity:
    """Ask the Moodle that a form names who fills it in.

    Raises:
        MoodleError: it refused or did not answer, with its sentence.
        InvalidInputError: a field cannot be used.
    """
    if form.way == "browser":
        return await service.ask_moodle_by_link(
            form.attempt, link=form.link, account_id=account_id, now=clock.now()
        )
    if form.way == "token":
        return await service.ask_moodle_by_token(form.site, token=form.token)
    return await service.ask_moodle_by_password(
        form.site, username=form.username, password=form.password
    )


def is_browser_form(request: Request) -> bool:
    """Tell whether a browser sent the form and wants a page."""
    return "text/html" in request.headers.get("accept", "")


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _is_https() -> bool:
    return get_settings().public_url.startswith("https://")


def back_to_form(form: LoginForm, *, page: str, error: StudyMasterError) -> Response:
    """Send a browser back to its form, with what was typed and why it failed."""
    if isinstance(error, service.BrowserOnlyError):
        form.way = "browser"
    answer = RedirectResponse(_step(page, form, _after_failure(form)), status_code=303)
    told = form.without_secrets(problem=error.message)
    note = vault.seal(json.dumps(asdict(told), ensure_ascii=False))
    seconds = int(PROBLEM_LIFE.total_seconds())
    set_cookie(answer, PROBLEM_COOKIE, note, seconds=seconds)
    return answer


def _after_failure(form: LoginForm) -> str:
    """Return where a failure leads: whoever brought a wrong link back tries the next one."""
    return "failed=1&way=browser" if form.link.strip() else "failed=1"
