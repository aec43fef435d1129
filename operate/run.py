"""`make run`: the whole product in one terminal, until Ctrl-C.

Settings of this command, in the environment: PORT (8000), DEMO_PORT (8001), DATA (.data).
"""

import os
import signal
import sys
import time
from pathlib import Path
from types import FrameType
from typing import NoReturn

from operate.children import ChildStoppedError
from operate.errors import CannotStartError
from operate.product import Place, Product, running
from operate.terminal import say

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PAUSE_SECONDS = 0.2


class Asked(BaseException):
    """Somebody asked us to stop: Ctrl-C, a signal, or their terminal closed."""


def main() -> int:
    """Run until asked to stop (0), or until a part fails (1)."""
    for number in STOP_SIGNALS:
        signal.signal(number, _stop)
    try:
        with running(_place()) as product:
            _announce(product)
            _watch(product)
    except Asked:
        say("Stopped.")
        return 0
    except ChildStoppedError as error:
        say(f"{error}\nEverything else was stopped.")
    except CannotStartError as error:
        say(f"{error}\nStudyMaster did not start.")
    return 1


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    for number in STOP_SIGNALS:
        signal.signal(
            number, signal.SIG_IGN
        )  # impatience must not interrupt the tidying up
    say("\nStopping ...")
    raise Asked


def _place() -> Place:
    return Place(
        data=Path(os.environ.get("DATA", ".data")),
        port=int(os.environ.get("PORT", "8000")),
        demo_port=int(os.environ.get("DEMO_PORT", "8001")),
    )


def _announce(product: Product) -> None:
    place = product.place
    student = "user mina, password campus"
    say(f"{place.address} — demo sign-in: Moodle {place.demo_address}, {student}")


def _watch(product: Product) -> NoReturn:
    while True:
        for sentence in product.family.revive(now=time.monotonic()):
            say(sentence)
        time.sleep(PAUSE_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
