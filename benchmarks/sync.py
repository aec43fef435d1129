"""Live Sync: the whole demo campus, the first time and again when nothing has changed."""

import inspect
import os
import shutil
import sys
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime
from random import Random
from statistics import median
from urllib.parse import urlsplit
from uuid import UUID

import httpx
from sqlmodel import SQLModel, func, select

from benchmarks.filling import Pen, add_account
from benchmarks.measure import MS, time_once
from benchmarks.moodle import COUNTED
from benchmarks.report import Report
from benchmarks.scene import LOOPBACK, ROOT, Scene
from benchmarks.serving import wait_until_answers
from operate.children import Child
from operate.embedded import free_port
from studymaster.adapters import clock, storage
from studymaster.adapters.database import get_engine, unit_of_work
from studymaster.config import get_settings
from studymaster.features.accounts import service as accounts
from studymaster.models import Blob, BlobPage, Course, Material, RunState, SyncRun
from workers import sync

TITLE = "Live Sync of the demo campus, Moodle in a process of its own"
FIRST_TIMES = 3
UNCHANGED = 2


class NotDoneError(Exception):
    """A run did not end as it should."""


async def measure(scene: Scene, now: datetime) -> Report:
    """Measure first syncs, each into an empty database, and unchanged ones after each."""
    report = Report(TITLE)
    with _demo(scene) as site:
        first: list[dict[str, float]] = []
        again: list[dict[str, float]] = []
        for _ in range(FIRST_TIMES):
            await _empty(scene)
            account_id = await _connect(scene, site, now=now)
            first.append(await _run(site, account_id))
            again += [await _run(site, account_id) for _ in range(UNCHANGED)]
    report.add("first sync", _middle(first))
    report.add("nothing changed", _middle(again))
    report.remark(await _what_came())
    await get_engine().dispose()
    return report


@contextmanager
def _demo(scene: Scene) -> Generator[str]:
    """Serve the demo Moodle; its lectures are drawn before it answers."""
    port = free_port()
    command = (sys.executable, "-m", "benchmarks.moodle", str(port))
    demo = Child("moodle", (*command, str(scene.folder / "moodle")))
    scene.family.start(demo, scene.environment, folder=ROOT)
    site = f"http://{LOOPBACK}:{port}"
    wait_until_answers(f"{site}{COUNTED}", scene.family)
    os.environ["MOODLE_ALLOWED_HOSTS"] = urlsplit(site).netloc
    get_settings.cache_clear()
    storage.get_storage.cache_clear()
    yield site


async def _empty(scene: Scene) -> None:
    names = ", ".join(f'"{name}"' for name in SQLModel.metadata.tables)
    with scene.engine.begin() as connection:
        connection.exec_driver_sql(f"TRUNCATE {names} CASCADE")
    shutil.rmtree(get_settings().storage_dir, ignore_errors=True)
    scene.forget_kept()


async def _connect(scene: Scene, site: str, *, now: datetime) -> UUID:
    pen = Pen(Random(1), now)  # noqa: S311 - sample data, no secrets
    account_id = add_account(pen, "Mina").student.account_id
    pen.write(scene.engine)
    identity = await accounts.ask_moodle_by_password(
        site,
        username="mina",
        password="campus",  # noqa: S106 - of the demo
    )
    async with unit_of_work() as work:
        await accounts.connect_moodle(
            work, account_id=account_id, identity=identity, now=clock.now()
        )
    return account_id


async def _run(site: str, account_id: UUID) -> dict[str, float]:
    before = _counted(site)
    job = inspect.unwrap(sync.sync_account.run)  # pyright: ignore[reportFunctionMemberAccess] - a Celery task
    ms = await time_once(lambda: job(account_id=str(account_id)))
    after = _counted(site)
    await _require_done(account_id)
    return {
        "seconds": ms / MS,
        "requests": after["requests"] - before["requests"],
        "MB received": (after["sent_bytes"] - before["sent_bytes"]) / 1e6,
    }


def _counted(site: str) -> dict[str, int]:
    return dict(httpx.get(f"{site}{COUNTED}").json())


async def _require_done(account_id: UUID) -> None:
    asked = select(SyncRun.state).where(SyncRun.account_id == account_id)
    async with unit_of_work() as work:
        states = (await work.session.exec(asked)).all()
    if set(states) != {RunState.DONE}:
        msg = f"The runs ended as {states}."
        raise NotDoneError(msg)


def _middle(runs: list[dict[str, float]]) -> dict[str, float]:
    figures = {name: median(run[name] for run in runs) for name in runs[0]}
    slowest = max(run["seconds"] for run in runs)
    return {**figures, "slowest, s": slowest, "runs": len(runs)}


async def _what_came() -> str:
    counts: list[int] = []
    async with unit_of_work() as work:
        for kind in (Course, Material, Blob, BlobPage):
            counted = select(func.count()).select_from(kind)
            counts.append((await work.session.exec(counted)).one())
    courses, materials, files, pages = counts
    return (
        f"{courses} courses, {materials} materials, {files} files, {pages:,} pages of text."
    )
