"""What becomes of proposals: found, rewritten, accepted, rejected, or taken back."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from studymaster import gaps
from studymaster.adapters.database import UnitOfWork
from studymaster.errors import ConflictError, NotFoundError
from studymaster.features.accounts.schemas import Student
from studymaster.features.flashcards.queries import cards as card_queries
from studymaster.features.flashcards.queries import generation as queries
from studymaster.features.flashcards.rules import quotes, sm2
from studymaster.features.flashcards.rules.typed import (
    NewKind,
    Sides,
    make_sides,
    parse_text,
)
from studymaster.features.flashcards.schemas import ProposalPile, ProposalView
from studymaster.features.flashcards.service import decks
from studymaster.features.flashcards.service.news import note_change
from studymaster.features.library import service as library
from studymaster.models import Card, CardKind, Proposal, ProposalState
from studymaster.paging import Stretch, Window, stretch

FIRST_PROPOSALS = 50
NO_PROPOSAL = "That proposal is not there any more."
DECIDED = "That proposal was decided already. Take that back first."
ANSWERED = "You have answered that card already, so it stays in your deck."


async def list_proposals(
    work: UnitOfWork, *, account_id: UUID, material_id: UUID, limit: int = FIRST_PROPOSALS
) -> ProposalPile:
    """Return the first proposals of a material that wait for the student's word."""
    session = work.session
    rows = await queries.open_proposals(session, account_id, material_id, limit=limit)
    total = await queries.count_open_proposals(session, account_id, material_id)
    return ProposalPile([_view(row) for row in rows], more=total - len(rows))


async def stretch_of_proposals(
    work: UnitOfWork,
    *,
    account_id: UUID,
    course_id: UUID | None,
    material_id: UUID | None,
    window: Window,
) -> Stretch[ProposalView]:
    """Return proposals that wait: of a course, of a material, or (None) of all.

    Raises:
        NotFoundError: the material is not the student's.
    """
    if material_id is not None:
        await library.get_material(work, account_id=account_id, material_id=material_id)
    rows = await queries.stretch_of_open_proposals(
        work.session,
        account_id,
        course_id=course_id,
        material_id=material_id,
        window=window,
    )
    return stretch([_view(row) for row in rows], window=window)


async def get_proposal(
    work: UnitOfWork, *, account_id: UUID, proposal_id: UUID
) -> ProposalView:
    """Return a proposal, whatever became of it.

    Raises:
        NotFoundError: it is not the student's.
    """
    row = await queries.find_proposal(work.session, account_id, proposal_id)
    if row is None:
        raise NotFoundError(NO_PROPOSAL)
    return _view(row)


async def list_cards(
    work: UnitOfWork, *, account_id: UUID, proposal_id: UUID
) -> list[UUID]:
    """Return the ids of the cards that a proposal became, the lowest gap first."""
    made = await queries.cards_of_proposals(work.session, account_id, [proposal_id])
    cards = await card_queries.cards_for_update(work.session, account_id, made)
    return [card.id for card in sorted(cards, key=lambda card: card.ordinal)]


async def rewrite(
    work: UnitOfWork, *, student: Student, proposal_id: UUID, front: object, back: object
) -> ProposalView:
    """Give a proposal that waits other words (None: the ones it has); it goes on waiting.

    Raises:
        NotFoundError: the proposal is not the student's.
        ConflictError: it was decided.
        InvalidInputError: a side is empty or too long, or there is no whole gap.
    """
    row = await _row(work, student=student, proposal_id=proposal_id)
    if row.state is not ProposalState.OPEN:
        raise ConflictError(DECIDED)
    question = row.front if front is None else parse_text(front, side="front")
    answer = _answer(row.kind, question, row.back if back is None else back)
    row.front, row.back = question, answer
    _announce(work, row)
    return _view(row)


async def accept(
    work: UnitOfWork, *, student: Student, proposal_id: UUID, now: datetime
) -> None:
    """Put a proposal into its course's deck, due today; accepting it twice makes one card.

    Raises:
        NotFoundError: the proposal is not the student's.
        ConflictError: it was rejected, or its quote is no longer on its page.
    """
    row = await _row(work, student=student, proposal_id=proposal_id)
    if row.state is ProposalState.REJECTED:
        msg = "You rejected that proposal. Make cards again to get new ones."
        raise ConflictError(msg)
    if row.state is not ProposalState.ACCEPTED:
        await _into_deck(work, student=student, row=row, now=now)


async def accept_edited(
    work: UnitOfWork,
    *,
    student: Student,
    proposal_id: UUID,
    front: object,
    back: object,
    now: datetime,
) -> None:
    """Put a proposal into the deck in the student's own words.

    The answer of a sentence with gaps is what stands in them, so `back` is not asked; each
    number of them becomes a card of the one note.
    When the proposal was decided meanwhile (in another tab), other words become a card of
    their own, as somebody typed them; the same words twice make one card.

    Raises:
        NotFoundError: the proposal is not the student's.
        InvalidInputError: a side is empty or too long, or there is no whole gap.
        ConflictError: its quote is no longer on its page.
    """
    row = await _row(work, student=student, proposal_id=proposal_id)
    question = parse_text(front, side="front")
    answer = _answer(row.kind, question, back)
    if row.state is ProposalState.ACCEPTED and (row.front, row.back) == (question, answer):
        return
    row.front, row.back = question, answer
    await _into_deck(work, student=student, row=row, now=now)


async def accept_all(
    work: UnitOfWork, *, student: Student, material_id: UUID, now: datetime
) -> list[UUID]:
    """Put every waiting proposal of a material into the deck; tell which those were.

    A proposal whose quote is no longer on its page stays where it is.
    """
    rows = await queries.open_proposals_for_update(
        work.session, student.account_id, material_id
    )
    standing = [row for row in rows if await _is_standing(work, row)]
    for row in standing:
        await _into_deck(work, student=student, row=row, now=now)
    return [row.id for row in standing]


async def reopen(
    work: UnitOfWork, *, account_id: UUID, proposal_ids: Sequence[UUID]
) -> int:
    """Let decided proposals wait again; tell how many. The cards made from one go again.

    One that has a card that was answered since stays as it is.

    Raises:
        NotFoundError: none of the proposals is the student's.
        ConflictError: every one of them is a card that was answered.
    """
    session = work.session
    # The cards before the proposals: deleting a card locks them in this order.
    made = await queries.cards_of_proposals(session, account_id, proposal_ids)
    cards = await card_queries.cards_for_update(session, account_id, made)
    rows = await queries.proposals_for_update(session, account_id, proposal_ids)
    if not rows:
        raise NotFoundError(NO_PROPOSAL)
    notes: dict[UUID | None, UUID] = {card.id: card.note_id or card.id for card in cards}
    answered = {notes[card.id] for card in cards if card.turn > 0}
    back = [row for row in rows if notes.get(row.card_id) not in answered]
    if not back:
        raise ConflictError(ANSWERED)
    for row in back:
        row.state, row.card_id = ProposalState.OPEN, None
    await session.flush()
    for card in cards:
        if notes[card.id] not in answered:
            await session.delete(card)
    _announce(work, back[0])
    return len(back)


async def reject(work: UnitOfWork, *, student: Student, proposal_id: UUID) -> None:
    """Put a proposal away for good; rejecting it twice is the same as once.

    Raises:
        NotFoundError: the proposal is not the student's.
        ConflictError: it is a card already.
    """
    row = await _row(work, student=student, proposal_id=proposal_id)
    if row.state is ProposalState.ACCEPTED:
        msg = "That proposal is a card already."
        raise ConflictError(msg)
    row.state = ProposalState.REJECTED
    _announce(work, row)


async def _row(work: UnitOfWork, *, student: Student, proposal_id: UUID) -> Proposal:
    row = await queries.proposal_for_update(work.session, student.account_id, proposal_id)
    if row is None:
        raise NotFoundError(NO_PROPOSAL)
    return row


async def _into_deck(
    work: UnitOfWork, *, student: Student, row: Proposal, now: datetime
) -> None:
    if not await _is_standing(work, row):
        msg = f"The quote is not on page {row.page} any more. Reject this card."
        raise ConflictError(msg)
    cards = await _cards(work, student=student, row=row, now=now)
    work.session.add_all(cards)
    await work.session.flush()
    row.state, row.card_id = ProposalState.ACCEPTED, cards[0].id
    _announce(work, row)


async def _is_standing(work: UnitOfWork, row: Proposal) -> bool:
    text = await queries.cited_page(work.session, row.account_id, row.id)
    return quotes.is_on_page(text or "", row.quote)


async def _cards(
    work: UnitOfWork, *, student: Student, row: Proposal, now: datetime
) -> list[Card]:
    """Return the cards of a proposal, still outside of the database: one, or one a gap."""
    material = await library.get_material(
        work, account_id=row.account_id, material_id=row.material_id
    )
    deck_id = await decks.get_or_make_deck(
        work,
        account_id=row.account_id,
        course_id=UUID(material.course_id),
        now=now,
    )
    today = student.day_of(now)
    made = [_card(row, side, deck_id=deck_id, today=today, now=now) for side in _sides(row)]
    if row.kind is CardKind.CLOZE:
        for card in made:
            card.note_id = made[0].id
    return made


def _sides(row: Proposal) -> list[Sides]:
    if row.kind is CardKind.CLOZE:
        return make_sides(NewKind.CLOZE, front=row.front, back="")
    return [Sides(row.front, row.back)]


def _card(row: Proposal, side: Sides, *, deck_id: UUID, today: date, now: datetime) -> Card:
    fresh = sm2.new_schedule(today)
    return Card(
        account_id=row.account_id,
        deck_id=deck_id,
        kind=row.kind,
        front=side.front,
        back=side.back,
        ordinal=side.ordinal,
        material_id=row.material_id,
        blob_sha1=row.blob_sha1,
        page=row.page,
        quote=row.quote,
        easiness=fresh.easiness,
        due_on=fresh.due_on,
        created_at=now,
    )


def _answer(kind: CardKind, question: str, back: object) -> str:
    if kind is not CardKind.CLOZE:
        return parse_text(back, side="back")
    gaps.parse_gaps(question)
    return gaps.all_words(question)


def _announce(work: UnitOfWork, row: Proposal) -> None:
    note_change(work, account_id=row.account_id, subject=str(row.material_id))


def _view(row: Proposal) -> ProposalView:
    return ProposalView(
        id=str(row.id),
        material_id=str(row.material_id),
        state=row.state,
        kind=row.kind,
        question=gaps.blanked(row.front) if row.kind is CardKind.CLOZE else row.front,
        front=row.front,
        back=row.back,
        page=row.page,
        quote=row.quote,
    )
