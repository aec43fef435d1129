"""Round trips with the real Anki."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from studymaster.adapters.database import unit_of_work
from studymaster.features.exchange.service import giving, packages
from studymaster.features.exchange.service.giving import Wish
from studymaster.features.exchange.service.merging import Report
from studymaster.features.flashcards.rules.typed import NewKind, make_sides
from studymaster.features.flashcards.service import media
from studymaster.models import Card, CardKind, Deck, DeckScheduler, ReviewLog
from tests.features.exchange.anki_side import open_anki, png, take_in, write_out

NOW = datetime.fromtimestamp(int(time.time()), UTC)
"""Anki asks the machine for the time, so these tests have to as well."""

TODAY = (NOW - timedelta(hours=4)).date()
ZONE = ("UTC", 4)
NOTES = 2_000
KINDS = tuple(NewKind)
AS_KEPT = {NewKind.REVERSED: CardKind.BASIC}
COLUMNS = (
    "deck.name, deck.scheduler, deck.retention, kind, front, back, extra, masks, ordinal, "
    "easiness, interval_days, repetitions, due_on, stability, difficulty, reviewed_on, turn, "
    "date_trunc('milliseconds', last_reviewed_at), suspended_at IS NULL, tags, flag, "
    "buried_until, lapses, guid, note_id IS NULL, date_trunc('milliseconds', card.created_at)"
)
LINES = (
    "card.front, card.ordinal, reviewlog.turn, grade, day, drill, elapsed_ms, "
    "easiness_before, easiness_after, interval_before, interval_after, repetitions_before, "
    "repetitions_after, reviewlog.kind, due_on_after, "
    "date_trunc('milliseconds', reviewlog.created_at)"
)


async def told(work, place, report) -> None:
    """Take no notice."""


async def rows(student, columns: str, tables: str, *order: str) -> list[tuple]:
    statement = (
        f"SELECT {columns} FROM {tables} WHERE card.account_id = :one ORDER BY "
        + ", ".join(order)
    )
    async with unit_of_work() as work:
        connection = await work.session.connection()
        found = await connection.execute(text(statement), {"one": student.account_id})
        return [tuple(row) for row in found]


async def everything(student) -> tuple[list[tuple], list[tuple]]:
    cards = await rows(
        student, COLUMNS, "card JOIN deck ON deck.id = deck_id", "guid", "ordinal", "front"
    )
    log = await rows(
        student,
        LINES,
        "reviewlog JOIN card ON card.id = card_id",
        "card.front",
        "card.ordinal",
        "card.guid",
        "reviewlog.turn",
    )
    return cards, log


async def give(student, path: Path, **choice) -> Report:
    async with unit_of_work() as work:
        found = await work.session.exec(text("SELECT id, account_id FROM deck"))
        ids = tuple(one for one, owner in found if owner == student.account_id)
    wish = Wish(student.account_id, ids, **choice)
    return await giving.give(path, wish, zone=ZONE, now=NOW, tell=told)


async def look(student, path: Path) -> Report:
    async with packages.open_package(path) as package:
        return await packages.look(packages.Reader(student.account_id, package, ZONE, NOW))


async def take(student, path: Path, *, with_schedule=True) -> Report:
    report = Report()
    async with packages.open_package(path) as package:
        now = datetime.fromtimestamp(time.time() + 1, UTC)  # after what Anki answered
        reader = packages.Reader(student.account_id, package, ZONE, now, with_schedule)
        await packages.take(reader, report=report, position=None, beat=told)
    return report


def differing(one: tuple, other: tuple) -> list[tuple]:
    """Return which columns of two rows differ, and how."""
    both = enumerate(zip(one, other, strict=True))
    return [(place, *pair) for place, pair in both if pair[0] != pair[1]]


def words(number: int) -> str:
    return (
        f"Frage {number}: **what** is *a_b* & <b> in {number}?",
        f"$x^{number}$ and [sound:tone {number % 40}.png] of `code {number}`",
        f"First paragraph {number}\n\n- one\n- two **bold**\n\n1. three\n2. four",
        f"![Cell {number}](<cell {number % 40}.png>) shows {number}",
        f"| a | b |\n| --- | --- |\n| {number} | 2 |",
        f"日本語 {number} “quoted” 100 % #5 [link](https://example.org/{number})",
    )[number % 6]


def note(
    number: int, decks: list[Deck], dice: Random
) -> list[tuple[Card, list[ReviewLog]]]:
    kind = KINDS[number % len(KINDS)]
    front, back, masks = words(number), f"Answer {number}\n\n{words(number + 1)}", ""
    if kind is NewKind.CLOZE:
        front = f"{words(0)} {number} {{{{c1::Paris::city}}}} and {{{{c2::**Rome**}}}} {{{{c1::x}}}}"
    if kind is NewKind.OCCLUSION:
        front = f"![Cell](<cell {number % 40}.png>)\n\nName it, {number}"
        masks = "\n".join(
            f"{{{{c{place}::image-occlusion:rect:left=.{place}:top=.2:width=.1:height=.1:oi=1"
            f":label=Part {place}%3A a & b}}}}".replace("&", "%26")
            for place in (1, 2)
        )
    if kind is NewKind.TYPED:
        back = f"answer {number}"
    sides = make_sides(kind, front=front, back=back, masks=masks)
    deck = decks[number % len(decks)]
    note_id = (
        uuid4() if len(sides) > 1 or kind in {NewKind.CLOZE, NewKind.OCCLUSION} else None
    )
    created = NOW - timedelta(days=400, seconds=-3 * number)
    made = []
    for side in sides:
        card = Card(
            account_id=deck.account_id,
            deck_id=deck.id,
            kind=AS_KEPT.get(
                kind, CardKind(kind.value) if kind is not NewKind.REVERSED else None
            ),
            front=side.front,
            back=side.back,
            ordinal=side.ordinal,
            note_id=note_id,
            masks=masks or None,
            extra=words(number + 2) if number % 3 == 0 else "",
            tags=["bio::cell", f"tag{number % 7}"][: number % 3],
            flag=number % 8,
            due_on=TODAY,
            created_at=created,
        )
        made.append((card, log_of(card, deck, number, dice)))
    return made


def log_of(card: Card, deck: Deck, number: int, dice: Random) -> list[ReviewLog]:
    lines = []
    day = TODAY - timedelta(days=300)
    for turn in range(number % 5):
        grade = dice.choice((2, 3, 4, 5))
        before = (card.easiness, card.interval_days, card.repetitions)
        card.repetitions = 0 if grade == 2 else card.repetitions + 1
        card.easiness = max(130, card.easiness + dice.choice((-14, 0, 10)))
        card.interval_days = 1 if grade == 2 else dice.randint(1, 40)
        at = datetime(day.year, day.month, day.day, 9, dice.randint(0, 59), tzinfo=UTC)
        at += timedelta(milliseconds=20 * number + card.ordinal)  # Anki's ids are moments
        lines.append(
            ReviewLog(
                account_id=card.account_id,
                card_id=card.id,
                turn=turn,
                grade=grade,
                day=day,
                drill=False,
                elapsed_ms=dice.randint(500, 60_000),
                easiness_before=before[0],
                easiness_after=card.easiness,
                interval_before=before[1],
                interval_after=card.interval_days,
                repetitions_before=before[2],
                repetitions_after=card.repetitions,
                created_at=at,
            )
        )
        card.last_reviewed_at, card.turn = at, turn + 1
        card.due_on = day + timedelta(days=card.interval_days)
        last, day = day, day + timedelta(days=card.interval_days + dice.randint(0, 2))
    if lines:
        card.lapses = number % 4
        if deck.scheduler is DeckScheduler.FSRS:
            card.stability, card.difficulty = dice.uniform(1, 90), dice.uniform(1, 10)
            card.reviewed_on = last
    card.suspended_at = NOW if number % 11 == 0 else None
    card.buried_until = TODAY + timedelta(days=2) if number % 13 == 5 else None
    return lines


async def furnish(student, tmp_path: Path, *, notes=NOTES) -> None:
    dice = Random(5)
    for number in range(40):
        file = tmp_path / "picture"
        for name in (f"cell {number}.png", f"tone {number}.png"):
            file.write_bytes(png(1000 * name.startswith("t") + number))
            await media.keep_media(
                account_id=student.account_id, name=name, path=file, now=NOW
            )
    decks = [
        Deck(account_id=student.account_id, name=name, created_at=NOW, **more)
        for name, more in (
            ("Biology::Cells", {}),
            ("Languages::日本語", {"scheduler": DeckScheduler.FSRS, "retention": 93}),
        )
    ]
    async with unit_of_work() as work:
        work.session.add_all(decks)
        await work.session.flush()
        made = [one for number in range(notes) for one in note(number, decks, dice)]
        work.session.add_all([card for card, _ in made])
        await work.session.flush()
        work.session.add_all([line for _, lines in made for line in lines])


@pytest.mark.parametrize("legacy", [True, False], ids=["old format", "new format"])
async def test_two_thousand_notes_go_through_anki_and_come_back_equal(
    student, other_student, tmp_path: Path, legacy
) -> None:
    await furnish(student, tmp_path)
    given = await give(student, tmp_path / "ours.apkg")
    assert given.new == NOTES
    anki = open_anki(tmp_path / "anki")
    try:
        log = take_in(anki, tmp_path / "ours.apkg").log
        assert (len(log.new), log.found_notes) == (NOTES, NOTES)
        assert anki.db.scalar("SELECT count() FROM revlog") == given.reviews
        theirs = write_out(anki, tmp_path / "theirs.apkg", legacy=legacy)
    finally:
        anki.close()
    foreseen = await look(other_student, theirs)
    report = await take(other_student, theirs)
    assert (report.new, report.broken, report.left_out) == (NOTES, 0, [])
    assert (foreseen.new, foreseen.cards, foreseen.reviews) == (
        report.new,
        report.cards,
        report.reviews,
    )
    assert [name for name, _ in foreseen.decks] == ["Biology::Cells", "Languages::日本語"]
    before, after = await everything(student), await everything(other_student)
    for one, other in zip(before, after, strict=True):
        assert len(one) == len(other)
        assert [
            found for pair in zip(one, other, strict=True) for found in differing(*pair)
        ] == []
    async with media.lend_media(
        account_id=other_student.account_id, name="cell 7.png"
    ) as path:
        assert path.read_bytes() == png(7)
    again = await take(other_student, theirs)
    assert (again.same, again.new, again.changed) == (NOTES, 0, 0)
    home = await take(student, theirs)
    assert (home.new, home.broken) == (0, 0)
    assert await everything(student) == before
    assert UUID(before[0][0][-3])


def anki_note(collection, kind: str, *fields: str, deck="Default", tags=()):
    """Put a note of one of Anki's own types into a collection of its own."""
    made = collection.new_note(collection.models.by_name(kind))
    made.fields = [*fields, *[""] * (len(made.fields) - len(fields))]
    made.tags = list(tags)
    collection.add_note(made, collection.decks.id(deck))
    return made


MASK = "{{c1::image-occlusion:rect:left=.1:top=.2:width=.3:height=.1:oi=1:label=Wall}}"


def fill_anki(collection) -> None:
    """One note of each of Anki's own types, two that nobody can ask, and one answer."""
    collection.media.write_data("cell wall.png", png(3))
    anki_note(collection, "Basic", "a &lt; b<br>next", "<b>yes</b>", tags=["Leech", "x::y"])
    anki_note(collection, "Basic (and reversed card)", "canis", "dog", deck="A::B")
    anki_note(collection, "Basic (optional reversed card)", "felis", "cat", "", deck="A::B")
    anki_note(collection, "Basic (type in the answer)", "2+2", "4")
    anki_note(collection, "Cloze", "{{c1::Paris}} and {{c2::Rome::city}}", "Europe")
    anki_note(collection, "Cloze", "{{c1::outer {{c2::inner}}}}")
    anki_note(
        collection, "Image Occlusion", MASK, '<img src="cell wall.png">', "Name it", "Wall"
    )
    anki_note(collection, "Basic", "\\(x^2\\) [sound:cell wall.png]", "")
    collection.decks.select(collection.decks.id("A::B"))
    card = collection.sched.getCard()
    card.start_timer()
    collection.sched.answerCard(card, 4)


@pytest.mark.parametrize("legacy", [True, False], ids=["old format", "new format"])
async def test_a_file_that_anki_wrote_comes_in_and_a_broken_note_stays_outside(
    student, tmp_path: Path, legacy
) -> None:
    anki = open_anki(tmp_path / "anki")
    try:
        fill_anki(anki)
        path = write_out(anki, tmp_path / "theirs.apkg", legacy=legacy)
    finally:
        anki.close()
    report = await take(student, path)
    assert (report.new, report.broken, report.cards, report.reviews) == (7, 1, 9, 1)
    ((name, why),) = report.left_out
    assert name.startswith("{{c1::outer")
    assert "inside another one" in why
    cards = await rows(
        student,
        "kind, front, back, extra, ordinal, tags, turn",
        "card",
        "card.created_at",
        "ordinal",
    )
    assert cards[0][1:3] == ("a < b\n\nnext", "**yes**")
    assert cards[0][5] == ["leech", "x::y"]
    assert [card[1:3] for card in cards[1:4]] == [
        ("canis", "dog"),
        ("dog", "canis"),
        ("felis", "cat"),
    ]
    assert cards[4][:3] == ("typed", "2+2", "4")
    assert [(card[2], card[3], card[4]) for card in cards[5:7]] == [
        ("Paris", "Europe", 1),
        ("Rome", "Europe", 2),
    ]
    assert cards[7][1:3] == ("![](<cell wall.png>)\n\nName it", "Wall")
    assert cards[8][1] == "$x^2$ [sound:cell wall.png]"
    assert sum(card[6] for card in cards) == 1


async def test_what_changed_in_anki_is_taken_unless_it_was_changed_here_too(
    student, tmp_path: Path
) -> None:
    anki = open_anki(tmp_path / "anki")
    try:
        ours = anki_note(anki, "Basic", "one", "1")
        theirs = anki_note(anki, "Basic (and reversed card)", "two", "2")
        await take(student, write_out(anki, tmp_path / "first.apkg", legacy=False))
        async with unit_of_work() as work:
            connection = await work.session.connection()
            await connection.execute(
                text("UPDATE card SET front = 'mine' WHERE front = 'one'")
            )
        ours["Front"], theirs["Back"] = "uno", "due"
        anki.update_notes([ours, theirs])
        second = write_out(anki, tmp_path / "second.apkg", legacy=True)
    finally:
        anki.close()
    assert (await look(student, second)).changed == 1
    report = await take(student, second)
    assert (report.new, report.changed, report.kept, report.same) == (0, 1, 1, 0)
    cards = await rows(student, "front, back", "card", "front")
    assert cards == [("due", "two"), ("mine", "1"), ("two", "due")]
    assert (await take(student, second)).same == 1


async def test_cards_can_come_without_their_schedule(student, tmp_path: Path) -> None:
    await furnish(student, tmp_path, notes=30)
    await give(student, tmp_path / "bare.apkg", with_schedule=False, with_media=False)
    anki = open_anki(tmp_path / "anki")
    try:
        take_in(anki, tmp_path / "bare.apkg")
        assert anki.db.scalar("SELECT count() FROM revlog") == 0
        assert anki.db.scalar("SELECT count() FROM cards WHERE type != 0") == 0
    finally:
        anki.close()
