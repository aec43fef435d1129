"""The language of the card search: how what was typed is read, and where it is wrong. Pure.

It is Anki's, as far as our cards have what it asks for:
https://docs.ankiweb.net/searching.html
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, NoReturn, cast

from lark import Lark, Token, Transformer, UnexpectedToken
from lark.visitors import v_args  # pyright: ignore[reportUnknownVariableType]  (not all of it is typed)

from studymaster.errors import InvalidInputError
from studymaster.features.flashcards.rules.search import (
    EVERY_CARD,
    Added,
    Figure,
    Flag,
    Is,
    Name,
    Named,
    Node,
    Prop,
    Rated,
    Relation,
    Standing,
    Words,
    conjunction,
    disjunction,
    leaves,
    negation,
    read_pattern,
)

LONGEST_SEARCH: Final = 500
MOST_TERMS: Final = 40
TOO_LONG: Final = (
    f"Search with up to {MOST_TERMS} conditions and {LONGEST_SEARCH} characters."
)
FOUND_LENGTH: Final = 24
SMART_QUOTES: Final = str.maketrans("“”„", '"""')
"""What a phone types for a quotation mark."""

KEY: Final = re.compile(r"([^\W\d_]+):(.*)", re.DOTALL)
"""A keyword, and what follows it."""

NO_KEY: Final = (":", "/")
"""What follows a colon that makes no keyword: `std::map` and `https://` are words."""

DAYS: Final = "[1-9][0-9]{0,4}"
ADDED: Final = re.compile(DAYS)
RATED: Final = re.compile(f"({DAYS})(?::([1-4]))?")
PROP: Final = re.compile(
    f"({'|'.join(Figure)})({'|'.join(Relation)})(-?[0-9]{{1,6}})(?:[.]([0-9]{{1,2}}))?"
)
MOST_DAYS: Final = 36_500

# A backslash before a special sign makes it ordinary; `+` after a repetition in a quotation
# gives nothing back, so that an escaped quotation mark never closes one. (Lark would take a
# backslash beside a quotation mark for its own.)
GRAMMAR: Final = r"""
start: either?
either: both (_OR both)*
both: one (_AND? one)*
?one: _NOT one          -> opposite
    | _LPAR either _RPAR
    | WORD              -> word
    | KEYED             -> word
    | QUOTED            -> phrase
    | UNCLOSED          -> unclosed

_LPAR: "("
_RPAR: ")"
_NOT.5: /-(?=[^\s)])/
_AND.4: /and(?=[\s()"]|\Z)/i
_OR.4: /or(?=[\s()"]|\Z)/i
KEYED.3: /[^\W\d_]+:"(?:\\[\\*_:()"\-]|[^"])*+"/
UNCLOSED.2: /(?:[^\W\d_]+:)?"(?:\\[\\*_:()"\-]|[^"])*+\Z/
QUOTED.2: /"(?:\\[\\*_:()"\-]|[^"])*+"/
WORD: /(?:\\[\\*_:()"\-]|[^\s()"])+/
%ignore /\s+/
"""


class WrongSearchError(InvalidInputError):
    """A search that cannot be read: `text` is wrong from `start` (0 is the first) to `end`."""

    def __init__(self, message: str, *, text: str, start: int, end: int) -> None:
        """Keep the place besides the sentence."""
        super().__init__(message)
        self.text = text
        self.start = start
        self.end = end


@dataclass(frozen=True, slots=True)
class Keyword:
    """What may follow a keyword: `read` gives nothing for what may not."""

    read: Callable[[str], Node | None]
    expects: str


def parse(text: str) -> Node:
    """Return what a search asks for; nothing but blanks asks for every card.

    Raises:
        WrongSearchError: it cannot be read; the sentence says where, and what was expected.
    """
    if len(text) > LONGEST_SEARCH:
        raise WrongSearchError(TOO_LONG, text=text, start=LONGEST_SEARCH, end=len(text))
    plain = text.translate(SMART_QUOTES)
    try:
        tree = cast("Node", PARSER.parse(plain))
    except UnexpectedToken as error:
        raise _misplaced(error, text=plain) from None
    except _WrongTermError as error:
        raise _wrong(error.problem, text=text, start=error.start, end=error.end) from None
    if sum(1 for _ in leaves(tree)) > MOST_TERMS:
        raise WrongSearchError(TOO_LONG, text=text, start=0, end=len(text))
    return tree


class _WrongTermError(Exception):
    def __init__(self, problem: str, *, start: int, end: int) -> None:
        super().__init__(problem)
        self.problem = problem
        self.start = start
        self.end = end


@v_args(inline=True)
class _Reader(Transformer[Token, Node]):
    """Makes the tree while the text is read, from the inside out."""

    def start(self, tree: Node = EVERY_CARD) -> Node:
        return tree

    def either(self, *parts: Node) -> Node:
        return disjunction(parts)

    def both(self, *parts: Node) -> Node:
        return conjunction(parts)

    def opposite(self, part: Node) -> Node:
        return negation(part)

    def word(self, token: Token) -> Node:
        found = KEY.fullmatch(token)
        if found is None or (not _is_known(found[1]) and found[2].startswith(NO_KEY)):
            return Words(read_pattern(token))
        return _keyed(found[1], found[2], start=_start(token))

    def phrase(self, token: Token) -> Node:
        inner, start = token[1:-1], _start(token)
        found = KEY.fullmatch(inner)
        if found and _is_known(found[1]):
            # Anki writes "deck:Two Words" so.
            return _keyed(found[1], found[2], start=start + 1)
        if not inner:
            problem = "expected words between these quotation marks"
            raise _WrongTermError(problem, start=start, end=start + 2)
        return Words(read_pattern(inner))

    def unclosed(self, token: Token) -> NoReturn:
        start = _start(token) + token.index('"')
        problem = "expected a second quotation mark for the one that opens here"
        raise _WrongTermError(problem, start=start, end=start + 1)


def _start(token: Token) -> int:
    return token.start_pos or 0


def _is_known(key: str) -> bool:
    return key.lower() in KEYWORDS


def _keyed(key: str, value: str, *, start: int) -> Node:
    after = start + len(key) + 1
    if not _is_known(key):
        known = ", ".join(f"{name}:" for name in KEYWORDS)
        problem = (
            f"“{_short(key)}:” is no keyword; expected {known} or quotation marks around it"
        )
        raise _WrongTermError(problem, start=start, end=after)
    keyword = KEYWORDS[key.lower()]
    node = keyword.read(value[1:-1] if value.startswith('"') else value)
    if node is None:
        instead = f", not “{_short(value)}”" if value else ""
        problem = f"after “{key}:” comes {keyword.expects}{instead}"
        raise _WrongTermError(problem, start=after, end=after + len(value))
    return node


def _named(name: Name) -> Keyword:
    def read(value: str) -> Node | None:
        plain = value.removeprefix("#") if name is Name.TAG else value
        return Named(name, read_pattern(plain)) if plain.strip() else None

    return Keyword(read, "a name")


def _read_standing(value: str) -> Node | None:
    known = {one.value for one in Standing}
    return Is(Standing(value.lower())) if value.lower() in known else None


def _read_flag(value: str) -> Node | None:
    return Flag(int(value)) if re.fullmatch("[0-7]", value) else None


def _read_added(value: str) -> Node | None:
    found = ADDED.fullmatch(value)
    return Added(int(value)) if found and int(value) <= MOST_DAYS else None


def _read_rated(value: str) -> Node | None:
    found = RATED.fullmatch(value)
    if found is None or int(found[1]) > MOST_DAYS:
        return None
    return Rated(int(found[1]), int(found[2]) if found[2] else None)


def _read_prop(value: str) -> Node | None:
    found = PROP.fullmatch(value.lower())
    if found is None:
        return None
    figure, relation = Figure(found[1]), Relation(found[2])
    whole, part = int(found[3]), found[4]
    if figure.has_fraction:
        hundredths = whole * 100 + int((part or "").ljust(2, "0"))
        return None if found[3].startswith("-") else Prop(figure, relation, hundredths)
    is_far = figure is Figure.DUE and abs(whole) > MOST_DAYS
    return Prop(figure, relation, whole) if part is None and not is_far else None


KEYWORDS: Final[Mapping[str, Keyword]] = {
    "deck": _named(Name.DECK),
    "course": _named(Name.COURSE),
    "tag": _named(Name.TAG),
    "source": _named(Name.SOURCE),
    "is": Keyword(_read_standing, "due, new, learn, suspended, buried or leech"),
    "flag": Keyword(_read_flag, "a number from 1 to 7, or 0 for no flag"),
    "added": Keyword(_read_added, "a number of days (added:7)"),
    "rated": Keyword(
        _read_rated, "a number of days (rated:3), and a button from 1 to 4 (rated:3:1)"
    ),
    "prop": Keyword(
        _read_prop,
        (
            "ivl, due, reps, ease, lapses, stability, difficulty or retrievability against a "
            "number (ivl>30, ease<1.5)"
        ),
    ),
}

PARSER: Final = Lark(GRAMMAR, parser="lalr", lexer="basic", transformer=_Reader())


def _misplaced(error: UnexpectedToken, *, text: str) -> WrongSearchError:
    """Say what is wrong with the order of the parts."""
    token: Token = error.token
    can_follow = error.accepts or set[str]()
    if token.type == "$END":
        if "_RPAR" not in can_follow:
            problem = "expected a word, but the search ends here"
            return _wrong(problem, text=text, start=len(text), end=len(text))
        start = _open_parenthesis(text)
        problem = "expected a second parenthesis for the one that opens here"
        return _wrong(problem, text=text, start=start, end=start + 1)
    start = _start(token)
    closes_nothing = token.type == "_RPAR" and "$END" in can_follow
    expected = "no parenthesis is open, expected" if closes_nothing else "expected"
    problem = f"{expected} a word, not “{token}”"
    return _wrong(problem, text=text, start=start, end=start + len(token))


def _open_parenthesis(text: str) -> int:
    """Return the place of the last parenthesis that nothing closes."""
    places: list[int] = []
    for token in PARSER.lex(text):
        if token.type == "_LPAR":
            places.append(_start(token))
        elif token.type == "_RPAR":
            places.pop()
    return places[-1]


def _short(text: str) -> str:
    return text if len(text) <= FOUND_LENGTH else f"{text[: FOUND_LENGTH - 1]}…"


def _wrong(problem: str, *, text: str, start: int, end: int) -> WrongSearchError:
    sentence = f"Character {start + 1}: {problem}."
    return WrongSearchError(sentence, text=text, start=start, end=end)
