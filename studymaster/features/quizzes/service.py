"""Practice quizzes: made from a student's cards, answered, looked back at, done again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from studymaster.adapters.bus import Topic, news_for
from studymaster.adapters.database import UnitOfWork
from studymaster.errors import ConflictError, InvalidInputError, NotFoundError
from studymaster.features.accounts.rules import parse_id
from studymaster.features.library import rules as library_rules
from studymaster.features.quizzes import queries
from studymaster.features.quizzes.rules import making
from studymaster.features.quizzes.rules.comparing import is_right
from studymaster.features.quizzes.rules.making import Item
from studymaster.features.quizzes.schemas import (
    NO_ITEM,
    NO_PILE,
    NO_QUIZ,
    NOT_PAIRED,
    Cited,
    ItemView,
    PairView,
    Pile,
    PileChoice,
    QuizView,
    WholeQuiz,
    read_list,
)
from studymaster.models import Blob, Card, CardKind, Quiz, QuizItem, QuizItemKind
from studymaster.paging import Stretch, Window, stretch

POOL = 300
"""Cards from which questions and wrong answers are taken."""

LARGEST_SEED = 2**31
PICTURE_WIDTH = 800
EVERYTHING = "All cards"
AGAIN = "wrong ones again"
NAME_LENGTH = 400
ALIKE = "These cards all have the same answer, so nothing can be asked. Add other cards."


async def list_piles(work: UnitOfWork, *, account_id: UUID) -> list[PileChoice]:
    """List what a quiz can be made from: everything, then each course and deck with cards."""
    rows = await queries.cards_by_deck(work.session, account_id)
    piles = [_pile(deck.id, course and course.id) for deck, course, _ in rows]
    names = [course.shortname if course else deck.name for deck, course, _ in rows]
    counts = [count for *_, count in rows]
    listed = zip(piles, names, counts, strict=True)
    every = PileChoice("all", EVERYTHING, sum(counts))
    return [every, *(PileChoice(*one) for one in listed)]


async def create_quiz(
    work: UnitOfWork, *, account_id: UUID, pile: Pile, count: int, now: datetime
) -> QuizView:
    """Make a quiz with up to `count` questions; fewer cards make fewer questions.

    Raises:
        NotFoundError: the course or the deck is not the student's.
        ConflictError: there are fewer than 4 cards to make it from.
    """
    name = await _name(work, account_id=account_id, pile=pile)
    quiz = Quiz(
        account_id=account_id,
        course_id=pile.course_id,
        deck_id=pile.deck_id,
        name=name,
        seed=0,
        created_at=now,
    )
    quiz.seed = quiz.id.int % LARGEST_SEED
    cards = await queries.cards_of_pile(
        work.session, account_id, pile=pile, seed=quiz.seed, limit=POOL
    )
    if len(cards) < making.FEWEST_CARDS:
        there = "is 1 card" if len(cards) == 1 else f"are {len(cards) or 'no'} cards"
        msg = f"There {there} here; a quiz needs {making.FEWEST_CARDS}. Add a few first."
        raise ConflictError(msg)
    items = making.make_items([_card(card) for card in cards], count=count, seed=quiz.seed)
    if not items:
        raise ConflictError(ALIKE)
    return await _keep(work, quiz, items)


async def practise_again(
    work: UnitOfWork, *, account_id: UUID, quiz_id: UUID, now: datetime
) -> QuizView:
    """Make a quiz of the questions that were answered wrong.

    Raises:
        NotFoundError: the quiz is not the student's.
        ConflictError: nothing was wrong.
    """
    before = await _quiz(work, account_id=account_id, quiz_id=quiz_id)
    rows = await queries.items_of_quiz(work.session, account_id, quiz_id)
    wrong = [_item(row) for row in rows if row.right is False]
    if not wrong:
        msg = "Nothing was wrong in this quiz, so there is nothing to repeat."
        raise ConflictError(msg)
    name = before.name.removesuffix(f", {AGAIN}")[: NAME_LENGTH - len(AGAIN) - 2]
    quiz = Quiz(
        account_id=account_id,
        course_id=before.course_id,
        deck_id=before.deck_id,
        name=f"{name}, {AGAIN}",
        seed=0,
        created_at=now,
    )
    quiz.seed = quiz.id.int % LARGEST_SEED
    return await _keep(work, quiz, making.shuffle_options(wrong, seed=quiz.seed))


async def get_quiz(work: UnitOfWork, *, account_id: UUID, quiz_id: UUID) -> WholeQuiz:
    """Return a quiz with its questions; what is not answered hides its answer.

    Raises:
        NotFoundError: the quiz is not the student's.
    """
    quiz = await _quiz(work, account_id=account_id, quiz_id=quiz_id)
    rows = await queries.items_of_quiz(work.session, account_id, quiz_id)
    told = [row for row in rows if row.answered_at]
    ids = [row.card_id for row in told if row.card_id]
    ids += [card_id for row in told for card_id in row.matched_ids]
    cited = {
        source[0].id: _cited(source)
        for source in await queries.sources(work.session, account_id, ids)
    }
    return WholeQuiz(_view(quiz, rows), [_item_view(row, cited) for row in rows])


async def find_quiz(
    work: UnitOfWork, *, account_id: UUID, address: str
) -> WholeQuiz | None:
    """Return the quiz that a page's address names; None when it is not the student's."""
    try:
        quiz_id = parse_id(address, missing=NO_QUIZ)
        return await get_quiz(work, account_id=account_id, quiz_id=quiz_id)
    except NotFoundError:
        return None


async def answer_item(
    work: UnitOfWork,
    *,
    account_id: UUID,
    quiz_id: UUID,
    position: int,
    given: str,
    now: datetime,
) -> WholeQuiz:
    """Keep the answer to one question; the first one counts, however often it is sent.

    Raises:
        NotFoundError: the quiz is not the student's, or it has no such question.
        InvalidInputError: the answer is none of the options.
    """
    quiz = await queries.quiz_for_update(work.session, account_id, quiz_id)
    if quiz is None:
        raise NotFoundError(NO_QUIZ)
    rows = await queries.items_of_quiz(work.session, account_id, quiz_id)
    row = next((one for one in rows if one.position == position), None)
    if row is None:
        raise NotFoundError(NO_ITEM)
    if row.answered_at is None:
        _judge(row, given, now=now)
        if all(one.answered_at for one in rows):
            quiz.finished_at = now
        work.announce(news_for(account_id, Topic.CARDS, subject=str(quiz_id)))
        await work.session.flush()
    return await get_quiz(work, account_id=account_id, quiz_id=quiz_id)


async def discard(work: UnitOfWork, *, account_id: UUID, quiz_id: UUID) -> None:
    """Throw away a quiz that was left open, with what was answered in it.

    Raises:
        NotFoundError: the quiz is not the student's.
        ConflictError: it is finished; its result stays.
    """
    quiz = await queries.quiz_for_update(work.session, account_id, quiz_id)
    if quiz is None:
        raise NotFoundError(NO_QUIZ)
    if quiz.finished_at is not None:
        msg = "That quiz is finished, so its result stays."
        raise ConflictError(msg)
    await work.session.delete(quiz)
    work.announce(news_for(account_id, Topic.CARDS, subject=str(quiz_id)))


async def list_quizzes(
    work: UnitOfWork, *, account_id: UUID, window: Window
) -> Stretch[QuizView]:
    """Return a stretch of the student's quizzes, the newest first."""
    rows = await queries.quizzes(work.session, account_id, window=window)
    return stretch([_figures(*row) for row in rows], window=window)


async def _name(work: UnitOfWork, *, account_id: UUID, pile: Pile) -> str:
    session, name = work.session, EVERYTHING
    if pile.course_id is not None:
        name = await queries.course_name(session, account_id, pile.course_id)
    elif pile.deck_id is not None:
        name = await queries.deck_name(session, account_id, pile.deck_id)
    if name is None:
        raise NotFoundError(NO_PILE)
    return name


async def _quiz(work: UnitOfWork, *, account_id: UUID, quiz_id: UUID) -> Quiz:
    quiz = await queries.quiz_by_id(work.session, account_id, quiz_id)
    if quiz is None:
        raise NotFoundError(NO_QUIZ)
    return quiz


async def _keep(work: UnitOfWork, quiz: Quiz, items: Sequence[Item]) -> QuizView:
    work.session.add(quiz)
    await work.session.flush()
    rows = [_row(quiz, item, position) for position, item in enumerate(items)]
    work.session.add_all(rows)
    return _view(quiz, rows)


def _pile(deck_id: UUID, course_id: UUID | None) -> str:
    return f"course:{course_id}" if course_id else f"deck:{deck_id}"


def _judge(row: QuizItem, given: str, *, now: datetime) -> None:
    row.given, row.answered_at = given, now
    if row.kind is QuizItemKind.MATCHING:
        chosen = read_list(given)
        if len(chosen) != len(row.asked) or not set(chosen) <= set(row.options):
            raise InvalidInputError(NOT_PAIRED)
        row.right = chosen == read_list(row.answer)
        return
    if row.options and given not in row.options:
        msg = "That is none of the answers to choose from."
        raise InvalidInputError(msg)
    typed = row.kind is QuizItemKind.SHORT
    row.right = is_right(given, answer=row.answer) if typed else given == row.answer


def _card(card: Card) -> making.Card:
    return making.Card(
        key=str(card.id),
        deck=str(card.deck_id),
        is_cloze=card.kind is CardKind.CLOZE,
        front=card.front,
        back=card.back,
        ordinal=card.ordinal,
    )


def _row(quiz: Quiz, item: Item, position: int) -> QuizItem:
    return QuizItem(
        account_id=quiz.account_id,
        quiz_id=quiz.id,
        card_id=UUID(item.key) if item.key else None,
        position=position,
        kind=QuizItemKind(item.kind),
        prompt=item.prompt,
        options=list(item.options),
        answer=item.answer,
        explanation=item.explanation,
        asked=list(item.asked),
        matched_ids=[UUID(key) for key in item.keys],
        created_at=quiz.created_at,
    )


def _item(row: QuizItem) -> Item:
    return Item(
        key=str(row.card_id or ""),
        kind=row.kind.value,
        prompt=row.prompt,
        options=tuple(row.options),
        answer=row.answer,
        explanation=row.explanation,
        asked=tuple(row.asked),
        keys=tuple(map(str, row.matched_ids)),
    )


def _view(quiz: Quiz, rows: Sequence[QuizItem]) -> QuizView:
    answered = sum(row.answered_at is not None for row in rows)
    return _figures(quiz, len(rows), answered, sum(row.right is True for row in rows))


def _figures(quiz: Quiz, total: int, answered: int, right: int) -> QuizView:
    return QuizView(
        id=str(quiz.id),
        name=quiz.name,
        created_at=quiz.created_at,
        finished_at=quiz.finished_at,
        total=total,
        answered=answered,
        right=right,
        percent=100 * right // answered if answered else 0,
    )


def _item_view(row: QuizItem, cited: Mapping[UUID, Cited]) -> ItemView:
    is_open = row.answered_at is None
    return ItemView(
        position=row.position,
        number=row.position + 1,
        kind=row.kind,
        prompt=row.prompt,
        options=tuple(row.options),
        given=row.given or "",
        state="open" if is_open else ("right" if row.right else "wrong"),
        answer="" if is_open else row.answer,
        explanation="" if is_open else row.explanation,
        cited=cited.get(row.card_id, Cited()) if row.card_id else Cited(),
        pairs=tuple(_pairs(row, cited)),
    )


def _pairs(row: QuizItem, cited: Mapping[UUID, Cited]) -> list[PairView]:
    if row.answered_at is None:
        return [PairView(place, asked) for place, asked in enumerate(row.asked)]
    told = zip(
        row.asked,
        read_list(row.given or ""),
        read_list(row.answer),
        row.matched_ids,
        strict=True,
    )
    return [
        PairView(place, asked, given, answer, given == answer, cited.get(card_id, Cited()))
        for place, (asked, given, answer, card_id) in enumerate(told)
    ]


def _cited(source: queries.Source) -> Cited:
    card, material, blob = source
    page = card.page or 0
    if material is None or not page:
        return Cited(quote=card.quote or "", page=page)
    base = f"/api/v1/materials/{material.id}"
    # When the file was replaced since, its pages may say something else.
    is_same = blob is not None and blob.sha1 == card.blob_sha1
    return Cited(
        name=material.name,
        page=page,
        quote=card.quote or "",
        file=f"{base}/file#page={page}"
        if blob and library_rules.is_file(material.kind)
        else "",
        picture=_picture(base, blob, page=page) if blob and is_same else "",
        lecture=f"/smart-study/lecture/{material.id}" if blob else "",
    )


def _picture(base: str, blob: Blob, *, page: int) -> str:
    has_one = library_rules.is_pictured(
        mimetype=blob.mimetype, text=blob.text_state, page_count=blob.page_count
    )
    return f"{base}/pages/{page}.webp?width={PICTURE_WIDTH}" if has_one else ""
