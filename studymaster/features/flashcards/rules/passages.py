"""Cards from headings that ask, from lists, and from entries with their meaning. Pure."""

import re
from collections.abc import Iterator, Sequence

from studymaster.features.flashcards.rules.drafts import (
    Proposal,
    has,
    inside,
    meant_by,
    sentence_case,
)
from studymaster.features.flashcards.rules.phrases import (
    ASIDE,
    CLOSED_HEADING,
    COLON,
    COUNTED,
    DEFINITION,
    LONGEST_TERM_WORDS,
    NOT_A_TERM,
    NOT_TO_DEFINE,
    OPENERS,
    POINTERS,
    QUESTION,
)
from studymaster.features.flashcards.rules.reading import (
    Block,
    Kind,
    Lecture,
    split_sentences,
)

LONGEST_EXPLANATION = 320
LIST_SIZES = range(2, 8)
FEWEST_ANSWER_WORDS = 8


def from_passages(lecture: Lecture, *, title: str) -> Iterator[Proposal]:
    """Yield a card for each heading that asks, list that is counted, and entry."""
    heading = ""
    for index, block in enumerate(lecture.blocks):
        after = lecture.blocks[index + 1 : index + 1 + LIST_SIZES.stop]
        if block.kind is Kind.HEADING:
            heading = block.text
            card = _explain(block, after, lecture, title=title)
        elif block.kind is Kind.PARAGRAPH:
            card = _list(block, after, heading=heading)
        else:
            card = _entry(block)
        if card is not None:
            yield card


def _explain(
    block: Block, after: Sequence[Block], lecture: Lecture, *, title: str
) -> Proposal | None:
    """Make a heading that asks something into a question about what follows it."""
    asks = QUESTION.match(block.text) and not ASIDE.search(block.text)
    if not asks or not after or after[0].kind is not Kind.PARAGRAPH:
        return None
    if after[0].page != block.page or POINTERS.search(block.text):
        return None
    answer = _first_sentences(after[0].text)
    asked = block.text if block.text.endswith("?") else _explained(block.text, lecture)
    if len(answer.split()) < FEWEST_ANSWER_WORDS:
        return None
    asked = asked if not title or has(asked, title) else f"{title}: {asked}"
    return Proposal("basic", asked, answer, block.page, answer, "question")


def _explained(heading: str, lecture: Lecture) -> str:
    first, _, rest = heading.partition(" ")
    return f"Explain {first.lower()} {inside(rest, lecture)}."


def _first_sentences(text: str) -> str:
    answer = ""
    for sentence in split_sentences(text):
        longer = f"{answer} {sentence}".strip()
        if len(longer) > LONGEST_EXPLANATION or not sentence.endswith("."):
            break
        answer = longer
    return answer


def _list(block: Block, after: Sequence[Block], *, heading: str) -> Proposal | None:
    """Make `Three factors set it:` and the list behind it into one question."""
    intro, items = _intro(block), _items(after, page=block.page)
    if intro is None or len(items) not in LIST_SIZES or CLOSED_HEADING.match(heading):
        return None
    steps = items[0].kind is Kind.STEP
    answers = [split_sentences(item.text)[0] for item in items]
    marks = [f"{number}." if steps else "-" for number in range(1, len(items) + 1)]
    back = "\n".join(f"{mark} {text}" for mark, text in zip(marks, answers, strict=True))
    ask = "Which are they, in order?" if steps else "Which are they?"
    about = "" if not heading or has(intro, heading) else f"{heading}: "
    raw = block.raw.replace("\n", " ")
    quote = f"{split_sentences(raw)[-1]} {' '.join(item.raw for item in items)}"
    return Proposal("basic", f"{about}{intro}. {ask}", back, block.page, quote, "list")


def _intro(block: Block) -> str | None:
    """Return the sentence that opens a list, fit to stand alone, without its colon."""
    *before, last = split_sentences(block.text)
    if not last.endswith(":") or not last[0].isupper():
        return None
    intro = re.sub(
        r"\b(has|have|needs?|takes?|obeys?) the following ", r"\1 several ", last[:-1]
    )
    defined = DEFINITION.match(before[-1]) if before else None
    if defined and defined["term"]:
        intro = re.sub(r"\bit\b", defined["term"].lower(), intro)
    counts = COUNTED.search(intro)
    alone = counts and not (
        OPENERS.match(intro) or POINTERS.search(intro) or ASIDE.search(intro)
    )
    return intro if alone or re.match(r"One \w+ has\b", intro) else None


def _items(after: Sequence[Block], *, page: int) -> list[Block]:
    items: list[Block] = []
    for block in after:
        same = not items or items[0].kind is block.kind
        if block.page != page or block.kind not in {Kind.BULLET, Kind.STEP} or not same:
            break
        items.append(block)
    return items


def _entry(block: Block) -> Proposal | None:
    """Make a list item `Term: its meaning` into a question."""
    match = COLON.match(block.text)
    if match is None or NOT_TO_DEFINE.match(match["term"]):
        return None
    term, meaning = match["term"], match["meaning"]
    if len(term.split()) > LONGEST_TERM_WORDS or NOT_A_TERM.search(term):
        return None
    if POINTERS.search(meaning) or re.search(r"[=≠<>→]|\d", term):
        return None
    front, back = meant_by(term), sentence_case(meaning)
    return Proposal("basic", front, back, block.page, block.text, "entry")
