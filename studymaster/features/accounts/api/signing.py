"""Signing in and out over HTTP, and who is signed in for every other router."""

import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from pydantic import AfterValidator, BaseModel, ValidationError

from studymaster.adapters import clock, limits, vault
from studymaster.adapters.database import UnitOfWork, unit_of_work
from studymaster.config import get_settings
from studymaster.errors import InvalidInputError, SignInError, StudyMasterError
from studymaster.features.accounts import rules, service
from studymaster.features.accounts.api.guard import CurrentStudent, find_student
from studymaster.features.accounts.rules import (
    ACCESS_COOKIE,
    ATTEMPT_COOKIE,
    PROBLEM_COOKIE,
    PROBLEM_LIFE,
    REFRESH_COOKIE,
)
from studymaster.features.accounts.schemas import (
    MoodleIdentity,
    SessionTokens,
    SignInForm,
    Student,
)
from studymaster.models import Account
from studymaster.typed import UNKEEPABLE

router = APIRouter(prefix="/auth", tags=["auth"])
SIGN_IN = "/sign-in"
CONNECTIONS = "/live-sync?tab=connections"
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
            way=self.way if self.way in WAYS else "moodle",
            site=rules.cut(self.site, most_bytes=300),
            username=rules.cut(self.username, most_bytes=200),
            email=rules.cut(self.email, most_bytes=254),
            display_name=rules.cut(self.display_name, most_bytes=240),
            problem=problem,
        )


class SignedIn(BaseModel):
    """Who came in. A program that asks for JSON also gets the tokens of its session.

    `expires_in` is the life of the access token in seconds; a refresh token lives a week.
    """

    id: str
    access_token: str | None = None
    refresh_token: str | None = None
    token_type: str | None = None
    expires_in: int | None = None


class SignedOut(BaseModel):
    """The session is over."""

    signed_out: bool = True


class RefreshBody(BaseModel):
    """The refresh token of a program that keeps no cookies."""

    refresh_token: str = ""


class BrowserWay(BaseModel):
    """Where to sign in through the browser; the link from there ends the `attempt`.

    `expires_in` is how long the attempt waits for it, in seconds.
    """

    site: str
    address: str
    attempt: str
    expires_in: int


class Connected(BaseModel):
    """The name of the Moodle site that was connected."""

    site: str


SENT_ON: dict[int | str, dict[str, Any]] = {
    303: {"description": "A browser's form: on to the page, or back with the reason."}
}
ON = {200: {"model": SignedIn}} | SENT_ON
INTO = {200: {"model": SignedIn | BrowserWay}} | SENT_ON
OFF = {200: {"model": SignedOut}} | SENT_ON
ANEW = {201: {"model": Connected}, 200: {"model": BrowserWay}} | SENT_ON

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


@router.post("/login", responses=INTO, openapi_extra=FORM_OR_JSON)
async def login(request: Request) -> Response:
    """Sign in by one of the five ways; a browser form is sent on to its page."""
    form = await _login_form(request)
    try:
        async with _tried(request, form):
            if form.begins:
                return await _begin(request, form, page=SIGN_IN)
            tokens = await _enter(request, form)
    except StudyMasterError as error:
        if not _is_browser_form(request):
            raise
        return _back_to_form(form, page=SIGN_IN, error=error)
    if not _is_browser_form(request):
        answer: Response = _signed_in(tokens, told=_wants_json(request))
    else:
        answer = RedirectResponse(rules.local_path(form.next), status_code=303)
    _forget_tries(answer)
    return with_session(answer, tokens)


async def _begin(
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
    if _is_browser_form(request):
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
    _set_cookie(answer, ATTEMPT_COOKIE, sealed, seconds=life)
    return answer


def _step(page: str, form: LoginForm, query: str) -> str:
    target = f"{page}{'&' if '?' in page else '?'}{query}"
    if page == SIGN_IN:
        target += f"&next={quote(rules.local_path(form.next))}"
    return target


def _forget_tries(answer: Response) -> None:
    for name in (PROBLEM_COOKIE, ATTEMPT_COOKIE):
        answer.delete_cookie(name, path="/")


def _set_cookie(answer: Response, name: str, value: str, *, seconds: int) -> None:
    answer.set_cookie(
        name,
        value,
        max_age=seconds,
        httponly=True,
        samesite="lax",
        secure=_is_https(),
    )


async def _login_form(request: Request) -> LoginForm:
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
async def _tried(request: Request, form: LoginForm) -> AsyncGenerator[None]:
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


def _signed_in(tokens: SessionTokens, *, told: bool) -> JSONResponse:
    body = SignedIn(id=str(tokens.account_id))
    if told:
        body.access_token, body.refresh_token = tokens.access, tokens.refresh
        body.token_type = "Bearer"  # noqa: S105 - a kind, no token
        body.expires_in = int(rules.ACCESS_LIFE.total_seconds())
    return JSONResponse(body.model_dump(exclude_none=True), headers=UNKEPT)


@router.post("/logout", responses=OFF)
async def logout(request: Request) -> Response:
    """End this session and forget its cookies."""
    answer: Response = JSONResponse(SignedOut().model_dump())
    if _is_browser_form(request):
        answer = RedirectResponse(SIGN_IN, status_code=303)
    student = await find_student(request)
    if student is not None:
        async with unit_of_work() as work:
            await _end_session(work, student)
    return without_session(answer)


@router.post("/refresh", responses=ON)
async def refresh(request: Request, body: RefreshBody | None = None) -> Response:
    """Rotate the tokens of a live session, known by its cookie or by the token sent.

    The new tokens are told only to whoever sent one: no script on a page learns them.
    """
    sent = body.refresh_token if body else ""
    async with unit_of_work() as work:
        tokens = await service.renew_session(
            work,
            refresh_token=sent or request.cookies.get(REFRESH_COOKIE, ""),
            now=clock.now(),
        )
    if tokens is None:
        msg = "Your session is over. Sign in again."
        raise SignInError(msg)
    return with_session(_signed_in(tokens, told=bool(sent)), tokens)


@router.post(
    "/moodle", responses=ANEW, status_code=HTTPStatus.CREATED, openapi_extra=FORM_OR_JSON
)
async def connect_moodle(request: Request, student: CurrentStudent) -> Response:
    """Connect a Moodle site to the account that is signed in."""
    form = await _login_form(request)
    try:
        async with _tried(request, form):
            if form.begins:
                return await _begin(
                    request, form, page=CONNECTIONS, account_id=student.account_id
                )
            identity = await _identity(form, account_id=student.account_id)
        async with unit_of_work() as work:
            await service.connect_moodle(
                work, account_id=student.account_id, identity=identity, now=clock.now()
            )
    except StudyMasterError as error:
        if not _is_browser_form(request):
            raise
        return _back_to_form(form, page=CONNECTIONS, error=error)
    if not _is_browser_form(request):
        body = Connected(site=identity.site_name)
        answer: Response = JSONResponse(body.model_dump(), status_code=HTTPStatus.CREATED)
    else:
        answer = RedirectResponse("/live-sync", status_code=303)
    _forget_tries(answer)
    return answer


def with_session(answer: Response, tokens: SessionTokens) -> Response:
    """Put the session's cookies on an answer, out of reach of any script."""
    lives = {
        ACCESS_COOKIE: (tokens.access, rules.ACCESS_LIFE),
        REFRESH_COOKIE: (tokens.refresh, rules.REFRESH_LIFE),
    }
    for name, (value, life) in lives.items():
        _set_cookie(answer, name, value, seconds=int(life.total_seconds()))
    return answer


def without_session(answer: Response) -> Response:
    """Make the browser forget the session."""
    for name in (ACCESS_COOKIE, REFRESH_COOKIE):
        answer.delete_cookie(name, path="/")
    return answer


async def _end_session(work: UnitOfWork, student: Student) -> None:
    await service.end_session(
        work,
        account_id=student.account_id,
        session_id=student.session_id,
        now=clock.now(),
    )


async def _enter(request: Request, form: LoginForm) -> SessionTokens:
    way = WAYS.get(form.way)
    if way is None:
        msg = "Choose one of the ways to sign in."
        raise InvalidInputError(msg)
    account = await way(form)
    before = await find_student(request)
    async with unit_of_work() as work:
        tokens = await service.start_session(
            work,
            account=account,
            user_agent=request.headers.get("user-agent", ""),
            now=clock.now(),
        )
        if before is not None:
            await _end_session(work, before)
    return tokens


async def _by_moodle(form: LoginForm) -> Account:
    identity = await _identity(form)
    async with unit_of_work() as work:
        return await service.enter_by_moodle(
            work, identity=identity, time_zone=form.time_zone, now=clock.now()
        )


async def _identity(form: LoginForm, *, account_id: UUID | None = None) -> MoodleIdentity:
    if form.way == "browser":
        return await service.ask_moodle_by_link(
            form.attempt, link=form.link, account_id=account_id, now=clock.now()
        )
    if form.way == "token":
        return await service.ask_moodle_by_token(form.site, token=form.token)
    return await service.ask_moodle_by_password(
        form.site, username=form.username, password=form.password
    )


async def _by_local_password(form: LoginForm) -> Account:
    async with unit_of_work() as work:
        account = await service.find_local_account(work, email=form.email)
    return await service.prove_password(account, password=form.password)


async def _by_registering(form: LoginForm) -> Account:
    password_hash = await service.hash_new_password(form.password)
    async with unit_of_work() as work:
        return await service.register(
            work,
            email=form.email,
            password_hash=password_hash,
            display_name=form.display_name,
            time_zone=form.time_zone,
            now=clock.now(),
        )


WAYS: dict[str, Callable[[LoginForm], Awaitable[Account]]] = {
    "moodle": _by_moodle,
    "browser": _by_moodle,
    "token": _by_moodle,
    "local": _by_local_password,
    "register": _by_registering,
}


def _is_https() -> bool:
    return get_settings().public_url.startswith("https://")


def _is_browser_form(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")


def _wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _back_to_form(form: LoginForm, *, page: str, error: StudyMasterError) -> Response:
    if isinstance(error, service.BrowserOnlyError):
        form.way = "browser"
    answer = RedirectResponse(_step(page, form, _after_failure(form)), status_code=303)
    told = form.without_secrets(problem=error.message)
    note = vault.seal(json.dumps(asdict(told), ensure_ascii=False))
    seconds = int(PROBLEM_LIFE.total_seconds())
    _set_cookie(answer, PROBLEM_COOKIE, note, seconds=seconds)
    return answer


def _after_failure(form: LoginForm) -> str:
    """Return where a failure leads: whoever brought a wrong link back tries the next one."""
    return "failed=1&way=browser" if form.link.strip() else "failed=1"
