"""A student's name, e-mail address and password, over HTTP."""

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from studymaster.adapters import clock
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts import service
from studymaster.features.accounts.api.guard import CurrentStudent, expensive
from studymaster.features.accounts.schemas import Student
from studymaster.models import Account

router = APIRouter(prefix="/auth", tags=["auth"])


class Changes(BaseModel):
    """What is to change; null for what stays.

    A new address or password needs `current_password`. A new password ends every other
    session of the account.
    """

    display_name: str | None = None
    email: str | None = None
    new_password: str | None = None
    current_password: str = ""


class Changed(BaseModel):
    """Who the student is from now on; `email` is null without a local account."""

    id: str
    display_name: str
    email: str | None


@router.patch("/me", dependencies=[Depends(expensive("change-account"))])
async def change_me(student: CurrentStudent, body: Changes) -> Changed:
    """Change name, e-mail address and password: all that was sent, or nothing."""
    proven, chosen = "", None
    if body.email is not None or body.new_password is not None:
        account = await _account(student)
        proven = await service.prove_current(account, password=body.current_password)
    if body.new_password is not None:
        chosen = await service.hash_chosen_password(body.new_password)
    who = student.account_id
    async with unit_of_work() as work:
        if body.email is not None:
            await service.change_email(
                work, account_id=who, email=body.email, proven=proven
            )
        if chosen is not None:
            await service.change_password(
                work, student=student, password_hash=chosen, proven=proven, now=clock.now()
            )
        if body.display_name is not None:
            await service.change_name(work, account_id=who, name=body.display_name)
        account = await service.get_account(work, who)
        return Changed(id=str(who), display_name=account.display_name, email=account.email)


async def _account(student: Student) -> Account:
    async with unit_of_work() as work:
        return await service.get_account(work, student.account_id)
