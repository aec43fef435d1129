"""Searches that a student keeps, over HTTP."""

from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from studymaster.adapters import clock
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.api import CurrentStudent
from studymaster.features.accounts.rules import parse_id
from studymaster.features.flashcards.schemas import KeptSearch, SearchWish
from studymaster.features.flashcards.service import searches as service

router = APIRouter(prefix="/searches", tags=["flashcards"])


class SearchBody(BaseModel):
    """A name, and what is searched for in the language of the card list."""

    name: str
    text: str


class NameBody(BaseModel):
    """Another name."""

    name: str


@router.get("")
async def searches(student: CurrentStudent) -> list[KeptSearch]:
    """List the searches that the student keeps, by name."""
    async with unit_of_work() as work:
        return await service.list_searches(work, account_id=student.account_id)


@router.post("", status_code=HTTPStatus.CREATED)
async def keep(student: CurrentStudent, body: SearchBody) -> KeptSearch:
    """Keep a search under a name."""
    async with unit_of_work() as work:
        return await service.keep(
            work,
            account_id=student.account_id,
            wish=SearchWish(name=body.name, text=body.text),
            now=clock.now(),
        )


@router.patch("/{search_id}")
async def rename(student: CurrentStudent, search_id: str, body: NameBody) -> KeptSearch:
    """Give a search another name."""
    async with unit_of_work() as work:
        return await service.rename(
            work,
            account_id=student.account_id,
            search_id=_search(search_id),
            name=body.name,
        )


@router.delete("/{search_id}", status_code=HTTPStatus.NO_CONTENT)
async def forget(student: CurrentStudent, search_id: str) -> None:
    """Keep a search no longer."""
    async with unit_of_work() as work:
        await service.forget(
            work, account_id=student.account_id, search_id=_search(search_id)
        )


def _search(search_id: str) -> UUID:
    return parse_id(search_id, missing=service.NO_SEARCH)
