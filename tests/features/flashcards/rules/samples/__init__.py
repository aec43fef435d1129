"""Lectures of our own writing, as a PDF reader returns them: a form feed between pages."""

from pathlib import Path

from studymaster.features.flashcards.rules.reading import PageText

HERE = Path(__file__).parent


def sample(name: str) -> list[PageText]:
    text = (HERE / f"{name}.txt").read_text(encoding="utf-8")
    return [PageText(number, page) for number, page in enumerate(text.split("\f"), 1)]
