"""Decks: one for each course, and those a student makes, names and takes apart."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from studymaster.adapters.bus import Topic, news_for
from studymaster.adapters.cache import Kept
from studymaster.adapters.database import UnitOfWork
from studymaster.errors import ConflictError, InvalidInputError, NotFoundError
from studymaster.features.accounts.schemas import Student
from studymaster.features.courses import service as courses
from studymaster.features.courses.schemas import CourseView
from studymaster.features.flashcards.queries import cards as queries
from studymaster.features.flashcards.queries import fits
from studymaster.features.flashcards.rules import typed
from studymaster.features.flashcards.rules.scheduling import Plan
from studymaster.features.flashcards.schemas import (
    NO_DECK,
    DeckChoice,
    DeckSettings,
    DeckView,
    NoCourses,
    Pile,
    Shelves,
    pile_key,
)
from studymaster.features.flashcards.service import scheduling
from studymaster.features.library import service as library
from studymaster.models import Deck, DeckScheduler

Stages = Mapping[str, int]

TAKEN = "You have a deck of that name already. Choose another name."
COURSE_DECK = "That deck belongs to a course, so it stays as the course is."
INTO_ITSELF = "Choose another deck for its cards."
MOST_OWN = 200


async def list_shelves(work: UnitOfWork, *, student: Student, now: datetime) -> Shelves:
    """List the student's courses and own decks, with how many of their cards wait today."""
    account_id = student.account_id
    counts: dict[UUID, dict[str, int]] = {}
    decks: dict[str, UUID] = {}
    for deck_id, course_id, stage, count in await queries.stage_counts(
        work.session, account_id, today=student.day_of(now)
    ):
        counts.setdefault(deck_id, {})[stage] = count
        if course_id is not None:
            decks[str(course_id)] = deck_id
    shelves: list[DeckView] = []
    for course in await courses.list_courses(work, account_id=account_id):
        deck_id = decks.get(course.id)
        stages = counts.get(deck_id, {}) if deck_id else {}
        # A course that Moodle dropped stays as long as it has cards.
        if course.listed or stages:
            shelves.append(_course_deck(course, deck_id, stages))
    own = await queries.own_decks(work.session, account_id)
    return Shelves(shelves, [_own_deck(deck, counts.get(deck.id, {})) for deck in own])


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
    return _own_deck(deck, {})


async def rename_deck(
    work: UnitOfWork, *, account_id: UUID, deck_id: UUID, name: object
) -> None:
    """Give one of the student's own decks another name.

    Raises:
        NotFoundError: it is not the student's.
        ConflictError: it belongs to a course, or there is one of that name.
    """
    wanted = typed.parse_name(name)
    await _require_free(work, account_id=account_id, name=wanted, but=deck_id)
    deck = await _own(work, account_id=account_id, deck_id=deck_id)
    deck.name = wanted
    note_change(work, account_id=account_id, subject=str(deck_id))


async def delete_deck(
    work: UnitOfWork,
    *,
    account_id: UUID,
    deck_id: UUID,
    move_to: Pile | None,
    now: datetime,
) -> int:
    """Delete one of the student's own decks; tell how many cards were in it.

    They go to `move_to`, or with the deck where it is None. What was answered stays counted.

    Raises:
        NotFoundError: the deck, or where its cards shall go, is not the student's.
        ConflictError: it belongs to a course.
        InvalidInputError: its cards shall go into itself.
    """
    await queries.lock_account(work.session, account_id)
    deck = await _own(work, account_id=account_id, deck_id=deck_id)
    target = None
    if move_to is not None:
        target = await keep_deck(work, account_id=account_id, pile=move_to, now=now)
        if target == deck_id:
            raise InvalidInputError(INTO_ITSELF)
    cards = await queries.cards_of_deck_for_update(work.session, account_id, deck_id)
    if target is not None:
        await scheduling.move_cards(
            work, account_id=account_id, cards=cards, deck_id=target
        )
    await work.session.delete(deck)
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


async def get_settings(
    work: UnitOfWork, *, student: Student, key: object, now: datetime
) -> DeckSettings:
    """Return what a deck has chosen; a course may do so before its first card.

    Raises:
        NotFoundError: it is not the student's.
    """
    shelves = await list_shelves(work, student=student, now=now)
    every = [*shelves.courses, *shelves.own]
    deck = next((one for one in every if one.key == key), None)
    if deck is None:
        raise NotFoundError(NO_DECK)
    plan = await _plan_of(work, account_id=student.account_id, deck=deck)
    return DeckSettings(
        key=deck.key,
        name=deck.shortname,
        scheduler=plan.scheduler,
        retention=plan.retention,
        cards=deck.total,
    )


async def _plan_of(work: UnitOfWork, *, account_id: UUID, deck: DeckView) -> Plan:
    session = work.session
    if deck.course_id:
        row = await queries.deck_of_course(session, account_id, UUID(deck.course_id))
    else:
        row = await queries.deck_kept(session, account_id, UUID(deck.id))
    return scheduling.plan_of(row) if row else Plan()


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


def note_change(work: UnitOfWork, *, account_id: UUID, subject: str) -> None:
    """Tell the open tabs that cards changed, and that figures about them are old."""
    work.announce(news_for(account_id, Topic.CARDS, subject=subject))
    work.outdate(Kept.STATISTICS, str(account_id))
    library.outdate_shelves(work, account_id=account_id)


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


def _course_deck(course: CourseView, deck_id: UUID | None, stages: Stages) -> DeckView:
    return replace(
        _counted(stages),
        id=str(deck_id or ""),
        key=pile_key(course_id=course.id, deck_id=None),
        course_id=course.id,
        shortname=course.shortname,
        fullname=course.fullname,
        line=course.line,
    )


def _own_deck(deck: Deck, stages: Stages) -> DeckView:
    return replace(
        _counted(stages),
        id=str(deck.id),
        key=pile_key(course_id=None, deck_id=deck.id),
        shortname=deck.name,
        fullname=deck.name,
    )


def _counted(stages: Stages) -> DeckView:
    return DeckView(
        id="",
        key="",
        course_id="",
        shortname="",
        fullname="",
        line=0,
        new=stages.get(queries.NEW, 0),
        learning=stages.get(queries.LEARNING, 0),
        due=stages.get(queries.DUE, 0),
        waiting=sum(stages.get(stage, 0) for stage in queries.WAITING),
        total=sum(stages.values()),
    )
