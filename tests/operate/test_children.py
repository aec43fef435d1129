import os
import signal
import socket
import sys
import time
from pathlib import Path

import psutil
import pytest

from operate.children import Child, ChildStoppedError, Family

SAYS_IT_RUNS = """
import os, signal, socket
socket.create_connection(("127.0.0.1", int(os.environ["PORT"]))).close()
signal.pause()
"""
WITH_A_CHILD = f"""
import subprocess, sys
subprocess.Popen([sys.executable, "-c", {SAYS_IT_RUNS!r}], start_new_session=True)
{SAYS_IT_RUNS}
"""
DEAF = f"""
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
{SAYS_IT_RUNS}
"""
PATIENCE_SECONDS = 20


@pytest.fixture
def family(tmp_path: Path):
    made = Family(str(tmp_path), logs=tmp_path / "logs")
    yield made
    made.stop()


def python(name: str, code: str) -> Child:
    return Child(name, (sys.executable, "-c", code))


def marked(run: Path) -> list[int]:
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("STUDYMASTER_RUN") == str(run):
                found.append(process.pid)
        except (psutil.Error, OSError):
            continue
    return found


def start_and_wait(family: Family, child: Child, *, answers: int, folder: Path) -> None:
    """Return when the child (and what it started) has said that it runs."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(PATIENCE_SECONDS)
        port = str(server.getsockname()[1])
        family.start(child, {**os.environ, "PORT": port}, folder=folder)
        for _ in range(answers):
            server.accept()[0].close()


def test_a_child_that_ends_is_named_with_its_exit_code_and_log(family, tmp_path):
    family.start(
        python("worker", "print('no luck'); raise SystemExit(3)"),
        os.environ,
        folder=tmp_path,
    )
    deadline = time.monotonic() + PATIENCE_SECONDS
    with pytest.raises(
        ChildStoppedError, match=r"worker stopped with exit code 3; see .*worker.log"
    ):
        while time.monotonic() < deadline:
            family.check()
    assert (tmp_path / "logs" / "worker.log").read_text() == "no luck\n"


def test_stopping_ends_what_the_children_started_too(family, tmp_path):
    start_and_wait(family, python("web", WITH_A_CHILD), answers=2, folder=tmp_path)
    assert len(marked(tmp_path)) == 2
    family.stop()
    assert marked(tmp_path) == []


def test_a_child_that_ignores_the_request_to_stop_is_ended(family, tmp_path, monkeypatch):
    monkeypatch.setattr("operate.children.STOP_SECONDS", 0.2)
    start_and_wait(family, python("web", DEAF), answers=1, folder=tmp_path)
    family.stop()
    assert marked(tmp_path) == []


def wait_until_ended(family: Family) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            family.check()
        except ChildStoppedError:
            return
    pytest.fail("The child did not end.")


def test_a_child_that_ends_is_started_again_and_keeps_its_log(family, tmp_path):
    family.start(python("demo", "print('hello')"), os.environ, folder=tmp_path)
    wait_until_ended(family)
    (said,) = family.revive(now=1.0)
    log = tmp_path / "logs" / "demo.log"
    assert said == f"demo stopped with exit code 0; see {log}. It was started again."
    wait_until_ended(family)
    assert log.read_text() == "hello\nhello\n"


def test_a_child_that_ends_again_and_again_ends_the_run(family, tmp_path):
    family.start(python("worker", "raise SystemExit(3)"), os.environ, folder=tmp_path)
    for now in (0.0, 100.0, 110.0, 120.0):  # the first is long over
        wait_until_ended(family)
        assert len(family.revive(now=now)) == 1
    wait_until_ended(family)
    with pytest.raises(ChildStoppedError, match="worker stopped with exit code 3"):
        family.revive(now=130.0)


def test_what_a_dead_child_had_started_is_ended_before_it_starts_again(family, tmp_path):
    start_and_wait(family, python("web", WITH_A_CHILD), answers=2, folder=tmp_path)
    before = set(marked(tmp_path))
    leader = next(one for one in before if psutil.Process(one).ppid() == os.getpid())
    os.kill(leader, signal.SIGKILL)
    wait_until_ended(family)
    family.revive(now=0.0)
    assert not before & set(marked(tmp_path))
