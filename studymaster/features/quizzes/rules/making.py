"""How questions are made out of cards: choices, claims, short answers, by a seed. Pure."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from random import Random
from typing import Final, Literal

from studymaster import gaps
from studymaster.features.quizzes.rules.comparing import fold, is_right
from studymaster.typed import clean

Kind = Literal["choice", "true_false", "short", "matching"]

FEWEST_CARDS: Final = 4
"""With fewer, there are not enough wrong answers to choose among."""

WRONG_ANSWERS: Final = 3
SHORTEST_CHOICE: Final = 2
LONGEST_OPTION: Final = 220
SHORT_WORDS: Final = 4
SHORT_LETTERS: Final = 40
TRUE, FALSE = "True", "False"
BLANK: Final = "_____"
LIST_MARK: Final = re.compile(r"^\s*(?:[-*+•]|\d+[.)])\s", re.MULTILINE)
PAIRS: Final = 4
LONGEST_PAIRED: Final = 80
PAIR_UP: Final = "Which belong together?"
MARKS: Final = re.compile(r"[\n`*_$\\\[\]<>]")
"""What would be drawn, or end a line; a list to choose from shows plain words."""

SHORTEST_TOPIC: Final = 4
"""Letters from which on a word can say what a card is about."""


@dataclass(frozen=True, slots=True)
class Card:
    """What a quiz needs to know of a card; `key` names it, `deck` says where it lies.

    A sentence has all its gaps; `ordinal` is the number of the one that is asked.
    """

    key: str
    deck: str
    is_cloze: bool
    front: str
    back: str
    ordinal: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """One question.

    Attributes:
        key: The card it was made from.
        kind: `choice`, `true_false`, `short` or `matching`.
        prompt: What is asked.
        options: What can be chosen; empty where something is typed.
        answer: The right option, or what should be typed.
        explanation: The card in words.
        asked: What is matched with the options, on the left; `answer` is then a JSON list.
        keys: The cards of `asked`.
    """

    key: str
    kind: Kind
    prompt: str
    options: tuple[str, ...]
    answer: str
    explanation: str
    asked: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()


def make_items(cards: Sequence[Card], *, count: int, seed: int) -> list[Item]:
    """Return up to `count` questions, each from another card; the same seed, the same quiz.

    The kinds take turns as far as the cards allow. A card with a long answer is left out
    where the other cards have no wrong answer for it. Where four cards with few words are
    left over, the last question is to pair them.
    """
    chance = Random(seed)  # noqa: S311 - a quiz, no secret
    chosen = list(cards)
    chance.shuffle(chosen)
    makers = [MAKERS[kind] for kind in chance.sample(sorted(MAKERS), k=len(MAKERS))]
    items: list[Item] = []
    for place, card in enumerate(chosen):
        if len(items) == count - 1 and (last := matching_item(chosen[place:], chance)):
            return [*items, last]
        turn = len(items) % len(makers)
        tries = [*makers[turn:], *makers[:turn]]
        made = (maker(card, cards, chance) for maker in tries)
        item = next((one for one in made if one), None)
        if item is not None:
            items.append(item)
        if len(items) == count:
            break
    return items


def shuffle_options(items: Sequence[Item], *, seed: int) -> list[Item]:
    """Return the same questions in another order, their choices in another order too."""
    chance = Random(seed)  # noqa: S311 - a quiz, no secret
    again = [_in_new_order(item, chance) for item in items]
    chance.shuffle(again)
    return again


def _in_new_order(item: Item, chance: Random) -> Item:
    if item.kind not in {"choice", "matching"}:
        return item
    options = tuple(chance.sample(item.options, k=len(item.options)))
    return replace(item, options=options)


def choice_item(card: Card, cards: Sequence[Card], chance: Random) -> Item | None:
    """Return a question with one right and up to three wrong options; None without two."""
    wrong = wrong_answers(card, cards, chance)
    if len(wrong) < SHORTEST_CHOICE:
        return None
    right = shown(card.back)
    options = [right, *wrong]
    chance.shuffle(options)
    return Item(
        card.key, "choice", question(card), tuple(options), right, explanation(card)
    )


def claim_item(card: Card, cards: Sequence[Card], chance: Random) -> Item | None:
    """Return a claim to be called true or false; None where no false one can be made."""
    wrong = wrong_answers(card, cards, chance)
    if not wrong:
        return None
    is_true = chance.random() < 1 / 2
    claimed = shown(card.back) if is_true else wrong[0]
    # Several lines, such as a list, begin below the word.
    space = "\n\n" if "\n" in claimed else " "
    prompt = f"{question(card)}\n\nAnswer:{space}{claimed}\n\nIs that right?"
    return Item(
        card.key,
        "true_false",
        prompt,
        (TRUE, FALSE),
        TRUE if is_true else FALSE,
        explanation(card),
    )


def short_item(card: Card, _: Sequence[Card], __: Random) -> Item | None:
    """Return a question to be answered by typing; None where the answer is long."""
    back = clean(card.back)
    fits = len(back.split()) <= SHORT_WORDS and len(back) <= SHORT_LETTERS
    if not fits or not fold(back):
        return None
    return Item(card.key, "short", question(card), (), back, explanation(card))


def matching_item(cards: Sequence[Card], chance: Random) -> Item | None:
    """Return a question that pairs four cards with their answers; None without four."""
    chosen: list[Card] = []
    for card in cards:
        if len(chosen) < PAIRS and _can_be_paired(card, chosen):
            chosen.append(card)
    if len(chosen) < PAIRS:
        return None
    answers = [clean(card.back) for card in chosen]
    return Item(
        "",
        "matching",
        PAIR_UP,
        tuple(chance.sample(answers, k=PAIRS)),
        json.dumps(answers, ensure_ascii=False),
        "\n".join(
            f"- {question(card)}: {answer}"
            for card, answer in zip(chosen, answers, strict=True)
        ),
        asked=tuple(question(card) for card in chosen),
        keys=tuple(card.key for card in chosen),
    )


def _can_be_paired(card: Card, chosen: Sequence[Card]) -> bool:
    """Say whether a card has few, plain words, and none that fit one of the others."""
    back = clean(card.back)
    sides = (back, card.front)
    if card.is_cloze or not fold(back) or any(_is_too_much(side) for side in sides):
        return False
    others = [clean(one.back) for one in chosen]
    alike = any(not _is_wrong(back, other) for other in others)
    return not alike and not any(_same_question(card, one) for one in chosen)


def _is_too_much(side: str) -> bool:
    return len(side) > LONGEST_PAIRED or bool(MARKS.search(side))


MAKERS: Final[dict[Kind, Callable[[Card, Sequence[Card], Random], Item | None]]] = {
    "choice": choice_item,
    "true_false": claim_item,
    "short": short_item,
}


def wrong_answers(card: Card, cards: Sequence[Card], chance: Random) -> list[str]:
    """Return up to three answers of other cards that are wrong here, misleading ones first.

    Those of the same deck and kind come first, then lists for a list, then the ones of a
    similar length, then those with words in common. What the question says itself is none.
    """
    right, asked = shown(card.back), question(card)
    others = [one for one in cards if one.key != card.key]
    chance.shuffle(others)
    others.sort(key=lambda one: _distance(card, one))
    found: dict[str, str] = {}
    for other in others:
        option = shown(other.back)
        if (
            _is_wrong(option, right)
            and not _is_said(option, asked)
            and not _same_question(card, other)
        ):
            found.setdefault(fold(option) or option, option)
        if len(found) == WRONG_ANSWERS:
            break
    return list(found.values())


def _distance(card: Card, other: Card) -> tuple[bool, bool, bool, bool, int]:
    lengths = sorted((len(card.back), len(other.back)))
    return (
        other.deck != card.deck,
        other.is_cloze is not card.is_cloze,
        bool(LIST_MARK.search(other.back)) is not bool(LIST_MARK.search(card.back)),
        lengths[1] - lengths[0] > max(20, lengths[0]),
        -len(_topic(card) & _topic(other)),
    )


@lru_cache(maxsize=1_024)
def _topic(card: Card) -> frozenset[str]:
    """Return the longer words of a card."""
    words = fold(f"{card.front} {card.back}").split()
    return frozenset(word for word in words if len(word) >= SHORTEST_TOPIC)


def _is_wrong(option: str, right: str) -> bool:
    """Say whether an option cannot pass for the right answer."""
    one, other = fold(option), fold(right)
    if one in other or other in one:
        return False
    return not is_right(option, answer=right)


def _is_said(option: str, asked: str) -> bool:
    """Say whether the question has the option in it, as that of a reversed card has."""
    return f" {fold(option)} " in f" {fold(asked)} "


def _same_question(card: Card, other: Card) -> bool:
    return fold(question(card)) == fold(question(other))


def question(card: Card) -> str:
    """Return what a card asks; a gap is left blank."""
    if not card.is_cloze:
        return card.front
    return gaps.question(card.front, card.ordinal, blank=BLANK)


def explanation(card: Card) -> str:
    """Return the whole card in words."""
    if card.is_cloze:
        return gaps.solution(card.front)
    return f"{card.front}\n{card.back}"


def shown(text: str) -> str:
    """Return an answer as an option: its lines as they are, at most 220 characters."""
    lines = [_tidy(line) for line in clean(text).splitlines()]
    option = "\n".join(lines).strip()
    if len(option) <= LONGEST_OPTION:
        return option
    return f"{option[: LONGEST_OPTION - 1].rsplit(maxsplit=1)[0].rstrip()}…"


def _tidy(line: str) -> str:
    """Return a line with single blanks; what it is moved in by stays, as lists need it."""
    inset = line[: len(line) - len(line.lstrip())]
    return inset + " ".join(line.split())
