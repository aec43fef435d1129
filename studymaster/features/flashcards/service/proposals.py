"""What becomes of proposals: accepted as they are or edited, rejected, or taken back."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from studymaster.adapters.database import UnitOfWork
from studymaster.errors import ConflictError, InvalidInputError, NotFoundError
from studymaster.features.accounts.schemas import Student
from studymaster.features.flashcards.queries import cards as card_queries
from studymaster.features.flashcards.queries import generation as queries
from studymaster.features.flashcards.rules import fairness as rules
from studymaster.features.flashcards.rules import quotes, sm2
from studymaster.features.flashcards.rules.typed import parse_text
from studymaster.features.flashcards.schemas import ProposalPile, ProposalView
from studymaster.features.flashcards.service import decks
from studymaster.features.flashcards.service.news import note_change
from studymaster.features.library import service as library
from studymaster.models import Card, CardKind, Proposal, ProposalState

FIRST_PROPOSALS = 50
NO_PROPOSAL = "That proposal is not there any more."
ANSWERED = "You have answered that card already, so it stays in your deck."


async def list_proposals(
    work: UnitOfWork, *, account_id: UUID, material_id: UUID, limit: int = FIRST_PROPOSALS
) -> ProposalPile:
    """Return the first proposals of a material that wait for the student's word."""
    session = work.session
    rows = await queries.open_proposals(session, account_id, material_id, limit=limit)
    total = await queries.count_open_proposals(session, account_id, material_id)
    return ProposalPile([_view(row) for row in rows], more=total - len(rows))


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

    The answer of a sentence with a gap is what stands in the gap, so `back` is not asked.
    When the proposal was decided meanwhile (in another tab), other words become a card of
    their own, as somebody typed them; the same words twice make one card.

    Raises:
        NotFoundError: the proposal is not the student's.
        InvalidInputError: a side is empty or too long, or the gap is gone.
        ConflictError: its quote is no longer on its page.
    """
    row = await _row(work, student=student, proposal_id=proposal_id)
    question = parse_text(front, side="front")
    words = _words_of_gap(question) if row.kind is CardKind.CLOZE else back
    answer = parse_text(words, side="back")
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
    """Let decided proposals wait again; tell how many. A card made from one goes again.

    One whose card was answered since stays as it is.

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
    answered = {card.id for card in cards if card.turn > 0}
    back = [row for row in rows if row.card_id not in answered]
    if not back:
        raise ConflictError(ANSWERED)
    for row in back:
        row.state, row.card_id = ProposalState.OPEN, None
    await session.flush()
    for card in cards:
        if card.id not in answered:
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
    card = await _card(work, student=student, row=row, now=now)
    work.session.add(card)
    await work.session.flush()
    row.state, row.card_id = ProposalState.ACCEPTED, card.id
    _announce(work, row)


async def _is_standing(work: UnitOfWork, row: Proposal) -> bool:
    text = await queries.cited_page(work.session, row.account_id, row.id)
    return quotes.is_on_page(text or "", row.quote)


async def _card(
    work: UnitOfWork, *, student: Student, row: Proposal, now: datetime
) -> Card:
    material = await library.get_material(
        work, account_id=row.account_id, material_id=row.material_id
    )
    deck_id = await decks.get_or_make_deck(
        work,
        account_id=row.account_id,
        course_id=UUID(material.course_id),
        now=now,
    )
    fresh = sm2.new_schedule(student.day_of(now))
    return Card(
        account_id=row.account_id,
        deck_id=deck_id,
        kind=row.kind,
        front=row.front,
        back=row.back,
        material_id=row.material_id,
        blob_sha1=row.blob_sha1,
        page=row.page,
        quote=row.quote,
        easiness=fresh.easiness,
        due_on=fresh.due_on,
        created_at=now,
    )


def _words_of_gap(sentence: str) -> str:
    gaps = rules.GAP.findall(sentence)
    if len(gaps) != 1:
        msg = "Keep one gap in the sentence, such as {{c1::words}}."
        raise InvalidInputError(msg)
    return gaps[0]


def _announce(work: UnitOfWork, row: Proposal) -> None:
    note_change(work, account_id=row.account_id, subject=str(row.material_id))


def _view(row: Proposal) -> ProposalView:
    return ProposalView(
        id=str(row.id),
        kind=row.kind,
        question=rules.GAP.sub("[...]", row.front),
        front=row.front,
        back=row.back,
        page=row.page,
        quote=row.quote,
    )
