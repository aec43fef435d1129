"""Connecting a Moodle to the account that is signed in, over HTTP."""

from http import HTTPStatus
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from pydantic import BaseModel

from studymaster.adapters import clock
from studymaster.adapters.database import unit_of_work
from studymaster.errors import StudyMasterError
from studymaster.features.accounts import service
from studymaster.features.accounts.api.forms import (
    FORM_OR_JSON,
    SENT_ON,
    BrowserWay,
    LoginForm,
    ask_whose,
    back_to_form,
    begin,
    forget_tries,
    is_browser_form,
    read_form,
    tried,
)
from studymaster.features.accounts.api.guard import CurrentStudent
from studymaster.features.accounts.schemas import MoodleIdentity, Student

router = APIRouter(prefix="/auth", tags=["auth"])
PAGE: Final = "/live-sync"
CONNECTIONS: Final = f"{PAGE}?tab=connections"


class Connected(BaseModel):
    """The name of the Moodle site that was connected."""

    site: str


ANEW: dict[int | str, dict[str, Any]] = {
    201: {"model": Connected},
    200: {"model": BrowserWay},
    **SENT_ON,
}


@router.post(
    "/moodle", responses=ANEW, status_code=HTTPStatus.CREATED, openapi_extra=FORM_OR_JSON
)
async def connect_moodle(request: Request, student: CurrentStudent) -> Response:
    """Connect a Moodle site to the account that is signed in."""
    form = await read_form(request)
    page = _page_of(form)
    try:
        async with tried(request, form):
            if form.begins:
                return await begin(request, form, page=page, account_id=student.account_id)
            identity = await ask_whose(form, account_id=student.account_id)
        await _keep(student, identity)
    except StudyMasterError as error:
        zone = student.time_zone
        service.put_into_words(error, zone=zone, now=clock.now(), connecting=True)
        if not is_browser_form(request):
            raise
        return back_to_form(form, page=page, error=error)
    if not is_browser_form(request):
        body = Connected(site=identity.site_name)
        answer: Response = JSONResponse(body.model_dump(), status_code=HTTPStatus.CREATED)
    else:
        answer = RedirectResponse(PAGE, status_code=303)
    forget_tries(answer)
    return answer


def _page_of(form: LoginForm) -> str:
    """Return the part of the page that the form stands on, to which a failure leads back."""
    return PAGE if form.next == PAGE else CONNECTIONS


async def _keep(student: Student, identity: MoodleIdentity) -> None:
    async with unit_of_work() as work:
        await service.connect_moodle(
            work, account_id=student.account_id, identity=identity, now=clock.now()
        )
