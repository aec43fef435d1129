"""The inbox over HTTP: list it, mark one or all as read; the link that ends its mail."""

from html import escape
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from studymaster.adapters import clock
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.api import CurrentStudent
from studymaster.features.accounts.rules import parse_id
from studymaster.features.notifications import service
from studymaster.features.notifications.schemas import NotificationView
from studymaster.features.notifications.service import mailing
from studymaster.paging import Stretch, Window

router = APIRouter(prefix="/notifications", tags=["notifications"])

SHEET: Final = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>StudyMaster: mail</title>
<style>
body {{ font: 18px/1.5 system-ui, sans-serif; max-width: 32em; margin: 4em auto; padding: 0 1em }}
button {{ font: inherit; min-height: 44px; padding: 0 1em }}
</style>
<h1>Notifications by e-mail</h1>
{words}
</html>
"""
"""A page that needs nobody to be signed in, and no script."""

QUESTION: Final = """\
<p>StudyMaster will send you no more notifications by e-mail. Your inbox there keeps them.</p>
<form method="post" action="?token={token}"><button>Switch e-mail off</button></form>"""
DONE: Final = """\
<p>E-mail is switched off. You can switch it on again in
<a href="/settings">the settings</a>.</p>"""
NO_LINK: Final = """\
<p>This link does not work any more. Sign in and switch e-mail off in
<a href="/settings">the settings</a>.</p>"""


@router.get("")
async def inbox(
    student: CurrentStudent, offset: int = 0, limit: int = 50
) -> Stretch[NotificationView]:
    """List what the student was told, newest first."""
    window = Window(offset=offset, limit=limit)
    async with unit_of_work() as work:
        return await service.inbox(work, account_id=student.account_id, window=window)


@router.post("/read-all", status_code=HTTPStatus.NO_CONTENT)
async def read_all(student: CurrentStudent) -> None:
    """Mark everything as read."""
    async with unit_of_work() as work:
        await service.mark_all_read(work, account_id=student.account_id, now=clock.now())


@router.post("/{notification_id}/read")
async def read(student: CurrentStudent, notification_id: str) -> NotificationView:
    """Mark one notification as read."""
    async with unit_of_work() as work:
        return await service.mark_read(
            work,
            account_id=student.account_id,
            notification_id=parse_id(notification_id, missing=service.NO_NOTIFICATION),
            now=clock.now(),
        )


# The two below are for people and mail programs; the link is proof enough (RFC 8058).


@router.get("/mail/off", include_in_schema=False)
async def ask_to_stop(token: str = "") -> HTMLResponse:
    """Ask whether mail shall end: whatever only looks at links, ends nothing."""
    if mailing.find_owner(token) is None:
        return _sheet(NO_LINK, status=HTTPStatus.NOT_FOUND)
    return _sheet(QUESTION.format(token=escape(token)))


@router.post("/mail/off", include_in_schema=False)
async def stop(token: str = "") -> HTMLResponse:
    """Send the owner of the link no more mail; asking twice does no harm."""
    async with unit_of_work() as work:
        is_ours = await mailing.switch_off(work, token=token)
    return _sheet(DONE) if is_ours else _sheet(NO_LINK, status=HTTPStatus.NOT_FOUND)


def _sheet(words: str, *, status: HTTPStatus = HTTPStatus.OK) -> HTMLResponse:
    return HTMLResponse(SHEET.format(words=words), status_code=status)
