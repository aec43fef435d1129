"""Figures of several processes are told as one, and the dead claim nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

from studymaster.adapters import metrics

ROOT = Path(__file__).parents[2]
COUNTING = """
import sys
from studymaster.adapters import metrics
metrics.CACHE_READS.labels("statistics", "hit").inc(2)
metrics.SOCKETS.labels("pages").set(3)
print("counted", flush=True)
sys.stdin.read()
"""
HITS = 'studymaster_cache_reads_total{kind="statistics",result="hit"}'
PAGES = 'studymaster_websocket_connections{namespace="pages"}'


@pytest.fixture
def counting(tmp_path):
    """Start a process that counts, and keep it until its input ends."""
    started = []

    def start() -> subprocess.Popen:
        process = subprocess.Popen(
            [sys.executable, "-c", COUNTING],
            cwd=ROOT,
            env={"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout.readline() == "counted\n"
        return process

    yield start
    for process in started:
        process.communicate()


def told(folder: Path) -> dict[str, float]:
    lines = metrics.exposition(waiting={}, shared=folder).decode().splitlines()
    figures = (line.rpartition(" ") for line in lines if not line.startswith("#"))
    return {name: float(value) for name, _, value in figures}


def test_two_processes_are_added_up(counting, tmp_path) -> None:
    counting()
    counting()
    assert (told(tmp_path)[HITS], told(tmp_path)[PAGES]) == (4, 6)


def test_a_process_that_ended_has_counted_but_holds_nothing_open(
    counting, tmp_path
) -> None:
    counting()
    counting().communicate()
    assert (told(tmp_path)[HITS], told(tmp_path)[PAGES]) == (4, 3)
