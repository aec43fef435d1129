"""Tables of cards as spreadsheets and other programs write them: what is where, row by row. Pure.

A table may begin with lines of Anki's (`#separator:tab`, `#html:true`, `#tags column:3` and so
on), or with a row of names. What a cell says is taken as it stands; with `#html:true` as HTML.
"""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final, NamedTuple

from studymaster import gaps
from studymaster.errors import InvalidInputError
from studymaster.features.exchange.rules.notes import deck_name, mark_of, tags_of
from studymaster.features.exchange.rules.texts import NOTHING, to_markdown
from studymaster.features.exchange.rules.types import Kind, ReadCard, ReadNote

HEAD_BYTES: Final = 256 * 1024
"""So much of a table is looked at to tell how it is written."""

SHOWN_ROWS: Final = 5
SHOWN_LETTERS: Final = 200
MOST_COLUMNS: Final = 40
LONGEST_CELL: Final = 100_000
DELIMITERS: Final = ("\t", ",", ";", "|")
NAMED_DELIMITERS: Final[Mapping[str, str]] = {
    "comma": ",",
    "semicolon": ";",
    "tab": "\t",
    "space": " ",
    "pipe": "|",
    "colon": ":",
}
FORMULA: Final = re.compile(r"[=+\-@\t\r]")
"""How a cell begins that a spreadsheet would work out; we write an apostrophe before it."""

EMPTY: Final = "There are no cards in this table. It has no row with words."
NOT_TEXT: Final = "This file is neither an Anki package nor a table of text (CSV or TSV)."
TOO_WIDE: Final = f"A table can have at most {MOST_COLUMNS} columns."
NO_FRONT: Final = "Its front is empty."
NO_BACK: Final = "Its back is empty."
LONG_CELL: Final = f"One of its cells has more than {LONGEST_CELL:,} characters."
NEEDS_FRONT: Final = "Say which column holds the fronts of the cards."
TWICE: Final = "Two columns cannot both be the {name}. Leave one of them out."


class Role(StrEnum):
    """What a column holds."""

    FRONT = "front"
    BACK = "back"
    EXTRA = "extra"
    TAGS = "tags"
    DECK = "deck"
    KIND = "kind"
    SKIP = "skip"


class Form(StrEnum):
    """What cards a row becomes, where no column says it."""

    BASIC = "basic"
    REVERSED = "reversed"
    CLOZE = "cloze"
    TYPED = "typed"


KNOWN_NAMES: Final[Mapping[str, Role]] = {
    **dict.fromkeys(
        ("front", "question", "term", "word", "frage", "vorderseite"), Role.FRONT
    ),
    **dict.fromkeys(("back", "answer", "definition", "meaning", "antwort"), Role.BACK),
    **dict.fromkeys(("extra", "hint", "notes", "back extra"), Role.EXTRA),
    **dict.fromkeys(("tags", "tag", "labels"), Role.TAGS),
    **dict.fromkeys(("deck", "decks", "category"), Role.DECK),
    **dict.fromkeys(("kind", "type", "note type", "notetype"), Role.KIND),
    **dict.fromkeys(("due", "interval", "source", "guid", "id"), Role.SKIP),
}
"""What a column is, by the name above it."""

USUAL: Final = (Role.FRONT, Role.BACK)


@dataclass(frozen=True, slots=True)
class Sheet:
    """How a table is written, and what its columns hold.

    Attributes:
        encoding: By which its bytes are read.
        delimiter: What stands between two cells.
        has_names: Whether the first row names the columns.
        is_html: Whether cells are HTML.
        roles: What each column holds.
        deck: The deck of rows that name none; empty: the one that is chosen.
        tags: Tags that every row gets.
        rows: The first rows, shortened, to look at.
    """

    encoding: str
    delimiter: str
    has_names: bool
    is_html: bool
    roles: tuple[Role, ...]
    deck: str = ""
    tags: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


class Row(NamedTuple):
    """A row of a table: the number of its line in the file, and its cells."""

    line: int
    cells: list[str]


class Told(NamedTuple):
    """What a row says."""

    note: ReadNote
    tags: tuple[str, ...]
    deck: str


def look_at(head: bytes) -> Sheet:
    """Return how a table is written, by how it begins.

    Raises:
        InvalidInputError: it is no text, has no row, or too many columns.
    """
    encoding = _encoding(head)
    text = _decoded(head, encoding)
    told, body = _head_lines(text)
    delimiter = _told_delimiter(told) or _delimiter(body)
    # The last row of a head may be cut off.
    rows = [row for row in csv.reader(io.StringIO(body), delimiter=delimiter) if any(row)]
    rows = rows[: SHOWN_ROWS + 1]
    if not rows:
        raise InvalidInputError(EMPTY)
    count = max(len(row) for row in rows)
    if count > MOST_COLUMNS:
        raise InvalidInputError(TOO_WIDE)
    named = [one.strip().casefold() for one in rows[0]]
    has_names = "columns" not in told and {KNOWN_NAMES.get(one) for one in named} >= {
        Role.FRONT
    }
    if "columns" in told:
        named = [one.strip().casefold() for one in told["columns"].split(delimiter)]
    is_named = has_names or "columns" in told
    roles = _roles(named if is_named else [], count, told)
    shown = rows[1:] if has_names else rows[:SHOWN_ROWS]
    return Sheet(
        encoding,
        delimiter,
        has_names,
        told.get("html", "").strip().lower() == "true",
        roles,
        told.get("deck", "").strip(),
        tags_of(told.get("tags", "")),
        tuple(_shown(row, count) for row in shown),
    )


def _shown(row: Sequence[str], count: int) -> tuple[str, ...]:
    cells = [_unguarded(cell)[:SHOWN_LETTERS] for cell in row]
    return tuple(cells + [""] * (count - len(cells)))


def _encoding(head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if b"\x00" in head:
        raise InvalidInputError(NOT_TEXT)
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _decoded(head: bytes, encoding: str) -> str:
    # A character at the end may be cut off.
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    return decoder.decode(head)


def _head_lines(text: str) -> tuple[dict[str, str], str]:
    """Return what lines of Anki's say at the beginning of a table, and the rest of it."""
    told: dict[str, str] = {}
    rest = text
    while rest.startswith("#"):
        line, _, after = rest.partition("\n")
        name, colon, value = line[1:].rstrip("\r").partition(":")
        if not colon:
            break
        told[name.strip().lower()] = value
        rest = after
    return told, rest


def _told_delimiter(told: Mapping[str, str]) -> str:
    value = told.get("separator", "")
    name = value.strip().lower()
    return NAMED_DELIMITERS.get(name, value[:1] if len(value) == 1 else "")


def _delimiter(text: str) -> str:
    """Return what divides most rows into the same number of cells, more than one.

    What leaves quotes standing in cells divides where it should not.
    """
    best, found = (0.0, False, 1), ","
    for delimiter in DELIMITERS:
        rows = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if row]
        rows = rows[:200]
        width, often = Counter(map(len, rows)).most_common(1)[0] if rows else (1, 0)
        if width == 1:
            continue
        is_clean = not any('"' in cell for row in rows for cell in row)
        score = often / len(rows), is_clean, width
        if score > best:
            best, found = score, delimiter
    return found


def _roles(names: Sequence[str], count: int, told: Mapping[str, str]) -> tuple[Role, ...]:
    roles = [KNOWN_NAMES.get(name, Role.SKIP) for name in names]
    roles = _once(roles) if Role.FRONT in roles else []
    taken = {
        int(told[name]) - 1: role
        for name, role in (
            ("tags column", Role.TAGS),
            ("deck column", Role.DECK),
            ("notetype column", Role.KIND),
            ("guid column", Role.SKIP),
        )
        if told.get(name, "").strip().isdecimal()
    }
    if not roles:
        free = [place for place in range(count) if place not in taken]
        roles = [Role.SKIP] * count
        for place, role in zip(free, USUAL, strict=False):
            roles[place] = role
    roles = (roles + [Role.SKIP] * count)[:count]
    for place, role in taken.items():
        if place < count:
            roles[place] = role
    return tuple(roles)


def _once(roles: Iterable[Role]) -> list[Role]:
    """Return roles of which each but `skip` is given to the first column alone."""
    seen: set[Role] = set()
    found: list[Role] = []
    for role in roles:
        found.append(Role.SKIP if role in seen else role)
        seen.add(role)
    return found


def parse_roles(chosen: Sequence[object], *, sheet: Sheet) -> Sheet:
    """Return a table with other roles of its columns.

    Raises:
        InvalidInputError: a role is unknown or given twice, or there is no front.
    """
    if len(chosen) != len(sheet.roles) or not set(map(str, chosen)) <= set(Role):
        raise InvalidInputError(NEEDS_FRONT)
    roles = tuple(Role(str(one)) for one in chosen)
    for role in Role:
        if role is not Role.SKIP and roles.count(role) > 1:
            raise InvalidInputError(TWICE.format(name=role.value))
    if Role.FRONT not in roles:
        raise InvalidInputError(NEEDS_FRONT)
    return replace(sheet, roles=roles)


def read_rows(lines: Iterable[str], sheet: Sheet) -> Iterator[Row]:
    """Yield the rows of a table that say something, with their lines in the file.

    Lines of Anki's and the row of names are left out.
    """
    counted = _Counted(lines)
    reader = csv.reader(counted, delimiter=sheet.delimiter)
    is_first = sheet.has_names
    begins = counted.line + 1
    for cells in reader:
        line, begins = begins, counted.line + 1
        if not any(cell.strip() for cell in cells):
            continue
        if is_first:
            is_first = False
            continue
        yield Row(line, cells)


@dataclass(slots=True)
class _Counted:
    """The lines of a table behind those of Anki's, counted as they are read."""

    lines: Iterable[str]
    line: int = 0
    _begun: bool = False
    _source: Iterator[str] = field(init=False)

    def __post_init__(self) -> None:
        self._source = iter(self.lines)

    def __iter__(self) -> "_Counted":
        return self

    def __next__(self) -> str:
        while True:
            line = next(self._source)
            self.line += 1
            if not self._begun and line.startswith("#") and ":" in line:
                continue
            self._begun = True
            return line.replace("\x00", "")


def read_row(row: Row, sheet: Sheet, *, form: Form) -> Told:
    """Return what a row says.

    Raises:
        InvalidInputError: it has no front, or else nothing that could be asked.
    """
    cells = {
        role: _cell(cell, sheet)
        for role, cell in zip(sheet.roles, row.cells, strict=False)
        if role is not Role.SKIP
    }
    deck = cells.get(Role.DECK, "") or sheet.deck
    tags = tags_of(cells.get(Role.TAGS, "").replace(",", " "))
    return Told(
        _note(cells, _form(cells.get(Role.KIND, ""), form)),
        tuple(dict.fromkeys((*sheet.tags, *tags))),
        deck_name(deck) if deck else "",
    )


def _cell(cell: str, sheet: Sheet) -> str:
    if len(cell) > LONGEST_CELL:
        raise InvalidInputError(LONG_CELL)
    text = _unguarded(cell).strip()
    return to_markdown(text, NOTHING) if sheet.is_html else text


def _unguarded(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and FORMULA.match(cell[1:2]) else cell


def guarded(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if FORMULA.match(text) else text


def _form(name: str, usual: Form) -> Form:
    wanted = name.strip().casefold()
    if "cloze" in wanted:
        return Form.CLOZE
    if "reverse" in wanted:
        return Form.REVERSED
    if "type" in wanted:
        return Form.TYPED
    return Form.BASIC if wanted == Form.BASIC else usual


def _note(cells: Mapping[Role, str], form: Form) -> ReadNote:
    front, back = cells.get(Role.FRONT, ""), cells.get(Role.BACK, "")
    extra = cells.get(Role.EXTRA, "")
    if not front:
        raise InvalidInputError(NO_FRONT)
    if form is Form.CLOZE:
        numbers = gaps.numbers(gaps.parse_gaps(front))
        cards = [
            ReadCard(number - 1, number, front, gaps.words_of(front, number))
            for number in numbers
        ]
        return ReadNote(Kind.CLOZE, cards, extra or back, None, shared=True)
    if not back:
        raise InvalidInputError(NO_BACK)
    one = ReadCard(0, 0, front, back)
    if form is Form.REVERSED:
        cards = [one, ReadCard(1, 1, back, front)]
        return ReadNote(Kind.BASIC, cards, extra, None, shared=True)
    kind = Kind.TYPED if form is Form.TYPED else Kind.BASIC
    return ReadNote(kind, [one], extra, None, shared=False)


def guid_of_row(told: Told, deck: str) -> str:
    """Return by what a row is known when it comes again: its deck and its front."""
    front = " ".join(told.note.cards[0].front.split()).casefold()
    return f"table:{mark_of(deck.casefold(), front)}"


def mark_of_row(told: Told) -> str:
    """Return the mark of all that a row says."""
    note = told.note
    return mark_of(
        note.kind.value,
        str(len(note.cards)),
        note.cards[0].front,
        note.cards[0].back,
        note.extra,
        " ".join(told.tags),
    )


COLUMNS: Final = (
    *("front", "back", "extra", "tags", "deck", "kind"),
    *("due", "interval", "source"),
)
"""The names above a table that we write; `look_at` knows them again."""


def write_rows(rows: Iterable[Sequence[str]], *, delimiter: str) -> str:
    """Return rows as they stand in a file."""
    target = io.StringIO()
    writer = csv.writer(target, delimiter=delimiter, lineterminator="\r\n")
    writer.writerows([[guarded(cell) for cell in row] for row in rows])
    return target.getvalue()
