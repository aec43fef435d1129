"""`python -m demo --host 127.0.0.1 --port N --data DIR`: start the demo Moodle."""

import argparse
import os
import socket
import sys
from pathlib import Path

from demo.server import run


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--data", type=Path, required=True)
    wanted = parser.parse_args()
    _refuse_a_taken_port(wanted.host, wanted.port)
    run(host=wanted.host, port=wanted.port, data=wanted.data)
    # The server's own threads may outlive its loop and panic while Python shuts down.
    os._exit(0)


def _refuse_a_taken_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            sys.exit(f"The demo Moodle cannot listen on {host}:{port}: {error.strerror}.")


if __name__ == "__main__":
    main()
