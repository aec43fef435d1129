"""What students do together: groups with their chat, buddies, resources, questions."""

from collections.abc import Sequence
from uuid import UUID

from benchmarks.filling.courses import FIRST_MOODLE_ID, SITE
from benchmarks.filling.pen import Pen, words
from studymaster.features.campus.rules.buddies import pair_key
from studymaster.models import (
    Answer,
    BuddyLink,
    BuddyState,
    GroupMember,
    GroupMessage,
    GroupRole,
    Question,
    Resource,
    ResourceKind,
    StudyGroup,
)

GROUPS = 6
MEMBERS = 12
MESSAGES = 300
BUDDIES = 8
RESOURCES = 40
QUESTIONS = 40
ANSWERS = 3


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
