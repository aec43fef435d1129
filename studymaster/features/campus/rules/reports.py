"""When what students reported is hidden. Pure."""

from typing import Final

from studymaster.features.campus.rules.texts import require_line

REPORTS_TO_HIDE: Final = 3
"""One may err and two may be friends; a third opinion hides until somebody has looked."""

REASON_MAX: Final = 300


def require_reason(text: object) -> str:
    """Return why something should not be here, in 1 to 300 characters."""
    sentence = f"Say in up to {REASON_MAX} characters what is wrong with it."
    return require_line(text, most=REASON_MAX, sentence=sentence)


def hides(reports: int) -> bool:
    """Say whether so many reports hide what they are about."""
    return reports >= REPORTS_TO_HIDE
