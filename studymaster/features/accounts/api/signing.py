"""Signing in and out over HTTP."""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from pydantic import BaseModel

from studymaster.adapters import clock
from studymaster.adapters.database import UnitOfWork, unit_of_work
from studymaster.errors import InvalidInputError, SignInError, StudyMasterError
from studymaster.features.accounts import rules, service
from studymaster.features.accounts.api.forms import (
    FORM_OR_JSON,
    SENT_ON,
    SIGN_IN,
    UNKEPT,
    BrowserWay,
    LoginForm,
    ask_whose,
    back_to_form,
    begin,
    forget_tries,
    is_browser_form,
    read_form,
    set_cookie,
    tried,
)
from studymaster.features.accounts.api.guard import find_student
from studymaster.features.accounts.rules import ACCESS_COOKIE, REFRESH_COOKIE
from studymaster.features.accounts.schemas import SessionTokens, Student
from studymaster.models import Account

router = APIRouter(prefix="/auth", tags=["auth"])


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


ON = {200: {"model": SignedIn}} | SENT_ON
INTO = {200: {"model": SignedIn | BrowserWay}} | SENT_ON
OFF = {200: {"model": SignedOut}} | SENT_ON


@router.post("/login", responses=INTO, openapi_extra=FORM_OR_JSON)
async def login(request: Request) -> Response:
    """Sign in by one of the five ways; a browser form is sent on to its page."""
    form = await read_form(request)
    try:
        async with tried(request, form):
            if form.begins:
                return await begin(request, form, page=SIGN_IN)
            tokens = await _enter(request, form)
    except StudyMasterError as error:
        zone = form.time_zone and rules.known_zone(form.time_zone)
        service.put_into_words(error, zone=zone, now=clock.now(), connecting=True)
        if not is_browser_form(request):
            raise
        return back_to_form(form, page=SIGN_IN, error=error)
    if not is_browser_form(request):
        answer: Response = _signed_in(tokens, told=_wants_json(request))
    else:
        answer = RedirectResponse(rules.local_path(form.next), status_code=303)
    forget_tries(answer)
    return with_session(answer, tokens)


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
    if is_browser_form(request):
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


def with_session(answer: Response, tokens: SessionTokens) -> Response:
    """Put the session's cookies on an answer, out of reach of any script."""
    lives = {
        ACCESS_COOKIE: (tokens.access, rules.ACCESS_LIFE),
        REFRESH_COOKIE: (tokens.refresh, rules.REFRESH_LIFE),
    }
    for name, (value, life) in lives.items():
        set_cookie(answer, name, value, seconds=int(life.total_seconds()))
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
    identity = await ask_whose(form)
    async with unit_of_work() as work:
        return await service.enter_by_moodle(
            work, identity=identity, time_zone=form.time_zone, now=clock.now()
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


def _wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")
