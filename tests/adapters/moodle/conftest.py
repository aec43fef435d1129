"""Moodle's tests do not sit through pauses, neither their own nor those of other tests."""

from uuid import uuid4

import pytest

from studymaster.adapters.moodle import gate, retry


@pytest.fixture(autouse=True)
def pauses(monkeypatch) -> list[float]:
    """The pauses that were kept, in seconds."""
    kept: list[float] = []

    async def pass_at_once(seconds: float) -> None:
        kept.append(seconds)

    monkeypatch.setattr(retry, "sleep", pass_at_once)
    return kept


@pytest.fixture(autouse=True)
def _own_gate(monkeypatch) -> None:
    """What one test learns about a site is not known to another."""
    monkeypatch.setattr(gate, "PREFIX", f"gate of {uuid4()}")
