"""The colours keep the contrast that people need, in both themes."""

import re
from pathlib import Path

import pytest

from studymaster.ui.theme import COURSE_LINES, TAILWIND, Line, course_line

CSS = (Path(__file__).parents[2] / "assets/css/studymaster.css").read_text()
SURFACES = ("bg", "bg2", "card", "card2")
HUES = [*(line.hue for line in Line), *(course_line(n) for n in range(COURSE_LINES))]
TINT = 0.13

Colour = tuple[float, float, float]


def block(selector: str) -> dict[str, str]:
    found = re.search(
        rf"^{re.escape(selector)} \{{(.*?)^\}}", CSS, re.DOTALL | re.MULTILINE
    )
    assert found, selector
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", found[1]))


def tokens(theme: str) -> dict[str, str]:
    dark = block(":root")
    return dark if theme == "dark" else dark | block(":root.light")


def colour(theme: str, name: str) -> Colour:
    value = tokens(theme)[name]
    if value.startswith("var("):
        return colour(theme, value[6:-1])
    digits = value.removeprefix("#")
    full = digits if len(digits) == 6 else "".join(digit * 2 for digit in digits)
    red, green, blue = (int(full[n : n + 2], 16) / 255 for n in (0, 2, 4))
    return red, green, blue


def luminance(of: Colour) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in of
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def tinted(mark: Colour, surface: Colour) -> Colour:
    red, green, blue = (
        TINT * over + (1 - TINT) * under for over, under in zip(mark, surface, strict=True)
    )
    return red, green, blue


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("ink", ["ink", "ink2", "ink3"])
def test_every_text_colour_is_readable_on_every_surface(theme, surface, ink) -> None:
    assert contrast(colour(theme, ink), colour(theme, surface)) >= 4.5


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("hue", HUES)
def test_a_lines_mark_is_seen_and_its_words_are_readable(theme, hue) -> None:
    names = block(f".{hue}")
    mark, ink = (colour(theme, names[name][6:-1]) for name in ("hue", "hue-ink"))
    for name in SURFACES:
        surface = colour(theme, name)
        assert contrast(mark, surface) >= 3
        assert contrast(ink, surface) >= 4.5
        assert contrast(ink, tinted(mark, surface)) >= 4.5


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("surface", SURFACES)
def test_the_edge_of_a_field_is_seen(theme, surface) -> None:
    assert contrast(colour(theme, "edge"), colour(theme, surface)) >= 3


def test_each_course_has_a_colour_of_its_own() -> None:
    marks = [block(f".{course_line(n)}")["hue"] for n in range(COURSE_LINES)]
    assert len(set(marks)) == COURSE_LINES


def test_every_token_that_tailwind_names_is_drawn_by_the_stylesheet() -> None:
    names = re.findall(r"var\(--([\w-]+)\)", str(TAILWIND))
    assert names
    assert set(names) <= set(tokens("dark"))


def test_every_font_that_the_stylesheet_asks_for_is_there_with_its_licence() -> None:
    folder = Path(__file__).parents[2] / "assets"
    for address in re.findall(r'url\("/([^"]+)"\)', CSS):
        assert (folder / address).is_file(), address
    assert len(list(folder.glob("fonts/*-OFL.txt"))) == 3
