"""The doors of the demo Moodle: sign-in, REST server, file downloads, and the test switches."""

import json
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from demo import switches
from demo.campus import PASSWORD, SITE_NAME, Campus, Student
from demo.failures import (
    ACCOUNT_REFUSALS,
    SITE_REFUSALS,
    Door,
    Failure,
    Stage,
    Switchboard,
    invalid_login,
    policy_sentence,
    site_refusal,
    suspended,
)
from demo.files import (
    NOT_FOUND_CODE,
    find_file,
    generated,
    not_found,
    other_version,
    stored,
)
from demo.launch import Launch
from demo.services.call import Call, Service
from demo.services.site import public_config
from demo.services.table import BATCH, SERVICES, read_arguments, read_json_arguments
from demo.transfer import spoil
from demo.wire import (
    NOT_ACCESSIBLE,
    Json,
    RefusalError,
    access_exception,
    ajax_json,
    ajax_refusal,
    html_page,
    invalid_parameter,
    missing_record,
    rest_answer,
    rest_refusal,
    to_json,
)

_URL_ENCODED = "application/x-www-form-urlencoded"
_SETTINGS = "moodlewssetting"
_ENVELOPE = frozenset({"wstoken", "wsfunction", "moodlewsrestformat"})
# Functions that go on working when the student's courses may not be used.
_WITHOUT_COURSES = frozenset(
    {"core_webservice_get_site_info", "core_enrol_get_users_courses", BATCH}
)
_NGINX_502 = (
    "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
    "<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n"
    "</body>\r\n</html>\r\n"
)

Refuse = Callable[[RefusalError], Response]


def create_app(campus: Campus, *, now: Callable[[], datetime]) -> Starlette:
    """The demo Moodle as an ASGI application.

    Args:
        campus: people, courses and files.
        now: the clock; decides what is overdue.
    """
    site = _Site(campus, now)
    any_method = ["GET", "POST", "OPTIONS"]
    return Starlette(
        routes=[
            Route("/", site.front_page),
            *Launch(campus).routes(),
            Route("/login/token.php", site.sign_in, methods=any_method),
            Route("/lib/ajax/service-nologin.php", site.without_token, methods=any_method),
            Route("/webservice/rest/server.php", site.rest, methods=any_method),
            Route("/webservice/pluginfile.php", site.file, methods=any_method),
            Route("/webservice/pluginfile.php/{way:path}", site.file, methods=any_method),
            Route("/pluginfile.php/{way:path}", site.to_sign_in),
            *switches.routes(campus, site.board, now),
        ]
    )


async def _fields(request: Request) -> dict[str, str]:
    """Query and form fields; a body of any other type is not read, as in PHP."""
    fields = dict(request.query_params)
    kind = request.headers.get("content-type", "")
    if kind.startswith(_URL_ENCODED):
        sent = (await request.body()).decode("utf-8", "replace")
        return fields | dict(parse_qsl(sent, keep_blank_values=True))
    if "form" in kind:
        form = await request.form()
        fields |= {key: value for key, value in form.items() if isinstance(value, str)}
    return fields


def _address(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def _place_of_call(fields: dict[str, str]) -> str:
    """The name of a call, as failures are tied to it; of a batch with its first function."""
    name = fields.get("wsfunction", "")
    return f"{name}:{fields.get('requests[0][function]', '')}" if name == BATCH else name


def _place_of_file(request: Request) -> str:
    """The kind of module a file lies in, as failures are tied to it."""
    component = request.path_params.get("way", "").split("/")[1:2]
    return f"file:{component[0].removeprefix('mod_')}" if component else "file"


class _Site:
    def __init__(self, campus: Campus, now: Callable[[], datetime]) -> None:
        self._campus = campus
        self._now = now
        self.board = Switchboard()

    # -- pages for people

    async def front_page(self, _request: Request) -> Response:
        return html_page(SITE_NAME, "This is a demo Moodle. Sign in through StudyMaster.")

    async def to_sign_in(self, request: Request) -> Response:
        return RedirectResponse(f"{_address(request)}/login/index.php", status_code=303)

    # -- what every door shares

    def _down(self, door: Door, place: str, refuse: Refuse) -> Response | None:
        """The answer of a site that is out of order as a whole."""
        failure = self.board.take(Stage.SITE, door, place)
        if failure is None:
            return None
        if failure.name in SITE_REFUSALS:
            return refuse(site_refusal(failure.name))
        return _OUT_OF_ORDER[failure.name](door, failure)

    def _sent(self, response: Response, door: Door, place: str) -> Response:
        failure = self.board.take(Stage.TRANSFER, door, place)
        return spoil(response, failure) if failure else response

    def _student(self, token: str, door: Door, place: str) -> Student:
        student = self._campus.student_with(token)
        failure = self.board.take(Stage.ACCOUNT, door, place, username=student.username)
        if failure is None:
            return student
        if failure.name == "expired_token":
            self._campus.expire_token(student)
        refuse = ACCOUNT_REFUSALS.get(failure.name)
        raise refuse() if refuse else suspended(student.username)

    # -- sign-in

    async def sign_in(self, request: Request) -> Response:
        response = self._down("token", "token", ajax_refusal)
        if response is None:
            try:
                response = ajax_json(self._token(await _fields(request)))
            except RefusalError as refusal:
                response = ajax_refusal(refusal)
        return self._sent(response, "token", "token")

    def _token(self, fields: dict[str, str]) -> Json:
        if fields.get("appsitecheck"):
            return {"appsitecheck": "ok"}
        for name in ("username", "password", "service"):
            if name not in fields:
                raise RefusalError(
                    errorcode="missingparam",
                    message=f"A required parameter ({name}) was missing",
                )
        username = fields["username"].strip().lower()
        failure = self.board.take(Stage.ACCOUNT, "token", "token", username=username)
        student = self._campus.students.get(username)
        if failure or student is None or fields["password"] != PASSWORD:
            raise invalid_login()
        if fields["service"] != "moodle_mobile_app":
            raise RefusalError(
                errorcode="servicenotavailable",
                message="Web service is not available. (It doesn't exist or might be disabled.)",
            )
        return {"token": self._campus.sign_in(student), "privatetoken": None}

    # -- functions that need no token

    async def without_token(self, request: Request) -> Response:
        response = self._down("config", "tool_mobile_get_public_config", ajax_refusal)
        if response is None:
            sent = request.query_params.get("args") or (await request.body()).decode()
            response = ajax_json(
                [self._public(call, _address(request)) for call in json.loads(sent)]
            )
        return self._sent(response, "config", "tool_mobile_get_public_config")

    def _public(self, call: dict[str, Any], site: str) -> Json:
        if call.get("methodname") != "tool_mobile_get_public_config":
            return {
                "error": True,
                "exception": _linked(
                    RefusalError(
                        errorcode="servicenotavailable",
                        message="Web service is not available. (It doesn't exist or might be disabled.)",
                    ),
                    site,
                ),
            }
        off = set(self.board.names)
        data = public_config(
            site,
            type_of_login=self._campus.type_of_login,
            maintenance="maintenance" in off,
            web_services="web_services_off" not in off,
        )
        return {"error": False, "data": data}

    # -- REST

    async def rest(self, request: Request) -> Response:
        fields = await _fields(request)
        as_json = fields.get("moodlewsrestformat") == "json"
        place = _place_of_call(fields)
        refuse = partial(rest_refusal, as_json=as_json)
        response = self._down("rest", place, refuse)
        if response is None:
            try:
                answer = self._answer(fields, _address(request))
                response = rest_answer(answer, as_json=as_json)
            except RefusalError as refusal:
                response = refuse(refusal)
        return self._sent(response, "rest", place)

    def _answer(self, fields: dict[str, str], site: str) -> Json:
        name = fields.get("wsfunction", "")
        place = _place_of_call(fields)
        student = self._student(fields.get("wstoken", ""), "rest", place)
        if not name:
            raise invalid_parameter()
        settings = {k: v for k, v in fields.items() if k.startswith(_SETTINGS)}
        given = {
            key: value
            for key, value in fields.items()
            if key not in _ENVELOPE and key not in settings
        }
        call = Call(
            self._campus,
            student,
            site,
            self._now(),
            raw=settings.get(f"{_SETTINGS}raw") in {"1", "true"},
            file_urls=settings.get(f"{_SETTINGS}fileurl", "1") in {"1", "true"},
            obstacle=self._obstacle(name, site),
        )
        service = _service(name)
        args = read_arguments(service, given)
        if name == BATCH:
            return {"responses": self._batch(call, args["requests"])}
        return service.answer(call, args)

    def _obstacle(self, name: str, site: str) -> str:
        """Why courses may not be used in this call."""
        if name in _WITHOUT_COURSES:
            return ""
        failure = self.board.take(Stage.COURSE, "rest", name)
        if failure is None:
            return ""
        return {
            "forced_password_change": "error/forcepasswordchangenotice",
            "policy_not_agreed": policy_sentence(site),
        }.get(failure.name, NOT_ACCESSIBLE)

    def _batch(self, call: Call, requests: list[dict[str, Any]]) -> list[Json]:
        """The answers up to and including the first refusal."""
        answers: list[Json] = []
        for request in requests:
            try:
                data = to_json(self._inner(call, request))
            except RefusalError as refusal:
                told = to_json(_linked(refusal, call.site))
                return [*answers, {"error": True, "exception": told}]
            answers.append({"error": False, "data": data})
        return answers

    def _inner(self, call: Call, request: dict[str, Any]) -> Json:
        name = request["function"]
        service = _service(name)
        args = read_json_arguments(service, request["arguments"])
        failure = self.board.take(Stage.SITE, "inner", name)
        if failure and failure.name in SITE_REFUSALS:
            raise site_refusal(failure.name)
        token = self._campus.token_of(call.student)
        inner = Call(
            call.campus,
            self._student(token, "inner", name),
            call.site,
            call.now,
            raw=request["settingraw"],
            file_urls=request["settingfileurl"],
            obstacle=self._obstacle(name, call.site),
        )
        return service.answer(inner, args)

    # -- files

    async def file(self, request: Request) -> Response:
        place = _place_of_file(request)
        response = self._down("file", place, ajax_refusal)
        if response is None:
            fields = await _fields(request)
            try:
                response = self._download(request, fields.get("token"))
            except RefusalError as refusal:
                missing = refusal.errorcode == NOT_FOUND_CODE
                response = ajax_refusal(refusal, status=404 if missing else 200)
        return self._sent(response, "file", place)

    def _download(self, request: Request, token: str | None) -> Response:
        if token is None:
            raise RefusalError(
                errorcode="missingparam", message="A required parameter (token) was missing"
            )
        place = _place_of_file(request)
        student = self._student(token, "file", place)
        self._may_download(request, place)
        way = request.path_params.get("way", "")
        found = find_file(self._campus, student, way)
        if isinstance(found, str):
            return generated(found, name=way.rpartition("/")[2], now=self._now())
        if "range" in request.headers and self.board.take(
            Stage.REST_OF_FILE, "file", place
        ):
            found = other_version(found)
        return stored(found, request.headers)

    def _may_download(self, request: Request, place: str) -> None:
        failure = self.board.take(Stage.COURSE, "file", place) or self.board.take(
            Stage.FILE, "file", place
        )
        if failure is None:
            return
        if failure.name == "policy_not_agreed":
            raise RefusalError(
                errorcode="sitepolicynotagreed",
                message=policy_sentence(_address(request)),
            )
        if failure.name == "forced_password_change":
            raise RefusalError(
                errorcode="forcepasswordchangenotice",
                message="error/forcepasswordchangenotice",
            )
        if failure.name == "file_not_found":
            raise not_found()
        raise RefusalError(errorcode="requireloginerror", message=NOT_ACCESSIBLE)


def _service(name: str) -> Service:
    if name in SERVICES:
        return SERVICES[name]
    # Functions of Moodle that are not in the mobile service are refused, others do not exist.
    if name.startswith(("core_user_create", "core_course_create", "core_courseformat_")):
        raise access_exception()
    msg = "external_functions"
    raise missing_record(msg)


def _linked(refusal: RefusalError, site: str) -> Json:
    more = f"https://docs.moodle.org/404/en/error/webservice/{refusal.errorcode}"
    return {
        "message": refusal.message,
        "errorcode": refusal.errorcode,
        "link": f"{site}/",
        "moreinfourl": more,
    }


# -- a site that is out of order


def _gateway_down(_door: Door, _failure: Failure) -> Response:
    return Response(_NGINX_502, 502, media_type="text/html")


def _too_many(_door: Door, failure: Failure) -> Response:
    return Response(
        "Too many requests",
        429,
        {"retry-after": str(failure.pause or 2)},
        media_type="text/plain; charset=utf-8",
    )


def _maintenance_cli(_door: Door, failure: Failure) -> Response:
    response = html_page(
        f"{SITE_NAME} under maintenance", str(site_refusal("maintenance")), status=503
    )
    response.headers["retry-after"] = str(failure.pause or 300)
    return response


def _web_services_off(door: Door, _failure: Failure) -> Response:
    if door == "rest":
        return Response(b"", 403, media_type="text/html; charset=utf-8")
    if door == "file":
        return ajax_refusal(access_exception())
    return ajax_refusal(
        RefusalError(
            errorcode="enablewsdescription",
            message="Web services must be enabled in Advanced features.",
        )
    )


def _redirected(_door: Door, _failure: Failure) -> Response:
    return RedirectResponse("/login/index.php", status_code=303)


_OUT_OF_ORDER: dict[str, Callable[[Door, Failure], Response]] = {
    "redirected": _redirected,
    "gateway_down": _gateway_down,
    "too_many_requests": _too_many,
    "maintenance_cli": _maintenance_cli,
    "web_services_off": _web_services_off,
}
