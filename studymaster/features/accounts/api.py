"""Signing in and out over HTTP, and who is signed in for every other router."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from pydantic import BaseModel

from studymaster.adapters import clock, vault
from studymaster.adapters.database import UnitOfWork, unit_of_work
from studymaster.config import get_settings
from studymaster.errors import InvalidInputError, SignInError, StudyMasterError
from studymaster.features.accounts import rules, service
from studymaster.features.accounts.rules import (
    ACCESS_COOKIE,
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

router = APIRouter(prefix="/auth", tags=["auth"])
SIGN_IN = "/sign-in"


class LoginForm(BaseModel):
    """The fields of the sign-in form; `way` says which of them count."""

    way: str = "moodle"
    site: str = ""
    username: str = ""
    password: str = ""
    token: str = ""
    email: str = ""
    display_name: str = ""
    time_zone: str = ""
    next: str = "/"

    def without_secrets(self, *, problem: str) -> SignInForm:
        """Return what may come back to the form after a failure."""
        return SignInForm(
            way=rules.cut(self.way, most_bytes=20),
            site=rules.cut(self.site, most_bytes=300),
            username=rules.cut(self.username, most_bytes=200),
            email=rules.cut(self.email, most_bytes=254),
            display_name=rules.cut(self.display_name, most_bytes=240),
            problem=problem,
        )


class Me(BaseModel):
    """Who is signed in."""

    id: str
    display_name: str
    time_zone: str
    day_start_hour: int


async def current_student(request: Request) -> Student:
    """Return who is signed in, by cookie or by `Authorization: Bearer`.

    Raises:
        SignInError: nobody is, or the session is over.
    """
    student = await _find_student(request)
    if student is None:
        msg = "You are signed out. Sign in to go on."
        raise SignInError(msg)
    return student


async def _find_student(request: Request) -> Student | None:
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    access = (
        bearer if scheme.lower() == "bearer" else request.cookies.get(ACCESS_COOKIE, "")
    )
    async with unit_of_work() as work:
        return await service.student_of_tokens(
            work,
            access_token=access,
            refresh_token=request.cookies.get(REFRESH_COOKIE, ""),
            now=clock.now(),
        )


async def _end_session(work: UnitOfWork, student: Student) -> None:
    await service.end_session(
        work,
        account_id=student.account_id,
        session_id=student.session_id,
        now=clock.now(),
    )


CurrentStudent = Annotated[Student, Depends(current_student)]


@router.post("/login")
async def login(request: Request, form: Annotated[LoginForm, Form()]) -> Response:
    """Sign in by one of the four ways; a browser form is sent on to its page."""
    try:
        tokens = await _enter(request, form)
    except StudyMasterError as error:
        if not _is_browser_form(request):
            raise
        return _back_to_form(form, page=SIGN_IN, problem=error.message)
    if not _is_browser_form(request):
        answer: Response = JSONResponse({"id": str(tokens.account_id)})
    else:
        answer = RedirectResponse(rules.local_path(form.next), status_code=303)
    answer.delete_cookie(PROBLEM_COOKIE, path="/")
    return with_session(answer, tokens)


@router.post("/logout")
async def logout(request: Request) -> Response:
    """End this session and forget its cookies."""
    answer: Response = JSONResponse({"signed_out": True})
    if _is_browser_form(request):
        answer = RedirectResponse(SIGN_IN, status_code=303)
    student = await _find_student(request)
    if student is not None:
        async with unit_of_work() as work:
            await _end_session(work, student)
    return without_session(answer)


@router.post("/refresh")
async def refresh(request: Request) -> Response:
    """Rotate the cookies of a live session."""
    async with unit_of_work() as work:
        tokens = await service.renew_session(
            work,
            refresh_token=request.cookies.get(REFRESH_COOKIE, ""),
            now=clock.now(),
        )
    if tokens is None:
        msg = "Your session is over. Sign in again."
        raise SignInError(msg)
    return with_session(JSONResponse({"id": str(tokens.account_id)}), tokens)


@router.post("/moodle")
async def connect_moodle(
    request: Request, student: CurrentStudent, form: Annotated[LoginForm, Form()]
) -> Response:
    """Connect a Moodle site to the account that is signed in."""
    try:
        identity = await _identity(form)
        async with unit_of_work() as work:
            await service.connect_moodle(
                work, account_id=student.account_id, identity=identity, now=clock.now()
            )
    except StudyMasterError as error:
        if not _is_browser_form(request):
            raise
        return _back_to_form(form, page="/live-sync", problem=error.message)
    if not _is_browser_form(request):
        return JSONResponse({"site": identity.site_name}, status_code=201)
    answer = RedirectResponse("/live-sync", status_code=303)
    answer.delete_cookie(PROBLEM_COOKIE, path="/")
    return answer


@router.get("/me")
async def me(student: CurrentStudent) -> Me:
    """Tell who is signed in."""
    return Me(
        id=str(student.account_id),
        display_name=student.display_name,
        time_zone=student.time_zone,
        day_start_hour=student.day_start_hour,
    )


def with_session(answer: Response, tokens: SessionTokens) -> Response:
    """Put the session's cookies on an answer, out of reach of any script."""
    lives = {
        ACCESS_COOKIE: (tokens.access, rules.ACCESS_LIFE),
        REFRESH_COOKIE: (tokens.refresh, rules.REFRESH_LIFE),
    }
    for name, (value, life) in lives.items():
        answer.set_cookie(
            name,
            value,
            max_age=int(life.total_seconds()),
            httponly=True,
            samesite="lax",
            secure=_is_https(),
        )
    return answer


def without_session(answer: Response) -> Response:
    """Make the browser forget the session."""
    for name in (ACCESS_COOKIE, REFRESH_COOKIE):
        answer.delete_cookie(name, path="/")
    return answer


async def _enter(request: Request, form: LoginForm) -> SessionTokens:
    way = WAYS.get(form.way)
    if way is None:
        msg = "Choose one of the ways to sign in."
        raise InvalidInputError(msg)
    account = await way(form)
    before = await _find_student(request)
    async with unit_of_work() as work:
        if before is not None:
            await _end_session(work, before)
        work.session.add(account)
        return await service.start_session(
            work,
            account=account,
            user_agent=request.headers.get("user-agent", ""),
            now=clock.now(),
        )


async def _by_moodle(form: LoginForm) -> Account:
    identity = await _identity(form)
    async with unit_of_work() as work:
        return await service.enter_by_moodle(
            work, identity=identity, time_zone=form.time_zone, now=clock.now()
        )


async def _identity(form: LoginForm) -> MoodleIdentity:
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
    "token": _by_moodle,
    "local": _by_local_password,
    "register": _by_registering,
}


def _is_https() -> bool:
    return get_settings().public_url.startswith("https://")


def _is_browser_form(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")


def _back_to_form(form: LoginForm, *, page: str, problem: str) -> Response:
    target = page
    if page == SIGN_IN:
        target = f"{page}?next={quote(rules.local_path(form.next))}"
    answer = RedirectResponse(target, status_code=303)
    note = json.dumps(asdict(form.without_secrets(problem=problem)), ensure_ascii=False)
    answer.set_cookie(
        PROBLEM_COOKIE,
        vault.seal(note),
        max_age=int(PROBLEM_LIFE.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=_is_https(),
    )
    return answer
