"""The time zones that a student can choose from: places, not the names that computers use."""

from functools import cache
from importlib.resources import files
from zoneinfo import available_timezones

from studymaster.features.accounts.rules import FALLBACK_ZONE


def list_zones(current: str) -> list[str]:
    """Return the zones named by region and city, UTC, and the one that holds now."""
    return sorted({*_places(), FALLBACK_ZONE, current})


@cache
def _places() -> frozenset[str]:
    # The table of the world's places: country, coordinates, zone, remarks.
    table = files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines() if not line.startswith("#")]
    return frozenset(row[2] for row in rows) & available_timezones()
