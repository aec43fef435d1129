"""Signing in with a browser: the page for it, and the way back into an app with a token."""

import base64
import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from html import escape
from urllib.parse import quote, unquote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from demo.campus import PASSWORD, SITE_NAME, Campus, Student
from demo.wire import RefusalError, html_page

_WAY = "/admin/tool/mobile/launch.php"
_SIGN_IN = "/login/index.php"
_SERVICE = "moodle_mobile_app"
_LAUNCH = "tool_mobile_launch"
_SESSION = "MoodleSession"
_SCHEME = re.compile(r"[a-z][a-z0-9.+-]*")
_FIFTEEN_MINUTES = 900
_YES = ("1", "true")
_FORM = """<p>{told}</p><form method="post" action="{action}">
<p><label>User name <input name="username" autocomplete="username"></label></p>
<p><label>Password <input name="password" type="password" autocomplete="current-password"></label></p>
<p><button>Log in</button></p></form>"""

# Moodle presses its link by itself; where no app is there to open, the page stays.
_LINK_PAGE = """<p role="status">Confirmed</p>
<p><a id="launchapp" href="{link}">Click here if the app does not open automatically.</a></p>
<script>onload = () => document.getElementById("launchapp").click();</script>"""


class Launch:
    """What a browser asks for when an app sends its owner there to sign in."""

    def __init__(self, campus: Campus) -> None:
        """Sign in the students of this campus; sessions live as long as the process."""
        self._campus = campus
        self._sessions: dict[str, Student] = {}

    def routes(self) -> list[Route]:
        """The page to sign in and the page that leads back into the app."""
        return [
            Route(_SIGN_IN, self.sign_in, methods=["GET", "POST"]),
            Route(_WAY, self.launch, methods=["GET"]),
        ]

    async def launch(self, request: Request) -> Response:
        """Lead into the app with a token, to a page with the link, to sign in, or nowhere."""
        try:
            wish = _checked(request.query_params)
        except RefusalError as refusal:
            return _error(refusal.message)
        student = self._sessions.get(request.cookies.get(_SESSION, ""))
        if student is not None:
            return self._into_app(request, student, wish)
        response: Response
        if self._campus.type_of_login == 1:
            response = _error("Plugin not enabled or configured.")
        else:
            response = RedirectResponse(f"{_site(request)}{_SIGN_IN}", status_code=303)
        kept = quote(json.dumps(wish))
        response.set_cookie(_LAUNCH, kept, max_age=_FIFTEEN_MINUTES, samesite=None)
        return response

    async def sign_in(self, request: Request) -> Response:
        """Show the form; a right password opens a session and goes on to the app, if one asked."""
        if request.method == "GET":
            return _form("Students of the demo: mina, jonas and noor.")
        fields = await request.form()
        student = self._campus.students.get(str(fields.get("username", "")).strip().lower())
        if student is None or fields.get("password") != PASSWORD:
            return _form("Invalid login, please try again")
        wish = _wish_in(request)
        if wish is None:
            response: Response = RedirectResponse(f"{_site(request)}/", status_code=303)
        else:
            response = self._into_app(request, student, wish)
        session = secrets.token_hex(13)
        self._sessions[session] = student
        response.set_cookie(_SESSION, session, httponly=True, samesite=None)
        return response

    def _into_app(
        self, request: Request, student: Student, wish: dict[str, str]
    ) -> Response:
        passport = f"{_site(request)}{wish['passport']}".encode()
        signature = hashlib.md5(passport, usedforsecurity=False).hexdigest()
        told = f"{signature}:::{self._campus.sign_in(student)}"
        token = base64.b64encode(told.encode()).decode()
        link = f"{wish['urlscheme']}://token={token}"
        if wish["confirmed"]:
            response = html_page(SITE_NAME, _LINK_PAGE.format(link=escape(link)))
        else:
            response = Response(status_code=302, media_type="text/html; charset=utf-8")
            response.headers["location"] = link
        response.delete_cookie(_LAUNCH, samesite=None)
        return response


def _site(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def _checked(asked: Mapping[str, str]) -> dict[str, str]:
    """What an app asked for: service, passport and the scheme of its addresses."""
    wish = {
        "service": asked.get("service", ""),
        "passport": asked.get("passport", ""),
        "urlscheme": asked.get("urlscheme", "moodlemobile"),
        "confirmed": "1" if asked.get("confirmed", "") in _YES else "",
    }
    if not wish["passport"] or not _SCHEME.fullmatch(wish["urlscheme"]):
        raise RefusalError(
            errorcode="missingparam", message="A required parameter (passport) was missing"
        )
    if wish["service"] != _SERVICE:
        raise RefusalError(
            errorcode="servicenotavailable",
            message="Web service is not available. (It doesn't exist or might be disabled.)",
        )
    return wish


def _wish_in(request: Request) -> dict[str, str] | None:
    """What an app asked for before its owner came to the sign-in page."""
    try:
        return _checked(json.loads(unquote(request.cookies[_LAUNCH])))
    except (KeyError, ValueError, AttributeError, RefusalError):
        return None


def _form(told: str) -> Response:
    page = _FORM.format(told=escape(told), action=_SIGN_IN)
    return html_page(f"Log in to {SITE_NAME}", page)


def _error(told: str) -> Response:
    alert = (
        f'<div class="alert alert-danger"><p class="errormessage">{escape(told)}</p></div>'
    )
    return html_page(f"Error | {SITE_NAME}", alert, status=404)
