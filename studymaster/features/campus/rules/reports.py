"""When what students reported is hidden. Pure."""

from typing import Final

from studymaster.typed import always, line_for_others

REPORTS_TO_HIDE: Final = 3
"""One may err and two may be friends; a third opinion hides until somebody has looked."""

REASON_MAX: Final = 300


def require_reason(text: object) -> str:
    """Return why something should not be here, in 1 to 300 characters."""
    sentence = f"Say in up to {REASON_MAX} characters what is wrong with it."
    return line_for_others(text, most=REASON_MAX, least=1, says=always(sentence))


def hides(reports: int) -> bool:
    """Say whether so many reports hide what they are about."""
    return reports >= REPORTS_TO_HIDE
