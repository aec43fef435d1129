"""Students with half a year behind them: courses, cards, reviews, focus, notes, groups.

Everything follows from a seed; days are counted back from the moment that is given.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha1
from random import Random
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Engine, insert
from sqlmodel import SQLModel

from benchmarks.pdf_text import prose
from benchmarks.scene import Scene
from studymaster.adapters import vault
from studymaster.adapters.vault import SessionToken, TokenUse
from studymaster.features.accounts.rules import day_of
from studymaster.features.accounts.schemas import Student
from studymaster.features.campus.rules.buddies import pair_key
from studymaster.features.flashcards.rules.sm2 import Grade
from studymaster.features.points.rules import monday_of
from studymaster.models import (
    Account,
    Answer,
    AuthSession,
    Blob,
    BlobPage,
    BuddyLink,
    BuddyState,
    Card,
    CardKind,
    ClosedDay,
    Course,
    Deadline,
    DeadlineKind,
    Deck,
    FetchState,
    FocusSession,
    FocusState,
    Generation,
    GroupMember,
    GroupMessage,
    GroupRole,
    Material,
    MaterialKind,
    MoodleConnection,
    Note,
    NoteKind,
    Notification,
    NotificationKind,
    PointsEntry,
    Preferences,
    Proposal,
    Question,
    Quiz,
    QuizItem,
    QuizItemKind,
    Resource,
    ResourceKind,
    ReviewLog,
    RunState,
    StudyGroup,
    SyncRun,
    TextState,
)

SITE = "https://moodle.example.edu"
DAYS = 180
COURSES = 5
MATERIALS_PER_COURSE = 12
PAGES = 8
CARDS = 2_000
REVIEWS_PER_CARD = 10
DUE_SHARE = 0.2
NEW_SHARE = 0.05
FOCUS_SESSIONS = 300
NOTES = 200
GROUPS = 6
MEMBERS = 12
MESSAGES = 300
BUDDIES = 8
NOTIFICATIONS = 120
RESOURCES = 40
QUESTIONS = 40
ANSWERS = 3
QUIZZES = 20
QUIZ_ITEMS = 10
RUNS = 30
PROPOSALS = 40
DEADLINES = 20
PEERS = 60
FIRST_MOODLE_ID = 1_000
SESSION_LIFE = timedelta(days=7)
DAY = {"time_zone": "UTC", "day_start_hour": 4}
TEXT = prose(1, words=20_000).split()

Rows = Sequence[Mapping[str, object]]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Known:
    """A student who is signed in, and some of what is theirs."""

    student: Student
    access: str
    material_id: UUID | None = None
    quiz_id: UUID | None = None
    group_id: UUID | None = None
    invite_code: str = ""
    cards: tuple[UUID, ...] = ()

    @property
    def cookie(self) -> str:
        """The header by which a browser says who it is."""
        return f"sm_access={self.access}"


@dataclass(slots=True)
class Pen:
    """Collects rows by table, in the order in which they have to be written."""

    dice: Random
    now: datetime
    tables: dict[type[SQLModel], list[Mapping[str, object]]] = field(
        default_factory=dict[type[SQLModel], list[Mapping[str, object]]]
    )

    def add(self, kind: type[SQLModel], /, **values: object) -> None:
        """Note a row."""
        self.tables.setdefault(kind, []).append(values)

    def id(self) -> UUID:
        """Return the next id."""
        return UUID(int=self.dice.getrandbits(128), version=4)

    def ago(self, *, most_days: float = DAYS) -> datetime:
        """Return a moment of the days before now."""
        return self.now - timedelta(days=self.dice.uniform(0.01, most_days))

    def day(self, days_ago: int) -> date:
        """Return the students' day so many days before their present one."""
        return day_of(self.now - timedelta(days=days_ago), **DAY)

    def write(self, engine: Engine) -> None:
        """Put all that was collected into the database, in one transaction."""
        with engine.begin() as connection:
            for kind, rows in self.tables.items():
                connection.execute(insert(kind), rows)
        self.tables.clear()


def words(dice: Random, count: int) -> str:
    """Return so many words of a long text, from anywhere in it."""
    start = dice.randrange(len(TEXT) - count)
    return " ".join(TEXT[start : start + count])


def add_account(pen: Pen, name: str, *, since: datetime | None = None) -> Known:
    """Note an account, on the leaderboard, with one live session."""
    account_id, session_id = pen.id(), pen.id()
    pen.add(
        Account,
        id=account_id,
        display_name=name,
        **DAY,
        created_at=since or pen.now - timedelta(days=DAYS),
    )
    pen.add(
        Preferences,
        account_id=account_id,
        on_leaderboard=True,
        open_to_buddies=True,
    )
    expires = pen.now + SESSION_LIFE
    pen.add(
        AuthSession,
        id=session_id,
        account_id=account_id,
        created_at=pen.now,
        expires_at=expires,
    )
    # As long as the session: nobody renews it during a measurement.
    token = SessionToken(TokenUse.ACCESS, account_id, session_id, 1, expires)
    student = Student(account_id, session_id, name, **DAY)
    return Known(student, vault.sign(token, issued_at=pen.now))


def add_courses(pen: Pen, owner: UUID, *, count: int, number: int) -> list[UUID]:
    """Note a connection and so many courses, the same at the site for everybody."""
    connection_id, ids = pen.id(), [pen.id() for _ in range(count)]
    pen.add(
        MoodleConnection,
        id=connection_id,
        account_id=owner,
        site_url=SITE,
        site_name="Example University",
        moodle_user_id=number,
        moodle_username=f"student{number}",
        sealed_token="sealed",  # noqa: S106 - nobody opens it
        created_at=pen.now - timedelta(days=DAYS),
        last_synced_at=pen.ago(most_days=0.02),
    )
    for place, course_id in enumerate(ids):
        pen.add(
            Course,
            id=course_id,
            account_id=owner,
            connection_id=connection_id,
            moodle_id=FIRST_MOODLE_ID + place,
            shortname=f"SUB {place + 101}",
            fullname=f"Subject number {place + 1}",
            line=place % 10,
            created_at=pen.now - timedelta(days=DAYS),
            last_synced_at=pen.ago(most_days=0.02),
        )
    for _ in range(RUNS * count // COURSES):
        _add_run(pen, owner, connection_id)
    return ids


def _add_run(pen: Pen, owner: UUID, connection_id: UUID) -> None:
    began = pen.ago(most_days=30)
    pen.add(
        SyncRun,
        account_id=owner,
        connection_id=connection_id,
        state=RunState.DONE,
        created_at=began,
        started_at=began,
        beat_at=began,
        finished_at=began + timedelta(seconds=20),
        courses_total=COURSES,
        courses_done=COURSES,
        files_total=3,
        files_done=3,
    )


def add_materials(pen: Pen, owner: UUID, courses: Iterable[UUID]) -> list[tuple[UUID, str]]:
    """Note what lies in courses; return the lectures and the names of their bytes."""
    return [
        _add_lecture(pen, owner, course_id, place=place)
        for course_id in courses
        for place in range(MATERIALS_PER_COURSE)
    ]


def _add_lecture(pen: Pen, owner: UUID, course_id: UUID, *, place: int) -> tuple[UUID, str]:
    material_id, changed = pen.id(), pen.ago()
    digest = sha1(material_id.bytes, usedforsecurity=False).hexdigest()
    pen.add(
        Blob,
        sha1=digest,
        created_at=changed,
        size_bytes=400_000,
        mimetype="application/pdf",
        text_state=TextState.READY,
        page_count=PAGES,
    )
    for number in range(1, PAGES + 1):
        pen.add(BlobPage, sha1=digest, number=number, text=words(pen.dice, 180))
    pen.add(
        Material,
        id=material_id,
        account_id=owner,
        course_id=course_id,
        cmid=place,
        filepath="/",
        filename=f"lecture-{place}.pdf",
        kind=MaterialKind.FILE,
        modname="resource",
        name=f"Lecture {place + 1}",
        section_name=f"Week {place // 2 + 1}",
        position=place,
        mimetype="application/pdf",
        size_bytes=400_000,
        fetch_state=FetchState.STORED,
        blob_sha1=digest,
        created_at=changed,
        changed_at=changed,
    )
    return material_id, digest


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


def add_habits(pen: Pen, owner: UUID, courses: Sequence[UUID], *, scale: int) -> None:
    """Note focus sessions, closed days, notes and notifications."""
    for _ in range(FOCUS_SESSIONS * scale):
        began = pen.ago()
        pen.add(
            FocusSession,
            account_id=owner,
            course_id=pen.dice.choice(courses),
            focus_minutes=25,
            state=FocusState.FINISHED,
            started_at=began,
            created_at=began,
            ended_at=began + timedelta(minutes=25),
            spent=timedelta(minutes=25),
            focused_seconds=1_500,
            day=began.date(),
        )
    for days_ago in range(2, DAYS):
        ended = pen.now - timedelta(days=days_ago - 1)
        pen.add(
            ClosedDay,
            account_id=owner,
            day=pen.day(days_ago),
            ended_at=ended,
            closed_at=ended,
            active=True,
            frozen=False,
            spared=False,
            streak=DAYS - days_ago,
            freezes=2,
            decay=0,
        )
    for number in range(NOTES * scale):
        _add_note(pen, owner, pen.dice.choice(courses), number=number)
    for number in range(NOTIFICATIONS * scale):
        _add_notification(pen, owner, number=number)


def _add_note(pen: Pen, owner: UUID, course_id: UUID, *, number: int) -> None:
    saved = pen.ago()
    pen.add(
        Note,
        account_id=owner,
        course_id=course_id,
        kind=pen.dice.choice(tuple(NoteKind)),
        title=f"Note {number}",
        text=f"# Note {number}\n\n{words(pen.dice, 120)}",
        tags=[f"tag{pen.dice.randint(1, 20)}"],
        created_at=saved,
        updated_at=saved,
    )


def _add_notification(pen: Pen, owner: UUID, *, number: int) -> None:
    told = pen.ago(most_days=60)
    pen.add(
        Notification,
        account_id=owner,
        kind=NotificationKind.SYNC,
        title="New in your courses",
        text=words(pen.dice, 14),
        path="/live-sync",
        cause=f"filling:{number}",
        created_at=told,
        read_at=told if number % 4 else None,
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


def add_deadlines(pen: Pen, owner: UUID, courses: Sequence[UUID], *, count: int) -> None:
    """Note deadlines of the coming weeks."""
    for number in range(count):
        pen.add(
            Deadline,
            account_id=owner,
            course_id=pen.dice.choice(courses),
            cmid=number,
            kind=DeadlineKind.ASSIGNMENT,
            title=f"Exercise {number + 1}",
            due_at=pen.now + timedelta(days=pen.dice.uniform(0.5, 40)),
            created_at=pen.ago(),
        )


def add_campus(
    pen: Pen, owner: UUID, peers: Sequence[UUID], *, courses: int, scale: int
) -> tuple[UUID, str]:
    """Note groups with their chat, buddies, resources, questions; return a group."""
    groups = [_add_group(pen, owner, peers) for _ in range(GROUPS * scale)]
    for peer in peers[: BUDDIES * scale]:
        pen.add(
            BuddyLink,
            asker_id=owner,
            asked_id=peer,
            pair_key=pair_key(owner, peer),
            state=BuddyState.ACCEPTED,
            created_at=pen.ago(),
            answered_at=pen.ago(),
        )
    for number in range(RESOURCES * scale):
        _add_resource(pen, pen.dice.choice(peers), course=number % courses)
    for number in range(QUESTIONS * scale):
        _add_question(pen, pen.dice.choice(peers), peers, course=number % courses)
    return groups[0]


def _add_group(pen: Pen, owner: UUID, peers: Sequence[UUID]) -> tuple[UUID, str]:
    group_id, code, began = pen.id(), f"code{pen.dice.getrandbits(60):x}", pen.ago()
    pen.add(
        StudyGroup,
        id=group_id,
        name=words(pen.dice, 3),
        site_url=SITE,
        moodle_course_id=FIRST_MOODLE_ID,
        course_name="SUB 101",
        created_by=owner,
        invite_code=code,
        created_at=began,
    )
    members = [owner, *pen.dice.sample(peers, MEMBERS - 1)]
    for member in members:
        pen.add(
            GroupMember,
            group_id=group_id,
            account_id=member,
            role=GroupRole.OWNER if member == owner else GroupRole.MEMBER,
            joined_at=began,
        )
    for number in range(MESSAGES):
        pen.add(
            GroupMessage,
            group_id=group_id,
            account_id=pen.dice.choice(members),
            sent_key=str(number),
            text=words(pen.dice, 15),
            created_at=pen.ago(most_days=10),
        )
    return group_id, code


def _add_resource(pen: Pen, owner: UUID, *, course: int) -> None:
    pen.add(
        Resource,
        account_id=owner,
        site_url=SITE,
        moodle_course_id=FIRST_MOODLE_ID + course,
        course_name=f"SUB {course + 101}",
        kind=ResourceKind.LINK,
        title=words(pen.dice, 5),
        address="https://example.edu/reading",
        created_at=pen.ago(),
    )


def _add_question(pen: Pen, owner: UUID, peers: Sequence[UUID], *, course: int) -> None:
    question_id = pen.id()
    pen.add(
        Question,
        id=question_id,
        account_id=owner,
        site_url=SITE,
        moodle_course_id=FIRST_MOODLE_ID + course,
        course_name=f"SUB {course + 101}",
        title=words(pen.dice, 8),
        text=words(pen.dice, 40),
        created_at=pen.ago(most_days=30),
    )
    for _ in range(ANSWERS):
        pen.add(
            Answer,
            question_id=question_id,
            account_id=pen.dice.choice(peers),
            text=words(pen.dice, 30),
            created_at=pen.ago(most_days=20),
        )


def add_week(pen: Pen, owner: UUID, *, entries: int) -> None:
    """Note points of this week, as the leaderboard counts them."""
    monday = monday_of(pen.day(0))
    for number in range(entries):
        pen.add(
            PointsEntry,
            account_id=owner,
            amount=pen.dice.randint(1, 5),
            cause=f"week:{number}",
            sentence="You reviewed a card and called it good.",
            day=monday,
            created_at=pen.now - timedelta(minutes=number + 1),
        )


def fill_peers(
    scene: Scene, *, now: datetime, seed: int = 1, count: int = PEERS, entries: int = 10
) -> list[Known]:
    """Put students into the database who share courses with everybody."""
    pen = Pen(Random(seed), now)  # noqa: S311 - sample data, no secrets
    # New here: no night of theirs is waiting to be closed.
    peers = [add_account(pen, name, since=now) for name in names(count)]
    for number, peer in enumerate(peers):
        owner = peer.student.account_id
        add_courses(pen, owner, count=1, number=number + 10)
        add_week(pen, owner, entries=entries)
    pen.write(scene.engine)
    return peers


def names(count: int) -> Iterator[str]:
    """Yield names that can be told apart."""
    yield from (f"Student {number + 1}" for number in range(count))


def fill_student(
    scene: Scene, peers: Sequence[Known], *, now: datetime, scale: int = 1
) -> Known:
    """Put a student with half a year behind them into the database.

    With a `scale` of 2 they have twice as much of everything.
    """
    pen = Pen(Random(100 + scale), now)  # noqa: S311 - sample data, no secrets
    known = add_account(pen, f"Mina {scale}")
    owner, mates = known.student.account_id, [one.student.account_id for one in peers]
    courses = add_courses(pen, owner, count=COURSES * scale, number=scale)
    lectures = add_materials(pen, owner, courses)
    cards = add_cards(pen, owner, courses, lectures, count=CARDS * scale)
    add_habits(pen, owner, courses, scale=scale)
    add_deadlines(pen, owner, courses, count=DEADLINES * scale)
    quiz_id = add_practice(pen, owner, lectures[0], scale=scale)
    group_id, code = add_campus(pen, owner, mates, courses=len(courses), scale=scale)
    pen.write(scene.engine)
    return Known(
        known.student,
        known.access,
        material_id=lectures[0][0],
        quiz_id=quiz_id,
        group_id=group_id,
        invite_code=code,
        cards=tuple(cards),
    )
