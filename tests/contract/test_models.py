"""The core models as a program sees them: every field, its type, and that it tells the truth."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tests.conftest import NOON
from tests.contract.lines import MODELS, fields
from tests.contract.term import Term

Check = Callable[[Term], tuple[object, object]]
"""What the field says, and what is true."""

PARSERS: dict[str, Callable[[Any], object]] = {
    "UUID": UUID,
    "str": str,
    "int": int,
    "bool": bool,
    "datetime": datetime.fromisoformat,
}
WIRE = {"UUID": str, "datetime": str, "str": str, "int": int, "bool": bool}


def moment(told: str) -> datetime:
    return datetime.fromisoformat(told)


def hold(model: str, field: str, *, told: dict[str, Any], facts: tuple[object, object]):
    """Check a field's type on the wire, and what it says."""
    kind = MODELS[model][field]
    assert type(told[field]) is WIRE[kind], told
    PARSERS[kind](told[field])
    if kind == "datetime":
        assert moment(told[field]).utcoffset() == timedelta(0)
    said, true = facts
    assert said == true


USER: dict[str, Check] = {
    "id": lambda term: (term.me["id"], term.signed_in["id"]),
    "username": lambda term: (term.me["username"], "mina"),
    "email": lambda term: (term.me["email"], "mina@uni.edu"),
    "encrypted_token": lambda term: (
        (term.me_new["encrypted_token"], len(term.me["encrypted_token"])),
        (None, 12),
    ),
    "created_at": lambda term: (moment(term.me["created_at"]), NOON),
    "last_login": lambda term: (moment(term.me["last_login"]), NOON),
    "points": lambda term: (
        (term.me_new["points"], term.me["points"]),
        (0, sum(line["amount"] for line in term.ledger)),
    ),
    "streak_days": lambda term: (
        (term.me_new["streak_days"], term.me["streak_days"]),
        (0, 2),
    ),
}
COURSE: dict[str, Check] = {
    "id": lambda term: (term.course["id"], term.materials[0]["course_id"]),
    "user_id": lambda term: (
        {course["user_id"] for course in term.courses},
        {term.me["id"]},
    ),
    "fullname": lambda term: (term.course["fullname"], "Biology: Cells & Heredity"),
    "shortname": lambda term: (
        (term.course["shortname"], len({one["shortname"] for one in term.courses})),
        ("BIO 110", 5),
    ),
    "last_synced": lambda term: (moment(term.course["last_synced"]), term.synced_at),
    "sync_enabled": lambda term: (term.course["sync_enabled"], True),
}
CARD: dict[str, Check] = {
    "id": lambda term: (term.card["id"], term.card_new["id"]),
    "user_id": lambda term: (term.card["user_id"], term.me["id"]),
    "course_id": lambda term: (term.card["course_id"], term.course["id"]),
    "front": lambda term: (term.card["front"], "What is osmosis?"),
    "back": lambda term: (term.card["back"], "Water moves."),
    "difficulty": lambda term: (
        [one["difficulty"] for one in (term.card_new, term.card_once, term.card)],
        [250, 260, 270],
    ),
    "next_review": lambda term: (
        [moment(one["next_review"]).date() for one in (term.card_new, term.card)],
        [NOON.date(), NOON.date() + timedelta(days=7)],
    ),
    "interval": lambda term: (
        [one["interval"] for one in (term.card_new, term.card_once, term.card)],
        [0, 1, 6],
    ),
    "repetitions": lambda term: (
        [one["repetitions"] for one in (term.card_new, term.card_once, term.card)],
        [0, 1, 2],
    ),
}
FOCUS: dict[str, Check] = {
    "id": lambda term: (term.session["id"], term.session_new["id"]),
    "user_id": lambda term: (term.session["user_id"], term.me["id"]),
    "duration_minutes": lambda term: (term.session["duration_minutes"], 25),
    "started_at": lambda term: (moment(term.session["started_at"]), NOON),
    "completed": lambda term: (
        (term.session_new["completed"], term.session["completed"]),
        (False, True),
    ),
    "ambient_sound": lambda term: (term.session["ambient_sound"], "Rain"),
}
GROUP: dict[str, Check] = {
    "id": lambda term: (term.group["id"], term.group_new["id"]),
    "name": lambda term: (term.group["name"], "Night owls"),
    "course_id": lambda term: (term.group["course_id"], term.course["id"]),
    "created_by": lambda term: (term.group["created_by"], term.me["id"]),
    "member_count": lambda term: (
        (term.group_new["member_count"], term.group["member_count"]),
        (1, 2),
    ),
    "next_session": lambda term: (
        (term.group_new["next_session"], moment(term.group["next_session"])),
        (None, term.meets_at),
    ),
}


@fields("User")
def test_a_user_has(field: str, term: Term) -> None:
    hold("User", field, told=term.me, facts=USER[field](term))


@fields("Course")
def test_a_course_has(field: str, term: Term) -> None:
    hold("Course", field, told=term.course, facts=COURSE[field](term))


@fields("Flashcard")
def test_a_flashcard_has(field: str, term: Term) -> None:
    hold("Flashcard", field, told=term.card, facts=CARD[field](term))


@fields("FocusSession")
def test_a_focus_session_has(field: str, term: Term) -> None:
    hold("FocusSession", field, told=term.session, facts=FOCUS[field](term))


@fields("StudyGroup")
def test_a_study_group_has(field: str, term: Term) -> None:
    hold("StudyGroup", field, told=term.group, facts=GROUP[field](term))
