"""A student who has connected the demo Moodle, and the demo's switches."""

import itertools
from dataclasses import dataclass
from datetime import timedelta

import httpx
from sqlmodel import col, func, select

from studymaster.adapters import bus, clock
from studymaster.adapters.database import unit_of_work
from studymaster.adapters.moodle import retry
from studymaster.adapters.moodle.translate import BATCH_FUNCTION
from studymaster.features.accounts import service as accounts
from studymaster.features.accounts.schemas import Student
from studymaster.features.sync import service
from studymaster.features.sync.schemas import SyncView
from studymaster.models import SyncRun
from tests.conftest import NOON
from tests.jobs import carry_out
from workers import sync, texts


@dataclass(frozen=True)
class Campus:
    """A student who has connected the demo Moodle, and its switches."""

    student: Student
    site: str

    async def run(self) -> SyncView:
        """Sync, and read what came of it, as the workers do one after the other."""
        await carry_out(sync.sync_account, account_id=str(self.student.account_id))
        await self.read()
        return await self.overview()

    async def read(self) -> None:
        """Read what runs have left to be read."""
        for run in await rows(SyncRun, col(SyncRun.reading_at).is_not(None)):
            await carry_out(
                texts.read_texts, account_id=str(run.account_id), run_id=str(run.id)
            )

    async def overview(self) -> SyncView:
        async with unit_of_work() as work:
            return await service.overview(work, student=self.student, now=clock.now())

    async def fail(self, failure: str, **wish: object) -> None:
        await self._post("/demo/failures", {"failure": failure, **wish})

    async def spoil(self, function: str, failure: str = "garbage", **wish: object) -> None:
        """Spoil the answers of one function, which is then asked for by itself."""
        await self.fail(failure, function=BATCH_FUNCTION)
        await self.fail(failure, function=function, **wish)

    async def heal(self) -> None:
        async with httpx.AsyncClient(base_url=self.site) as client:
            await client.delete("/demo/failures")

    async def change(self, change: str, **wish: object) -> None:
        await self._post("/demo/changes", {"change": change, **wish})

    async def _post(self, path: str, body: dict[str, object]) -> None:
        async with httpx.AsyncClient(base_url=self.site) as client:
            (await client.post(path, json=body)).raise_for_status()


def let_time_pass(monkeypatch) -> None:
    """Let the clock go on by a second each time somebody looks."""
    seconds = itertools.count()
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(seconds=next(seconds)))


def hurry(monkeypatch) -> None:
    """Let no time pass between two tries at a site."""

    async def at_once(_seconds: float) -> None: ...

    monkeypatch.setattr(retry, "sleep", at_once)


def keep_news(monkeypatch) -> list[bus.News]:
    """Take what would be told to tabs."""
    told: list[bus.News] = []

    async def publish(*news: bus.News) -> None:
        told.extend(news)

    monkeypatch.setattr(bus, "publish", publish)
    return told


async def connect(student: Student, site: str, username: str = "mina") -> Campus:
    identity = await accounts.ask_moodle_by_password(
        site, username=username, password="campus"
    )
    async with unit_of_work() as work:
        await accounts.connect_moodle(
            work, account_id=student.account_id, identity=identity, now=NOON
        )
    return Campus(student, site)


async def rows(model, *conditions):
    async with unit_of_work() as work:
        return (await work.session.exec(select(model).where(*conditions))).all()


async def count(model, *conditions) -> int:
    async with unit_of_work() as work:
        statement = select(func.count()).select_from(model).where(*conditions)
        return (await work.session.exec(statement)).one()
