"""What a quick question and its answer may be. Pure."""

from typing import Final

from studymaster.errors import InvalidInputError
from studymaster.features.campus.schemas.questions import QuestionOrder
from studymaster.typed import always, for_others, line_for_others

TITLE_MAX: Final = 200
TEXT_MAX: Final = 4_000
SEARCH_MAX: Final = 100
MOST_WORDS: Final = 8

NO_TITLE = f"Ask in 1 to {TITLE_MAX} characters."
LONG_TEXT = f"A question explains itself in at most {TEXT_MAX:,} characters."
NO_ANSWER = f"An answer needs 1 to {TEXT_MAX:,} characters."
LONG_SEARCH = f"Search for at most {SEARCH_MAX} characters."
NO_ORDER = "Put the unanswered or the newest first."


def require_title(text: object) -> str:
    """Return the question in one line."""
    return line_for_others(text, most=TITLE_MAX, least=1, says=always(NO_TITLE))


def require_text(text: object) -> str:
    """Return what else there is to say; it may be nothing."""
    return for_others(text, most=TEXT_MAX, says=always(LONG_TEXT))


def require_answer(text: object) -> str:
    """Return an answer of 1 to 4,000 characters."""
    return for_others(text, most=TEXT_MAX, least=1, says=always(NO_ANSWER))


def search_words(text: object) -> tuple[str, ...]:
    """Return the words of a search, at most eight; none when nothing was typed."""
    line = for_others(text, most=SEARCH_MAX, says=always(LONG_SEARCH))
    return tuple(line.split()[:MOST_WORDS])


def parse_order(text: object) -> QuestionOrder:
    """Return what shall come first.

    Raises:
        InvalidInputError: it is neither unanswered nor newest.
    """
    if not isinstance(text, str) or text not in set(QuestionOrder):
        raise InvalidInputError(NO_ORDER)
    return QuestionOrder(text)
