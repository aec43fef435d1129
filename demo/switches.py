"""Switches for tests, on loopback only: let something fail, or change what a course holds."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from demo.campus import Campus, Module, StoredFile
from demo.failures import KINDS, Failure, Switchboard
from demo.pdf import Handout, build_lecture
from demo.wire import RefusalError

_LOOPBACK = frozenset({"127.0.0.1", "::1", "::ffff:127.0.0.1"})
_WAYS_TO_SIGN_IN = (1, 2, 3)
Wish = dict[str, Any]


def routes(campus: Campus, board: Switchboard, now: Callable[[], datetime]) -> list[Route]:
    """The routes under /demo/."""

    async def failures(request: Request) -> Response:
        if request.method == "POST":
            board.turn_on(_failure(await request.json()))
        elif request.method == "DELETE":
            board.clear()
            campus.renew_tokens()
        return JSONResponse({"names": list(KINDS), "on": list(board.names)})

    async def changes(request: Request) -> Response:
        wish: Wish = await request.json()
        if wish.get("change") not in _CHANGES:
            message = f"Unknown change. Choose one of: {', '.join(_CHANGES)}."
            raise ValueError(message)
        module = _CHANGES[wish["change"]](campus, wish, int(now().timestamp()))
        return JSONResponse(
            {
                "cmid": module.cmid,
                "name": module.name,
                "sha1": module.files[0].sha1 if module.files else None,
            }
        )

    async def settings(request: Request) -> Response:
        wish: Wish = await request.json()
        if wish.get("typeoflogin") not in _WAYS_TO_SIGN_IN:
            message = "typeoflogin is 1 (in the app), 2 (browser) or 3 (embedded browser)."
            raise ValueError(message)
        campus.type_of_login = wish["typeoflogin"]
        return JSONResponse({"typeoflogin": campus.type_of_login})

    return [
        Route("/demo/settings", _guarded(settings), methods=["POST"]),
        Route("/demo/failures", _guarded(failures), methods=["GET", "POST", "DELETE"]),
        Route("/demo/changes", _guarded(changes), methods=["POST"]),
    ]


def _guarded(
    handler: Callable[[Request], Awaitable[Response]],
) -> Callable[[Request], Awaitable[Response]]:
    """Only callers on this machine; a wish that makes no sense is a 400 with the reason."""

    async def guarded(request: Request) -> Response:
        if request.client is None or request.client.host not in _LOOPBACK:
            return JSONResponse({"error": "These switches answer on loopback only."}, 403)
        try:
            return await handler(request)
        except (RefusalError, ValueError, KeyError, json.JSONDecodeError) as error:
            return JSONResponse({"error": str(error)}, 400)

    return guarded


def _failure(wish: Wish) -> Failure:
    if wish.get("failure") not in KINDS:
        message = f"Unknown failure. Choose one of: {', '.join(KINDS)}."
        raise ValueError(message)
    return Failure(
        wish["failure"],
        function=wish.get("function"),
        times=wish.get("times"),
        seconds=float(wish.get("seconds", 5)),
        after=wish.get("after"),
        pause=wish.get("pause"),
    )


def _lecture_file(wish: Wish, course: str, teacher: str, seconds: int) -> StoredFile:
    name = wish["name"]
    text = wish.get("text", "A **revision sheet** is a short summary of what was taught.")
    content = build_lecture(f"# {name}\n\n{text}\n", head=Handout(course, name, teacher))
    return StoredFile(f"{name}.pdf", content, "application/pdf", seconds, seconds)


def _add_lecture(campus: Campus, wish: Wish, seconds: int) -> Module:
    """Keys: course (short name), name, and optionally text in the lectures' Markdown."""
    course = campus.course_named(wish["course"])
    file = _lecture_file(wish, course.fullname, course.teacher, seconds)
    module = Module(0, 0, 0, "resource", wish["name"], seconds, seconds, files=(file,))
    return campus.add(course, module)


def _replace_file(campus: Campus, wish: Wish, seconds: int) -> Module:
    """Keys: cmid, and optionally text; the file keeps its name and creation time."""
    course, module = campus.module(wish["cmid"])
    old = module.files[0]
    fresh = _lecture_file(
        {"name": module.name, **wish}, course.fullname, course.teacher, seconds
    )
    file = replace(old, content=fresh.content, modified=seconds, mimetype=fresh.mimetype)
    return campus.change(
        module.cmid, files=(file,), modified=seconds, revision=module.revision + 1
    )


def _hide(campus: Campus, wish: Wish, _seconds: int) -> Module:
    return campus.change(wish["cmid"], hidden=True)


def _show(campus: Campus, wish: Wish, _seconds: int) -> Module:
    return campus.change(wish["cmid"], hidden=False)


def _rename(campus: Campus, wish: Wish, seconds: int) -> Module:
    return campus.change(wish["cmid"], name=wish["name"], modified=seconds)


_CHANGES: dict[str, Callable[[Campus, Wish, int], Module]] = {
    "add_lecture": _add_lecture,
    "replace_file": _replace_file,
    "hide_module": _hide,
    "show_module": _show,
    "rename_module": _rename,
}
