"""What a deck may choose for its day, and why a choice does not do. Pure."""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Final

from studymaster.errors import InvalidInputError
from studymaster.features.flashcards.rules.steps import parse_steps, write_steps

MOST_A_DAY: Final = 9_999
MOST_LAPSES: Final = 99
LONGEST_LANGUAGE: Final = 35

COUNT: Final = re.compile("[0-9]{1,4}")
LANGUAGE: Final = re.compile(
    r"([a-z]{2,3})(?:-([a-z]{4}))?(?:-([a-z]{2}|[0-9]{3}))?"
    r"((?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*)",
    re.IGNORECASE,
)
"""Language, script, region and variants of a BCP 47 tag."""

NEW_ORDERS: Final[Mapping[str, str]] = {
    "lecture": "As they stand in the lectures",
    "random": "Mixed, differently every day",
}
DUE_ORDERS: Final[Mapping[str, str]] = {
    "oldest": "Those that wait longest first",
    "random": "Mixed, differently every day",
    "retrievability": "Those you are likeliest to have forgotten first",
}

ODD_DAY: Final = f"Type a whole number from 0 to {MOST_A_DAY:,} for the cards of a day."
ODD_TODAY: Final = (
    f"Type a whole number from 0 to {MOST_A_DAY:,}, or nothing for the usual."
)
ODD_LAPSES: Final = f"Type a whole number from 0 (never) to {MOST_LAPSES}."
ODD_ORDER: Final = "Choose one of the orders in the list."
ODD_SWITCH: Final = "Choose on or off."
ODD_LANGUAGE: Final = "Type a language such as de, en-GB or zh-Hant, or nothing."

Choice = int | str | bool | None


def parse_choices(given: Mapping[str, object]) -> dict[str, Choice]:
    """Return what somebody chose for a deck, of all that is named.

    Raises:
        InvalidInputError: something of it does not do.
    """
    return {name: PARSERS[name](value) for name, value in given.items() if name in PARSERS}


def find_choice_problems(given: Mapping[str, object]) -> dict[str, str]:
    """Return for each choice why it does not do, or nothing."""
    return {
        name: _problem(parse, given[name]) if name in given else ""
        for name, parse in PARSERS.items()
    }


def _problem(parse: Callable[[object], Choice], value: object) -> str:
    try:
        parse(value)
    except InvalidInputError as error:
        return error.message
    return ""


def _count(value: object, *, most: int, odd: str) -> int:
    words = str(value).strip()
    if not COUNT.fullmatch(words) or int(words) > most:
        raise InvalidInputError(odd)
    return int(words)


def _a_day(value: object) -> int:
    return _count(value, most=MOST_A_DAY, odd=ODD_DAY)


def _today(value: object) -> int | None:
    if value is None or str(value).strip() == "":
        return None
    return _count(value, most=MOST_A_DAY, odd=ODD_TODAY)


def _lapses(value: object) -> int:
    return _count(value, most=MOST_LAPSES, odd=ODD_LAPSES)


def _one_of(value: object, known: Collection[str]) -> str:
    if not isinstance(value, str) or value not in known:
        raise InvalidInputError(ODD_ORDER)
    return value


def _new_order(value: object) -> str:
    return _one_of(value, NEW_ORDERS)


def _due_order(value: object) -> str:
    return _one_of(value, DUE_ORDERS)


def _steps(value: object) -> str:
    return write_steps(parse_steps(value))


def _switch(value: object) -> bool:
    if not isinstance(value, bool):
        raise InvalidInputError(ODD_SWITCH)
    return value


def _language(value: object) -> str:
    words = str(value or "").strip().replace("_", "-")
    if not words:
        return ""
    found = LANGUAGE.fullmatch(words)
    if found is None or len(words) > LONGEST_LANGUAGE:
        raise InvalidInputError(ODD_LANGUAGE)
    language, script, region, variants = found.groups()
    parts = [language.lower(), (script or "").title(), (region or "").upper()]
    return "-".join(part for part in parts if part) + variants.lower()


PARSERS: Final[Mapping[str, Callable[[object], Choice]]] = {
    "new_per_day": _a_day,
    "reviews_per_day": _a_day,
    "new_today": _today,
    "reviews_today": _today,
    "new_order": _new_order,
    "due_order": _due_order,
    "steps": _steps,
    "relearning_steps": _steps,
    "bury_siblings": _switch,
    "leech_at": _lapses,
    "leech_suspends": _switch,
    "language": _language,
}
TODAY_ONLY: Final = frozenset({"new_today", "reviews_today"})
SWITCHES: Final = frozenset({"bury_siblings", "leech_suspends"})
