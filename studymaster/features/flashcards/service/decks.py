"""Decks: one for each course, and those a student makes, names and takes apart."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from studymaster.adapters.database import UnitOfWork
from studymaster.errors import ConflictError, InvalidInputError, NotFoundError
from studymaster.features.accounts.schemas import Student
from studymaster.features.courses import service as courses
from studymaster.features.courses.schemas import CourseView
from studymaster.features.flashcards.queries import cards as queries
from studymaster.features.flashcards.queries import day as day_queries
from studymaster.features.flashcards.queries import fits
from studymaster.features.flashcards.rules import typed
from studymaster.features.flashcards.rules.scheduling import Plan
from studymaster.features.flashcards.schemas import (
    NO_DECK,
    DeckChoice,
    DeckView,
    NoCourses,
    Pile,
    Shelves,
    pile_key,
)
from studymaster.features.flashcards.service import day, scheduling, trees
from studymaster.features.flashcards.service.day import Day
from studymaster.features.flashcards.service.news import note_change
from studymaster.models import Deck, DeckScheduler

TAKEN = "You have a deck of that name already. Choose another name."
COURSE_DECK = "That deck belongs to a course, so it stays as the course is."
INTO_ITSELF = "Choose another deck for its cards."
MOST_OWN = 200


async def list_shelves(work: UnitOfWork, *, student: Student, now: datetime) -> Shelves:
    """List the student's courses and own decks, with how many cards each asks today.

    A deck asks those of the decks that lie in it too, as far as its limits let them through.
    """
    account_id = student.account_id
    of_day = await day.open_day(work, student=student, now=now)
    totals = await day_queries.cards_per_deck(work.session, account_id)
    of_course = {deck.course_id: deck for deck in of_day.decks.values()}
    shelves: list[DeckView] = []
    for course in await courses.list_courses(work, account_id=account_id):
        deck = of_course.get(UUID(course.id))
        view = _course_deck(course, deck and deck.id)
        if deck is not None:
            view = _counted(view, of_day, Pile(deck.course_id), totals.get(deck.id, 0))
        # A course that Moodle dropped stays as long as it has cards.
        if course.listed or view.total:
            shelves.append(view)
    own = await queries.own_decks(work.session, account_id)
    return Shelves(
        shelves,
        [
            _counted(_own_deck(deck), of_day, Pile(deck_id=deck.id), totals.get(deck.id, 0))
            for deck in own
        ],
        waiting=of_day.counts().left,
    )


async def why_no_courses(work: UnitOfWork, *, account_id: UUID) -> NoCourses:
    """Return why a student has no courses, so that the next step can be named."""
    connection = await queries.newest_moodle(work.session, account_id)
    if connection is None:
        return "unconnected"
    return "unsynced" if connection.last_synced_at is None else "unlisted"


async def list_choices(
    work: UnitOfWork, *, student: Student, now: datetime
) -> list[DeckChoice]:
    """List every deck that a card can be put into: courses first, then own decks."""
    shelves = await list_shelves(work, student=student, now=now)
    return [
        DeckChoice(deck.key, deck.shortname) for deck in [*shelves.courses, *shelves.own]
    ]


async def find_name_problem(
    work: UnitOfWork, *, account_id: UUID, name: object, but: UUID | None = None
) -> str:
    """Return why a deck cannot be called so, or nothing; `but` is the deck that is renamed."""
    try:
        wanted = typed.parse_name(name)
        await _require_free(work, account_id=account_id, name=wanted, but=but)
    except (InvalidInputError, ConflictError) as error:
        return error.message
    return ""


async def create_deck(
    work: UnitOfWork, *, account_id: UUID, name: object, now: datetime
) -> DeckView:
    """Make an empty deck of the student's own.

    Raises:
        InvalidInputError: the name does not do.
        ConflictError: there is one of that name, or there are 200 already.
    """
    wanted = typed.parse_name(name)
    await _require_free(work, account_id=account_id, name=wanted, but=None)
    deck = Deck(account_id=account_id, name=wanted, created_at=now)
    work.session.add(deck)
    note_change(work, account_id=account_id, subject=str(deck.id))
    return _own_deck(deck)


async def rename_deck(
    work: UnitOfWork, *, account_id: UUID, deck_id: UUID, name: object
) -> None:
    """Give one of the student's own decks another name; what lies in it goes along.

    Raises:
        NotFoundError: it is not the student's.
        ConflictError: it belongs to a course, or there is one of that name.
        InvalidInputError: the name does not do, or it would lie in itself.
    """
    wanted = typed.parse_name(name)
    await _require_free(work, account_id=account_id, name=wanted, but=deck_id)
    deck = await _own(work, account_id=account_id, deck_id=deck_id)
    await trees.rename_tree(work, account_id=account_id, deck=deck, name=wanted)
    note_change(work, account_id=account_id, subject=str(deck_id))


async def delete_deck(
    work: UnitOfWork,
    *,
    account_id: UUID,
    deck_id: UUID,
    move_to: Pile | None,
    now: datetime,
) -> int:
    """Delete one of the student's own decks with those in it; tell how many cards they had.

    They go to `move_to`, or with the deck where it is None. What was answered stays counted.

    Raises:
        NotFoundError: the deck, or where its cards shall go, is not the student's.
        ConflictError: it belongs to a course.
        InvalidInputError: its cards shall go into itself, or into a deck that lies in it.
    """
    await queries.lock_account(work.session, account_id)
    deck = await _own(work, account_id=account_id, deck_id=deck_id)
    target = None
    if move_to is not None:
        target = await keep_deck(work, account_id=account_id, pile=move_to, now=now)
    tree = [deck, *await trees.decks_within(work, account_id=account_id, deck=deck)]
    if target in {one.id for one in tree}:
        raise InvalidInputError(INTO_ITSELF)
    cards = [
        card
        for one in tree
        for card in await queries.cards_of_deck_for_update(work.session, account_id, one.id)
    ]
    if target is not None:
        await scheduling.move_cards(
            work, account_id=account_id, cards=cards, deck_id=target
        )
    for one in tree:
        await work.session.delete(one)
    note_change(work, account_id=account_id, subject=str(deck_id))
    return len(cards)


async def keep_deck(
    work: UnitOfWork, *, account_id: UUID, pile: Pile, now: datetime
) -> UUID:
    """Return the id of the deck that a pile means; it stays until the transaction ends.

    Raises:
        NotFoundError: it is not the student's, or it is just being deleted.
    """
    deck_id = await _deck_id_of(work, account_id=account_id, pile=pile, now=now)
    deck = deck_id and await queries.deck_kept(work.session, account_id, deck_id)
    if not deck:
        raise NotFoundError(NO_DECK)
    return deck.id


async def _deck_id_of(
    work: UnitOfWork, *, account_id: UUID, pile: Pile, now: datetime
) -> UUID | None:
    if pile.course_id is None:
        return pile.deck_id
    return await get_or_make_deck(
        work, account_id=account_id, course_id=pile.course_id, now=now
    )


async def choose_plan(
    work: UnitOfWork, *, account_id: UUID, pile: Pile, plan: Plan, now: datetime
) -> int:
    """Let a deck go by another plan, its cards too; tell how many were planned anew.

    Every answer to them is replayed, so that the way back leads to where they stood.

    Raises:
        NotFoundError: it is not the student's.
    """
    deck_id = await _deck_id_of(work, account_id=account_id, pile=pile, now=now)
    deck = deck_id and await queries.deck_for_update(work.session, account_id, deck_id)
    if not deck:
        raise NotFoundError(NO_DECK)
    before = scheduling.plan_of(deck)
    parameters = await fits.hold_parameters(work.session, account_id)
    plan = replace(plan, parameters=tuple(parameters))
    deck.scheduler, deck.retention = DeckScheduler(plan.scheduler), plan.retention
    deck.parameters = parameters
    await work.session.flush()
    note_change(work, account_id=account_id, subject=str(deck.id))
    if not plan.differs(before):
        return 0
    return await scheduling.replan_deck(
        work, account_id=account_id, deck_id=deck.id, plan=plan
    )


async def get_or_make_deck(
    work: UnitOfWork, *, account_id: UUID, course_id: UUID, now: datetime
) -> UUID:
    """Return the id of a course's deck, made when its first card comes."""
    deck = await queries.deck_of_course(work.session, account_id, course_id)
    if deck is not None:
        return deck.id
    course = await courses.get_course(work, account_id=account_id, course_id=course_id)
    row = Deck(
        account_id=account_id, course_id=course_id, name=course.fullname, created_at=now
    )
    # Two tabs may accept the first card at once: the one that comes second finds the deck.
    await work.session.exec(insert(Deck).values(row.model_dump()).on_conflict_do_nothing())
    deck = await queries.deck_of_course(work.session, account_id, course_id)
    return deck.id if deck else row.id


async def _require_free(
    work: UnitOfWork, *, account_id: UUID, name: str, but: UUID | None
) -> None:
    # Under the lock, so that the same name sent twice at once makes one deck.
    await queries.lock_account(work.session, account_id)
    own = await queries.own_decks(work.session, account_id)
    if any(deck.name.casefold() == name.casefold() for deck in own if deck.id != but):
        raise ConflictError(TAKEN)
    if but is None and len(own) >= MOST_OWN:
        msg = f"You have {MOST_OWN} decks of your own, which is the most. Delete one first."
        raise ConflictError(msg)


async def _own(work: UnitOfWork, *, account_id: UUID, deck_id: UUID) -> Deck:
    deck = await queries.deck_for_update(work.session, account_id, deck_id)
    if deck is None:
        raise NotFoundError(NO_DECK)
    if deck.course_id is not None:
        raise ConflictError(COURSE_DECK)
    return deck


def _course_deck(course: CourseView, deck_id: UUID | None) -> DeckView:
    return DeckView(
        id=str(deck_id or ""),
        key=pile_key(course_id=course.id, deck_id=None),
        course_id=course.id,
        shortname=course.shortname,
        fullname=course.fullname,
        line=course.line,
    )


def _own_deck(deck: Deck) -> DeckView:
    return DeckView(
        id=str(deck.id),
        key=pile_key(course_id=None, deck_id=deck.id),
        course_id="",
        shortname=deck.name,
        fullname=deck.name,
        line=0,
    )


def _counted(view: DeckView, of_day: Day, pile: Pile, total: int) -> DeckView:
    counts = of_day.counts(pile)
    return replace(
        view,
        new=counts.new,
        learning=counts.learning,
        due=counts.due,
        waiting=counts.left,
        total=total,
    )
