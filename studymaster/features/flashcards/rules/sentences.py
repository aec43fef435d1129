"""Cards from single sentences: definitions, names, reasons, dates, quantities, terms. Pure."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from studymaster.features.flashcards.rules.drafts import (
    Proposal,
    inside,
    meant_by,
    sentence_case,
)
from studymaster.features.flashcards.rules.fairness import SHORTEST_LEAK
from studymaster.features.flashcards.rules.phrases import (
    ASIDE,
    CALLED,
    DATE,
    DEFINITION,
    EMPTY_MEANING,
    EQUIVALENCE,
    HEADLESS,
    LETTERS,
    LONGEST_TERM_WORDS,
    MEANING_STARTS,
    NO_MEANING,
    NO_TERM_START,
    NOT_A_TERM,
    OPENERS,
    POINTERS,
    QUANTITY,
    REASON,
    REASON_FIRST,
    STATES,
    STRAY,
    WEAK_START,
)
from studymaster.features.flashcards.rules.reading import (
    WORD,
    Kind,
    Lecture,
    split_sentences,
)

LONGEST_SENTENCE = 360
FEWEST_WORDS = 6
MOST_WORDS = 45  # more is a table that ran into a sentence
FEWEST_MEANING_WORDS = 4
LONGEST_CLAIM_WORDS = 24
COPULAS = frozenset({"is", "are", "was", "were"})
FEWEST_DATES = 2  # a lecture with fewer is not one in which years are learnt
EARLY_WORDS = 8


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence where it stands.

    Attributes:
        text: The sentence in one line.
        page: Its page, from 1.
        lecture: The whole lecture.
        headings: What the lecture has headings for, in lower case.
        terms: What the lecture defines or names, in lower case, by its first word.
    """

    text: str
    page: int
    lecture: Lecture
    headings: frozenset[str]
    terms: Mapping[str, Sequence[str]] = field(default_factory=dict[str, list[str]])


def from_sentences(lecture: Lecture) -> Iterator[Proposal]:
    """Yield a card for each sentence that a rule fits, in the order of the lecture."""
    headings = _headings(lecture)
    sentences = list(_sentences(lecture, headings=headings))
    terms = _by_first_word(frozenset(_learnt_terms(sentences)))
    dated = sum(DATE.search(one.text) is not None for one in sentences)
    rules = [rule for rule in SENTENCE_RULES if rule is not _date or dated >= FEWEST_DATES]
    for sentence in sentences:
        known = replace(sentence, terms=terms)
        card = next((card for rule in rules if (card := rule(known))), None)
        if card is not None:
            yield card


def _sentences(lecture: Lecture, *, headings: frozenset[str]) -> Iterator[_Sentence]:
    """Yield the sentences that are whole and can stand alone."""
    for block in lecture.blocks:
        if block.kind is Kind.HEADING:
            continue
        for text in split_sentences(block.text):
            if _stands_alone(text):
                yield _Sentence(text, block.page, lecture, headings)


def _stands_alone(text: str) -> bool:
    return (
        len(text) <= LONGEST_SENTENCE
        and FEWEST_WORDS <= len(text.split()) <= MOST_WORDS
        and text[0].isupper()
        and text.endswith((".", ".”", '."'))
        and not OPENERS.match(text)
        and not POINTERS.search(text)
    )


def _headings(lecture: Lecture) -> frozenset[str]:
    texts = (block.text for block in lecture.blocks if block.kind is Kind.HEADING)
    return frozenset(
        re.sub(r"^(?:[\d.]+ |The |An? )", "", text).casefold() for text in texts
    )


def _learnt_terms(sentences: Sequence[_Sentence]) -> Iterator[str]:
    """Yield what the lecture itself defines or names."""
    for sentence in sentences:
        defined, called = DEFINITION.match(sentence.text), CALLED.match(sentence.text)
        if called:
            yield re.sub(r"^(?:an?|the) ", "", called["name"]).casefold()
        elif defined and _is_definition(defined, sentence):
            yield defined["term"].casefold()


def _define(sentence: _Sentence) -> Proposal | None:
    """Make `A ligand is a molecule that ...` into `What is a ligand?`."""
    match = DEFINITION.match(sentence.text)
    if match is None or not _is_definition(match, sentence):
        return None
    article, term, verb = match["article"], match["term"], match["verb"]
    name = f"{article.lower()} {term}" if article else inside(term, sentence.lecture)
    if verb in COPULAS:
        front = f"What {verb} {name}?"
    else:
        front = meant_by(term if article else name)
    return _basic(sentence, front, match["meaning"], rule="definition")


def _is_definition(match: re.Match[str], sentence: _Sentence) -> bool:
    term, meaning = match["term"], match["meaning"]
    if (
        len(term.split()) > LONGEST_TERM_WORDS
        or NOT_A_TERM.search(term)
        or HEADLESS.match(term)
        or NO_TERM_START.match(term)
        or len(meaning.split()) < FEWEST_MEANING_WORDS
        or EMPTY_MEANING.match(meaning)
        or NO_MEANING.search(meaning)
        or len([one for one in WORD.findall(meaning) if len(one) > 1])
        < FEWEST_MEANING_WORDS - 1
    ):
        return False
    is_told = match["verb"] in {"was", "were"} and not match["article"]
    if match["verb"] not in COPULAS or (MEANING_STARTS.match(meaning) and not is_told):
        return True
    return term.casefold() in sentence.headings and not WEAK_START.match(meaning)


def _name(sentence: _Sentence) -> Proposal | None:
    """Make `... is called turgor` into a question for the name."""
    match = CALLED.match(sentence.text)
    if match is None or STRAY.search(match["subject"]):
        return None
    subject, name = match["subject"], match["name"]
    words = len(subject.split())
    if words < FEWEST_MEANING_WORDS:
        return None
    plain = re.match(r"(?:An?|The) [^,]+$", subject) and words <= LONGEST_CLAIM_WORDS
    if not plain:
        return _cloze(sentence, re.sub(r"^(?:an?|the) ", "", name), rule="name")
    asked = inside(subject, sentence.lecture)
    return _basic(sentence, f"What {match['verb']} {asked} called?", name, rule="name")


def _state(sentence: _Sentence) -> Proposal | None:
    """Make `The X theorem states that ...` into `What does the X theorem state?`."""
    match = STATES.match(sentence.text)
    if match is None:
        return None
    name = inside(match["name"], sentence.lecture)
    return _basic(sentence, f"What does {name} state?", match["claim"], rule="statement")


def _equivalence(sentence: _Sentence) -> Proposal | None:
    """Ask for the other half of an `if and only if`."""
    match = EQUIVALENCE.match(sentence.text)
    if match is None or len(match["left"].split()) < FEWEST_MEANING_WORDS:
        return None
    front = f"Complete: {match['left']} {match['link']} …"
    return _basic(sentence, front, f"… {match['right']}", rule="equivalence")


def _reason(sentence: _Sentence) -> Proposal | None:
    """Make `A, because B` into `Why is it that A?`."""
    match = REASON.match(sentence.text) or REASON_FIRST.match(sentence.text)
    if match is None:
        return None
    claim, reason = match["claim"].rstrip("."), match["reason"].rstrip(".")
    words = len(claim.split())
    fits = FEWEST_MEANING_WORDS <= words <= LONGEST_CLAIM_WORDS
    if not fits or len(reason.split()) < FEWEST_MEANING_WORDS or ASIDE.match(claim):
        return None
    front = f"Why is it that {inside(claim, sentence.lecture)}?"
    back = f"Because {inside(reason, sentence.lecture)}."
    return _basic(sentence, front, back, rule="reason")


def _date(sentence: _Sentence) -> Proposal | None:
    """Hide the only date of a sentence."""
    if _points_back(sentence.text):
        return None
    dates = [match["date"] for match in DATE.finditer(sentence.text)]
    years = re.findall(r"\b(?:1\d{3}|20[0-4]\d)\b", sentence.text)
    if len(dates) != 1 or len(years) != 1:
        return None
    return _cloze(sentence, dates[0], rule="date")


def _quantity(sentence: _Sentence) -> Proposal | None:
    """Hide the only measured number of a sentence."""
    found = [match.group() for match in QUANTITY.finditer(sentence.text)]
    numbers = re.findall(r"\d+", sentence.text.replace(found[0], "")) if found else []
    if len(found) != 1 or numbers or _points_back(sentence.text):
        return None
    return _cloze(sentence, found[0].strip(), rule="quantity")


def _term(sentence: _Sentence) -> Proposal | None:
    """Hide the longest term that the lecture defines elsewhere."""
    inside = sentence.text.split(maxsplit=1)[1]
    if _points_back(sentence.text):
        return None
    present = [term for term in _candidates(sentence) if _is_worth_hiding(term, inside)]
    if not present or len(sentence.text.split()) < FEWEST_WORDS + 2:
        return None
    term = max(present, key=lambda one: (len(one.split()), len(one), one))
    match = re.search(rf"(?<!\w){re.escape(term)}s?(?!\w)", inside, re.IGNORECASE)
    return _cloze(sentence, match.group(), rule="term") if match else None


def _by_first_word(terms: Iterable[str]) -> Mapping[str, Sequence[str]]:
    """Index terms, so that a sentence is not compared with every term of a long book."""
    index: dict[str, list[str]] = {}
    for term in terms:
        first = LETTERS.search(term)
        if first:
            index.setdefault(first.group(), []).append(term)
    return index


def _candidates(sentence: _Sentence) -> Iterator[str]:
    words = set(LETTERS.findall(sentence.text.casefold()))
    for word in words | {word.removesuffix("s") for word in words}:
        yield from sentence.terms.get(word, ())


def _points_back(text: str) -> bool:
    """Say whether a pronoun comes too early to mean something in the same sentence."""
    words = text.split()
    return ASIDE.search(" ".join(words[: max(EARLY_WORDS, len(words) // 2)])) is not None


def _is_worth_hiding(term: str, text: str) -> bool:
    words = len(term.split())
    return (
        len(term) > SHORTEST_LEAK
        and words <= LONGEST_TERM_WORDS // 2
        and not HEADLESS.match(term)
        and not NOT_A_TERM.search(term)
        and len(re.findall(rf"(?<!\w){re.escape(term)}s?(?!\w)", text, re.IGNORECASE)) == 1
    )


def _basic(sentence: _Sentence, front: str, back: str, *, rule: str) -> Proposal:
    back = sentence_case(back)
    return Proposal("basic", front, back, sentence.page, sentence.text, rule)


def _cloze(sentence: _Sentence, hidden: str, *, rule: str) -> Proposal:
    start = sentence.text.rfind(hidden)
    front = (
        f"{sentence.text[:start]}{{{{c1::{hidden}}}}}{sentence.text[start + len(hidden) :]}"
    )
    return Proposal("cloze", front, hidden, sentence.page, sentence.text, rule)


SENTENCE_RULES: tuple[Callable[[_Sentence], Proposal | None], ...] = (
    _name,
    _state,
    _equivalence,
    _define,
    _reason,
    _date,
    _quantity,
    _term,
)
"""The first rule that fits a sentence makes its card."""
