"""A student who has reviewed for three years: 100,000 cards and 1,000,000 answers.

PostgreSQL makes the rows itself, by numbers: every figure of a card follows from its number,
so that two runs fill the same. Only ids are drawn anew.
"""

from collections.abc import Sequence
from datetime import datetime
from random import Random
from uuid import UUID

from sqlalchemy import text

from benchmarks.filling.accounts import Known, add_account
from benchmarks.filling.courses import add_courses, add_materials
from benchmarks.filling.pen import TEXT, Pen
from benchmarks.scene import Scene
from studymaster.features.flashcards.rules.fsrs import PUBLISHED
from studymaster.models import Deck, DeckScheduler

CARDS = 100_000
ANSWERS = 1_000_000
COURSES = 8
OWN_DECKS = (
    "Latin",
    "Latin::Verbs",
    "Latin::Nouns",
    "Chemistry",
    "Chemistry::Organic",
    "History",
    "Geography",
    "Art",
    "Law",
    "Music",
    "Physics",
    "Proofs",
)
RARE_WORD = "zymurgy"

CARDS_OF_NUMBERS = text("""
INSERT INTO card (
    id, created_at, account_id, deck_id, material_id, page, kind, front, back, tags, flag,
    easiness, interval_days, repetitions, due_on, turn, last_reviewed_at, suspended_at,
    note_id, ordinal, lapses, stability, difficulty, reviewed_on)
SELECT
    gen_random_uuid(),
    CAST(:now AS timestamptz) - n * interval '15 minutes',
    :owner,
    deck.id,
    CASE WHEN deck.of_course THEN material.id END,
    CASE WHEN deck.of_course THEN 1 + n % 8 END,
    CASE WHEN n % 10 IN (8, 9) THEN 'cloze' ELSE 'basic' END,
    CASE WHEN n % 10 IN (8, 9)
        THEN 'Of {{c1::' || of_note.one || '}} and {{c2::' || of_note.other || '}}: '
        ELSE '' END
        || 'Question ' || of_note.number || ': ' || of_note.front
        || CASE WHEN n = :cards / 2 + 1 THEN ' ' || CAST(:rare AS text) ELSE '' END,
    of_note.back,
    CASE n % 4 WHEN 0 THEN ARRAY['exam', 'week ' || n % 12] WHEN 1 THEN ARRAY['bio::cell']
        ELSE CASE WHEN n % 97 = 0 THEN ARRAY['leech'] ELSE ARRAY[]::varchar[] END END,
    CASE WHEN n % 50 = 0 THEN n / 50 % 8 ELSE 0 END,
    130 + n % 170,
    CASE WHEN is_new THEN 0 ELSE rest END,
    CASE WHEN is_new THEN 0 ELSE 3 END,
    CASE WHEN is_new THEN CAST(:today AS date) ELSE last_day + rest END,
    CASE WHEN is_new THEN 0 ELSE answers END,
    CASE WHEN is_new THEN NULL
        ELSE CAST(last_day AS timestamp) AT TIME ZONE 'UTC' + interval '7 hours' END,
    CASE WHEN n % 97 = 0 THEN CAST(:now AS timestamptz) - interval '30 days' END,
    CASE WHEN n % 10 > 5
        THEN CAST(md5('note ' || (n - n % 2)) AS uuid) END,
    CASE WHEN n % 10 IN (8, 9) THEN 1 + n % 2 WHEN n % 10 > 5 THEN n % 2 ELSE 0 END,
    n % 5,
    CASE WHEN deck.fsrs AND NOT is_new THEN rest + 0.5 END,
    CASE WHEN deck.fsrs AND NOT is_new THEN 1 + n % 90 / 10.0 END,
    CASE WHEN deck.fsrs AND NOT is_new THEN last_day END
FROM generate_series(1, :cards) AS n
JOIN numbered_deck AS deck ON deck.place = 1 + (n / 10 + n / 1000) % (SELECT count(*) FROM numbered_deck)
LEFT JOIN numbered_material AS material
    ON material.deck_id = deck.id AND material.place = 1 + n / 200 % 12
CROSS JOIN LATERAL (
    SELECT
        CASE WHEN n % 10 > 5 THEN n - n % 2 ELSE n END AS number,
        CAST(:words AS text[]) AS words
) AS told
CROSS JOIN LATERAL (
    SELECT
        told.number,
        words[1 + told.number % 19000] AS one,
        words[2 + told.number * 7 % 19000] AS other,
        array_to_string(words[told.number % 19000 + 1 : told.number % 19000 + 12], ' ')
            AS front,
        array_to_string(words[n * 13 % 19000 + 1 : n * 13 % 19000 + 10], ' ') AS back
) AS of_note
CROSS JOIN LATERAL (
    SELECT
        n % 20 < 3 AS is_new,
        11 + CASE WHEN n % 17 < 13 THEN 1 ELSE 0 END AS answers,
        -- Of the cards that are known, one in 250 was answered today, one in 25 is due.
        CASE WHEN n % 250 = 7 THEN CAST(:today AS date)
            ELSE CAST(:today AS date) - 1 - n * 31 % 200 END AS last_day,
        CASE WHEN n % 250 = 7 THEN 1 + n % 30
            WHEN n % 25 = 11 THEN 1 + n * 31 % 200
            ELSE 2 + n * 31 % 200 + n * 17 % 60 END AS rest
) AS standing
""")

ANSWERS_OF_CARDS = text("""
INSERT INTO reviewlog (
    id, created_at, account_id, card_id, turn, grade, day, drill, elapsed_ms,
    easiness_before, easiness_after, interval_before, interval_after, repetitions_before,
    repetitions_after)
SELECT
    gen_random_uuid(), CAST(day AS timestamp) AT TIME ZONE 'UTC'
        + interval '6 hours' + CAST(abs(hash) % 50000 AS integer) * interval '1 second',
    :owner, card_id, turn,
    CASE WHEN abs(hash) % 100 < 9 THEN 2 WHEN abs(hash) % 100 < 20 THEN 3
        WHEN abs(hash) % 100 < 88 THEN 4 ELSE 5 END,
    day, false, 3000 + abs(hash) % 17000, 250, 250,
    CASE WHEN turn = 0 THEN 0 ELSE gap END, gap, turn, turn + 1
FROM (
    SELECT
        card.id AS card_id,
        answer.turn,
        hashint8extended(card.easiness * 1000 + card.turn * 100 + answer.turn,
            uuid_hash(card.id)) AS hash,
        20 + card.easiness % 60 AS gap,
        CAST(card.last_reviewed_at AT TIME ZONE 'UTC' AS date)
            - (card.turn - 1 - answer.turn) * (20 + card.easiness % 60) AS day
    FROM card CROSS JOIN LATERAL generate_series(0, card.turn - 1) AS answer(turn)
    WHERE card.account_id = :owner
) AS answered
""")


def fill_history(
    scene: Scene, *, now: datetime, seed: int = 5, cards: int = CARDS
) -> tuple[Known, list[UUID]]:
    """Put a student of three years into the database; return them and their decks.

    Three in twenty cards are new, four in ten share their note with another one.
    """
    pen = Pen(Random(seed), now)  # noqa: S311 - sample data, no secrets
    known = add_account(pen, "Mina")
    owner = known.student.account_id
    courses = add_courses(pen, owner, count=COURSES, number=1)
    lectures = add_materials(pen, owner, courses)
    decks = _add_decks(pen, owner, courses)
    pen.write(scene.engine)
    with scene.engine.begin() as connection:
        connection.execute(_DECKS, {"decks": decks})
        connection.execute(
            _MATERIALS, {"decks": decks, "materials": [one[0] for one in lectures]}
        )
        named = {"owner": owner, "now": now, "today": known.student.day_of(now)}
        drawn = {"words": TEXT, "rare": RARE_WORD, "cards": cards}
        connection.execute(CARDS_OF_NUMBERS, named | drawn)
        connection.execute(ANSWERS_OF_CARDS, {"owner": owner})
    scene.look_over()
    return known, decks


_DECKS = text("""
CREATE TEMPORARY TABLE numbered_deck ON COMMIT DROP AS
SELECT deck.id, place, course_id, course_id IS NOT NULL AS of_course,
    scheduler = 'fsrs' AS fsrs
FROM unnest(CAST(:decks AS uuid[])) WITH ORDINALITY AS wanted(id, place)
JOIN deck ON deck.id = wanted.id
""")

_MATERIALS = text("""
CREATE TEMPORARY TABLE numbered_material ON COMMIT DROP AS
SELECT material.id, numbered_deck.id AS deck_id,
    row_number() OVER (PARTITION BY numbered_deck.id ORDER BY position) AS place
FROM material JOIN numbered_deck ON numbered_deck.course_id = material.course_id
WHERE material.id = ANY(CAST(:materials AS uuid[]))
""")


def _add_decks(pen: Pen, owner: UUID, courses: Sequence[UUID]) -> list[UUID]:
    """Note a deck for each course and those of the student's own; every other by FSRS."""
    places = [
        *(("A deck", course_id) for course_id in courses),
        *((name, None) for name in OWN_DECKS),
    ]
    ids = [pen.id() for _ in places]
    for number, (deck_id, (name, course_id)) in enumerate(zip(ids, places, strict=True)):
        is_fsrs = number % 2 == 1
        pen.add(
            Deck,
            id=deck_id,
            account_id=owner,
            course_id=course_id,
            name=name,
            scheduler=DeckScheduler.FSRS if is_fsrs else DeckScheduler.SM2,
            parameters=list(PUBLISHED) if is_fsrs else [],
            created_at=pen.ago(),
        )
    return ids
