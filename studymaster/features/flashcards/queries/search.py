"""A search of the cards as PostgreSQL is asked it: the tree of conditions in its terms."""

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, TypeAlias
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Float,
    SQLColumnExpression,
    String,
    and_,
    any_,
    cast,
    collate,
    false,
    func,
    literal,
    not_,
    or_,
    true,
)
from sqlalchemy.dialects.postgresql import array
from sqlmodel import col, select

from studymaster.features.flashcards.queries.piles import in_pile
from studymaster.features.flashcards.rules.fsrs import PUBLISHED
from studymaster.features.flashcards.rules.search import (
    LEECH_TAG,
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
    Relation,
    Standing,
    Wild,
    Words,
    literally,
)
from studymaster.features.flashcards.schemas import EVERYTHING, Pile
from studymaster.models import Card, Course, Deck, Material, ReviewLog

LIKE_SIGN: Final = re.compile(r"([\\%_])")
REGEX_SIGN: Final = re.compile(r"([\\^$.|?*+()\[\]{}])")
LIKE_WILD: Final[Mapping[Wild, str]] = {Wild.MANY: "%", Wild.ONE: "_"}
TAG_WILD: Final[Mapping[Wild, str]] = {Wild.MANY: "[^\n]*", Wild.ONE: "[^\n]"}
LETTERS: Final = "pg_c_utf8"
HUNDRED: Final = 100
KNOWN_SHARE: Final = 0.9
DECAY_PLACE: Final = 21
"""The place of the decay among the parameters of FSRS-6, from 1."""

IS_NEW: Final = col(Card.interval_days) == 0
"""Every answer gives a card an interval; beginning anew takes it away. So the day has it, too."""

FIRST_GRADE: Final = 1
"""What a button's number lacks to its grade in SM-2: button 1 is grade 2."""


@dataclass(frozen=True, slots=True)
class Search:
    """What a student looks for, on their day `today`; `starts` says when a day begins."""

    account_id: UUID
    tree: Node
    today: date
    starts: Callable[[date], datetime]

    def condition(self) -> ColumnElement[bool]:
        """Return whether a card meets the search; it is never NULL."""
        return _meets(self.tree, self)

    def within(self, account_id: UUID, pile: Pile) -> ColumnElement[bool]:
        """Return whether a card is the account's, lies in a pile, and meets the search."""
        found = [col(Card.account_id) == account_id, self.condition()]
        if pile != EVERYTHING:
            decks = select(Deck.id).where(
                col(Deck.account_id) == account_id, *in_pile(pile)
            )
            found.append(col(Card.deck_id).in_(decks))
        return and_(*found)


def _meets(node: Node, search: Search) -> ColumnElement[bool]:
    match node:
        case All(parts):
            return and_(true(), *[_meets(part, search) for part in parts])
        case Either(parts):
            return _meets_one(parts, search)
        case Not(part):
            return not_(_meets(part, search))
        case Words() | Named() | Is():
            return _is_described(node, search)
        case Flag() | Added() | Rated() | Prop():
            return _is_measured(node, search)


def _meets_one(parts: Sequence[Node], search: Search) -> ColumnElement[bool]:
    """Return whether a card meets one of several; all words are looked for in one go."""
    words = [part.pattern for part in parts if isinstance(part, Words)]
    rest = [part for part in parts if not isinstance(part, Words)]
    ways = [_has_words(*words)] if words else []
    return or_(false(), *ways, *[_meets(part, search) for part in rest])


def _is_described(node: Words | Named | Is, search: Search) -> ColumnElement[bool]:
    match node:
        case Words(pattern):
            return _has_words(pattern)
        case Named(name, pattern):
            return NAMED[name](pattern, search)
        case Is(standing):
            return STANDINGS[standing](search)


def _is_measured(node: Flag | Added | Rated | Prop, search: Search) -> ColumnElement[bool]:
    match node:
        case Flag(number):
            return col(Card.flag) == number
        case Added(days):
            return col(Card.created_at) >= search.starts(_first_day(days, search))
        case Rated():
            return _is_rated(node, search)
        case Prop():
            return _compares(node, search)


def _first_day(days: int, search: Search) -> date:
    """Return the first of the last days, today counted."""
    return search.today - timedelta(days=days - 1)


def _has_words(*patterns: Pattern) -> ColumnElement[bool]:
    """Return whether a side of a card has the words of a pattern, or a tag is these words."""
    ways = [_is_inside(patterns, side) for side in (Card.front, Card.back)]
    tags = [one.text.lower() for one in patterns if one.text]
    if tags:
        ways.append(col(Card.tags).op("&&")(cast(tags, ARRAY(String))))
    return or_(*ways)


def _is_inside(patterns: Sequence[Pattern], side: Any) -> ColumnElement[bool]:  # noqa: ANN401 - as `col` takes it
    # This is what takes the time of a search. It is at least twice as fast as ILIKE, and the
    # collation is one that knows all letters wherever the database was made. strpos() is as
    # fast, but PostgreSQL takes a third of all cards to have the words and plans for that.
    # Small letters are made once for all patterns: they cost more than looking for one.
    likes = [func.lower(collate(literal(f"%{_like(one)}%"), LETTERS)) for one in patterns]
    text = func.lower(collate(col(side), LETTERS))
    if len(likes) == 1:
        return text.like(likes[0], escape="\\")
    return text.op("LIKE", is_comparison=True)(any_(array(likes)))


def _is_like(column: Any, like: str) -> ColumnElement[bool]:  # noqa: ANN401 - as `col` takes it
    return col(column).ilike(like, escape="\\")


def _like(pattern: Pattern) -> str:
    return "".join(
        LIKE_WILD[part] if isinstance(part, Wild) else LIKE_SIGN.sub(r"\\\1", part)
        for part in pattern.parts
    )


def _in_deck(pattern: Pattern, search: Search) -> ColumnElement[bool]:
    """Return whether a deck is called so, or lies in one: `latin` holds `Latin::Verbs`.

    The deck of a course is called as the course is.
    """
    is_it = _is_called(pattern, Deck.name, Course.shortname, Course.fullname)
    lies_in_it = _is_like(Deck.name, f"{_like(pattern)}::%")
    return _lies_in(or_(is_it, lies_in_it), search)


def _in_course(pattern: Pattern, search: Search) -> ColumnElement[bool]:
    return _lies_in(_is_called(pattern, Course.shortname, Course.fullname), search)


def _is_called(pattern: Pattern, *names: Any) -> ColumnElement[bool]:  # noqa: ANN401 - as `col` takes them
    return or_(*[_is_like(name, _like(pattern)) for name in names])


def _lies_in(is_wanted: ColumnElement[bool], search: Search) -> ColumnElement[bool]:
    wanted = (
        select(Deck.id)
        .join(Course, col(Course.id) == col(Deck.course_id), isouter=True)
        .where(col(Deck.account_id) == search.account_id, is_wanted)
    )
    return col(Card.deck_id).in_(wanted)


def _has_tag(pattern: Pattern, _: Search) -> ColumnElement[bool]:
    """Return whether a card has a tag, or one below it: `bio` holds `bio::cell`."""
    name = "".join(
        TAG_WILD[part] if isinstance(part, Wild) else REGEX_SIGN.sub(r"\\\1", part.lower())
        for part in pattern.parts
    )
    lines = func.array_to_string(Card.tags, "\n")
    is_there = lines.op("~")(f"(^|\n){name}(::[^\n]*)?($|\n)")
    return and_(func.cardinality(Card.tags) > 0, is_there)


def _comes_from(pattern: Pattern, search: Search) -> ColumnElement[bool]:
    """Return whether the file that a card was made from has these words in its name."""
    names = (Material.name, Material.filename)
    wanted = select(Material.id).where(
        col(Material.account_id) == search.account_id,
        or_(*[_is_inside([pattern], name) for name in names]),
    )
    return and_(col(Card.material_id).is_not(None), col(Card.material_id).in_(wanted))


NAMED: Final[Mapping[Name, Callable[[Pattern, Search], ColumnElement[bool]]]] = {
    Name.DECK: _in_deck,
    Name.COURSE: _in_course,
    Name.TAG: _has_tag,
    Name.SOURCE: _comes_from,
}


def _is_drilled(search: Search) -> ColumnElement[bool]:
    """Return whether a card is asked again today; a drill of an earlier day is void."""
    return col(Card.drill_on).is_not_distinct_from(search.today)


def _is_due(search: Search) -> ColumnElement[bool]:
    is_back = and_(~IS_NEW, col(Card.due_on) <= search.today)
    is_awake = and_(col(Card.suspended_at).is_(None), not_(_is_put_off(search)))
    return and_(is_awake, or_(is_back, _is_drilled(search)))


def _is_put_off(search: Search) -> ColumnElement[bool]:
    day = col(Card.buried_until)
    return and_(day.is_not(None), day > search.today)


def _is_buried(search: Search) -> ColumnElement[bool]:
    return and_(col(Card.suspended_at).is_(None), _is_put_off(search))


def _is_new(_: Search) -> ColumnElement[bool]:
    return IS_NEW


def _is_suspended(_: Search) -> ColumnElement[bool]:
    return col(Card.suspended_at).is_not(None)


def _is_leech(search: Search) -> ColumnElement[bool]:
    return _has_tag(literally(LEECH_TAG), search)


STANDINGS: Final[Mapping[Standing, Callable[[Search], ColumnElement[bool]]]] = {
    Standing.DUE: _is_due,
    Standing.NEW: _is_new,
    Standing.LEARN: _is_drilled,
    Standing.SUSPENDED: _is_suspended,
    Standing.BURIED: _is_buried,
    Standing.LEECH: _is_leech,
}


def _is_rated(node: Rated, search: Search) -> ColumnElement[bool]:
    first_day = _first_day(node.days, search)
    # If any answer is of the last days, the last one is: only then is the log asked.
    last = col(Card.last_reviewed_at)
    is_recent = and_(last.is_not(None), last >= search.starts(first_day))
    if node.button is None:
        return is_recent
    # Not IN: a list too long for the memory of a query would be read once for every card.
    answers = select(ReviewLog.id).where(
        col(ReviewLog.card_id) == col(Card.id),
        col(ReviewLog.account_id) == search.account_id,
        col(ReviewLog.day) >= first_day,
        col(ReviewLog.grade) == node.button + FIRST_GRADE,
    )
    return and_(is_recent, answers.correlate(Card).exists())


def _compares(node: Prop, search: Search) -> ColumnElement[bool]:
    if node.figure in MEMORY:
        return _is_known_so(node, search)
    if node.figure is not Figure.DUE:
        return COMPARISONS[node.relation](FIGURES[node.figure], literal(node.number))
    day = literal(search.today + timedelta(days=node.number))
    return and_(~IS_NEW, COMPARISONS[node.relation](DUE_DAY, day))


def _is_known_so(node: Prop, search: Search) -> ColumnElement[bool]:
    """Return whether what FSRS knows of a card, in hundredths, compares so."""
    figure = MEMORY[node.figure](search)
    is_so = COMPARISONS[node.relation](func.round(figure * HUNDRED), literal(node.number))
    return and_(col(Card.stability).is_not(None), is_so)


def _chance(search: Search) -> "Number":
    """Return how likely a card is known today: https://expertium.github.io/Algorithm.html."""
    decay = _decay(search)
    factor = func.power(KNOWN_SHARE, -1 / decay) - 1
    rested = func.greatest(literal(search.today) - col(Card.reviewed_on), 0)
    return func.power(1 + factor * rested / col(Card.stability), -decay)


def _decay(search: Search) -> "Number":
    # Asked once for all decks, not once for every card.
    one = func.coalesce(col(Deck.parameters)[DECAY_PLACE], PUBLISHED[DECAY_PLACE - 1])
    decays = (
        select(func.jsonb_object_agg(cast(Deck.id, String), one))
        .where(col(Deck.account_id) == search.account_id)
        .scalar_subquery()
    )
    return cast(decays.op("->>")(cast(Card.deck_id, String)), Float)


Number: TypeAlias = SQLColumnExpression[Any]
Comparison: TypeAlias = Callable[[Number, Number], ColumnElement[bool]]

DUE_DAY: Final[Number] = col(Card.due_on)
FIGURES: Final[Mapping[Figure, Number]] = {
    Figure.INTERVAL: col(Card.interval_days),
    Figure.ANSWERS: col(Card.turn),
    Figure.EASE: col(Card.easiness),
    Figure.LAPSES: col(Card.lapses),
}
MEMORY: Final[Mapping[Figure, Callable[[Search], Number]]] = {
    Figure.STABILITY: lambda _: col(Card.stability),
    Figure.DIFFICULTY: lambda _: col(Card.difficulty),
    Figure.RETRIEVABILITY: _chance,
}


COMPARISONS: Final[Mapping[Relation, Comparison]] = {
    Relation.AT_MOST: operator.le,
    Relation.AT_LEAST: operator.ge,
    Relation.OTHER: operator.ne,
    Relation.LESS: operator.lt,
    Relation.MORE: operator.gt,
    Relation.EQUAL: operator.eq,
}
