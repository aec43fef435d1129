"""`python -m demo --host 127.0.0.1 --port N --data DIR`: start the demo Moodle."""

import argparse
from pathlib import Path

from demo.server import run


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--data", type=Path, required=True)
    wanted = parser.parse_args()
    run(host=wanted.host, port=wanted.port, data=wanted.data)


if __name__ == "__main__":
    main()
