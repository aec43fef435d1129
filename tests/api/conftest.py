"""What most tests of the whole interface need."""

import pytest
from limits import RateLimitItemPerMinute

from studymaster.adapters import limits


@pytest.fixture
def unhurried(monkeypatch) -> None:
    """Let everybody ask as often as they like; all else about the brake stays as it is."""

    def generous(_: int, *, namespace: str) -> RateLimitItemPerMinute:
        return RateLimitItemPerMinute(1_000_000, namespace=namespace)

    monkeypatch.setattr(limits, "RateLimitItemPerMinute", generous)
