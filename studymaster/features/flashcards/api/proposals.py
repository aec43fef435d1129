"""Proposals over HTTP: those that wait, other words for one, kept as cards or discarded."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

from studymaster.adapters import clock
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.api import CurrentStudent
from studymaster.features.accounts.rules import parse_id
from studymaster.features.flashcards.schemas import ProposalView
from studymaster.features.flashcards.service import proposals as service
from studymaster.features.library import service as library
from studymaster.features.library.service import NO_MATERIAL
from studymaster.paging import Stretch, Window

router = APIRouter(prefix="/proposals", tags=["flashcards"])

Site = Annotated[
    str | None,
    Query(max_length=300, description="Which Moodle, when several know this number."),
]


class WordsBody(BaseModel):
    """Other words for a proposal; what is left out stays.

    The answer of a sentence with gaps is what stands in them: its `back` is not asked.
    """

    front: str | None = None
    back: str | None = None


class KeptProposal(BaseModel):
    """The cards that a proposal became: one, or one for each gap."""

    card_ids: list[str]


@router.get("")
async def proposals(
    student: CurrentStudent,
    course_id: int | None = None,
    material_id: str | None = None,
    site: Site = None,
    offset: Annotated[int, Query()] = 0,
    limit: Annotated[int, Query()] = 50,
) -> Stretch[ProposalView]:
    """List the proposals that wait: of a course (its number in Moodle), a material, or all."""
    window = Window(offset, limit)
    material = None if material_id is None else parse_id(material_id, missing=NO_MATERIAL)
    async with unit_of_work() as work:
        place = None
        if course_id is not None:
            place = await library.get_course_id(
                work, account_id=student.account_id, moodle_id=course_id, site=site
            )
        return await service.stretch_of_proposals(
            work,
            account_id=student.account_id,
            course_id=place,
            material_id=material,
            window=window,
        )


@router.get("/{proposal_id}")
async def proposal(student: CurrentStudent, proposal_id: str) -> ProposalView:
    """Return one proposal, also when it was decided."""
    async with unit_of_work() as work:
        return await service.get_proposal(
            work, account_id=student.account_id, proposal_id=_proposal(proposal_id)
        )


@router.patch("/{proposal_id}")
async def change(
    student: CurrentStudent, proposal_id: str, body: WordsBody
) -> ProposalView:
    """Give a proposal that waits other words; it goes on waiting."""
    async with unit_of_work() as work:
        return await service.rewrite(
            work,
            student=student,
            proposal_id=_proposal(proposal_id),
            front=body.front,
            back=body.back,
        )


@router.post("/{proposal_id}/keep")
async def keep(student: CurrentStudent, proposal_id: str) -> KeptProposal:
    """Put a proposal into its course's deck, due today; twice is the same as once."""
    chosen = _proposal(proposal_id)
    async with unit_of_work() as work:
        await service.accept(work, student=student, proposal_id=chosen, now=clock.now())
        made = await service.list_cards(
            work, account_id=student.account_id, proposal_id=chosen
        )
    return KeptProposal(card_ids=[str(one) for one in made])


@router.post("/{proposal_id}/discard")
async def discard(student: CurrentStudent, proposal_id: str) -> ProposalView:
    """Put a proposal away; twice is the same as once."""
    chosen = _proposal(proposal_id)
    async with unit_of_work() as work:
        await service.reject(work, student=student, proposal_id=chosen)
        return await service.get_proposal(
            work, account_id=student.account_id, proposal_id=chosen
        )


@router.post("/{proposal_id}/reopen")
async def reopen(student: CurrentStudent, proposal_id: str) -> ProposalView:
    """Let a decided proposal wait again; cards of it that were never answered go."""
    chosen = _proposal(proposal_id)
    async with unit_of_work() as work:
        await service.reopen(work, account_id=student.account_id, proposal_ids=[chosen])
        return await service.get_proposal(
            work, account_id=student.account_id, proposal_id=chosen
        )


def _proposal(proposal_id: str) -> UUID:
    return parse_id(proposal_id, missing=service.NO_PROPOSAL)
