"""Quick questions and their answers as students see them: frozen, plain."""

from dataclasses import dataclass
from enum import StrEnum

from studymaster.features.campus.schemas.audience import CourseKey


class QuestionOrder(StrEnum):
    """What comes first."""

    UNANSWERED = "unanswered"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class WantedQuestions:
    """Which questions are asked for: of one course or all, with all of these words."""

    course: CourseKey | None = None
    order: QuestionOrder = QuestionOrder.UNANSWERED
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TypedQuestion:
    """A question as it was typed; a browser that sends it twice sends it under one key."""

    title: object
    text: object = ""
    sent_key: object = None


@dataclass(frozen=True, slots=True)
class TypedAnswer:
    """An answer as it was typed; a browser that sends it twice sends it under one key."""

    text: object
    sent_key: object = None


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question to everybody who has the course.

    Attributes:
        id: Opaque id.
        title: The question in a line.
        text: What else there is to say, in Markdown; in a list its beginning.
        cut: Whether `text` is only the beginning.
        author: Who asks; empty when the account is gone.
        author_id: Their account; empty when it is gone.
        course: The course's short name.
        course_id: Its id in Moodle.
        answers: How many there are.
        solved: Whether the asker marked one that helped.
        mine: Whether this student asks.
        hidden: Whether reports have hidden it from everybody else.
        created_at: ISO 8601 in UTC.
    """

    id: str = ""
    title: str = ""
    text: str = ""
    cut: bool = False
    author: str = ""
    author_id: str = ""
    course: str = ""
    course_id: int = 0
    answers: int = 0
    solved: bool = False
    mine: bool = False
    hidden: bool = False
    created_at: str = ""


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An answer: the one that helped first, then the most useful.

    Attributes:
        id: Opaque id.
        text: The answer, in Markdown.
        author: Who answers; empty when the account is gone.
        author_id: Their account; empty when it is gone.
        helped: Whether the asker says that it helped.
        votes: How many found it useful.
        voted: Whether this student did.
        mine: Whether it is this student's.
        hidden: Whether reports have hidden it from everybody else.
        created_at: ISO 8601 in UTC.
    """

    id: str
    text: str
    author: str
    author_id: str
    helped: bool
    votes: int
    voted: bool
    mine: bool
    hidden: bool
    created_at: str
