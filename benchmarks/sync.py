"""Live Sync of a whole term: the first time, again unchanged, and beside another client.

Against the Moodle that MOODLE_URL and MOODLE_TOKEN name, else against a demo term of 60 courses
and 500 files in a process of its own.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random
from statistics import median
from urllib.parse import urlsplit
from uuid import UUID

import httpx
from sqlmodel import SQLModel, col, func, select

from benchmarks import moodle_dl
from benchmarks.filling import Pen, add_account
from benchmarks.moodle import COUNTED
from benchmarks.report import Report
from benchmarks.scene import LOOPBACK, ROOT, Scene
from benchmarks.serving import wait_until_answers
from benchmarks.sync_job import Run
from operate.children import Child, Family
from operate.embedded import free_port
from studymaster.adapters import clock, storage
from studymaster.adapters.database import get_engine, unit_of_work
from studymaster.config import get_settings
from studymaster.features.accounts import service as accounts
from studymaster.models import (
    Blob,
    BlobPage,
    Course,
    FetchState,
    Material,
    RunState,
    SyncIssue,
    SyncRun,
)

TITLE = "Live Sync of a term, Moodle in a process of its own"
TURNS = 2
UNCHANGED = 3
FEW, MANY = 500, 2_500
COURSES = 60
URL, TOKEN = "MOODLE_URL", "MOODLE_TOKEN"

MOST_REQUESTS = 15
MOST_CPU_MS = 50.0
"""For 1,000 files that are as they were."""
MOST_MEMORY_MB = 250.0
MOST_OF_FIRST = 1 / 2
MOST_OF_UNCHANGED = 1 / 6


class NotDoneError(Exception):
    """A run did not end as it should."""


@dataclass(frozen=True, slots=True)
class Site:
    """A Moodle to measure against; one of ours counts what is asked of it."""

    url: str
    token: str
    counts: bool

    def requests(self) -> int:
        """Return how many requests came so far."""
        return (
            int(httpx.get(f"{self.url}{COUNTED}").json()["requests"]) if self.counts else 0
        )


@dataclass(frozen=True, slots=True)
class Turn:
    """One client's first and unchanged run."""

    first: dict[str, float]
    unchanged: dict[str, float]


async def measure(scene: Scene, now: datetime) -> Report:
    """Measure both clients in turns, then how the unchanged run grows with the files."""
    moodle_dl.install()
    report = Report(TITLE)
    with _site(scene, files=FEW, weight="heavy") as site:
        ours, theirs = list[Turn](), list[Turn]()
        for number in range(TURNS):
            ours.append(await _our_turn(scene, site, now=now))
            theirs.append(_their_turn(scene, site, number=number))
        report.remark(await _what_came())
    starting = median(moodle_dl.seconds_to_start() for _ in range(UNCHANGED))
    _add_rows(report, ours, theirs)
    _compare(report, ours, theirs, starting=starting)
    if not site.counts:
        report.remark(
            "Another Moodle: its requests are counted for Live Sync only, no slope."
        )
        return report
    small, large = [
        await _unchanged_cpu(scene, files=files, now=now) for files in (FEW, MANY)
    ]
    slope = (large - small) / (MANY - FEW) * 1000 * 1000
    report.add(f"unchanged, {FEW} files", {"CPU s": small})
    report.add(f"unchanged, {MANY} files", {"CPU s": large})
    _judge(report, "CPU ms for 1,000 unchanged files", slope, MOST_CPU_MS)
    await get_engine().dispose()
    return report


# -- the Moodle


@contextmanager
def _site(scene: Scene, *, files: int, weight: str) -> Generator[Site]:
    url, token = os.environ.get(URL, ""), os.environ.get(TOKEN, "")
    if url and token:
        _allow(url)
        yield Site(url.rstrip("/"), token, counts=False)
        return
    with _demo(scene, files=files, weight=weight) as demo:
        _allow(demo)
        fields = {
            "username": "student1",
            "password": "campus",
            "service": "moodle_mobile_app",
        }
        told = httpx.post(f"{demo}/login/token.php", data=fields).json()
        yield Site(demo, told["token"], counts=True)


@contextmanager
def _demo(scene: Scene, *, files: int, weight: str) -> Generator[str]:
    port = free_port()
    size = (str(COURSES), str(files), weight)
    command = (
        sys.executable,
        "-m",
        "benchmarks.moodle",
        str(port),
        str(scene.folder / "moodle"),
    )
    family = Family(f"{scene.folder}-moodle", logs=scene.folder / "logs")
    try:
        family.start(Child("moodle", (*command, *size)), scene.environment, folder=ROOT)
        site = f"http://{LOOPBACK}:{port}"
        wait_until_answers(f"{site}{COUNTED}", family)
        yield site
    finally:
        family.stop()


def _allow(url: str) -> None:
    os.environ["MOODLE_ALLOWED_HOSTS"] = urlsplit(url).netloc
    get_settings.cache_clear()
    storage.get_storage.cache_clear()


# -- Live Sync


async def _our_turn(scene: Scene, site: Site, *, now: datetime) -> Turn:
    await _empty(scene)
    account_id = await _connect(scene, site, now=now)
    first = await _run(scene, site, account_id)
    return Turn(first, await _again(scene, site, account_id))


async def _empty(scene: Scene) -> None:
    names = ", ".join(f'"{name}"' for name in SQLModel.metadata.tables)
    with scene.engine.begin() as connection:
        connection.exec_driver_sql(f"TRUNCATE {names} CASCADE")
    shutil.rmtree(get_settings().storage_dir, ignore_errors=True)
    scene.forget_kept()


async def _connect(scene: Scene, site: Site, *, now: datetime) -> UUID:
    pen = Pen(Random(1), now)  # noqa: S311 - sample data, no secrets
    account_id = add_account(pen, "Mina").student.account_id
    pen.write(scene.engine)
    identity = await accounts.ask_moodle_by_token(site.url, token=site.token)
    async with unit_of_work() as work:
        await accounts.connect_moodle(
            work, account_id=account_id, identity=identity, now=clock.now()
        )
    return account_id


async def _run(scene: Scene, site: Site, account_id: UUID) -> dict[str, float]:
    """Carry the first run out in a fresh process; return its figures."""
    before = site.requests()
    [run] = _jobs(scene, account_id, times=1)
    asked = site.requests() - before
    told = await _last_run(account_id)
    return _figures(run) | {"requests": asked or told.requests}


async def _again(scene: Scene, site: Site, account_id: UUID) -> dict[str, float]:
    """Carry unchanged runs out in one process, as a worker does; the first is not counted."""
    before = site.requests()
    runs = _jobs(scene, account_id, times=1 + UNCHANGED)
    asked = (site.requests() - before) / len(runs)
    told = await _last_run(account_id)
    middle = _middle([_figures(run) for run in runs[1:]])
    return middle | {"requests": asked or told.requests}


def _figures(run: Run) -> dict[str, float]:
    return {
        "seconds": run.seconds,
        "requests": 0,
        "writes": run.writes,
        "rows": run.rows,
        "CPU s": run.cpu_seconds,
        "memory MB": run.memory_mb,
        "text s": run.text_seconds,
        "text CPU s": run.text_cpu_seconds,
    }


def _jobs(scene: Scene, account_id: UUID, *, times: int) -> list[Run]:
    file = scene.folder / "run.json"
    command = [
        sys.executable,
        "-m",
        "benchmarks.sync_job",
        str(account_id),
        str(times),
        str(file),
    ]
    subprocess.run(command, cwd=ROOT, env=scene.environment, check=True)  # noqa: S603 - our own words
    return [Run(**run) for run in json.loads(file.read_text("utf-8"))]


async def _last_run(account_id: UUID) -> SyncRun:
    """Return the last run, which has to have brought everything.

    Raises:
        NotDoneError: it has not.
    """
    asked = select(SyncRun).where(SyncRun.account_id == account_id)
    latest = asked.order_by(col(SyncRun.created_at).desc()).limit(1)
    async with unit_of_work() as work:
        run = (await work.session.exec(latest)).one()
        issues = (await work.session.exec(select(SyncIssue.sentence).limit(3))).all()
    if run.state is not RunState.DONE or issues:
        msg = f"The run ended as {run.state}: {run.failure or ''} {issues}"
        raise NotDoneError(msg)
    return run


async def _unchanged_cpu(scene: Scene, *, files: int, now: datetime) -> float:
    """Return the processor seconds of an unchanged run over so many files."""
    with _site(scene, files=files, weight="plain") as site:
        await _empty(scene)
        account_id = await _connect(scene, site, now=now)
        _first, *again = _jobs(scene, account_id, times=2 + UNCHANGED)
        await _last_run(account_id)
    return median(run.cpu_seconds for run in again[1:])


# -- moodle-dl


def _their_turn(scene: Scene, site: Site, *, number: int) -> Turn:
    folder = scene.folder / f"moodle-dl-{number}"
    moodle_dl.configure(folder, site=site.url, token=site.token)
    first = _their_run(site, folder)
    again = [_their_run(site, folder) for _ in range(UNCHANGED)]
    shutil.rmtree(folder)
    return Turn(first, _middle(again))


def _their_run(site: Site, folder: Path) -> dict[str, float]:
    before = site.requests()
    seconds = moodle_dl.download(folder)
    asked = {"requests": site.requests() - before} if site.counts else {}
    return {"seconds": seconds, "files": moodle_dl.count_files(folder)} | asked


# -- what it comes to


def _middle(runs: Sequence[Mapping[str, float]]) -> dict[str, float]:
    return {name: median(run[name] for run in runs) for name in runs[0]}


def _add_rows(report: Report, ours: Sequence[Turn], theirs: Sequence[Turn]) -> None:
    for name, turns in (("Live Sync", ours), ("moodle-dl", theirs)):
        report.add(f"{name}, first", _middle([turn.first for turn in turns]))
        report.add(f"{name}, unchanged", _middle([turn.unchanged for turn in turns]))


def _compare(
    report: Report, ours: Sequence[Turn], theirs: Sequence[Turn], *, starting: float
) -> None:
    """Hold both against each other, turn by turn; and Live Sync against its own bars."""
    unchanged = _middle([turn.unchanged for turn in ours])
    memory = max(turn.first["memory MB"] for turn in ours)
    pairs = list(zip(ours, theirs, strict=True))
    first = median(one.first["seconds"] / other.first["seconds"] for one, other in pairs)
    again = median(
        one.unchanged["seconds"] / other.unchanged["seconds"] for one, other in pairs
    )
    _judge(report, "requests of an unchanged run", unchanged["requests"], MOST_REQUESTS)
    _judge(report, "writes of an unchanged run beside its own row", unchanged["writes"], 0)
    _judge(report, "MB of memory at most, with a file of 40 MB", memory, MOST_MEMORY_MB)
    _judge(report, "of moodle-dl's time, first run", first, MOST_OF_FIRST)
    _judge(report, "of moodle-dl's time, unchanged run", again, MOST_OF_UNCHANGED)
    report.remark(
        f"moodle-dl {moodle_dl.VERSION} is loaded for every run, which takes {starting:.2f} s of "
        "its time; a worker of Live Sync is loaded once."
    )


def _judge(report: Report, what: str, value: float, bar: float) -> None:
    held = "holds" if value <= bar else "does not hold"
    report.remark(f"{value:.2f} {what}; the bar is {bar:.2f}: {held}.")


async def _what_came() -> str:
    async with unit_of_work() as work:
        counts = [
            (await work.session.exec(select(func.count()).select_from(kind))).one()
            for kind in (Course, Material, Blob, BlobPage)
        ]
        stored = select(func.count()).where(col(Material.fetch_state) == FetchState.STORED)
        fetched = (await work.session.exec(stored)).one()
    courses, materials, blobs, pages = counts
    return (
        f"{courses} courses, {materials} materials, {fetched} of them with content, "
        f"{blobs} contents, {pages:,} pages of text."
    )
