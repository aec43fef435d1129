"""Making proposals from a material: promised as a row, kept by a worker."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from studymaster import gaps
from studymaster.adapters.bus import Topic, news_for
from studymaster.adapters.database import UnitOfWork
from studymaster.adapters.llm import CardModel
from studymaster.errors import ConflictError, StudyMasterError
from studymaster.features.accounts.schemas import Student
from studymaster.features.flashcards.queries import generation as queries
from studymaster.features.flashcards.queries.generation import Unasked
from studymaster.features.flashcards.rules import fairness, quotes
from studymaster.features.flashcards.rules import proposals as rules
from studymaster.features.flashcards.rules.drafts import Proposal as Draft
from studymaster.features.flashcards.rules.reading import PageText
from studymaster.features.flashcards.schemas import GenerationView
from studymaster.features.library import service as library
from studymaster.features.notifications import service as notifications
from studymaster.features.notifications.schemas import Notice
from studymaster.jobs import JobName
from studymaster.models import (
    CardKind,
    Generation,
    NotificationKind,
    Proposal,
    ProposalMaker,
    RunState,
)

IS_UNFINISHED = text("state IN ('queued', 'running')")

STRETCH_CHARACTERS = 24_000
"""About 6,000 tokens, which every current model takes with room for its answer."""

MOST_STRETCHES = 10
CARDS_PER_STRETCH = 20

LONGEST_WAIT = timedelta(days=1)
"""What a sync wanted so long ago is not waited for any more before the rest is told."""

MOST_NAMED = 4
CHOICE = "Accept, edit or reject them; only what you accept becomes a card."


@dataclass(frozen=True, slots=True)
class Lecture:
    """What a worker needs to make proposals: name, kind and the text of every page."""

    title: str
    is_glossary: bool
    sha1: str
    pages: tuple[PageText, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """Drafts that may be proposed, and how many may not."""

    drafts: tuple[Draft, ...]
    refused: int


async def request_generation(
    work: UnitOfWork, *, student: Student, material_id: UUID, now: datetime
) -> GenerationView:
    """Ask for proposals from a material; asking again while they are made changes nothing.

    Raises:
        NotFoundError: the material is not the student's.
        ConflictError: it has no text to make cards from; the sentence says why.
    """
    account_id = student.account_id
    await _promise(
        work, account_id=account_id, material_id=material_id, unasked=False, now=now
    )
    return await get_generation(work, account_id=account_id, material_id=material_id)


async def request_for_new(
    work: UnitOfWork, *, account_id: UUID, material_id: UUID, now: datetime
) -> bool:
    """Ask for the first proposals from what a sync brought; tell whether this call asked.

    Nothing is asked where the material has no text or was asked about before. The student
    is told when the proposals are there.

    Raises:
        NotFoundError: the material is not the account's.
    """
    before = await queries.latest_generation(work.session, account_id, material_id)
    if before is not None:
        return False
    try:
        return await _promise(
            work, account_id=account_id, material_id=material_id, unasked=True, now=now
        )
    except ConflictError:
        return False


async def _promise(
    work: UnitOfWork, *, account_id: UUID, material_id: UUID, unasked: bool, now: datetime
) -> bool:
    """Write the promise and send its job, unless there is an unfinished one."""
    material = await library.get_material(
        work, account_id=account_id, material_id=material_id
    )
    if not material.readable:
        raise ConflictError(material.state)
    row = Generation(
        account_id=account_id,
        material_id=material_id,
        state=RunState.QUEUED,
        beat_at=now,
        unasked=unasked,
        created_at=now,
    )
    asked = await work.session.exec(
        insert(Generation)
        .values(row.model_dump())
        .on_conflict_do_nothing(index_elements=["material_id"], index_where=IS_UNFINISHED)
        .returning(col(Generation.id))
    )
    if asked.one_or_none() is None:
        return False
    _send(work, account_id=account_id, generation_id=row.id)
    work.announce(news_for(account_id, Topic.CARDS, subject=str(material_id)))
    return True


async def get_generation(
    work: UnitOfWork, *, account_id: UUID, material_id: UUID
) -> GenerationView:
    """Return how far the last making of proposals from a material has come."""
    session = work.session
    row = await queries.unfinished_generation(session, account_id, material_id)
    row = row or await queries.latest_generation(session, account_id, material_id)
    if row is None:
        return GenerationView()
    return GenerationView(
        id=str(row.id),
        state=row.state,
        sentence=row.failure or _outcome(row),
        unfinished=row.state in queries.UNFINISHED,
        found=row.found_count,
        refused=row.refused_count,
    )


async def resend_silent(work: UnitOfWork, *, before: datetime, now: datetime) -> int:
    """Send again what a dead worker left, and tell how much that was."""
    rows = await queries.silent_generations(work.session, None, before=before)
    for row in rows:
        row.beat_at = now
        _send(work, account_id=row.account_id, generation_id=row.id)
    return len(rows)


async def start(
    work: UnitOfWork,
    *,
    account_id: UUID,
    generation_id: UUID,
    maker: ProposalMaker,
    now: datetime,
) -> Lecture | None:
    """Take up promised work; None when it is finished already or was withdrawn."""
    row = await queries.generation_for_update(work.session, account_id, generation_id)
    if row is None or row.state not in queries.UNFINISHED:
        return None
    row.state, row.beat_at, row.maker = RunState.RUNNING, now, maker
    work.announce(news_for(account_id, Topic.CARDS, subject=str(row.material_id)))
    material = await library.get_material(
        work, account_id=account_id, material_id=row.material_id
    )
    source = await library.get_file(
        work, account_id=account_id, material_id=row.material_id
    )
    pages = await library.list_page_texts(
        work, account_id=account_id, material_id=row.material_id
    )
    texts = tuple(PageText(number, words) for number, words in pages)
    return Lecture(material.name, material.kind == "glossary", source.sha1, texts)


def draft_by_rules(lecture: Lecture) -> list[Draft]:
    """Return the cards that our own rules find in a lecture."""
    if lecture.is_glossary:
        return rules.propose_glossary(lecture.pages)
    return rules.propose(lecture.pages, title=lecture.title)


def stretches(lecture: Lecture) -> list[tuple[PageText, ...]]:
    """Return the pages in stretches that a model reads at once."""
    found: list[list[PageText]] = []
    size = STRETCH_CHARACTERS
    for page in lecture.pages:
        if size + len(page.text) > STRETCH_CHARACTERS:
            found.append([])
            size = 0
        found[-1].append(page)
        size += len(page.text)
    return [tuple(pages) for pages in found[:MOST_STRETCHES]]


async def draft_by_model(
    model: CardModel, pages: Sequence[PageText], *, title: str
) -> list[Draft]:
    """Return the cards that a model makes from a stretch of pages, still unchecked.

    Raises:
        UpstreamError: the model does not do it; the sentence says why.
    """
    texts = [(page.number, page.text) for page in pages]
    cards = await model.propose_cards(texts, title=title, count=CARDS_PER_STRETCH)
    return [
        Draft(one.kind, one.front, one.back, one.page, one.quote, rule=ProposalMaker.MODEL)
        for one in cards
    ]


async def note_progress(
    work: UnitOfWork, *, account_id: UUID, generation_id: UUID, found: int, now: datetime
) -> None:
    """Note that the work goes on, and how many drafts there are."""
    row = await queries.generation_for_update(work.session, account_id, generation_id)
    if row is not None and row.state in queries.UNFINISHED:
        row.beat_at, row.found_count = now, found
        work.announce(news_for(account_id, Topic.CARDS, subject=str(row.material_id)))


def check(lecture: Lecture, drafts: Sequence[Draft]) -> Checked:
    """Keep the drafts that are fair and whose quote stands on their page."""
    texts = {page.number: page.text for page in lecture.pages}
    good = tuple(
        one for one in drafts if fairness.check(one, texts.get(one.page, "")) is None
    )
    return Checked(good, refused=len(drafts) - len(good))


async def finish(
    work: UnitOfWork,
    *,
    account_id: UUID,
    generation_id: UUID,
    sha1: str,
    checked: Checked,
    now: datetime,
) -> None:
    """Write the proposals that are new to the student, once, however often this is called."""
    row = await queries.generation_for_update(work.session, account_id, generation_id)
    if row is None or row.state not in queries.UNFINISHED:
        return
    fronts = await queries.fronts_of_material(work.session, account_id, row.material_id)
    drafts = _unknown(checked.drafts, fronts)
    for position, draft in enumerate(drafts):
        work.session.add(_proposal(row, draft, position=position, sha1=sha1, now=now))
    row.state, row.beat_at = RunState.DONE, now
    row.found_count, row.refused_count = len(drafts), checked.refused
    work.announce(news_for(account_id, Topic.CARDS, subject=str(row.material_id)))
    library.outdate_shelves(work, account_id=account_id)
    if row.unasked:
        await _tell(work, row, now=now)


async def _tell(work: UnitOfWork, row: Generation, *, now: datetime) -> None:
    """Tell in one notice of all that a sync wanted, once the last of it is finished."""
    await work.session.flush()
    rows = await queries.unasked_since(
        work.session, row.account_id, since=row.created_at - LONGEST_WAIT
    )
    together = _together(rows, since=row.created_at)
    if any(one.state in queries.UNFINISHED for one in together):
        return
    found = [one for one in together if one.state is RunState.DONE and one.found]
    if found:
        notice = _notice(found, cause=f"generation:{row.id}")
        await notifications.notify(work, account_id=row.account_id, notice=notice, now=now)


def _together(rows: Sequence[Unasked], *, since: datetime) -> list[Unasked]:
    """Return what was under way while something asked for at `since` was, and so on back.

    What was finished before the rest was asked for has been told of.
    """
    found = [one for one in rows if one.seen_at >= since]
    first = min((one.asked_at for one in found), default=since)
    return found if first >= since else _together(rows, since=first)


def _notice(found: Sequence[Unasked], *, cause: str) -> Notice:
    count = sum(one.found for one in found)
    names = list(dict.fromkeys(one.material for one in found))
    source = names[0] if len(found) == 1 else f"{len(found)} lectures"
    return Notice(
        kind=NotificationKind.CARDS,
        title=f"{'1 card is' if count == 1 else f'{count} cards are'} proposed from {source}",
        text=f"{_listed(names)}{CHOICE}" if len(found) > 1 else CHOICE,
        path=_place(found),
        cause=cause,
    )


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f"{', '.join(names[:MOST_NAMED])}{more}. "


def _place(found: Sequence[Unasked]) -> str:
    """Return where all of it is looked at: at a lecture, a course, or all courses."""
    if len(found) == 1:
        return f"/smart-study/lecture/{found[0].material_id}"
    courses = {one.course_id for one in found}
    return f"/smart-study?course={courses.pop()}" if len(courses) == 1 else "/smart-study"


async def fail(
    work: UnitOfWork,
    *,
    account_id: UUID,
    generation_id: UUID,
    error: Exception,
    now: datetime,
) -> None:
    """Note why no proposals came, in a sentence for the student."""
    row = await queries.generation_for_update(work.session, account_id, generation_id)
    if row is None or row.state not in queries.UNFINISHED:
        return
    expected = isinstance(error, StudyMasterError)
    unknown = "Something broke on our side while reading this. It has been noted."
    row.state, row.beat_at = RunState.FAILED, now
    row.failure = error.message if expected else unknown
    work.announce(news_for(account_id, Topic.CARDS, subject=str(row.material_id)))
    if row.unasked:
        await _tell(work, row, now=now)


def _send(work: UnitOfWork, *, account_id: UUID, generation_id: UUID) -> None:
    work.enqueue(
        JobName.GENERATE_PROPOSALS,
        account_id=str(account_id),
        generation_id=str(generation_id),
    )


def _outcome(row: Generation) -> str:
    if row.state is RunState.QUEUED:
        return "Waiting for a free worker."
    if row.state is RunState.RUNNING:
        return f"Reading the pages. {row.found_count} found so far."
    found = f"{row.found_count} new proposal{'s' if row.found_count != 1 else ''}"
    if row.found_count == 0:
        found = "Nothing new was found this time"
    if row.refused_count == 0:
        return f"{found}."
    return (
        f"{found}. {row.refused_count} left out: not proven by its page, or not a fair "
        "question."
    )


def _unknown(drafts: Sequence[Draft], fronts: Sequence[str]) -> list[Draft]:
    """Return the drafts that ask something the student has not been offered before."""
    known = {_plain(front) for front in fronts}
    kept: list[Draft] = []
    for draft in drafts:
        if _plain(draft.front) not in known:
            known.add(_plain(draft.front))
            kept.append(draft)
    return kept


def _plain(front: str) -> str:
    return quotes.fold(front).casefold()


def _proposal(
    row: Generation, draft: Draft, *, position: int, sha1: str, now: datetime
) -> Proposal:
    return Proposal(
        account_id=row.account_id,
        material_id=row.material_id,
        generation_id=row.id,
        position=position,
        kind=CardKind(draft.kind),
        front=draft.front.strip(),
        back=gaps.all_words(draft.front) if draft.kind == "cloze" else draft.back.strip(),
        blob_sha1=sha1,
        page=draft.page,
        quote=draft.quote,
        created_at=now,
    )
