"""Who is signed in, for every router; and how often they may ask for what is expensive."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request

from studymaster.adapters import clock, limits
from studymaster.adapters.database import unit_of_work
from studymaster.errors import SignInError
from studymaster.features.accounts import service
from studymaster.features.accounts.rules import ACCESS_COOKIE, REFRESH_COOKIE
from studymaster.features.accounts.schemas import Student


async def current_student(request: Request) -> Student:
    """Return who is signed in, by cookie or by `Authorization: Bearer`.

    Raises:
        SignInError: nobody is, or the session is over.
    """
    student = await find_student(request)
    if student is None:
        msg = "You are signed out. Sign in to go on."
        raise SignInError(msg)
    return student


async def find_student(request: Request) -> Student | None:
    """Return who is signed in, by cookie or by `Authorization: Bearer`, or None."""
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


CurrentStudent = Annotated[Student, Depends(current_student)]


def expensive(name: str) -> Callable[[Student], Awaitable[None]]:
    """Return the dependency that lets each student do `name` ten times a minute."""

    async def brake(student: CurrentStudent) -> None:
        await limits.take(name, str(student.account_id))

    return brake
