"""Cards that a lecture proposes by itself: definitions, names, reasons, lists, dates, terms.

A rule looks at a sentence (or a list, or a heading) and returns a card or nothing; silence is
better than a card that a student would throw away. Every card carries its page and the
exact words it was made from.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from studymaster.features.flashcards.rules.drafts import Proposal, meant_by
from studymaster.features.flashcards.rules.fairness import check
from studymaster.features.flashcards.rules.passages import from_passages
from studymaster.features.flashcards.rules.quotes import fold
from studymaster.features.flashcards.rules.reading import (
    PageText,
    join_lines,
    read_lecture,
    split_sentences,
)
from studymaster.features.flashcards.rules.sentences import from_sentences

DATES_PER_PAGE = 3


def propose(pages: Sequence[PageText], *, title: str, limit: int = 60) -> list[Proposal]:
    """Return up to `limit` cards made from the pages, the most useful first.

    Pages take turns, so that a long first chapter does not use up the limit.
    """
    lecture = read_lecture(pages)
    texts = {page.number: page.text for page in pages}
    found = [*from_sentences(lecture), *from_passages(lecture, title=title)]
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
            "basic", meant_by(term.strip()), meaning, entry.number, meaning, "glossary"
        )
        if check(card, entry.text) is None:
            found.append(card)
    return _once_each(found)


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
