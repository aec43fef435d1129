"""The lines of the map, their colours, and the design's tokens as Tailwind names."""

from enum import StrEnum
from typing import Final

COURSE_LINES: Final = 10
"""How many colours a course can have; `assets/css/studymaster.css` draws them."""


class Line(StrEnum):
    """One area of the product: one line of the map, one colour."""

    HUB = "hub"
    STUDY = "study"
    FOCUS = "focus"
    CAMPUS = "campus"
    SYNC = "sync"
    ACCOUNT = "acct"
    DUMP = "dump"

    @property
    def hue(self) -> str:
        """The class that gives an element and all inside it this line's colour."""
        return f"line-{self.value}"


def course_line(index: int) -> str:
    """Return the class that gives an element a course's colour (also for a Var)."""
    return f"course-{index}"


TAILWIND: Final = {
    "content": ["./app/**/*.{js,jsx}", "./utils/**/*.{js,jsx}", "./public/**/*.jsx"],
    "theme": {
        "extend": {
            "colors": {
                "bg": "var(--bg)",
                "bg2": "var(--bg2)",
                "card": "var(--card)",
                "card2": "var(--card2)",
                "hairline": "var(--hairline)",
                "hairline2": "var(--hairline2)",
                "edge": "var(--edge)",
                "ink": "var(--ink)",
                "ink2": "var(--ink2)",
                "ink3": "var(--ink3)",
                "paper": "var(--paper)",
                "paper-ink": "var(--paper-ink)",
                "hue": "var(--hue)",
                "hue-ink": "var(--hue-ink)",
                **{line.value: f"var(--{line.value})" for line in Line},
                **{f"{line.value}-ink": f"var(--{line.value}-ink)" for line in Line},
            },
            "fontFamily": {
                "body": "var(--font-body)",
                "display": "var(--font-display)",
                "study": "var(--font-study)",
            },
        }
    },
}
"""The configuration of `rx.plugins.TailwindV4Plugin`."""
