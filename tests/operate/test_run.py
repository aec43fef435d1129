"""`make run` from the outside: one terminal, the real parts."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import pytest

from operate.embedded import free_port

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 240  # the first start may build the pages
STOP_SECONDS = 20
OURS = ("PATH", "HOME", "LANG", "TMPDIR")


def environment(data: Path, port: int, demo_port: int) -> dict[str, str]:
    """What a person's shell has, without the settings of the other tests."""
    kept = {name: os.environ[name] for name in OURS if name in os.environ}
    kept |= {
        name: value for name, value in os.environ.items() if "CERT" in name or "npm" in name
    }
    return {**kept, "DATA": str(data), "PORT": str(port), "DEMO_PORT": str(demo_port)}


@contextmanager
def terminal(data: Path, *, port: int, demo_port: int) -> Generator[subprocess.Popen[str]]:
    """Start the command in a terminal of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "operate.run"],
        cwd=ROOT,
        env=environment(data, port, demo_port),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    impatience = threading.Timer(PATIENCE_SECONDS, process.kill)
    impatience.start()
    try:
        yield process
    finally:
        impatience.cancel()
        process.terminate()
        process.communicate()


def read_until(process: subprocess.Popen[str], word: str) -> str:
    """Read lines up to one with `word` in it; fail with what was said when it never comes."""
    said = ""
    for line in process.stdout:
        said += line
        if word in line:
            return line
    pytest.fail(f"{word!r} was never said:\n{said}")


def processes_of(data: Path) -> dict[str, psutil.Process]:
    found = {}
    for process in psutil.process_iter():
        try:
            marked = process.environ().get("STUDYMASTER_RUN") == str(data.resolve())
            if marked or Path(process.cwd()).is_relative_to(data):
                found[" ".join(process.cmdline())] = process
        except (psutil.Error, OSError):
            continue
    return found


@pytest.mark.browser  # not beside others: it takes both cores, and builds the pages
def test_one_command_starts_everything_and_ctrl_c_leaves_nothing(tmp_path):
    port, demo_port = free_port(), free_port()
    with terminal(tmp_path, port=port, demo_port=demo_port) as process:
        ready = read_until(process, "demo sign-in")
        assert ready == (
            f"http://localhost:{port} — demo sign-in: Moodle http://127.0.0.1:{demo_port}, "
            "user mina, password campus\n"
        )
        home = f"http://127.0.0.1:{port}"
        assert httpx.get(f"{home}/api/v1/health").json() == {"status": "ok"}
        page = httpx.get(f"{home}/sign-in", follow_redirects=True)
        assert page.status_code == 200
        assert f"localhost:{port}" in served_scripts(home, page.text)
        assert {
            path.stat().st_mode & 0o777 for path in (tmp_path / "secrets").iterdir()
        } == {0o600}

        with terminal(tmp_path, port=free_port(), demo_port=free_port()) as second:
            assert "already runs from this folder" in read_until(second, "StudyMaster")
            assert second.wait(STOP_SECONDS) == 1

        process.send_signal(signal.SIGINT)
        assert process.wait(STOP_SECONDS) == 0
        assert processes_of(tmp_path) == {}


def served_scripts(home: str, page: str) -> str:
    names = set(re.findall(r"/assets/reflex-env-[\w-]+\.js", page))
    return "".join(httpx.get(f"{home}{name}").text for name in names)


@pytest.mark.browser
def test_a_crashed_part_is_named_and_started_again(tmp_path):
    with terminal(tmp_path, port=free_port(), demo_port=free_port()) as process:
        read_until(process, "demo sign-in")
        (beat,) = [
            found for name, found in processes_of(tmp_path).items() if " beat " in name
        ]
        beat.kill()
        said = read_until(process, "beat stopped")
        log = tmp_path / "logs" / "beat.log"
        assert said == f"beat stopped with signal 9; see {log}. It was started again.\n"
        again = [name for name in processes_of(tmp_path) if " beat " in name]
        assert len(again) == 1
        process.send_signal(signal.SIGINT)
        assert process.wait(STOP_SECONDS) == 0
        assert processes_of(tmp_path) == {}


@pytest.mark.browser
def test_what_a_killed_run_left_behind_is_replaced(tmp_path):
    port, demo_port = free_port(), free_port()
    with terminal(tmp_path, port=port, demo_port=demo_port) as process:
        read_until(process, "demo sign-in")
        process.kill()
        process.wait()
    left = processes_of(tmp_path)
    assert len(left) >= 4
    with terminal(tmp_path, port=port, demo_port=demo_port) as process:
        read_until(process, "demo sign-in")
        assert not {found.pid for found in left.values()} & {
            found.pid for found in processes_of(tmp_path).values()
        }
        os.killpg(process.pid, signal.SIGHUP)  # their terminal was closed
        assert process.wait(STOP_SECONDS) == 0
    assert processes_of(tmp_path) == {}


@pytest.mark.parametrize("taken", ["PORT", "DEMO_PORT"])
def test_a_taken_port_is_named_before_anything_starts(taken, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        number = other.getsockname()[1]
        ports = {"port": free_port(), "demo_port": free_port(), taken.lower(): number}
        with terminal(tmp_path, **ports) as process:
            said = read_until(process, "taken")
            assert said == (
                f"Port {number} is taken: stop what uses it, or choose another, "
                f"as in make run {taken}={number + 10}.\n"
            )
            assert process.wait(STOP_SECONDS) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["run.lock"]
