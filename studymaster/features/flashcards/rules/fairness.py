"""Whether a proposal may be shown: fair to ask, and proven by its page. Pure."""

import re

from studymaster import gaps
from studymaster.errors import InvalidInputError
from studymaster.features.flashcards.rules.drafts import Proposal, has
from studymaster.features.flashcards.rules.quotes import SHORTEST_QUOTE, fold, is_on_page

LONGEST_FRONT = 500
LONGEST_BACK = 1_500
SHORTEST_LEAK = 4


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
    try:
        found = gaps.parse_gaps(front)
    except InvalidInputError as error:
        return error.message
    for number in gaps.numbers(found):
        seen = gaps.question(front, number, blank=" ")
        if not re.search(r"\w{3}", seen):
            return "The sentence is nothing but its gap."
        if any(has(seen, one.words) for one in found if one.number == number):
            return "The rest of the sentence gives the gap away."
    return None


def _refuse_basic(front: str, back: str) -> str | None:
    leaks = len(fold(back)) >= SHORTEST_LEAK and has(front, back.rstrip("."))
    return "The question already contains its answer." if leaks else None
