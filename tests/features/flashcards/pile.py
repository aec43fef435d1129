"""Cards and proposals put into the database by hand."""

from datetime import timedelta
from uuid import UUID

from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.schemas import Student
from studymaster.features.flashcards.service import decks
from studymaster.features.flashcards.service.news import note_change
from studymaster.models import (
    Card,
    CardKind,
    Deck,
    Generation,
    Material,
    Proposal,
    RunState,
)
from tests.conftest import NOON

TODAY = NOON.date()
QUOTE = "A ribosome is a large complex that builds proteins"


async def make_card(
    student: Student, material: Material, *, due_in: int = 0, **fields
) -> Card:
    async with unit_of_work() as work:
        deck_id = await decks.get_or_make_deck(
            work, account_id=student.account_id, course_id=material.course_id, now=NOON
        )
        card = Card(
            **{
                "account_id": student.account_id,
                "deck_id": deck_id,
                "kind": CardKind.BASIC,
                "front": "What builds proteins?",
                "back": "A ribosome.",
                "material_id": material.id,
                "blob_sha1": material.blob_sha1,
                "page": 1,
                "quote": QUOTE,
                "due_on": TODAY + timedelta(days=due_in),
                "created_at": NOON,
                **rested(fields),
            }
        )
        work.session.add(card)
    return card


def rested(fields):
    """Give a card that was answered an interval, as every answer does."""
    return {"interval_days": 1, **fields} if fields.get("turn") else fields


async def note_cards(student: Student) -> None:
    """Tell the product that cards were put into the database by hand."""
    async with unit_of_work() as work:
        note_change(work, account_id=student.account_id, subject="")


async def choose(deck_id: UUID, **fields) -> None:
    """Let a deck have chosen something."""
    async with unit_of_work() as work:
        deck = await work.session.get_one(Deck, deck_id)
        for name, value in fields.items():
            setattr(deck, name, value)


async def make_deck(student: Student, name: str) -> UUID:
    async with unit_of_work() as work:
        deck = await decks.create_deck(
            work, account_id=student.account_id, name=name, now=NOON
        )
    return UUID(deck.id)


def new_card(account_id: UUID, deck_id: UUID, *, minute: int = 0, **fields) -> Card:
    return Card(
        **{
            "account_id": account_id,
            "deck_id": deck_id,
            "kind": CardKind.BASIC,
            "front": "canis",
            "back": "dog",
            "due_on": TODAY,
            "created_at": NOON + timedelta(minutes=minute),
            **rested(fields),
        }
    )


async def make_own_card(student: Student, deck_id: UUID, **fields) -> Card:
    card = new_card(student.account_id, deck_id, **fields)
    async with unit_of_work() as work:
        work.session.add(card)
    return card


async def make_proposal(student: Student, material: Material, **fields) -> Proposal:
    generation = Generation(
        account_id=student.account_id,
        material_id=material.id,
        state=RunState.DONE,
        beat_at=NOON,
        created_at=NOON,
    )
    proposal = Proposal(
        **{
            "account_id": student.account_id,
            "material_id": material.id,
            "generation_id": generation.id,
            "position": 0,
            "kind": CardKind.BASIC,
            "front": "What builds proteins?",
            "back": "A ribosome.",
            "blob_sha1": material.blob_sha1,
            "page": 1,
            "quote": QUOTE,
            "created_at": NOON,
            **fields,
        }
    )
    async with unit_of_work() as work:
        work.session.add(generation)
        await work.session.flush()
        work.session.add(proposal)
    return proposal
