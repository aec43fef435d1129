"""A card that a lecture proposes, and how words of the lecture go on inside of it. Pure."""

import re
from dataclasses import dataclass
from typing import Literal

from studymaster.features.flashcards.rules.quotes import fold
from studymaster.features.flashcards.rules.reading import Lecture

CardKind = Literal["basic", "cloze"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A card that waits for the student's word.

    Attributes:
        kind: `basic`, or `cloze` whose front has gaps `{{c1::words::hint}}`, a card each.
        front: The question, or the sentence with its gaps.
        back: The answer, or the words of the gaps.
        page: The page cited, from 1.
        quote: Words that stand on that page.
        rule: The name of what made it.
    """

    kind: CardKind
    front: str
    back: str
    page: int
    quote: str
    rule: str


def has(text: str, words: str) -> bool:
    """Say whether a text holds words as whole words, however they are set."""
    wanted = re.escape(fold(words).casefold())
    return re.search(rf"(?<!\w){wanted}(?!\w)", fold(text).casefold()) is not None


def meant_by(term: str) -> str:
    """Return the question for what a term means."""
    return f"What is meant by “{term}”?"


def sentence_case(text: str) -> str:
    """Return the text with a capital first letter, unless that letter is a symbol."""
    is_word = re.match(r"[a-zà-þ]{2}|a ", text)
    return text[:1].upper() + text[1:] if is_word else text


def inside(text: str, lecture: Lecture) -> str:
    """Return the text as it goes on inside a sentence: names keep their capital."""
    first, _, rest = text.partition(" ")
    is_name = first in lecture.names or first.endswith(("'s", "\u2019s"))
    is_name = is_name and first.lower() not in lecture.lower
    titled = rest[:1].isupper() and first not in {"A", "An", "The"}
    if (
        is_name
        or titled
        or first[1:] != first[1:].lower()
        or (len(first) == 1 and first != "A")
    ):
        return text
    return text[:1].lower() + text[1:]
