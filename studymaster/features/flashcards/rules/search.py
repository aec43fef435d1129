"""What a search asks of a card: a tree of conditions, and how it is written down. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Final, TypeAlias

SPECIAL: Final = r'\\"*_:()\-'
"""What a backslash before it makes an ordinary character."""

PIECE: Final = re.compile(rf"\\([{SPECIAL}])|(\*+)|(_)|([^*_\\]+|\\)", re.DOTALL)
NEEDS_BACKSLASH: Final = re.compile(r'([\\"*_:])')
BARE: Final = re.compile(r"[^\W_]+")
OPERATORS: Final = frozenset({"and", "or"})
LEECH_TAG: Final = "leech"
"""A card that was forgotten too often has this tag, as Anki gives it."""


class Wild(Enum):
    """What stands for characters that are not known: any number of them, or one."""

    MANY = "*"
    ONE = "_"


@dataclass(frozen=True, slots=True)
class Pattern:
    """Words to look for: texts and wildcards in turn; never two texts side by side."""

    parts: tuple[str | Wild, ...]

    @property
    def text(self) -> str | None:
        """The words, if there is no wildcard among them."""
        words = [part for part in self.parts if isinstance(part, str)]
        return "".join(words) if len(words) == len(self.parts) else None


class Name(StrEnum):
    """What of a card is looked for by its name."""

    DECK = "deck"
    COURSE = "course"
    TAG = "tag"
    SOURCE = "source"


class Standing(StrEnum):
    """Where a card stands; it may stand in several places."""

    DUE = "due"
    NEW = "new"
    LEARN = "learn"
    SUSPENDED = "suspended"
    BURIED = "buried"
    LEECH = "leech"


class Figure(StrEnum):
    """A number of a card: interval and due day (days from today), answers, easiness.

    What FSRS knows of it, only where it does: `difficulty` from 1 to 10, and from 0 to 1 how
    likely it is known today.
    """

    INTERVAL = "ivl"
    DUE = "due"
    ANSWERS = "reps"
    EASE = "ease"
    LAPSES = "lapses"
    STABILITY = "stability"
    DIFFICULTY = "difficulty"
    RETRIEVABILITY = "retrievability"

    @property
    def has_fraction(self) -> bool:
        """Whether it is counted in hundredths."""
        return self in FRACTIONS


FRACTIONS: Final = frozenset(
    {Figure.EASE, Figure.STABILITY, Figure.DIFFICULTY, Figure.RETRIEVABILITY}
)


class Relation(StrEnum):
    """How a figure is compared with a number; the longer signs come first."""

    AT_MOST = "<="
    AT_LEAST = ">="
    OTHER = "!="
    LESS = "<"
    MORE = ">"
    EQUAL = "="


@dataclass(frozen=True, slots=True)
class Words:
    """A side of the card has these words somewhere, or one of its tags is these words."""

    pattern: Pattern

    def __str__(self) -> str:
        """Return the words, in quotation marks where they need them."""
        return _quoted(self.pattern)


@dataclass(frozen=True, slots=True)
class Named:
    """The card's deck, course, tag or source has this name."""

    name: Name
    pattern: Pattern

    def __str__(self) -> str:
        """Return such as `deck:"Two words"`."""
        return f"{self.name}:{_quoted(self.pattern)}"


@dataclass(frozen=True, slots=True)
class Is:
    """The card stands there today."""

    standing: Standing

    def __str__(self) -> str:
        """Return such as `is:due`."""
        return f"is:{self.standing}"


@dataclass(frozen=True, slots=True)
class Flag:
    """The card has this flag, 1 to 7; or none: 0."""

    number: int

    def __str__(self) -> str:
        """Return such as `flag:1`."""
        return f"flag:{self.number}"


@dataclass(frozen=True, slots=True)
class Added:
    """The card was made in the last days, today counted."""

    days: int

    def __str__(self) -> str:
        """Return such as `added:7`."""
        return f"added:{self.days}"


@dataclass(frozen=True, slots=True)
class Rated:
    """The card was answered in the last days, today counted.

    `button` is 1 (Again) to 4 (Easy); None: any of them.
    """

    days: int
    button: int | None = None

    def __str__(self) -> str:
        """Return such as `rated:3` or `rated:3:1`."""
        return f"rated:{self.days}" + (f":{self.button}" if self.button else "")


@dataclass(frozen=True, slots=True)
class Prop:
    """A figure of the card compares so with a number; one with a fraction is in hundredths."""

    figure: Figure
    relation: Relation
    number: int

    def __str__(self) -> str:
        """Return such as `prop:ivl>30`."""
        number = str(self.number)
        if self.figure.has_fraction:
            number = f"{self.number // 100}.{self.number % 100:02d}"
        return f"prop:{self.figure}{self.relation}{number}"


@dataclass(frozen=True, slots=True)
class Not:
    """The card does not meet the condition."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class All:
    """The card meets every condition; without any, every card does."""

    parts: tuple["Node", ...] = ()


@dataclass(frozen=True, slots=True)
class Either:
    """The card meets at least one of the conditions."""

    parts: tuple["Node", ...]


Leaf: TypeAlias = Words | Named | Is | Flag | Added | Rated | Prop
Node: TypeAlias = Leaf | Not | All | Either

EVERY_CARD: Final = All()


def negation(part: Node) -> Node:
    """Return the opposite of a condition; the opposite of an opposite is the thing itself."""
    return part.part if isinstance(part, Not) else Not(part)


def conjunction(parts: Sequence[Node]) -> Node:
    """Return the condition that all of these are met, as flat as it can be."""
    flat = [
        one for part in parts for one in (part.parts if isinstance(part, All) else [part])
    ]
    return flat[0] if len(flat) == 1 else All(tuple(flat))


def disjunction(parts: Sequence[Node]) -> Node:
    """Return the condition that at least one of these is met, as flat as it can be."""
    flat = [
        one
        for part in parts
        for one in (part.parts if isinstance(part, Either) else [part])
    ]
    return flat[0] if len(flat) == 1 else Either(tuple(flat))


def leaves(node: Node) -> Iterator[Leaf]:
    """Yield every single condition of a tree, from left to right."""
    if isinstance(node, Not):
        yield from leaves(node.part)
    elif isinstance(node, All | Either):
        for part in node.parts:
            yield from leaves(part)
    else:
        yield node


def read_pattern(raw: str) -> Pattern:
    r"""Return what is to be looked for: `*` and `_` are wildcards, `\*` is a star."""
    parts: list[str | Wild] = []
    for escaped, many, one, plain in PIECE.findall(raw):
        if many or one:
            parts.append(Wild.MANY if many else Wild.ONE)
        else:
            text = escaped or plain
            last = parts.pop() if parts and isinstance(parts[-1], str) else ""
            parts.append(f"{last}{text}")
    return Pattern(tuple(parts))


def literally(text: str) -> Pattern:
    """Return the pattern of exactly these words."""
    return Pattern((text,) if text else ())


def written(node: Node) -> str:
    """Return a search as it can be typed; read again, it is the same tree."""
    match node:
        case Either(parts):
            return " or ".join(_inside(part, Either) for part in parts)
        case All(parts):
            return " ".join(_inside(part, All, Either) for part in parts)
        case Not(part):
            return f"-{_inside(part, Not, All, Either)}"
        case _:
            return str(node)


def _inside(node: Node, *loose: type[Node]) -> str:
    words = written(node)
    return f"({words})" if isinstance(node, loose) else words


def _quoted(pattern: Pattern) -> str:
    if pattern.text is not None and _is_bare(pattern.text):
        return pattern.text
    words = [
        NEEDS_BACKSLASH.sub(r"\\\1", part) if isinstance(part, str) else part.value
        for part in pattern.parts
    ]
    return f'"{"".join(words)}"'


def _is_bare(text: str) -> bool:
    return bool(BARE.fullmatch(text)) and text.lower() not in OPERATORS
