"""What a deck has chosen for its days, and choosing it."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from studymaster.adapters.database import UnitOfWork
from studymaster.errors import NotFoundError
from studymaster.features.accounts.schemas import Student
from studymaster.features.flashcards.queries import cards as queries
from studymaster.features.flashcards.rules.choices import TODAY_ONLY, parse_choices
from studymaster.features.flashcards.rules.scheduling import parse_plan
from studymaster.features.flashcards.schemas import (
    NO_DECK,
    DeckSettings,
    DeckView,
    Pile,
)
from studymaster.features.flashcards.service import decks
from studymaster.features.flashcards.service.day import begin_today
from studymaster.features.flashcards.service.news import note_change
from studymaster.models import Deck


async def get_settings(
    work: UnitOfWork, *, student: Student, key: object, now: datetime
) -> DeckSettings:
    """Return what a deck has chosen; a course may do so before its first card.

    Raises:
        NotFoundError: it is not the student's.
    """
    shelves = await decks.list_shelves(work, student=student, now=now)
    every = [*shelves.courses, *shelves.own]
    view = next((one for one in every if one.key == key), None)
    if view is None:
        raise NotFoundError(NO_DECK)
    session, account_id = work.session, student.account_id
    if view.course_id:
        deck = await queries.deck_of_course(session, account_id, UUID(view.course_id))
    else:
        deck = await queries.deck_kept(session, account_id, UUID(view.id))
    chosen = deck or Deck(account_id=account_id, name=view.fullname, created_at=now)
    return _settings(view, chosen, is_today=chosen.limits_on == student.day_of(now))


def _settings(view: DeckView, deck: Deck, *, is_today: bool) -> DeckSettings:
    return DeckSettings(
        key=view.key,
        name=view.shortname,
        scheduler=str(deck.scheduler),
        retention=deck.retention,
        cards=view.total,
        new_per_day=deck.new_per_day,
        reviews_per_day=deck.reviews_per_day,
        new_today=deck.new_today if is_today else None,
        reviews_today=deck.reviews_today if is_today else None,
        new_order=str(deck.new_order),
        due_order=str(deck.due_order),
        steps=deck.steps,
        relearning_steps=deck.relearning_steps,
        bury_siblings=deck.bury_siblings,
        leech_at=deck.leech_at,
        leech_suspends=deck.leech_suspends,
        language=deck.language,
    )


async def find_key(
    work: UnitOfWork, *, account_id: UUID, deck_id: UUID
) -> tuple[str, Pile]:
    """Return the key of a deck in a list, and its pile.

    Raises:
        NotFoundError: it is not the student's.
    """
    deck = await queries.deck_by_id(work.session, account_id, deck_id)
    if deck is None:
        raise NotFoundError(NO_DECK)
    key = decks.pile_key(course_id=deck.course_id, deck_id=deck.id)
    return key, Pile(deck_id=deck.id)


async def choose(
    work: UnitOfWork,
    *,
    student: Student,
    pile: Pile,
    wanted: Mapping[str, object],
    now: datetime,
) -> int:
    """Let a deck go by other choices, those that are named; tell how many cards are replanned.

    Limits for today only hold on the student's present day.

    Raises:
        NotFoundError: it is not the student's.
        InvalidInputError: a choice does not do; then none is taken.
    """
    account_id, chosen = student.account_id, parse_choices(wanted)
    # First of all, so that the same twice at once waits instead of locking each other out.
    await queries.lock_account(work.session, account_id)
    deck_id = await decks.keep_deck(work, account_id=account_id, pile=pile, now=now)
    deck = await queries.deck_for_update(work.session, account_id, deck_id)
    if deck is None:
        raise NotFoundError(NO_DECK)
    if TODAY_ONLY & chosen.keys():
        begin_today(deck, day=student.day_of(now))
    for name, value in chosen.items():
        setattr(deck, name, value)
    await work.session.flush()
    note_change(work, account_id=account_id, subject=str(deck_id))
    if not {"scheduler", "retention"} & wanted.keys():
        return 0
    plan = parse_plan(
        scheduler=wanted.get("scheduler", str(deck.scheduler)),
        retention=wanted.get("retention", deck.retention),
    )
    return await decks.choose_plan(
        work, account_id=account_id, pile=Pile(deck_id=deck_id), plan=plan, now=now
    )
