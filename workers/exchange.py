"""Background work on files of cards: looked at, taken in, written."""

from asyncio import to_thread
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import structlog

from studymaster.adapters import clock
from studymaster.adapters.database import UnitOfWork, unit_of_work
from studymaster.adapters.storage import Own, get_storage, own_key
from studymaster.features.accounts import service as accounts
from studymaster.features.accounts.rules import day_of
from studymaster.features.exchange.service import giving, packages, sheets, transfers
from studymaster.features.exchange.service.giving import Wish
from studymaster.features.exchange.service.merging import Report
from studymaster.features.exchange.service.packages import Reader
from studymaster.jobs import JobName
from studymaster.models import Transfer, TransferForm, TransferStep
from workers.apart import promised
from workers.app import task

log = structlog.get_logger(__name__)

Whose = dict[str, UUID]
Zone = tuple[str, int]


@task(JobName.EXCHANGE_CARDS)
async def exchange(*, account_id: str, transfer_id: str) -> None:
    """Keep one promise; an import that was cut short goes on where it ended."""
    whose = {"account_id": UUID(account_id), "transfer_id": UUID(transfer_id)}
    say_why = partial(transfers.fail, **whose)
    async with promised(say_why):
        async with unit_of_work() as work:
            row = await transfers.start(work, **whose, now=clock.now())
            if row is None:
                return
            account = await accounts.get_account(work, row.account_id)
        zone = (account.time_zone, account.day_start_hour)
        steps = TABLES if row.form is TransferForm.CSV else PACKAGES
        await steps[row.step](row, whose, zone)
        log.info("cards_exchanged", step=row.step.value)


async def _look(row: Transfer, whose: Whose, zone: Zone) -> None:
    async with (
        get_storage().lend(row.storage_key) as path,
        packages.open_package(path) as package,
    ):
        reader = Reader(row.account_id, package, zone, clock.now())
        report = await packages.look(reader)
        total = package.collection.count_notes()
    async with unit_of_work() as work:
        await transfers.finish(
            work,
            **whose,
            report=report,
            facts={"total": total},
            now=clock.now(),
        )


async def _take(row: Transfer, whose: Whose, zone: Zone) -> None:
    async def beat(work: UnitOfWork, after: int | None, report: Report) -> None:
        await transfers.beat(work, **whose, position=after, report=report, now=clock.now())

    report = transfers.report_of(row)
    async with (
        get_storage().lend(row.storage_key) as path,
        packages.open_package(path) as package,
    ):
        chosen = bool(row.options.get("with_schedule"))
        reader = Reader(row.account_id, package, zone, clock.now(), chosen)
        await packages.take(reader, report=report, position=row.position or None, beat=beat)
    async with unit_of_work() as work:
        await transfers.finish(
            work, **whose, report=report, facts={"storage_key": ""}, now=clock.now()
        )
    await get_storage().remove(row.storage_key)


async def _give(row: Transfer, whose: Whose, zone: Zone) -> None:
    async def tell(work: UnitOfWork, _: int, report: Report) -> None:
        await transfers.beat(work, **whose, position=None, report=report, now=clock.now())

    wish = Wish(
        row.account_id,
        tuple(UUID(one) for one in row.options["decks"]),
        with_media=bool(row.options.get("with_media")),
        with_schedule=bool(row.options.get("with_schedule")),
    )
    key = own_key(row.account_id, Own.EXCHANGE, f"{row.id}.apkg")
    with TemporaryDirectory(prefix="apkg-") as folder:
        path = Path(folder) / "cards.apkg"
        report = await giving.give(path, wish, zone=zone, now=clock.now(), tell=tell)
        size = path.stat().st_size
        await get_storage().put_file(path, key)
    async with unit_of_work() as work:
        await transfers.finish(
            work,
            **whose,
            report=report,
            facts={"storage_key": key, "size_bytes": size},
            now=clock.now(),
        )


async def _look_at_table(row: Transfer, whose: Whose, _: Zone) -> None:
    async with get_storage().lend(row.storage_key) as path:
        sheet = await to_thread(sheets.look_at, path)
        report = await sheets.count(path, sheet)
    total = report.new + report.broken
    facts = {"total": total, "options": {"sheet": sheets.kept(sheet)}}
    async with unit_of_work() as work:
        await transfers.finish(work, **whose, report=report, facts=facts, now=clock.now())


async def _take_table(row: Transfer, whose: Whose, zone: Zone) -> None:
    async def beat(work: UnitOfWork, after: int, report: Report) -> None:
        await transfers.beat(work, **whose, position=after, report=report, now=clock.now())

    report, now = transfers.report_of(row), clock.now()
    today = day_of(now, time_zone=zone[0], day_start_hour=zone[1])
    async with get_storage().lend(row.storage_key) as path:
        await sheets.take(
            path,
            sheets.wish_of(row.options),
            sheets.Whose(row.account_id, today, now),
            report=report,
            position=row.position,
            beat=beat,
        )
    async with unit_of_work() as work:
        await transfers.finish(
            work, **whose, report=report, facts={"storage_key": ""}, now=clock.now()
        )
    await get_storage().remove(row.storage_key)


async def _give_table(row: Transfer, whose: Whose, _: Zone) -> None:
    async def tell(work: UnitOfWork, _: int, report: Report) -> None:
        await transfers.beat(work, **whose, position=None, report=report, now=clock.now())

    key = own_key(row.account_id, Own.EXCHANGE, f"{row.id}.csv")
    chosen = [UUID(one) for one in row.options["decks"]]
    with TemporaryDirectory(prefix="table-") as folder:
        path = Path(folder) / "cards.csv"
        report = await sheets.give(path, row.account_id, chosen, delimiter=",", tell=tell)
        size = path.stat().st_size
        await get_storage().put_file(path, key)
    facts = {"storage_key": key, "size_bytes": size}
    async with unit_of_work() as work:
        await transfers.finish(work, **whose, report=report, facts=facts, now=clock.now())


PACKAGES = {TransferStep.LOOK: _look, TransferStep.TAKE: _take, TransferStep.GIVE: _give}
TABLES = {
    TransferStep.LOOK: _look_at_table,
    TransferStep.TAKE: _take_table,
    TransferStep.GIVE: _give_table,
}
"""How each step of a promise is kept."""
