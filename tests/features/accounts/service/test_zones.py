from zoneinfo import ZoneInfo

import pytest

from studymaster.features.accounts.service import list_zones


def test_a_zone_is_a_place_with_its_region() -> None:
    zones = list_zones("Europe/Berlin")
    assert {"Europe/Berlin", "Asia/Tokyo", "America/Argentina/Salta", "UTC"} <= {*zones}
    assert all("/" in zone for zone in zones if zone != "UTC")
    assert 350 < len(zones) < 500
    assert zones == sorted(zones)


@pytest.mark.parametrize(
    "name", ["Factory", "localtime", "Zulu", "W-SU", "EST5EDT", "Etc/GMT+5", "US/Eastern"]
)
def test_names_that_only_computers_use_are_left_out(name) -> None:
    assert name not in list_zones("UTC")


def test_each_can_be_kept() -> None:
    assert all(ZoneInfo(zone) for zone in list_zones("UTC"))


def test_the_zone_that_holds_now_can_stay() -> None:
    assert "US/Eastern" in list_zones("US/Eastern")
