"""`python -m demo` starts, answers, says nothing, and stops when asked to."""

import signal
import socket
import subprocess
import sys
from pathlib import Path

from tests.demo.serving import free_port, wait_until_it_answers

ROOT = Path(__file__).parents[2]


def command(port: int, data: Path) -> list[str]:
    return [sys.executable, "-m", "demo", "--port", str(port), "--data", str(data)]


def test_the_command_serves_silently_until_it_is_asked_to_stop(built: Path):
    port = free_port()
    with subprocess.Popen(
        command(port, built), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as program:
        wait_until_it_answers(f"http://127.0.0.1:{port}")
        program.send_signal(signal.SIGTERM)
        said, _ = program.communicate(timeout=20)

    assert said == b""
    assert program.returncode == 0


def test_a_taken_port_is_told_in_one_sentence(built: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        told = subprocess.run(
            command(port, built), cwd=ROOT, capture_output=True, text=True, check=False
        )

    assert told.returncode == 1
    assert told.stderr == (
        f"The demo Moodle cannot listen on 127.0.0.1:{port}: Address already in use.\n"
    )
