from asyncio import gather
from datetime import timedelta
from pathlib import Path

import pytest

from studymaster.adapters import clock
from studymaster.adapters.database import unit_of_work
from studymaster.config import get_settings
from studymaster.errors import NotFoundError
from studymaster.features.accounts.service import leaving
from studymaster.features.flashcards.service import media
from tests.conftest import NOON
from tests.features.flashcards.pile import make_deck, make_own_card
from tests.jobs import carry_out
from workers.accounts import delete_account
from workers.flashcards import prune_media

PNG = b"\x89PNG\r\n\x1a\n"
DAY = timedelta(days=1)


async def keep(student, tmp_path: Path, *, name="cell.png", more=b"one"):
    path = tmp_path / f"{more.hex()}.bin"
    path.write_bytes(PNG + more)
    return await media.keep_media(
        account_id=student.account_id, name=name, path=path, now=NOON
    )


async def prune(student, *, days: int) -> int:
    return await media.prune(account_id=student.account_id, now=NOON + days * DAY)


async def test_what_is_kept_is_lent_to_its_owner_alone(
    student, other_student, tmp_path: Path
) -> None:
    await keep(student, tmp_path)
    async with media.lend_media(account_id=student.account_id, name="cell.png") as path:
        assert path.read_bytes() == PNG + b"one"
    with pytest.raises(NotFoundError, match="not one of yours"):
        async with media.lend_media(account_id=other_student.account_id, name="cell.png"):
            pass


async def test_two_files_of_one_name_at_once_get_two_names(student, tmp_path: Path) -> None:
    kept = await gather(
        *(keep(student, tmp_path, more=data) for data in (b"one", b"two", b"one"))
    )
    assert {one.name for one in kept} == {"cell.png", "cell-1.png"}


async def test_deleting_the_account_takes_its_files_and_no_others(
    student, other_student, tmp_path: Path
) -> None:
    await keep(student, tmp_path)
    await keep(student, tmp_path, name="sound.mp3", more=b"two")
    await keep(other_student, tmp_path, more=b"theirs")
    mine, theirs = (
        get_settings().storage_dir / f"users/{one.account_id}"
        for one in (student, other_student)
    )
    assert sum(path.is_file() for path in mine.rglob("*")) == 2
    async with unit_of_work() as work:
        await leaving.request_deletion(work, account_id=student.account_id, now=NOON)
    await carry_out(delete_account, account_id=str(student.account_id))
    assert [path for path in mine.rglob("*") if path.is_file()] == []
    assert sum(path.is_file() for path in theirs.rglob("*")) == 1
    async with media.lend_media(account_id=other_student.account_id, name="cell.png"):
        pass


async def test_what_no_card_names_goes_after_thirty_days(student, tmp_path: Path) -> None:
    await keep(student, tmp_path)
    await keep(student, tmp_path, name="used one.png", more=b"two")
    deck = await make_deck(student, "Cells")
    await make_own_card(student, deck, front="![A cell](<used one.png>)")
    assert [await prune(student, days=days) for days in (0, 29, 30, 31)] == [0, 0, 1, 0]
    async with media.lend_media(account_id=student.account_id, name="used one.png"):
        pass
    with pytest.raises(NotFoundError):
        async with media.lend_media(account_id=student.account_id, name="cell.png"):
            pass


async def test_the_thirty_days_begin_anew_when_it_was_used_meanwhile(
    student, tmp_path: Path
) -> None:
    await keep(student, tmp_path)
    await prune(student, days=0)
    deck = await make_deck(student, "Cells")
    card = await make_own_card(student, deck, back="[sound:cell.png]")
    await prune(student, days=20)
    async with unit_of_work() as work:
        await work.session.delete(await work.session.merge(card))
    assert [await prune(student, days=days) for days in (35, 64, 65)] == [0, 0, 1]


async def test_the_nightly_job_looks_at_everybody(
    student, tmp_path: Path, monkeypatch
) -> None:
    await keep(student, tmp_path)
    for days in (0, 31):
        monkeypatch.setattr(clock, "now", lambda days=days: NOON + days * DAY)
        await carry_out(prune_media)
    with pytest.raises(NotFoundError):
        async with media.lend_media(account_id=student.account_id, name="cell.png"):
            pass
