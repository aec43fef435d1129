"""Thirty days of one student in Berlin, worked by hand, as the ledger has to tell them."""

from dataclasses import dataclass
from datetime import date

ZONE = "Europe/Berlin"
DAY_START_HOUR = 4

THIRTY_DAYS = """
day          did           earned   fate     streak  freezes  lost  balance
2030-03-11   20 reviews        40   active        1        0     0       40
2030-03-12   25 minutes         5   active        2        0     0       45
2030-03-13    9 minutes         1   idle          0        0     1       45
2030-03-14    nothing           0   idle          0        0     1       44
2030-03-15   55 reviews       110   active        1        0     0      154
2030-03-16   10 minutes         2   active        2        0     0      156
2030-03-17   30 reviews        60   active        3        0     0      216
2030-03-18   30 reviews        60   active        4        0     0      276
2030-03-19   10 reviews        20   active        5        0     0      296
2030-03-20   50 minutes        10   active        6        0     0      306
2030-03-21    1 review          2   active        7        1     0      308
2030-03-22    nothing           0   frozen        7        0     0      308
2030-03-23   20 reviews        40   active        8        0     0      348
2030-03-24   20 reviews        40   active        9        0     0      388
2030-03-25   20 reviews        40   active       10        0     0      428
2030-03-26   20 reviews        40   active       11        0     0      468
2030-03-27   20 reviews        40   active       12        0     0      508
2030-03-28   20 reviews        40   active       13        0     0      548
2030-03-29   20 reviews        40   active       14        1     0      588
2030-03-30    nothing           0   frozen       14        0     0      588
2030-03-31    nothing           0   idle          0        0    12      576
2030-04-01    5 reviews        10   active        1        0     0      586
2030-04-02    nothing           0   idle          0        0    12      574
2030-04-03    nothing           0   idle          0        0    11      563
2030-04-04    nothing           0   idle          0        0    11      552
2030-04-05    nothing           0   idle          0        0    11      541
2030-04-06    nothing           0   idle          0        0    11      530
2030-04-07    nothing           0   idle          0        0    11      519
2030-04-08    nothing           0   idle          0        0    10      509
2030-04-09  100 reviews       200   active        1        0     0      709
"""
"""The clocks go forward in the night to 31 March: the day of 30 March has 23 hours."""


@dataclass(frozen=True, slots=True)
class GoldenDay:
    """One line of a table: what was done, and what the end of the day makes of it."""

    day: date
    reviews: int
    minutes: int
    earned: int
    fate: str
    streak: int
    freezes: int
    lost: int
    balance: int


def read(table: str) -> list[GoldenDay]:
    """Return the lines of a table."""
    return [_read_line(line.split()) for line in table.strip().splitlines()[1:]]


def _read_line(words: list[str]) -> GoldenDay:
    day, *did, earned, fate, streak, freezes, lost, balance = words
    count = int(did[0]) if len(did) > 1 else 0
    return GoldenDay(
        day=date.fromisoformat(day),
        reviews=count if did[-1].startswith("review") else 0,
        minutes=count if did[-1].startswith("minute") else 0,
        earned=int(earned),
        fate=fate,
        streak=int(streak),
        freezes=int(freezes),
        lost=int(lost),
        balance=int(balance),
    )
