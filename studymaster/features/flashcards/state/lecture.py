"""One open lecture with its proposals, as one browser tab holds it."""

from typing import TypeAlias
from uuid import UUID

import reflex as rx

from studymaster.adapters import clock, limits
from studymaster.adapters.bus import Topic
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.rules import parse_id
from studymaster.features.accounts.schemas import Student
from studymaster.features.accounts.state import SessionState
from studymaster.features.flashcards.schemas import GenerationView, ProposalView
from studymaster.features.flashcards.service import generation, proposals, review
from studymaster.features.flashcards.service.proposals import FIRST_PROPOSALS
from studymaster.features.library import service as library
from studymaster.features.library.schemas import MaterialView
from studymaster.features.library.service import NO_MATERIAL

Decision: TypeAlias = tuple[str, list[str]]
"""What was decided, in a word, and the ids of the proposals."""

MOST_TAKEN_BACK = 20


class LectureState(SessionState):
    """A lecture's open page, the proposals made from it, and the one that is chosen.

    Which proposal is being edited, and its words so far, only the browser knows; `saved`
    tells it that they have become a card. `waiting` counts the course's cards of today;
    `undo` says what was decided last and can be taken back, empty when nothing.
    """

    material: MaterialView = MaterialView()
    page_number: int = 1
    page_text: str = ""
    generation: GenerationView = GenerationView()
    proposals: list[ProposalView] = []
    open_count: int = 0
    shown_count: int = 0
    chosen: ProposalView = ProposalView()
    saved: int = 0
    waiting: int = 0
    undo: str = ""
    missing: bool = False
    loaded: bool = False
    _limit: int = FIRST_PROPOSALS
    _decided: list[Decision] = []

    @rx.event
    async def load(self) -> None:
        """Open the lecture that the address names."""
        student = await self._require_student()
        self._watch(Topic.CARDS, LectureState.refresh)
        self.material, self.chosen = MaterialView(), ProposalView()
        self.page_number, self.loaded = 1, False
        self._limit = FIRST_PROPOSALS
        self._decided, self.undo = [], ""
        async with unit_of_work() as work:
            material = await library.find_material(
                work, account_id=student.account_id, address=self._named(), now=clock.now()
            )
        self.missing = material is None
        if material is not None:
            self.material = material
            await self._show(student)

    @rx.event
    async def refresh(self) -> None:
        """Bring proposals and progress up to date."""
        if self.material.id:
            await self._show(await self._require_student())

    @rx.event
    async def go_to_page(self, number: int) -> None:
        """Show a page, from 1."""
        student = await self._require_student()
        self.page_number = _within(number, last=self.material.page_count)
        await self._read_page(student)

    @rx.event
    async def make_cards(self) -> None:
        """Have a worker make proposals from this lecture."""
        student = await self._require_student()
        await limits.take("generate", str(student.account_id))
        async with unit_of_work() as work:
            self.generation = await generation.request_generation(
                work, student=student, material_id=self._material_id(), now=clock.now()
            )

    @rx.event
    async def choose(self, proposal_id: str) -> None:
        """Choose a proposal and show its page."""
        student = await self._require_student()
        self._choose(self._place(proposal_id))
        await self._read_page(student)

    @rx.event
    async def accept(self, proposal_id: str) -> None:
        """Put a proposal into the deck."""
        student = await self._require_student()
        async with unit_of_work() as work:
            await proposals.accept(
                work,
                student=student,
                proposal_id=parse_id(proposal_id, missing=proposals.NO_PROPOSAL),
                now=clock.now(),
            )
        self._note("Accepted", [proposal_id])
        await self._show(student)

    @rx.event
    async def reject(self, proposal_id: str) -> None:
        """Put a proposal away."""
        student = await self._require_student()
        async with unit_of_work() as work:
            await proposals.reject(
                work,
                student=student,
                proposal_id=parse_id(proposal_id, missing=proposals.NO_PROPOSAL),
            )
        self._note("Rejected", [proposal_id])
        await self._show(student)

    @rx.event
    async def accept_all(self) -> None:
        """Put every proposal of this lecture into the deck."""
        student = await self._require_student()
        async with unit_of_work() as work:
            accepted = await proposals.accept_all(
                work, student=student, material_id=self._material_id(), now=clock.now()
            )
        self._note(f"Accepted {len(accepted)}", [str(one) for one in accepted])
        await self._show(student)

    @rx.event
    async def take_back(self) -> None:
        """Let what was decided last wait again."""
        student = await self._require_student()
        if not self._decided:
            return
        _, ids = self._decided[-1]
        self._decided = self._decided[:-1]
        self._name_undo()
        async with unit_of_work() as work:
            await proposals.reopen(
                work,
                account_id=student.account_id,
                proposal_ids=[parse_id(one, missing=proposals.NO_PROPOSAL) for one in ids],
            )
        await self._show(student)

    @rx.event
    async def save_edit(self, proposal_id: str, front: str, back: str) -> None:
        """Put a proposal into the deck in the student's own words."""
        student = await self._require_student()
        async with unit_of_work() as work:
            await proposals.accept_edited(
                work,
                student=student,
                proposal_id=parse_id(proposal_id, missing=proposals.NO_PROPOSAL),
                front=front,
                back=back,
                now=clock.now(),
            )
        self.saved += 1
        self._note("Accepted", [proposal_id])
        await self._show(student)

    @rx.event
    async def show_more(self) -> None:
        """Show fifty more proposals."""
        student = await self._require_student()
        self._limit += FIRST_PROPOSALS
        await self._show(student)

    async def _show(self, student: Student) -> None:
        """Read everything again; when the chosen proposal is gone, its neighbour is next."""
        account_id, material_id = student.account_id, self._material_id()
        place = self._place(self.chosen.id)
        async with unit_of_work() as work:
            self.material = await library.get_material(
                work, account_id=account_id, material_id=material_id
            )
            self.generation = await generation.get_generation(
                work, account_id=account_id, material_id=material_id
            )
            pile = await proposals.list_proposals(
                work, account_id=account_id, material_id=material_id, limit=self._limit
            )
            self.waiting = await review.count_waiting(
                work,
                student=student,
                course_id=UUID(self.material.course_id),
                now=clock.now(),
            )
        self.proposals, self.shown_count = pile.items, len(pile.items)
        self.open_count = self.shown_count + pile.more
        known = {proposal.id for proposal in pile.items}
        if self.chosen.id not in known:
            self._choose(place)
        await self._read_page(student)
        self.loaded = True

    async def _read_page(self, student: Student) -> None:
        """Fetch the words of the open page where there is no picture of it."""
        self.page_text = ""
        if self.material.pictured or self.material.page_count == 0:
            return
        async with unit_of_work() as work:
            self.page_text = await library.get_page_text(
                work,
                account_id=student.account_id,
                material_id=self._material_id(),
                number=self.page_number,
            )

    def _note(self, words: str, ids: list[str]) -> None:
        """Remember a decision, so that it can be taken back."""
        if ids:
            self._decided = [*self._decided, (words, ids)][-MOST_TAKEN_BACK:]
        self._name_undo()

    def _name_undo(self) -> None:
        self.undo = self._decided[-1][0] if self._decided else ""

    def _place(self, proposal_id: str) -> int:
        """Return where a proposal lies in the list; 0 when it does not."""
        ids = [proposal.id for proposal in self.proposals]
        return ids.index(proposal_id) if proposal_id in ids else 0

    def _choose(self, place: int) -> None:
        self.chosen = ProposalView()
        if self.proposals:
            self.chosen = self.proposals[min(place, len(self.proposals) - 1)]
            self.page_number = self.chosen.page

    def _material_id(self) -> UUID:
        return parse_id(self.material.id, missing=NO_MATERIAL)


def _within(number: object, *, last: int) -> int:
    """Return a page that exists, near the one that was asked for."""
    return max(1, min(number, last)) if type(number) is int else 1
