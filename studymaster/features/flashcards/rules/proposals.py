"""Cards that a lecture proposes by itself: definitions, names, reasons, lists, dates, terms.

A rule looks at a sentence (or a list, or a heading) and returns a card or nothing; silence is
better than a card that a student would throw away. Every card carries its page and the
exact words it was made from.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import Literal

from studymaster.features.flashcards.rules.quotes import SHORTEST_QUOTE, fold, is_on_page
from studymaster.features.flashcards.rules.reading import (
    WORD,
    Block,
    Kind,
    Lecture,
    PageText,
    join_lines,
    read_lecture,
    split_sentences,
)

CardKind = Literal["basic", "cloze"]

LONGEST_FRONT = 500
LONGEST_BACK = 1_500
LONGEST_SENTENCE = 360
FEWEST_WORDS = 6
MOST_WORDS = 45  # more is a table that ran into a sentence
FEWEST_MEANING_WORDS = 4
LONGEST_TERM_WORDS = 6
LONGEST_CLAIM_WORDS = 24
LONGEST_EXPLANATION = 320
LIST_SIZES = range(2, 8)
COPULAS = frozenset({"is", "are", "was", "were"})
FEWEST_DATES = 2  # a lecture with fewer is not one in which years are learnt
DATES_PER_PAGE = 3
EARLY_WORDS = 8
FEWEST_ANSWER_WORDS = 8
SHORTEST_LEAK = 4

GAP = re.compile(r"\{\{c1::(.+?)\}\}")

# A sentence that points outside itself cannot stand alone on a card.
OPENERS = re.compile(
    r"(?:It|Its|This|These|Those|That|They|Their|He|His|She|Her|Such|Here|There|Both|Neither|"
    r"Another|Others?|Each|One|Some|But|And|Or|So|Thus|Hence|Therefore|However|Moreover|Then|"
    r"Also|Instead|Yet|Conversely|Similarly|Likewise|Otherwise|Later|Next|First|Second|Third|"
    r"Finally|Now|We|You|I|Let|Note|Recall|Suppose|Consider|Assume|Proof|Check|Put|Apply|"
    r"Rank|Add|Draw|Start|Replace|Divide|Repeat|Look|Compare|Use|Show|Find|Write|Take|Choose|"
    r"Compute|Trace|Imagine|Remember|Think|"
    r"For example|For instance|For this|For such|In this|In such|In that case|In the example|"
    r"In these|At this|With this|From this|As a result|The same|The others?|The latter|"
    r"The former|The first|The second|The third|The last|The converse|Even|Again|Still|Only)\b"
)
POINTERS = re.compile(
    r"\b(?:this|these|those|above|below|earlier|following|previous|figure|table|lecture|"
    r"chapter|section|seminar|example|exercise|week|we|our|us|you|your|so far|as follows)\b",
    re.IGNORECASE,
)
HEADLESS = re.compile(
    r"(?:reason|result|aim|goal|purpose|idea|point|problem|question|answer|difference|trick|"
    r"number|value|rule|proof|case|effect|cause|consequence|outcome|force|driving force|way|"
    r"key|step|other|rest|order|condition|advantage|disadvantage|price|product|cost|task|"
    r"theorem|lemma|definition|mood|best|worst|worst case|most \w+|least \w+|main \w+|same|next|last|latter|former|"
    r"converse|whole|total|theory|trace|lecture|chapter|degree|time|state|process|method)s?$",
    re.IGNORECASE,
)
NOT_A_TERM = re.compile(
    r"\b(?:that|which|who|whose|when|if|because|where|while|as|and|or|but|not|it|they|"
    r"what|how|why|there|is|are|was|were|has|have|had|does|can|may|must|will|than|every|"
    r"all|no|any|this|these|each)\b",
    re.IGNORECASE,
)
NO_TERM_START = re.compile(
    r"(?:In|On|At|For|With|From|By|After|Before|During|Under|More|Most|Less|Least|Worse|Better|"
    r"Much|Many|Few|Not|Only|Also)\b"
)
NO_MEANING = re.compile(r" because |^(?:\S+ ){0,3}\S+: ")
DEFINITION = re.compile(
    r"^(?:(?P<article>An?|The) )?(?P<term>[^,;:.]{3,70}?) "
    r"(?P<verb>is|are|was|were|means|refers to|denotes|is defined as|are defined as) "
    r"(?P<meaning>.+)$"
)
MEANING_STARTS = re.compile(
    r"(?:an?|the|any|one|two|three|four|those|what|how|everything) ", re.IGNORECASE
)
EMPTY_MEANING = re.compile(
    r"(?:the (?:same|most|first|second|only|main|best|reason|case|mood|one|opposite)|"
    r"a (?:good|bad|simple|common|classic\w*|typical|matter|question|mistake|member|kind of)|"
    r"an? (?:important|easy|explosive|example)|one of|one \w+ only|two of|three of|in )\b"
)
WEAK_START = re.compile(
    r"(?:not|also|only|often|usually|always|never|very|more|most|less|too|still|now|then|"
    r"so|as|at|in|on|of|from|by|like|for|to|with|about|between|\w+ed|\w+ing|\w+able|\w+ible|\w+er|"
    r"large|small|safe|true|false|equal|easy|hard|simple|linearly|its|their)\b"
)
CALLED = re.compile(
    r"^(?P<subject>.+?) (?P<verb>is|are) (?:also |usually |often |therefore )?"
    r"(?:called|known as|termed|referred to as) "
    r"(?P<name>(?:an? |the )?[\w\u2018'\u2019\u2013-]+(?: [\w\u2019\u2013-]+){0,3}?)(?P<rest>[.,;:(]| and | or | because ).*$"
)
STATES = re.compile(
    r"^(?P<name>(?:The )?[^,;:.]{3,60}?(?:theorem|theory|model|postulate|law|principle|rule|lemma|hypothesis|criterion"
    r"|thesis|inequality|formula)(?: of \w+)?) (?:states|says|asserts|claims) that (?P<claim>.+)$"
)
EQUIVALENCE = re.compile(
    r"^(?P<left>.+?),? (?P<link>if and only if|exactly when|precisely when) (?P<right>.+)$"
)
REASON = re.compile(
    r"^(?P<claim>[^;:]+?),?(?: (?:mainly|partly|simply|largely|chiefly|just))?,? because (?P<reason>[^;:]+)[.;:]"
)
REASON_FIRST = re.compile(r"^Because (?P<reason>[^,;:]+), (?P<claim>[^;:]+)\.$")
MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December"
)
DATE = re.compile(
    rf"(?:\b(?:[Ii]n|[Oo]n)|(?:\b[A-Z]\w+|summer|spring|autumn|winter) of) "
    rf"(?P<date>(?:(?:\d{{1,2}} )?(?:{MONTHS}) )?(?:1\d{{3}}|20[0-4]\d)(?:[\u2013-]\d{{2,4}})?)\b"
)
QUANTITY = re.compile(
    r"(?<![\w.,\u2013-])(?P<number>\d[\d.,]*(?: \d{3})*(?: (?:million|billion))? ?"
    r"(?:%|°C|K|per cent|percent|nm|nanometres|kilometres|metres|kJ/mol|kJ|hours|days|years|"
    r"base pairs|pounds|degrees|million|billion))(?!\w)"
    r"|(?P<growth>[OΘΩ]\([^()]*(?:\([^()]*\))?[^()]*\))"
)
COLON = re.compile(r"^(?P<term>[A-ZÀ-Þ][^:.;,]{2,50}): (?P<meaning>.{20,})$")
NOT_TO_DEFINE = re.compile(
    r"(?:Note|Example|Remark|Proof|Warning|Theorem|Lemma|Check|For|If|When|In|Exercise|"
    r"Question|Task|Hint|Step|Answer|Reading|Homework|Room|Contact|Date|Time)\b"
)
COUNTED = re.compile(
    r"\b(?:two|three|four|five|six|seven|several)\b(?! (?:years|months|weeks|days|hours))",
    re.IGNORECASE,
)
QUESTION = re.compile(r"^(?:What|Why|How|When|Where|Who|Which)\b")
CLOSED_HEADING = re.compile(
    r"^(?:summary|contents|outline|agenda|literature|references|reading|further reading|"
    r"exercises?|questions?|learning (?:goals|outcomes|objectives)|homework|overview)\b",
    re.IGNORECASE,
)
LETTERS = re.compile(r"\w+")
STRAY = re.compile(r"\b(?:it|they|them|he|she|him)\b", re.IGNORECASE)
ASIDE = re.compile(r"\b(?:it|they|them|its|their|he|she|his|her)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A card that waits for the student's word.

    Attributes:
        kind: `basic`, or `cloze` whose front has one gap `{{c1::words}}`.
        front: The question, or the sentence with its gap.
        back: The answer, or the words of the gap.
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


def propose(pages: Sequence[PageText], *, title: str, limit: int = 60) -> list[Proposal]:
    """Return up to `limit` cards made from the pages, the most useful first.

    Pages take turns, so that a long first chapter does not use up the limit.
    """
    lecture = read_lecture(pages)
    texts = {page.number: page.text for page in pages}
    found = [*_from_sentences(lecture), *_from_blocks(lecture, title=title)]
    good = [one for one in found if check(one, texts[one.page]) is None]
    ranked = sorted(good, key=lambda one: RANKS[one.rule])
    by_page: dict[int, list[Proposal]] = {number: [] for number in texts}
    for one in _once_each(_moderate(ranked)):
        by_page[one.page].append(one)
    turns = zip_longest(*by_page.values())
    return [one for turn in turns for one in turn if one is not None][:limit]


def _moderate(found: Iterable[Proposal]) -> Iterator[Proposal]:
    """Keep a few dates per page, and one gap per term."""
    hidden: set[tuple[str, str]] = set()
    dates = Counter[int]()
    for one in found:
        gap = (one.rule, fold(one.back).casefold().removesuffix("s"))
        dates[one.page] += one.rule == "date"
        if (one.rule == "date" and dates[one.page] > DATES_PER_PAGE) or gap in hidden:
            continue
        if one.rule == "term":
            hidden.add(gap)
        yield one


def propose_glossary(entries: Sequence[PageText]) -> list[Proposal]:
    """Return a card per glossary entry: a page whose first line is the term."""
    found: list[Proposal] = []
    for entry in entries:
        term, _, definition = entry.text.strip().partition("\n")
        meaning = join_lines(definition, lower=frozenset())
        card = Proposal(
            "basic", _meant_by(term.strip()), meaning, entry.number, meaning, "glossary"
        )
        if check(card, entry.text) is None:
            found.append(card)
    return _once_each(found)


def check(proposal: Proposal, page_text: str) -> str | None:
    """Return why a proposal is refused, in a sentence; None when it may be shown.

    Holds for proposals by any maker.
    """
    front, back = proposal.front.strip(), proposal.back.strip()
    if not front or not back:
        return "The question or the answer is empty."
    if len(front) > LONGEST_FRONT or len(back) > LONGEST_BACK:
        return "The question or the answer is too long for a card."
    if len(fold(proposal.quote)) < SHORTEST_QUOTE:
        return "The quote is too short to prove anything."
    if not is_on_page(page_text, proposal.quote):
        return f"The quote is not on page {proposal.page}."
    return _refuse_cloze(front) if proposal.kind == "cloze" else _refuse_basic(front, back)


def _refuse_cloze(front: str) -> str | None:
    gaps = GAP.findall(front)
    if len(gaps) != 1:
        return "The sentence needs exactly one gap."
    seen = GAP.sub(" ", front)
    if not re.search(r"\w{3}", seen):
        return "The sentence is nothing but its gap."
    return "The rest of the sentence gives the gap away." if _has(seen, gaps[0]) else None


def _refuse_basic(front: str, back: str) -> str | None:
    leaks = len(fold(back)) >= SHORTEST_LEAK and _has(front, back.rstrip("."))
    return "The question already contains its answer." if leaks else None


def _has(text: str, words: str) -> bool:
    wanted = re.escape(fold(words).casefold())
    return re.search(rf"(?<!\w){wanted}(?!\w)", fold(text).casefold()) is not None


def _once_each(found: Iterable[Proposal]) -> list[Proposal]:
    """Keep the first card per question and per sentence."""
    seen: set[str] = set()
    kept: list[Proposal] = []
    for one in found:
        source = split_sentences(one.quote)[0]
        keys = {fold(one.front).casefold(), fold(source).casefold()}
        if not keys & seen:
            kept.append(one)
            seen |= keys
    return kept


def _from_sentences(lecture: Lecture) -> Iterator[Proposal]:
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
    name = f"{article.lower()} {term}" if article else _inside(term, sentence.lecture)
    if verb in COPULAS:
        front = f"What {verb} {name}?"
    else:
        front = _meant_by(term if article else name)
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
    asked = _inside(subject, sentence.lecture)
    return _basic(sentence, f"What {match['verb']} {asked} called?", name, rule="name")


def _state(sentence: _Sentence) -> Proposal | None:
    """Make `The X theorem states that ...` into `What does the X theorem state?`."""
    match = STATES.match(sentence.text)
    if match is None:
        return None
    name = _inside(match["name"], sentence.lecture)
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
    front = f"Why is it that {_inside(claim, sentence.lecture)}?"
    back = f"Because {_inside(reason, sentence.lecture)}."
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


def _from_blocks(lecture: Lecture, *, title: str) -> Iterator[Proposal]:
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
    asked = asked if not title or _has(asked, title) else f"{title}: {asked}"
    return Proposal("basic", asked, answer, block.page, answer, "question")


def _explained(heading: str, lecture: Lecture) -> str:
    first, _, rest = heading.partition(" ")
    return f"Explain {first.lower()} {_inside(rest, lecture)}."


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
    about = "" if not heading or _has(intro, heading) else f"{heading}: "
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
    front, back = _meant_by(term), _sentence_case(meaning)
    return Proposal("basic", front, back, block.page, block.text, "entry")


def _basic(sentence: _Sentence, front: str, back: str, *, rule: str) -> Proposal:
    back = _sentence_case(back)
    return Proposal("basic", front, back, sentence.page, sentence.text, rule)


def _cloze(sentence: _Sentence, hidden: str, *, rule: str) -> Proposal:
    start = sentence.text.rfind(hidden)
    front = (
        f"{sentence.text[:start]}{{{{c1::{hidden}}}}}{sentence.text[start + len(hidden) :]}"
    )
    return Proposal("cloze", front, hidden, sentence.page, sentence.text, rule)


def _meant_by(term: str) -> str:
    return f"What is meant by “{term}”?"


def _sentence_case(text: str) -> str:
    """Return the text with a capital first letter, unless that letter is a symbol."""
    is_word = re.match(r"[a-zà-þ]{2}|a ", text)
    return text[:1].upper() + text[1:] if is_word else text


def _inside(text: str, lecture: Lecture) -> str:
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

RANKS = {
    rule: rank
    for rank, rule in enumerate(
        (
            "definition",
            "statement",
            "name",
            "equivalence",
            "list",
            "entry",
            "reason",
            "question",
            "date",
            "quantity",
            "term",
        )
    )
}
"""How useful the cards of a rule are to a student: 0 is most."""
