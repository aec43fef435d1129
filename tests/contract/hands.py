"""The hands of the clock, which a test moves."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.conftest import NOON


@dataclass
class Hands:
    """What the clock shows."""

    now: datetime = NOON

    def forward(self, **time: float) -> None:
        self.now += timedelta(**time)
