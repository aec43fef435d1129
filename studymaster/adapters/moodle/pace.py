"""How turns at a Moodle site are given: how many to begin with, how long, how patiently."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Pace:
    """How turns are given; all times in seconds.

    A turn runs out after `lease`; as long as somebody has it, it is renewed every `renew`. It
    is given up when nothing was asked for `idle`, or after `hold` when somebody else waits.
    While there are turns, Redis is told and asked every `tell`; who has turns and could gain
    more asks after `more`. Who has none looks every `look` or a little later, and loses the
    place in the queue after `absent` without looking. A site begins with `first` turns.
    Nobody waits through a pause longer than `pause`, or longer than `queue`. A Redis that is
    only late is waited for up to `late`: a busy machine is no reason to ask more than the
    limit.
    """

    lease: float = 120.0
    renew: float = 30.0
    idle: float = 0.2
    hold: float = 1.0
    tell: float = 0.25
    more: float = 0.05
    look: float = 0.02
    absent: float = 1.0
    first: int = 2
    pause: float = 60.0
    queue: float = 600.0
    late: float = 10.0


PACE: Final = Pace()
