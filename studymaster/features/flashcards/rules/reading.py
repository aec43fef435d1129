"""A lecture as its reader sees it: headings, paragraphs, lists and sentences, page by page.

A PDF gives lines. What belongs together is read from their length, their first letter and
how they end; running headers, page numbers and captions are left out.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

SHORT_LINE = 0.65  # of the usual width: such a line ends what it belongs to
FULL_LINE = 0.9
USUAL_LINE = 0.8  # four lines in five are not longer
LONGEST_HEADING_WORDS = 10
RUNNING_LINES = 3  # at the top and at the bottom of a page
RUNNING_SHARE = 0.6
FEWEST_RUNNING_PAGES = 2
FEWEST_LETTERS = 0.6  # of a heading: less is a formula or a row of numbers
FEWEST_SENTENCE_WORDS = 8
LONGEST_SYMBOL = 3  # letters: max, det, log
MOST_FORMULA_WORDS = 1

RELATION = re.compile(r"[=≈≤≥≠<>→⇌∈∑∫]")
BULLET = re.compile(r"^(?:[•▪◦‣●·*\u2013—-]|\(?[a-h]\))\s+")
NUMBER = re.compile(r"^\(?\d{1,2}[.)]\s+")
PAGE_NUMBER = re.compile(
    r"^(?:page|p\.|slide|seite)?\s*\d+(?:\s*(?:of|/|von)\s*\d+)?$", re.IGNORECASE
)
CAPTION = re.compile(r"^(?:Figure|Fig\.|Table|Listing|Plate|Source)\s*\d*[.:]")
SENTENCE_END = re.compile(r"(?<=[.!?])[\"'”\u2019)]?\s+(?=[\"“\u2018(]?[A-ZÀ-ÞΑ-Ω0-9])")
ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|cf|ca|vs|etc|al|Fig|Figs|Eq|Eqs|Ch|No|Nos|Vol|St|Dr|Mr|Mrs|Ms|Prof|"
    r"approx|resp|Sec|Thm|Def|Ex|p|pp|Jr|Sr|Inc)|\b[A-Z])\.$"
)
FIRST_WORD = re.compile(
    r"(?:The|An?|It|Its|If|In|For|This|These|That|Then|Both|Let|We|When|But|And|So|To|Two|"
    r"Every|Each|All|Such|As|By|With|Since|Because|Hence|Thus|There|They|On|At|From|One|No)\b"
)
STARTED = re.compile(r"[\"“\u2018(]?[A-ZÀ-ÞΑ-Ω0-9\u211d\u2102\u2124\u2115∀∃]")
ENDED = re.compile(r"[.!?:;][\"'”\u2019)]*$")
WORD = re.compile(r"[^\W\d_]+(?:['\u2019][a-z]+)?")
# Only from the start of a word: from each of its letters, one endless word takes for ever.
BROKEN_WORD = re.compile(r"(?<![^\W\d_])([^\W\d_]+)-\n([a-zà-þ]+)")


@dataclass(frozen=True, slots=True)
class PageText:
    """The text of one page; `number` counts from 1."""

    number: int
    text: str


class Kind(Enum):
    """What a block is."""

    HEADING = auto()
    PARAGRAPH = auto()
    BULLET = auto()
    STEP = auto()


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together.

    Attributes:
        kind: What it is.
        page: Its page, from 1.
        raw: Its lines as they stand on the page.
        text: The same in one line: no list mark, broken words made whole.
    """

    kind: Kind
    page: int
    raw: str
    text: str


@dataclass(frozen=True, slots=True)
class Lecture:
    """A lecture taken apart.

    Attributes:
        blocks: Everything readable, in order.
        lower: Words that occur in lower case.
        names: Words that stand capitalised inside a sentence.
    """

    blocks: tuple[Block, ...]
    lower: frozenset[str]
    names: frozenset[str]


def read_lecture(pages: Sequence[PageText]) -> Lecture:
    """Take the pages of one document apart."""
    running = _running_lines(pages)
    lines = {page.number: _own_lines(page, running) for page in pages}
    width = _usual_width(lines)
    lower = frozenset(
        word for page in pages for word in _whole_words(page.text) if word.islower()
    )
    found = [
        _block(number, group, lower=lower)
        for number, own in lines.items()
        for group in _groups(own, width=width)
    ]
    blocks = tuple(_with_headings([block for block in found if block is not None]))
    return Lecture(blocks, lower, frozenset(_names(blocks)))


def split_sentences(text: str) -> list[str]:
    """Return the sentences of a text in one line; `e.g.` and `3.5` end none."""
    sentences: list[str] = []
    pieces: list[str] = []
    start = 0
    for end in SENTENCE_END.finditer(text):
        piece = text[start : end.end()].rstrip()
        pieces.append(piece)
        start = end.end()
        if not ABBREVIATION.search(piece) or _is_variable(piece, text, after=start):
            sentences.append(" ".join(pieces).strip())
            pieces = []
    sentences.append(" ".join([*pieces, text[start:]]).strip())
    return [sentence for sentence in sentences if sentence]


def _is_variable(piece: str, text: str, *, after: int) -> bool:
    """Say whether a last capital is a letter of a formula (`in V. The`), not an initial."""
    return bool(re.search(r"\b[A-Z]\.$", piece) and FIRST_WORD.match(text, after))


def _whole_words(text: str) -> list[str]:
    return WORD.findall(BROKEN_WORD.sub(" ", text))


def _running_lines(pages: Sequence[PageText]) -> set[str]:
    """Return, without their numbers, the lines that frame most pages."""
    seen = Counter(
        shape
        for page in pages
        for shape in {_shape(line) for line in _edges(_lines(page.text))}
        if not shape.endswith(".") or len(shape.split()) < FEWEST_SENTENCE_WORDS
    )
    least = max(FEWEST_RUNNING_PAGES, RUNNING_SHARE * len(pages))
    return {shape for shape, count in seen.items() if count >= least}


def _own_lines(page: PageText, running: set[str]) -> list[str]:
    lines = _lines(page.text)
    edges = set(_edges(lines))
    return [
        line
        for line in lines
        if not (line in edges and (_shape(line) in running or PAGE_NUMBER.match(line)))
    ]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _edges(lines: list[str]) -> list[str]:
    return lines[:RUNNING_LINES] + lines[-RUNNING_LINES:]


def _shape(line: str) -> str:
    return re.sub(r"\d+", "#", line).casefold()


def _usual_width(lines: dict[int, list[str]]) -> int:
    lengths = sorted(len(line) for own in lines.values() for line in own)
    return lengths[int(len(lengths) * USUAL_LINE)] if lengths else 0


def _groups(lines: list[str], *, width: int) -> Iterator[list[str]]:
    """Yield lines that belong together."""
    group: list[str] = []
    for index, line in enumerate(lines):
        after = lines[index + 1] if index + 1 < len(lines) else ""
        if group and _starts_anew(group, line, after=after, width=width):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _starts_anew(group: list[str], line: str, *, after: str, width: int) -> bool:
    before = group[-1]
    if _is_marked(line) or (_is_formula(line) and ENDED.search(before)):
        return True
    if not STARTED.match(line):
        return False
    if len(before) < SHORT_LINE * width:
        return True
    if not ENDED.search(before):
        return False
    is_title = not ENDED.search(line) and bool(STARTED.match(after) or _is_marked(after))
    return len(before) < FULL_LINE * width or (is_title and len(line) < SHORT_LINE * width)


def _is_formula(line: str) -> bool:
    words = [word for word in WORD.findall(line) if len(word) > LONGEST_SYMBOL]
    return bool(RELATION.search(line)) and len(words) <= MOST_FORMULA_WORDS


def _is_marked(line: str) -> bool:
    return bool(BULLET.match(line) or NUMBER.match(line))


def _block(page: int, lines: list[str], *, lower: frozenset[str]) -> Block | None:
    if CAPTION.match(lines[0]):
        return None
    raw = "\n".join(lines)
    kind = Kind.PARAGRAPH
    if BULLET.match(raw):
        kind = Kind.BULLET
    elif NUMBER.match(raw):
        kind = Kind.STEP
    text = NUMBER.sub("", BULLET.sub("", raw)) if kind is not Kind.PARAGRAPH else raw
    return Block(kind, page, raw, join_lines(text, lower=lower))


def join_lines(text: str, *, lower: frozenset[str]) -> str:
    """Return the text in one line; a word broken at a line's end is made whole.

    Of `well-` and `known` the hyphen stays unless the lecture has the whole word.
    """

    def mend(broken: re.Match[str]) -> str:
        first, second = broken.groups()
        are_words = first.lower() in lower and second in lower
        whole = first + second
        return whole if whole.lower() in lower or not are_words else f"{first}-{second}"

    return " ".join(BROKEN_WORD.sub(mend, text).replace("-\n", "-").split())


def _with_headings(blocks: list[Block]) -> Iterator[Block]:
    """Name the headings: short blocks that some text follows."""
    for index, block in enumerate(blocks):
        following = blocks[index + 1 : index + 4]
        alone = all(near.kind is not block.kind for near in blocks[index - 1 : index])
        is_plain = block.kind is Kind.PARAGRAPH or (block.kind is Kind.STEP and alone)
        if is_plain and _may_be_heading(block) and _leads(block, following):
            yield replace(block, kind=Kind.HEADING)
        else:
            yield block


def _may_be_heading(block: Block) -> bool:
    letters = sum(letter.isalpha() or letter == " " for letter in block.text)
    return (
        len(block.text.split()) <= LONGEST_HEADING_WORDS
        and bool(STARTED.match(block.text))
        and (not ENDED.search(block.text) or block.text.endswith("?"))
        and letters >= FEWEST_LETTERS * len(block.text)
    )


def _leads(block: Block, following: list[Block]) -> bool:
    """Say whether running text comes after at most one more heading."""
    for near in following[:2]:
        if near.page != block.page:
            return False
        if near.kind is Kind.STEP and block.kind is Kind.STEP:
            return False
        if near.kind is not Kind.PARAGRAPH or ENDED.search(near.text):
            return True
        if not _may_be_heading(near):
            return len(near.text.split()) > LONGEST_HEADING_WORDS
    return False


def _names(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        if block.kind is Kind.HEADING:
            continue
        for sentence in split_sentences(block.text):
            for word in sentence.split()[1:]:
                bare = word.strip(".,;:!?()\"'“”\u2019")
                if bare[:1].isupper():
                    yield bare
