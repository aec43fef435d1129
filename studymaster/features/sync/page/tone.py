"""How a run went, as a shape and a colour beside the words that say it."""

import reflex as rx

from studymaster.features.sync.schemas import Tone
from studymaster.ui import controls
from studymaster.ui.theme import Line

SHAPES: dict[Tone, tuple[str, str]] = {
    "busy": ("refresh_cw", Line.SYNC.hue),
    "good": ("circle_check", Line.CAMPUS.hue),
    "short": ("triangle_alert", Line.FOCUS.hue),
    "bad": ("circle_alert", Line.ACCOUNT.hue),
    "off": ("circle_pause", Line.HUB.hue),
}


def mark(tone: Tone, *, size: int = 18) -> rx.Component:
    """Draw how a run went; nothing where there is none."""
    shapes = [
        (
            value,
            rx.el.span(controls.icon(name, size=size), class_name=f"{line} text-hue-ink"),
        )
        for value, (name, line) in SHAPES.items()
    ]
    return rx.el.span(rx.match(tone, *shapes, rx.fragment()), class_name="flex-none")
