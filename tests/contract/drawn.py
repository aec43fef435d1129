"""The pages as they are compiled for browsers."""

from functools import cache

from reflex.compiler import compiler

from studymaster.studymaster import SCREENS, Screen


def screen_at(route: str) -> Screen:
    """Return the page with an address."""
    (found,) = [screen for screen in SCREENS if screen.route == route]
    return found


@cache
def code_of(route: str) -> str:
    """Return the JavaScript of a page."""
    return compiler.compile_page(route, screen_at(route).draw())[1]
