"""The whole product on this machine: services, migrations, web, worker, beat and demo Moodle."""

import fcntl
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

import httpx
from celery import Celery

from operate import embedded, frontend
from operate.children import Child, Family, end_leftovers
from operate.errors import CannotStartError
from operate.secret_files import ensure_secrets
from operate.terminal import Say, say
from studymaster.config import Settings, get_settings
from studymaster.jobs import QUEUE, SYNC_QUEUE

ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = "127.0.0.1"
READY_SECONDS = 300.0
PAUSE_SECONDS = 0.1
PING_SECONDS = 0.5
WORKERS = 2


@dataclass(frozen=True, slots=True)
class Place:
    """Where a run keeps its data and which loopback ports it takes."""

    data: Path
    port: int
    demo_port: int

    @property
    def address(self) -> str:
        """The address that a person types."""
        return f"http://localhost:{self.port}"

    @property
    def demo_address(self) -> str:
        """The address of the demo Moodle."""
        return f"http://{LOOPBACK}:{self.demo_port}"


@dataclass(frozen=True, slots=True)
class Product:
    """A running product: its place, the environment of its processes, and their watch."""

    place: Place
    environment: Mapping[str, str]
    family: Family


@contextmanager
def running(place: Place, *, speak: Say = say) -> Generator[Product]:
    """Run the product until the block ends; it answers when the block begins.

    Raises:
        CannotStartError: a port is taken, another run uses the folder, a part does not start.
    """
    with ExitStack() as stack:
        stack.enter_context(_only_run_in(place.data))
        mark = str(place.data.resolve())
        end_leftovers(mark)
        _check_ports(place)
        frontend.ensure_built(
            ROOT / ".data" / "tools", log=place.data / "logs" / "build.log", say=speak
        )
        environment = _environment(place, stack)
        family = Family(mark, logs=place.data / "logs")
        stack.callback(family.stop)
        _migrate(environment)
        for child in _children(place):
            family.start(child, environment, folder=ROOT)
        _await_ready(place, family, environment)
        yield Product(place, environment, family)


def free_place(data: Path) -> Place:
    """Return a place on ports that the system chose."""
    return Place(data, embedded.free_port(), embedded.free_port())


@contextmanager
def _only_run_in(data: Path) -> Generator[None]:
    data.mkdir(parents=True, exist_ok=True)
    with (data / "run.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            msg = f"StudyMaster already runs from this folder ({data}): stop it first."
            raise CannotStartError(msg) from error
        yield


def _check_ports(place: Place) -> None:
    for name, port in (("PORT", place.port), ("DEMO_PORT", place.demo_port)):
        with socket.socket() as probe:
            # As servers do: a connection that is still closing does not hold a port.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((LOOPBACK, port))
            except OSError as error:
                msg = f"Port {port} is taken: stop what uses it, or choose another, as in"
                msg = f"{msg} make run {name}={port + 10}."
                raise CannotStartError(msg) from error


def _environment(place: Place, stack: ExitStack) -> dict[str, str]:
    """Return the environment of every process; what nobody named, we bring ourselves."""
    settings = get_settings()
    secrets = ensure_secrets(place.data / "secrets")
    demo_host = urlsplit(place.demo_address).netloc
    ours = {
        "database_url": lambda: stack.enter_context(
            embedded.postgres(place.data / "postgres")
        ),
        "redis_url": lambda: stack.enter_context(embedded.valkey(place.data / "valkey")),
        "fernet_keys": lambda: secrets["FERNET_KEYS"],
        "jwt_secret": lambda: secrets["JWT_SECRET"],
        "public_url": lambda: place.address,
        "storage_dir": lambda: str(place.data / "storage"),
    }
    return {
        **os.environ,
        **_unnamed(settings, ours),
        "STUDYMASTER_MODE": "embedded",
        "MOODLE_ALLOWED_HOSTS": ",".join({*settings.moodle_allowed_hosts, demo_host}),
        "DEMO_MOODLE_URL": place.demo_address,
        "HOST": LOOPBACK,
        "PORT": str(place.port),
        "WEB_FOLDER": str(place.data / "web"),
        "PYTHONUNBUFFERED": "1",
    }


def _unnamed(settings: Settings, ours: Mapping[str, Callable[[], str]]) -> dict[str, str]:
    missing = {name for name in ours if name not in settings.model_fields_set}
    return {name.upper(): ours[name]() for name in ours if name in missing}


def _migrate(environment: Mapping[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "operate.migrate", "upgrade"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        msg = f"{done.stderr.strip()}\nThe database could not be brought up to date."
        raise CannotStartError(msg)


def _children(place: Place) -> tuple[Child, ...]:
    python = sys.executable
    celery = (python, "-m", "celery", "-A", "workers.app")
    schedule = str(place.data / "beat-schedule")
    demo_data = str(place.data / "demo")
    demo = ("--host", LOOPBACK, "--port", str(place.demo_port), "--data", demo_data)
    return (
        Child("web", (python, "-m", "operate.serve")),
        Child("worker", (*celery, *_worker("cards", queue=QUEUE))),
        Child("sync-worker", (*celery, *_worker("syncs", queue=SYNC_QUEUE))),
        Child("beat", (*celery, "beat", "--schedule", schedule, "--pidfile=")),
        Child("demo", (python, "-m", "demo", *demo)),
    )


def _worker(name: str, *, queue: str) -> tuple[str, ...]:
    """Return how a worker is started that hears one queue: cards do not wait for syncs."""
    return (
        "worker",
        f"--hostname={name}@%h",
        f"--queues={queue}",
        "--concurrency=1",
        "--without-gossip",
        "--without-mingle",
    )


def _await_ready(place: Place, family: Family, environment: Mapping[str, str]) -> None:
    """Wait until every part that can answer does."""
    parts: dict[str, Callable[[], bool]] = {
        "demo": lambda: _answers(place.demo_address),
        "web": lambda: _answers(f"http://{LOOPBACK}:{place.port}/api/v1/health"),
        "worker": lambda: _workers_answer(environment["REDIS_URL"]),
    }
    deadline = time.monotonic() + READY_SECONDS
    for name, answers in parts.items():
        while not answers():
            family.check()
            if time.monotonic() > deadline:
                log = place.data / "logs" / f"{name}.log"
                msg = f"{name} did not answer in {READY_SECONDS:.0f} seconds; see {log}"
                raise CannotStartError(msg)
            time.sleep(PAUSE_SECONDS)
    family.check()


def _answers(address: str) -> bool:
    try:
        return not httpx.get(address, timeout=5).is_server_error
    except httpx.HTTPError:
        return False


def _workers_answer(redis_url: str) -> bool:
    with Celery(broker=redis_url) as celery:
        answers = cast("list[object]", celery.control.ping(timeout=PING_SECONDS))
    return len(answers) == WORKERS
