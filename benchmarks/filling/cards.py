"""Cards with their reviews and points, and what is made of lectures: quizzes, proposals."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from benchmarks.filling.courses import PAGES
from benchmarks.filling.pen import DAYS, Pen, words
from studymaster.features.flashcards.rules.sm2 import Grade
from studymaster.models import (
    Card,
    CardKind,
    Deck,
    Generation,
    PointsEntry,
    Proposal,
    Quiz,
    QuizItem,
    QuizItemKind,
    ReviewLog,
    RunState,
)

REVIEWS_PER_CARD = 10
DUE_SHARE = 0.2
NEW_SHARE = 0.05
QUIZZES = 20
QUIZ_ITEMS = 10
PROPOSALS = 40


def add_cards(
    pen: Pen,
    owner: UUID,
    courses: Sequence[UUID],
    lectures: Sequence[tuple[UUID, str]],
    *,
    count: int,
) -> list[UUID]:
    """Note a deck for each course and one of the student's own, with cards and reviews."""
    decks = [pen.id() for _ in range(len(courses) + 1)]
    for deck_id, course_id in zip(decks, [*courses, None], strict=True):
        pen.add(
            Deck,
            id=deck_id,
            account_id=owner,
            course_id=course_id,
            name="A deck",
            created_at=pen.now - timedelta(days=DAYS),
        )
    return [
        _add_card(pen, owner, decks[place % len(decks)], pen.dice.choice(lectures))
        for place in range(count)
    ]


def add_pile(pen: Pen, owner: UUID, *, count: int) -> list[UUID]:
    """Note a deck of the student's own with so many new cards; return the cards."""
    deck_id, ids = pen.id(), [pen.id() for _ in range(count)]
    pen.add(Deck, id=deck_id, account_id=owner, name="A deck", created_at=pen.now)
    for card_id in ids:
        pen.add(
            Card,
            id=card_id,
            account_id=owner,
            deck_id=deck_id,
            kind=CardKind.BASIC,
            front=words(pen.dice, 12),
            back=words(pen.dice, 8),
            due_on=pen.day(1),
            created_at=pen.now,
        )
    return ids


def _add_card(pen: Pen, owner: UUID, deck_id: UUID, lecture: tuple[UUID, str]) -> UUID:
    card_id, share = pen.id(), pen.dice.random()
    is_new, is_due = share < NEW_SHARE, share < DUE_SHARE
    reviews = 0 if is_new else REVIEWS_PER_CARD
    pen.add(
        Card,
        id=card_id,
        account_id=owner,
        deck_id=deck_id,
        kind=CardKind.BASIC,
        front=words(pen.dice, 12),
        back=words(pen.dice, 8),
        material_id=lecture[0],
        blob_sha1=lecture[1],
        page=pen.dice.randint(1, PAGES),
        quote="the cell membrane",
        interval_days=0 if is_new else pen.dice.randint(1, 60),
        repetitions=reviews,
        due_on=pen.day(0 if is_due else -pen.dice.randint(1, 90)),
        turn=reviews,
        created_at=pen.ago(),
        last_reviewed_at=None if is_new else pen.ago(most_days=60),
        tags=[f"tag{pen.dice.randint(1, 20)}"],
    )
    for turn in range(reviews):
        _add_review(pen, owner, card_id, turn=turn)
    return card_id


def _add_review(pen: Pen, owner: UUID, card_id: UUID, *, turn: int) -> None:
    # One span of days for each turn, so that no card was answered twice on a day.
    span = DAYS // REVIEWS_PER_CARD
    days_ago = DAYS - turn * span - pen.dice.randrange(span)
    day, moment = pen.day(days_ago), pen.now - timedelta(days=days_ago)
    pen.add(
        ReviewLog,
        account_id=owner,
        card_id=card_id,
        turn=turn,
        grade=pen.dice.choice(tuple(Grade)),
        day=day,
        drill=False,
        elapsed_ms=pen.dice.randint(3_000, 20_000),
        easiness_before=250,
        easiness_after=250,
        interval_before=turn,
        interval_after=turn + 1,
        repetitions_before=turn,
        repetitions_after=turn + 1,
        created_at=moment,
    )
    pen.add(
        PointsEntry,
        account_id=owner,
        amount=2,
        cause=f"review:{card_id}:{day}",
        sentence="You reviewed a card and called it good.",
        day=day,
        created_at=moment,
    )


def add_practice(
    pen: Pen, owner: UUID, lecture: tuple[UUID, str], *, scale: int
) -> UUID | None:
    """Note quizzes, proposals that wait in a lecture, and deadlines; return a quiz."""
    quizzes = [_add_quiz(pen, owner) for _ in range(QUIZZES * scale)]
    generation_id, moment = pen.id(), pen.ago(most_days=1)
    pen.add(
        Generation,
        id=generation_id,
        account_id=owner,
        material_id=lecture[0],
        state=RunState.DONE,
        beat_at=moment,
        created_at=moment,
        found_count=PROPOSALS * scale,
    )
    for position in range(PROPOSALS * scale):
        pen.add(
            Proposal,
            account_id=owner,
            material_id=lecture[0],
            generation_id=generation_id,
            position=position,
            kind=CardKind.BASIC,
            front=words(pen.dice, 12),
            back=words(pen.dice, 8),
            blob_sha1=lecture[1],
            page=position % PAGES + 1,
            quote="the cell membrane",
            created_at=moment,
        )
    return quizzes[0]


def _add_quiz(pen: Pen, owner: UUID) -> UUID:
    quiz_id, moment = pen.id(), pen.ago(most_days=60)
    pen.add(Quiz, id=quiz_id, account_id=owner, name="Quiz", seed=1, created_at=moment)
    for position in range(QUIZ_ITEMS):
        pen.add(
            QuizItem,
            account_id=owner,
            quiz_id=quiz_id,
            position=position,
            kind=QuizItemKind.SHORT,
            prompt=words(pen.dice, 12),
            answer="membrane",
            explanation=words(pen.dice, 20),
            options=[],
            created_at=moment,
        )
    return quiz_id
