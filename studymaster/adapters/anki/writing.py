"""Writes an .apkg file that every Anki reads: a collection of schema 11, and media beside it."""

import json
import sqlite3
import zipfile
from collections.abc import Generator, Iterable, Mapping
from contextlib import closing, contextmanager
from hashlib import sha1
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from studymaster.anki import (
    BETWEEN_FIELDS,
    AnkiCard,
    AnkiDeck,
    AnkiNote,
    AnkiReview,
    NoteType,
)

COLLECTION: Final = "collection.anki21"
SCHEMA: Final = """
CREATE TABLE col (id integer PRIMARY KEY, crt integer NOT NULL, mod integer NOT NULL,
  scm integer NOT NULL, ver integer NOT NULL, dty integer NOT NULL, usn integer NOT NULL,
  ls integer NOT NULL, conf text NOT NULL, models text NOT NULL, decks text NOT NULL,
  dconf text NOT NULL, tags text NOT NULL);
CREATE TABLE notes (id integer PRIMARY KEY, guid text NOT NULL, mid integer NOT NULL,
  mod integer NOT NULL, usn integer NOT NULL, tags text NOT NULL, flds text NOT NULL,
  sfld integer NOT NULL, csum integer NOT NULL, flags integer NOT NULL, data text NOT NULL);
CREATE TABLE cards (id integer PRIMARY KEY, nid integer NOT NULL, did integer NOT NULL,
  ord integer NOT NULL, mod integer NOT NULL, usn integer NOT NULL, type integer NOT NULL,
  queue integer NOT NULL, due integer NOT NULL, ivl integer NOT NULL,
  factor integer NOT NULL, reps integer NOT NULL, lapses integer NOT NULL,
  left integer NOT NULL, odue integer NOT NULL, odid integer NOT NULL,
  flags integer NOT NULL, data text NOT NULL);
CREATE TABLE revlog (id integer PRIMARY KEY, cid integer NOT NULL, usn integer NOT NULL,
  ease integer NOT NULL, ivl integer NOT NULL, lastIvl integer NOT NULL,
  factor integer NOT NULL, time integer NOT NULL, type integer NOT NULL);
CREATE TABLE graves (usn integer NOT NULL, oid integer NOT NULL, type integer NOT NULL);
CREATE INDEX ix_notes_usn ON notes (usn);
CREATE INDEX ix_cards_usn ON cards (usn);
CREATE INDEX ix_revlog_usn ON revlog (usn);
CREATE INDEX ix_cards_nid ON cards (nid);
CREATE INDEX ix_cards_sched ON cards (did, queue, due);
CREATE INDEX ix_revlog_cid ON revlog (cid);
CREATE INDEX ix_notes_csum ON notes (csum);
"""
CSS: Final = ".card { font-family: arial; font-size: 20px; text-align: center; }"
NEW: Final = {"delays": [1.0, 10.0], "ints": [1, 4, 0], "initialFactor": 2500, "order": 1}
REVIEW: Final = {"ease4": 1.3, "ivlFct": 1.0, "maxIvl": 36500, "hardFactor": 1.2}
LAPSE: Final = {
    "delays": [10.0],
    "leechAction": 0,
    "leechFails": 8,
    "minInt": 1,
    "mult": 0.0,
}

Facts = dict[str, Any]


class Writer:
    """A package that is being written."""

    def __init__(self, connection: sqlite3.Connection, archive: zipfile.ZipFile) -> None:
        """Write into an empty collection and an opened archive."""
        self._connection = connection
        self._archive = archive
        self._names: dict[str, str] = {}

    def add_notes(self, notes: Iterable[AnkiNote]) -> None:
        """Add notes."""
        self._connection.executemany(
            "INSERT INTO notes VALUES (?, ?, ?, ?, -1, ?, ?, ?, ?, 0, '')",
            (
                (
                    note.id,
                    note.guid,
                    note.type_id,
                    note.modified,
                    f" {note.tags} " if note.tags else "",
                    note.fields,
                    (first := note.fields.partition(BETWEEN_FIELDS)[0]),
                    int(sha1(first.encode(), usedforsecurity=False).hexdigest()[:8], 16),
                )
                for note in notes
            ),
        )

    def add_cards(self, cards: Iterable[AnkiCard], *, modified: int) -> None:
        """Add cards."""
        self._connection.executemany(
            "INSERT INTO cards VALUES (?, ?, ?, ?, ?, -1, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?)",
            ((*card[:4], modified, *card[4:]) for card in cards),
        )

    def add_reviews(self, reviews: Iterable[AnkiReview]) -> None:
        """Add lines of the log; where two have one moment, the later one moves on."""
        self._connection.executemany(
            "INSERT OR IGNORE INTO revlog VALUES (?, ?, -1, ?, ?, ?, ?, ?, ?)", reviews
        )

    def add_medium(self, path: Path, name: str) -> None:
        """Add a picture or a sound under the name that cards call it by."""
        entry = str(len(self._names))
        self._names[entry] = name
        self._archive.write(path, entry, compress_type=zipfile.ZIP_STORED)

    def close(self, target: Path) -> None:
        """Put the collection and the list of names into the archive."""
        self._connection.commit()
        self._connection.execute("VACUUM")
        self._connection.close()
        self._archive.write(target, COLLECTION)
        self._archive.writestr("media", json.dumps(self._names, ensure_ascii=False))


@contextmanager
def writing(
    path: Path,
    *,
    created_at: int,
    modified: int,
    types: Iterable[NoteType],
    decks: Iterable[AnkiDeck],
) -> Generator[Writer]:
    """Write a package; it is whole when this ends.

    Args:
        path: The file to make.
        created_at: Where day 0 of the due days begins, in seconds.
        modified: The moment of writing, in seconds.
        types: The note types that the notes name.
        decks: The decks that the cards name.
    """
    with TemporaryDirectory(prefix="apkg-") as folder:
        target = Path(folder) / "collection"
        with (
            closing(sqlite3.connect(target, check_same_thread=False)) as connection,
            zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        ):
            connection.executescript(SCHEMA)
            _begin(
                connection,
                created_at=created_at,
                modified=modified,
                types=types,
                decks=list(decks),
            )
            writer = Writer(connection, archive)
            yield writer
            writer.close(target)


def _begin(
    connection: sqlite3.Connection,
    *,
    created_at: int,
    modified: int,
    types: Iterable[NoteType],
    decks: list[AnkiDeck],
) -> None:
    conf = {"schedVer": 2, "sched2021": True, "creationOffset": 0, "rollover": 4}
    conf |= {"nextPos": 1, "curDeck": 1, "activeDecks": [1], "collapseTime": 1200}
    plans = {1: _plan(1, "Default", 90)}
    places: dict[int, Facts] = {1: _deck(AnkiDeck(1, "Default"), plan=1, modified=modified)}
    for deck in decks:
        plan = 1
        if deck.retention:
            plan = 1000 + deck.retention
            plans[plan] = _plan(plan, f"Retention {deck.retention} %", deck.retention)
        places[deck.id] = _deck(deck, plan=plan, modified=modified)
    models = {one.id: _type(one, modified=modified) for one in types}
    values = [json.dumps(one) for one in (conf, _keyed(models), _keyed(places))]
    connection.execute(
        "INSERT INTO col VALUES (1, ?, ?, ?, 11, 0, 0, 0, ?, ?, ?, ?, '{}')",
        (
            created_at,
            1000 * modified,
            1000 * modified,
            *values,
            json.dumps(_keyed(plans)),
        ),
    )


def _keyed(facts: Mapping[int, Facts]) -> dict[str, Facts]:
    return {str(key): value for key, value in facts.items()}


def _plan(plan: int, name: str, retention: int) -> Facts:
    return {
        "id": plan,
        "name": name,
        "mod": 0,
        "usn": 0,
        "maxTaken": 60,
        "timer": 0,
        "autoplay": True,
        "replayq": True,
        "dyn": False,
        "new": NEW | {"perDay": 20, "bury": False},
        "rev": REVIEW | {"perDay": 200, "bury": False},
        "lapse": LAPSE,
        "desiredRetention": retention / 100,
    }


def _deck(deck: AnkiDeck, *, plan: int, modified: int) -> Facts:
    today = {f"{name}Today": [0, 0] for name in ("new", "rev", "lrn", "time")}
    return today | {
        "id": deck.id,
        "name": deck.name,
        "mod": modified,
        "usn": -1,
        "collapsed": False,
        "browserCollapsed": False,
        "desc": "",
        "dyn": 0,
        "conf": plan,
        "extendNew": 0,
        "extendRev": 0,
    }


def _type(one: NoteType, *, modified: int) -> Facts:
    fields = [
        {
            "name": name,
            "ord": place,
            "sticky": False,
            "rtl": False,
            "font": "Arial",
            "size": 20,
        }
        for place, name in enumerate(one.fields)
    ]
    return {
        "id": one.id,
        "name": one.name,
        "type": 1 if one.is_cloze else 0,
        "mod": modified,
        "usn": -1,
        "sortf": 0,
        "did": 1,
        "flds": fields,
        "tmpls": _templates(one),
        "css": CSS,
        "latexPre": "",
        "latexPost": "",
        "latexsvg": False,
        "req": [[place, "any", [0]] for place in range(len(one.templates))],
        "originalStockKind": one.stock_kind,
    }


def _templates(one: NoteType) -> list[Facts]:
    return [
        {
            "name": f"Card {place + 1}",
            "ord": place,
            "qfmt": template.front,
            "afmt": template.back,
            "bqfmt": "",
            "bafmt": "",
            "did": None,
            "bfont": "",
            "bsize": 0,
        }
        for place, template in enumerate(one.templates)
    ]
