"""A table of cards that differ in everything a search can ask, and what plainly holds of them."""

import operator
import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.schemas import Student
from studymaster.features.flashcards.rules import fsrs
from studymaster.features.flashcards.rules.search import (
    Added,
    All,
    Either,
    Figure,
    Flag,
    Is,
    Name,
    Named,
    Node,
    Not,
    Pattern,
    Prop,
    Rated,
    Standing,
    Words,
)
from studymaster.models import Card, ReviewLog
from tests.conftest import NOON
from tests.features.flashcards.pile import TODAY, make_card, make_deck, make_own_card
from tests.features.library.shelf import make_course, make_material

SIGNS = {"<": operator.lt, ">": operator.gt, "=": operator.eq}
SIGNS |= {"<=": operator.le, ">=": operator.ge, "!=": operator.ne}
DAY = timedelta(days=1)
PUT_OFF = {"buried_until": TODAY + DAY}
KNOWN = {"stability": 12.5, "difficulty": 4.25, "reviewed_on": TODAY - 3 * DAY}
FADED = {"stability": 2.0, "difficulty": 9.0, "reviewed_on": TODAY - 40 * DAY}


@dataclass(frozen=True, slots=True)
class Known:
    """A card with all that a search may look at."""

    card: Card
    deck: str
    course: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    answers: tuple[tuple[date, int], ...] = field(default=())


async def make_table(student: Student) -> list[Known]:
    """Put eleven cards into two own decks and two courses; return them, the oldest first."""
    latin = await make_deck(student, "Latin")
    verbs = await make_deck(student, "latin::Verbs 100%")
    biology = await make_course(student, shortname="BIO 101")
    law = await make_course(student, shortname="LAW_2")
    cells = await make_material(biology, name="Lecture 3 Cells.pdf")
    torts = await make_material(law, name="torts_100%.docx")

    of_cells = ("BIO 101", ("BIO 101", "BIO 101 in full"), (cells.name, cells.filename))
    of_law = ("LAW_2", ("LAW_2", "LAW_2 in full"), (torts.name, torts.filename))
    own = (student, {latin: ("Latin",), verbs: ("latin::Verbs 100%",)})
    table = [
        await _own(own, latin, "canis", "dog", tags=["animal", "exam"], age=0),
        await _own(
            own, latin, "Felis catus", "the CAT", tags=["animal::pet"], age=6, flag=1
        ),
        await _own(own, verbs, "amare", "to love, a_b", age=7, turn=3, easiness=130),
        await _own(own, verbs, "5*3 = 15%", r"about \pi", turn=1, interval_days=31),
        await _own(own, verbs, 'says "no"', "(deck:x)", suspended_at=NOON, flag=7),
    ]
    for material, place, fields in (
        (
            cells,
            of_cells,
            {"front": "Zellteilung?", "back": "Mitose", "turn": 2, **PUT_OFF},
        ),
        (
            cells,
            of_cells,
            {"front": "cell", "turn": 9, "due_in": -3, "easiness": 149, **KNOWN},
        ),
        (cells, of_cells, {"front": "wall", "turn": 1, "due_in": 1, "drill_on": TODAY}),
        (
            cells,
            of_cells,
            {
                "front": "old",
                "turn": 1,
                "due_in": 9,
                "drill_on": TODAY - DAY,
                "buried_until": TODAY,
            },
        ),
        (
            torts,
            of_law,
            {
                "front": "Straße 日本",
                "turn": 4,
                "due_in": 30,
                "tags": ["leech"],
                "lapses": 8,
            },
        ),
        (
            torts,
            of_law,
            {
                "front": "both",
                "turn": 5,
                "suspended_at": NOON,
                "drill_on": TODAY,
                **PUT_OFF,
                **FADED,
            },
        ),
    ):
        made = {"interval_days": len(table), "created_at": NOON - len(table) * DAY} | fields
        table.append(Known(await make_card(student, material, **made), *place))
    return [await _answered(known, number) for number, known in enumerate(table)]


async def _own(own, deck, front, back, *, age=1, **fields) -> Known:
    student, names = own
    made = {"front": front, "back": back, "created_at": NOON - age * DAY, **fields}
    return Known(await make_own_card(student, deck, **made), *names[deck])


async def _answered(known: Known, number: int) -> Known:
    """Give a card an answer for each turn: the last one `number` days ago."""
    card = known.card
    answers = [
        (TODAY - (number + back) * DAY, 2 + (number + back) % 4)
        for back in range(card.turn)
    ]
    async with unit_of_work() as work:
        if answers:
            row = await work.session.get_one(Card, card.id)
            row.last_reviewed_at = NOON - (TODAY - answers[0][0])
        for turn, (day, grade) in enumerate(reversed(answers)):
            work.session.add(_log(card, turn, day=day, grade=grade))
    return Known(card, known.deck, known.course, known.source, tuple(answers))


def _log(card: Card, turn: int, *, day: date, grade: int) -> ReviewLog:
    same = {"easiness_before": 250, "interval_before": 1, "repetitions_before": 1}
    after = {"easiness_after": 250, "interval_after": 1, "repetitions_after": 1}
    return ReviewLog(
        account_id=card.account_id,
        card_id=card.id,
        turn=turn,
        grade=grade,
        day=day,
        drill=False,
        elapsed_ms=900,
        created_at=NOON,
        **same,
        **after,
    )


def holds(node: Node, known: Known, *, day_began: datetime) -> bool:
    """Say whether a card meets a search; `day_began` is when the student's day started."""
    match node:
        case All(parts):
            return all(holds(part, known, day_began=day_began) for part in parts)
        case Either(parts):
            return any(holds(part, known, day_began=day_began) for part in parts)
        case Not(part):
            return not holds(part, known, day_began=day_began)
        case Added(days):
            return known.card.created_at >= day_began - (days - 1) * DAY
    return _leaf_holds(node, known)


def _leaf_holds(node: Node, known: Known) -> bool:
    card = known.card
    match node:
        case Words(pattern):
            return any(_inside(pattern, side) for side in (card.front, card.back)) or (
                (pattern.text or "").lower() in card.tags
            )
        case Named(name, pattern):
            return _is_named(name, pattern, known)
        case Is(standing):
            return standing in _standings(card)
        case Flag(number):
            return card.flag == number
        case Rated(days, button):
            return any(
                (TODAY - day).days < days and button in {None, grade - 1}
                for day, grade in known.answers
            )
        case Prop(figure, relation, number):
            value = _figure(figure, card)
            return value is not None and SIGNS[relation](value, number)
    raise AssertionError(node)


def _is_named(name: Name, pattern: Pattern, known: Known) -> bool:
    match name:
        case Name.DECK:
            names = (known.deck, *known.course)
            return any(_is_or_lies_in(pattern, one) for one in names)
        case Name.TAG:
            return any(_is_or_lies_in(pattern, tag) for tag in known.card.tags)
        case Name.COURSE:
            return any(_is(pattern, one) for one in known.course)
        case Name.SOURCE:
            return any(_inside(pattern, one) for one in known.source)


def _standings(card: Card) -> set[Standing]:
    is_drilled, is_there = card.drill_on == TODAY, card.suspended_at is None
    is_put_off = card.buried_until is not None and card.buried_until > TODAY
    is_awake = is_there and not is_put_off
    facts = {
        Standing.NEW: card.interval_days == 0,
        Standing.LEARN: is_drilled,
        Standing.SUSPENDED: not is_there,
        Standing.BURIED: is_there and is_put_off,
        Standing.LEECH: "leech" in card.tags,
        Standing.DUE: is_awake
        and (is_drilled or (card.interval_days > 0 and card.due_on <= TODAY)),
    }
    return {standing for standing, is_so in facts.items() if is_so}


def _figure(figure: Figure, card: Card) -> int | None:
    memory = {Figure.STABILITY, Figure.DIFFICULTY, Figure.RETRIEVABILITY}
    if figure in memory:
        return _memory(figure, card)
    return {
        Figure.INTERVAL: card.interval_days,
        Figure.ANSWERS: card.turn,
        Figure.EASE: card.easiness,
        Figure.LAPSES: card.lapses,
        Figure.DUE: (card.due_on - TODAY).days if card.interval_days else None,
    }[figure]


def _memory(figure: Figure, card: Card) -> int | None:
    if card.stability is None or card.difficulty is None or card.reviewed_on is None:
        return None
    memory = fsrs.Memory(card.stability, card.difficulty, card.reviewed_on)
    number = {
        Figure.STABILITY: memory.stability,
        Figure.DIFFICULTY: memory.difficulty,
        Figure.RETRIEVABILITY: fsrs.chance(memory, day=TODAY),
    }[figure]
    return round(number * 100)


def _regex(pattern: Pattern) -> str:
    signs = {"MANY": ".*", "ONE": "."}
    return "".join(
        re.escape(part) if isinstance(part, str) else signs[part.name]
        for part in pattern.parts
    )


def _inside(pattern: Pattern, text: str) -> bool:
    return re.search(_regex(pattern), text, re.IGNORECASE | re.DOTALL) is not None


def _is(pattern: Pattern, text: str) -> bool:
    return re.fullmatch(_regex(pattern), text, re.IGNORECASE | re.DOTALL) is not None


def _is_or_lies_in(pattern: Pattern, text: str) -> bool:
    above = re.fullmatch(f"{_regex(pattern)}(::.*)?", text, re.IGNORECASE | re.DOTALL)
    return above is not None
