"""Reads a collection of Anki: the one file of 2012 (schema 11) and that of 2022 (schema 18)."""

import json
import sqlite3
from collections.abc import Generator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final, cast

from studymaster.adapters.anki.wire import (
    bytes_in,
    number_in,
    read_message,
    share_in,
    text_in,
)
from studymaster.anki import (
    LEVELS,
    AnkiCard,
    AnkiDeck,
    AnkiNote,
    AnkiReview,
    NoteType,
    Template,
)
from studymaster.errors import InvalidInputError

TABLES_OF_OWN: Final = 15
"""From this schema on note types and decks have tables; before they are JSON in one row."""

NEEDED: Final = frozenset({"col", "notes", "cards"})
NOT_READABLE: Final = (
    "The collection in this package cannot be read. Check it in Anki with Tools, Check "
    "Database, and export it again."
)
NOTES: Final = (
    "SELECT id, guid, mid, mod, tags, flds FROM notes WHERE id > ? ORDER BY id LIMIT ?"
)
CARDS: Final = (
    "SELECT id, nid, did, ord, type, queue, due, ivl, factor, reps, lapses, odue, odid, "
    "flags, data FROM cards WHERE nid BETWEEN ? AND ? ORDER BY nid, ord"
)
REVIEWS: Final = (
    "SELECT r.id, r.cid, r.ease, r.ivl, r.lastIvl, r.factor, r.time, r.type FROM cards c "
    "JOIN revlog r ON r.cid = c.id WHERE c.nid BETWEEN ? AND ? ORDER BY r.cid, r.id"
)
DECK_OF: Final = "CASE WHEN odid != 0 THEN odid ELSE did END"
REMEMBERED: Final = (
    f"SELECT {DECK_OF}, count(*), "  # noqa: S608 - nothing from outside
    "count(CASE WHEN data LIKE '%\"s\":%' THEN 1 END), "
    "count(CASE WHEN type IN (2, 3) THEN 1 END) FROM cards GROUP BY 1"
)

Facts = Mapping[str, Any]


class Collection:
    """An opened collection, which is only read."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Look through what changes seldom.

        Raises:
            InvalidInputError: it is no collection.
        """
        self._connection = connection
        self._tables = self._own_tables()
        if not self._tables >= NEEDED:
            raise InvalidInputError(NOT_READABLE)
        version, created_at = self._rows("SELECT ver, crt FROM col")[0]
        self.created_at = int(created_at)
        self._is_new = int(version) >= TABLES_OF_OWN
        self.types = self._new_types() if self._is_new else self._old_types()
        self.decks = self._new_decks() if self._is_new else self._old_decks()

    def count_notes(self) -> int:
        """Return how many notes there are."""
        return int(self._rows("SELECT count(*) FROM notes")[0][0])

    def count_reviews(self) -> int:
        """Return how many lines the log has."""
        if "revlog" not in self._tables:
            return 0
        return int(self._rows("SELECT count(*) FROM revlog")[0][0])

    def notes(self, *, after: int, limit: int) -> list[AnkiNote]:
        """Return the next notes by id."""
        return list(map(AnkiNote._make, self._rows(NOTES, after, limit)))

    def cards(self, first: int, last: int) -> dict[int, list[AnkiCard]]:
        """Return the cards of the notes with ids from `first` to `last`, by note."""
        found: dict[int, list[AnkiCard]] = {}
        for card in map(AnkiCard._make, self._rows(CARDS, first, last)):
            found.setdefault(card.note_id, []).append(card)
        return found

    def reviews(self, first: int, last: int) -> dict[int, list[AnkiReview]]:
        """Return the log of the cards of these notes, by card, the first line first."""
        found: dict[int, list[AnkiReview]] = {}
        if "revlog" in self._tables:
            for line in map(AnkiReview._make, self._rows(REVIEWS, first, last)):
                found.setdefault(line.card_id, []).append(line)
        return found

    def uses(self) -> list[tuple[int, int, int, int]]:
        """Return by deck: its id, its cards, those that FSRS remembers, those in review."""
        return [
            (int(one[0]), int(one[1]), int(one[2]), int(one[3]))
            for one in self._rows(REMEMBERED)
        ]

    def _rows(self, statement: str, *values: object) -> list[Any]:
        try:
            return self._connection.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise InvalidInputError(NOT_READABLE) from error

    def _own_tables(self) -> set[str]:
        """Return the tables that are plain ones: no view or extension stands in for one."""
        found = self._rows("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
        return {
            str(name)
            for name, sql in found
            if str(sql).upper().lstrip().startswith("CREATE TABLE")
        }

    def _new_types(self) -> dict[int, NoteType]:
        fields: dict[int, list[str]] = {}
        for type_id, name in self._rows("SELECT ntid, name FROM fields ORDER BY ntid, ord"):
            fields.setdefault(type_id, []).append(name)
        templates: dict[int, list[Template]] = {}
        for type_id, config in self._rows(
            "SELECT ntid, config FROM templates ORDER BY ntid, ord"
        ):
            said = read_message(bytes(config))
            one = Template(text_in(said, 1), text_in(said, 2))
            templates.setdefault(type_id, []).append(one)
        return {
            type_id: NoteType(
                type_id,
                name,
                number_in(read_message(bytes(config)), 1) == 1,
                tuple(fields.get(type_id, [])),
                tuple(templates.get(type_id, [])),
            )
            for type_id, name, config in self._rows(
                "SELECT id, name, config FROM notetypes"
            )
        }

    def _new_decks(self) -> dict[int, AnkiDeck]:
        shares = {
            config_id: share_in(read_message(bytes(config)), 37)
            for config_id, config in self._rows("SELECT id, config FROM deck_config")
        }
        found: dict[int, AnkiDeck] = {}
        for deck_id, name, kind in self._rows("SELECT id, name, kind FROM decks"):
            normal = read_message(bytes_in(read_message(bytes(kind)), 1))
            share = share_in(normal, 10) or shares.get(number_in(normal, 1), 0.0)
            whole = name.replace("\x1f", LEVELS)
            found[deck_id] = AnkiDeck(deck_id, whole, round(100 * share))
        return found

    def _old_types(self) -> dict[int, NoteType]:
        return {
            int(type_id): NoteType(
                int(type_id),
                str(facts.get("name", "")),
                facts.get("type") == 1,
                tuple(str(one.get("name", "")) for one in facts.get("flds", [])),
                tuple(
                    Template(str(one.get("qfmt", "")), str(one.get("afmt", "")))
                    for one in facts.get("tmpls", [])
                ),
            )
            for type_id, facts in self._json("models").items()
        }

    def _old_decks(self) -> dict[int, AnkiDeck]:
        shares = {
            str(config_id): facts.get("desiredRetention") or 0
            for config_id, facts in self._json("dconf").items()
        }
        return {
            int(deck_id): AnkiDeck(
                int(deck_id),
                str(facts.get("name", "")),
                round(100 * float(shares.get(str(facts.get("conf")), 0))),
            )
            for deck_id, facts in self._json("decks").items()
        }

    def _json(self, column: str) -> dict[str, Facts]:
        text = self._rows(f"SELECT {column} FROM col")[0][0]  # noqa: S608 - our own names
        found: object = json.loads(text or "{}")
        if not isinstance(found, dict):
            raise InvalidInputError(NOT_READABLE)
        return cast("dict[str, Facts]", found)


@contextmanager
def open_collection(path: Path) -> Generator[Collection]:
    """Open a collection to read it.

    Raises:
        InvalidInputError: it is none, or broken.
    """
    try:
        # Threads take turns with it, one at a time.
        address = f"{path.as_uri()}?mode=ro&immutable=1"
        connection = sqlite3.connect(address, uri=True, check_same_thread=False)
    except sqlite3.Error as error:
        raise InvalidInputError(NOT_READABLE) from error
    with closing(connection):
        connection.text_factory = _text
        connection.create_collation("unicase", _compare)
        try:
            connection.execute("PRAGMA trusted_schema = OFF")
            collection = Collection(connection)
        except (
            sqlite3.Error,
            ValueError,
            TypeError,
            LookupError,
            AttributeError,
        ) as error:
            raise InvalidInputError(NOT_READABLE) from error
        yield collection


def _text(data: bytes) -> str:
    return data.decode(errors="replace")


def _compare(one: str, other: str) -> int:
    """Order names as Anki does: whatever the case of their letters."""
    left, right = one.casefold(), other.casefold()
    return (left > right) - (left < right)
