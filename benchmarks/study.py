"""Study: a student with 100,000 cards and 1,000,000 answers; packages beside Anki itself."""

import contextlib
import io
import time
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from uuid import UUID

from anki.collection import (
    Collection,
    ExportAnkiPackageOptions,
    ImportAnkiPackageOptions,
    ImportAnkiPackageRequest,
)
from anki.decks import DeckId

from benchmarks.filling import Known, Pen, add_account, history
from benchmarks.filling.pen import TEXT
from benchmarks.measure import Timing, time_in_turns, time_rounds, watched
from benchmarks.report import Report
from benchmarks.scene import Scene
from studymaster import rubbish
from studymaster.adapters import clock
from studymaster.adapters.database import UnitOfWork, get_engine, unit_of_work
from studymaster.features.exchange.service import packages
from studymaster.features.exchange.service.merging import Report as Taken
from studymaster.features.flashcards.rules.browse import parse_search
from studymaster.features.flashcards.rules.columns import parse_order
from studymaster.features.flashcards.rules.search import EVERY_CARD
from studymaster.features.flashcards.rules.sm2 import Grade
from studymaster.features.flashcards.schemas import EVERYTHING, Answer, CardFace, Pile
from studymaster.features.flashcards.service import (
    browse,
    bulk,
    review,
    statistics,
    undoing,
)
from studymaster.features.flashcards.service.bulk import Chosen
from studymaster.paging import LONGEST_STRETCH, Window

TITLE = "Study: 100,000 cards, 1,000,000 answers"
ROUNDS = 150
GRADES = 60
SEARCH_ROUNDS = 20
TURNS = 3
NOTES = 20_000
ORDERS = ("", "-interval", "front")
FAR_DOWN = 50_000
MANY = "membrane"
SHOWN = Window(limit=60)
ELAPSED_MS = 6_000
NEXT_MS, SEARCH_MS, STATISTICS_MS, TIMES_ANKI = 15, 100, 300, 4
SEARCHES = (
    history.RARE_WORD,
    f"{history.RARE_WORD} or mitosis or ribosome",
    "membrane",
    "rated:30:1",
    'is:due deck:"Latin" -tag:exam',
    'prop:ivl>30 "cell membrane"',
    "added:7",
)


async def measure(scene: Scene, now: datetime) -> Report:
    """Measure the next card, searches, statistics, and taking a package in."""
    report = Report(TITLE)
    known, decks = history.fill_history(scene, now=now)
    rubbish.settle()  # as the server does once it is up
    for name, pile in (("everything", EVERYTHING), ("one deck", Pile(deck_id=decks[-1]))):
        await _review(report, known, pile=pile, name=name)
    for words in SEARCHES:
        await _search(report, known, words)
    for order in ORDERS:
        await _window(report, known, order=order)
    await _deeds(report, known)
    await _statistics(report, known)
    await _take(report, scene, now)
    await get_engine().dispose()
    return report


async def _review(report: Report, known: Known, *, pile: Pile, name: str) -> None:
    """Answer card after card, as a review does: the queue, the next card, the grade."""
    student = known.student

    async def next_card() -> CardFace:
        async with unit_of_work() as work:
            found, _ = await review.list_due(
                work, student=student, pile=pile, now=clock.now(), window=Window(limit=1)
            )
        return found.items[0]

    async def table() -> None:
        async with unit_of_work() as work:
            await review.get_table(work, student=student, pile=pile, now=clock.now())

    async def grade() -> None:
        face = await next_card()
        answer = Answer(UUID(face.id), face.turn, Grade.GOOD, ELAPSED_MS)
        with watched() as watch:
            async with unit_of_work() as work:
                await review.grade(work, student=student, answer=answer, now=clock.now())
        graded.append(watch.ms)

    graded: list[float] = []
    _add(report, f"next card, {name}", await time_rounds(next_card, rounds=ROUNDS), NEXT_MS)
    timing = await time_rounds(table, rounds=ROUNDS)
    _add(report, f"three cards, counts, figures of the day, {name}", timing)
    await time_rounds(grade, rounds=GRADES)
    report.add(f"grade, {name}", {"p50 ms": sorted(graded)[len(graded) // 2]})


async def _search(report: Report, known: Known, words: str) -> None:
    tree, total = parse_search(text=words), 0

    async def look() -> None:
        nonlocal total
        async with unit_of_work() as work:
            found = await browse.get_table(
                work, student=known.student, search=tree, window=SHOWN, now=clock.now()
            )
        total = found.total

    timing = await time_rounds(look, rounds=SEARCH_ROUNDS)
    _add(report, f"search {words}", timing, SEARCH_MS, found=total)


async def _window(report: Report, known: Known, *, order: str) -> None:
    """Scroll through the table of all cards: its first rows, and those far down."""
    for first in (0, FAR_DOWN):

        async def look(first: int = first) -> None:
            async with unit_of_work() as work:
                await browse.get_table(
                    work,
                    student=known.student,
                    search=EVERY_CARD,
                    order=parse_order(order),
                    window=Window(first, LONGEST_STRETCH),
                    now=clock.now(),
                )

        timing = await time_rounds(look, rounds=SEARCH_ROUNDS)
        _add(report, f"table by {order or 'age'}, from row {first:,}", timing)


async def _deeds(report: Report, known: Known) -> None:
    """Do something to many thousand cards at once, and take it back."""
    student, some = known.student, Chosen(search=parse_search(text=MANY))

    async with unit_of_work() as work:
        with watched() as watch:
            said = await bulk.tag(
                work, student=student, chosen=some, name="many", now=clock.now()
            )
    report.add(f"one step: {said}", {"ms": watch.ms})
    async with unit_of_work() as work:
        with watched() as watch:
            await undoing.undo_last(work, student=student, now=clock.now())
    report.add("that step taken back", {"ms": watch.ms})


async def _statistics(report: Report, known: Known) -> None:
    async def read() -> None:
        await statistics.get_statistics(student=known.student, now=clock.now())

    timing = await time_rounds(read, rounds=SEARCH_ROUNDS)
    _add(report, "statistics page", timing, STATISTICS_MS)


def _add(report: Report, name: str, timing: Timing, most_ms: int = 0, **more: int) -> None:
    """Add a row; with a bar, whether what 99 in 100 took stays below it."""
    figures: dict[str, float | int | str] = {
        "p50 ms": timing.p50,
        "p99 ms": timing.p99,
        **more,
    }
    if most_ms:
        figures |= {
            "at most": most_ms,
            "holds": "yes" if timing.p99 < most_ms else "no",
        }
    report.add(name, figures)


async def _take(report: Report, scene: Scene, now: datetime) -> None:
    """Take the same package in, here and by Anki, each time into an empty collection."""
    path = _make_package(scene.folder / "anki")
    pen = Pen(Random(11), now)  # noqa: S311 - sample data, no secrets
    students = iter([add_account(pen, f"Jonas {number}") for number in range(TURNS + 1)])
    folders = (scene.folder / f"anki-{number}" for number in range(TURNS + 1))
    pen.write(scene.engine)

    async def ours() -> None:
        taken = await _take_in(next(students), path)
        if taken.new != NOTES:
            msg = f"{taken.new} of {NOTES} notes came in."
            raise AssertionError(msg)

    async def theirs() -> None:
        _take_in_by_anki(next(folders), path)

    found = await time_in_turns(ours, theirs, rounds=TURNS, warm_up=1)
    report.add(f"package of {NOTES:,} notes", {"p50 ms": found.first.p50})
    report.add("the same by Anki", {"p50 ms": found.second.p50})
    holds = "yes" if found.ratio <= TIMES_ANKI else "no"
    report.add(
        "times Anki's time",
        {"p50 ms": found.ratio, "at most": TIMES_ANKI, "holds": holds},
    )


async def _take_in(known: Known, path: Path) -> Taken:
    taken, now = Taken(), datetime.now(UTC)
    async with packages.open_package(path) as package:
        reader = packages.Reader(known.student.account_id, package, ("UTC", 4), now)
        await packages.take(reader, report=taken, position=None, beat=_told)
    return taken


async def _told(work: UnitOfWork, place: int, report: Taken) -> None:
    """Take no notice of how far it is."""


def _opened(folder: Path) -> Collection:
    folder.mkdir(parents=True)
    return Collection(str(folder / "collection.anki2"))


def _make_package(folder: Path) -> Path:
    """Have Anki write a package of notes with formatting, half of them answered."""
    path, dice = folder.with_suffix(".apkg"), Random(3)  # noqa: S311 - sample data
    with (
        contextlib.closing(_opened(folder)) as anki,
        contextlib.redirect_stdout(io.StringIO()),
    ):
        kind = anki.models.by_name("Basic")
        assert kind is not None
        for number in range(NOTES):
            note = anki.new_note(kind)
            start = dice.randrange(len(TEXT) - 20)
            words = TEXT[start : start + 20]
            note["Front"] = f"{number}: <b>{words[0]}</b> {' '.join(words[1:12])}?"
            note["Back"] = f"{' '.join(words[12:])}<br>&nbsp;{number}"
            anki.add_note(note, DeckId(1))
        _answer_half(anki)
        options = ExportAnkiPackageOptions(
            with_scheduling=True, with_deck_configs=True, with_media=True, legacy=False
        )
        anki.export_anki_package(out_path=str(path), options=options, limit=None)
    return path


def _answer_half(anki: Collection) -> None:
    """Let every other card have rested, with a line in the log."""
    assert anki.db is not None
    began = int((time.time() - 86_400) * 1_000)
    anki.db.execute(
        "UPDATE cards SET type = 2, queue = 2, due = 10, ivl = 12, factor = 2500, reps = 1 "
        "WHERE id % 2 = 0"
    )
    anki.db.execute(
        "INSERT INTO revlog SELECT ? + row_number() OVER (), id, -1, 3, 12, 0, 2500, 6000, 0 "
        "FROM cards WHERE id % 2 = 0",
        began - NOTES,
    )


def _take_in_by_anki(folder: Path, path: Path) -> None:
    with contextlib.closing(_opened(folder)) as anki:
        options = ImportAnkiPackageOptions(with_scheduling=True, with_deck_configs=True)
        anki.import_anki_package(
            ImportAnkiPackageRequest(package_path=str(path), options=options)
        )
