import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from redis import Redis
from sqlalchemy import create_engine, text

from operate import embedded

ROOT = Path(__file__).parents[2]
STARTED_AND_WAITING = """
import sys
from pathlib import Path
from operate import embedded
folder = Path(sys.argv[1])
with embedded.postgres(folder / "p") as database, embedded.valkey(folder / "v") as queue:
    print(database, queue, flush=True)
    sys.stdin.read()
"""


def ask(url: str, statement: str) -> object:
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg2:"))
    with engine.begin() as connection:
        result = connection.execute(text(statement))
        answer = result.scalar() if result.returns_rows else None
    engine.dispose()
    return answer


def servers_in(folder: Path) -> list[str]:
    found = []
    for process in psutil.process_iter():
        try:
            if Path(process.cwd()).is_relative_to(folder):
                found.append(process.name())
        except (psutil.Error, OSError):
            continue
    return found


def test_the_database_keeps_its_data_and_leaves_no_process(tmp_path):
    with embedded.postgres(tmp_path / "p") as url:
        ask(url, "CREATE TABLE kept AS SELECT 42 AS answer")
    assert servers_in(tmp_path) == []
    with embedded.postgres(tmp_path / "p") as url:
        assert ask(url, "SELECT answer FROM kept") == 42
        assert ask(url, "SELECT lower('ÄRGER')") == "ärger"


def test_the_queue_keeps_its_data_and_wants_its_password(tmp_path):
    with embedded.valkey(tmp_path / "v") as url:
        Redis.from_url(url).set("kept", "yes")
    with embedded.valkey(tmp_path / "v") as url:
        assert Redis.from_url(url).get("kept") == b"yes"
        with pytest.raises(Exception, match=r"[Aa]uthentication required"):
            Redis.from_url(f"redis://{url.rpartition('@')[2]}").ping()


def test_both_work_in_a_closed_folder_with_a_very_long_path(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    folder = closed / ("a-long-name-" * 10)
    with (
        embedded.postgres(folder / "p") as database,
        embedded.valkey(folder / "v") as queue,
    ):
        assert ask(database, "SELECT 1") == 1
        assert Redis.from_url(queue).ping()
    assert closed.stat().st_mode & 0o777 == 0o700


def test_what_a_killed_run_left_running_is_replaced_and_its_data_kept(tmp_path):
    killed = subprocess.Popen(
        [sys.executable, "-c", STARTED_AND_WAITING, str(tmp_path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    database, _ = killed.stdout.readline().split()
    ask(database, "CREATE TABLE kept AS SELECT 42 AS answer")
    os.kill(killed.pid, signal.SIGKILL)
    killed.communicate()
    assert {"postgres", "valkey-server"} <= set(servers_in(tmp_path))

    with embedded.postgres(tmp_path / "p") as database, embedded.valkey(tmp_path / "v"):
        assert ask(database, "SELECT answer FROM kept") == 42
        assert servers_in(tmp_path).count("valkey-server") == 1


def test_a_second_run_in_the_same_folder_is_refused(tmp_path):
    with (
        embedded.valkey(tmp_path),
        pytest.raises(
            embedded.EmbeddedServiceError, match="Another run of StudyMaster uses"
        ),
        embedded.valkey(tmp_path),
    ):
        pass
