"""What is wrong with a search, and the place that is to be marked in it."""

from dataclasses import dataclass

from studymaster.features.flashcards.rules.language import WrongSearchError, parse
from studymaster.typed import clean


@dataclass(frozen=True, slots=True)
class SearchProblem:
    """Why a search cannot be read, in a sentence; empty when nothing is wrong.

    `before`, `piece` and `after` are the search itself: `piece` is what is wrong, empty
    where something is missing.
    """

    sentence: str = ""
    before: str = ""
    piece: str = ""
    after: str = ""


def find_search_problem(text: object) -> SearchProblem:
    """Return what has to be mended in a search before it can be asked."""
    try:
        parse(clean(text))
    except WrongSearchError as error:
        return SearchProblem(
            sentence=error.message,
            before=error.text[: error.start],
            piece=error.text[error.start : error.end],
            after=error.text[error.end :],
        )
    return SearchProblem()


@dataclass(frozen=True, slots=True)
class SearchWish:
    """What shall be kept, as it came: a name, the words, and the filters beside them."""

    name: object
    text: object = ""
    stage: object = ""
    tag: object = ""
    deck: object = ""


@dataclass(frozen=True, slots=True)
class KeptSearch:
    """A search that is kept; `address` is the page that shows what it finds."""

    id: str
    name: str
    text: str
    stage: str
    tag: str
    deck: str
    address: str
