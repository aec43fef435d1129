"""Files of cards over HTTP, from the choice to the download."""

from datetime import timedelta
from pathlib import Path

from sqlmodel import select

from studymaster.adapters.database import unit_of_work
from studymaster.adapters.storage import get_storage
from studymaster.config import get_settings
from studymaster.features.exchange.service import transfers
from studymaster.models import Card, Transfer
from tests.conftest import NOBODYS_ID, NOON
from tests.features.exchange.anki_side import open_anki, take_in, write_out
from tests.features.flashcards.pile import make_deck, make_own_card
from tests.features.over_http import client_of
from tests.jobs import carry_out
from workers.exchange import exchange
from workers.sweep import sweep_unfinished


def package(tmp_path: Path, notes: int = 3) -> bytes:
    anki = open_anki(tmp_path / "anki")
    try:
        for number in range(notes):
            note = anki.new_note(anki.models.by_name("Basic"))
            note.fields = [f"front {number}", f"back {number}"]
            anki.add_note(note, anki.decks.id("Birds"))
        return write_out(anki, tmp_path / "birds.apkg", legacy=False).read_bytes()
    finally:
        anki.close()


async def work_off(student, jobs) -> None:
    """Do what was promised last."""
    told = jobs.pop().arguments
    assert told["account_id"] == str(student.account_id)
    await carry_out(exchange, **told)


async def test_a_package_is_looked_at_taken_and_thrown_away(
    student, other_student, tmp_path: Path, sent: list
) -> None:
    jobs = sent
    async with client_of(student, under="/exchange") as client:
        data = package(tmp_path)
        made = await client.post("/imports", files={"file": ("birds.apkg", data)})
        assert (made.status_code, made.json()["state"]) == (201, "queued")
        second = await client.post("/imports", files={"file": ("birds.apkg", data)})
        assert second.status_code == 409
        address = f"/transfers/{made.json()['id']}"
        early = await client.post(f"{address}/take", json={})
        assert early.status_code == 409
        await work_off(student, jobs)
        seen = (await client.get(address)).json()
        assert (seen["new"], seen["decks"]) == (3, [{"name": "Birds", "cards": 3}])
        async with unit_of_work() as work:
            assert (await work.session.exec(select(Card))).all() == []
        async with client_of(other_student, under="/exchange") as other:
            assert (await other.post(f"{address}/take", json={})).status_code == 404
        assert (await client.post(f"{address}/take", json={})).status_code == 202
        await work_off(student, jobs)
        taken = (await client.get(address)).json()
        assert (taken["state"], taken["new"], taken["percent"]) == ("done", 3, 100)
        assert (await client.delete(address)).status_code == 204
        assert (await client.get("/transfers")).json() == []
    async with unit_of_work() as work:
        cards = (await work.session.exec(select(Card))).all()
    assert {card.account_id for card in cards} == {student.account_id}


async def test_an_export_is_written_and_anki_takes_it(
    student, other_student, tmp_path: Path, sent: list
) -> None:
    deck = await make_deck(student, "Latin")
    await make_own_card(student, deck)
    async with client_of(student, under="/exchange") as client:
        none = await client.post("/exports", json={"deck_id": NOBODYS_ID})
        assert none.status_code == 404
        made = await client.post("/exports", json={"deck_id": str(deck)})
        address = f"/transfers/{made.json()['id']}"
        assert (await client.get(f"{address}/file")).status_code == 409
        await work_off(student, sent)
        file = await client.get(f"{address}/file")
        async with client_of(other_student, under="/exchange") as other:
            assert (await other.get(f"{address}/file")).status_code == 404
            empty = await other.post("/exports", json={})
    assert empty.status_code == 422
    assert "Latin.apkg" in file.headers["content-disposition"]
    path = tmp_path / "latin.apkg"
    path.write_bytes(file.content)
    anki = open_anki(tmp_path / "other")
    try:
        assert len(take_in(anki, path).log.new) == 1
    finally:
        anki.close()


async def test_a_file_that_is_no_package_is_said_and_the_next_one_can_be_chosen(
    student, sent: list
) -> None:
    async with client_of(student, under="/exchange") as client:
        made = await client.post("/imports", files={"file": ("x.apkg", b"no package")})
        await work_off(student, sent)
        seen = (await client.get(f"/transfers/{made.json()['id']}")).json()
        assert seen["state"] == "failed"
        assert "no Anki package" in seen["failure"]
        again = await client.post("/imports", files={"file": ("x.apkg", b"no package")})
        assert again.status_code == 201


async def test_a_table_goes_in_as_is_said_and_out_again(student, sent: list) -> None:
    deck = await make_deck(student, "Latin")
    async with client_of(student, under="/exchange") as client:
        table = ("words.tsv", b"dog\tcanis\ncat\tfelis\n")
        made = (await client.post("/imports", files={"file": table})).json()
        await work_off(student, sent)
        path = f"/transfers/{made['id']}"
        seen = (await client.get(path)).json()
        how = {"roles": ["back", "front"], "form": "typed", "deck_id": str(deck)}
        odd = await client.post(f"{path}/take", json=how | {"form": "poem"})
        asked = await client.post(f"{path}/take", json=how)
        await work_off(student, sent)
        given = await client.post("/exports", json={"form": "csv"})
        await work_off(student, sent)
        file = await client.get(f"/transfers/{given.json()['id']}/file")
    assert (seen["new"], seen["table"]["rows"][0]) == (2, ["dog", "canis"])
    assert (odd.status_code, asked.status_code) == (422, 202)
    assert file.headers["Content-Type"] == "text/csv; charset=utf-8"
    lines = file.content.decode("utf-8-sig").split("\r\n")
    assert lines[0].startswith("front,back,extra,tags,deck,kind")
    assert {line.partition(",")[0] for line in lines[1:3]} == {"canis", "felis"}


async def test_a_file_that_is_too_large_is_refused(student, monkeypatch) -> None:
    monkeypatch.setenv("IMPORT_LIMIT_MB", "1")
    get_settings.cache_clear()
    async with client_of(student, under="/exchange") as client:
        made = await client.post("/imports", files={"file": ("x.apkg", b"x" * 2_100_000)})
    assert made.status_code in {413, 422}


async def test_what_a_dead_worker_left_is_sent_again_and_an_old_file_goes(
    student, sent: list, monkeypatch
) -> None:
    async with client_of(student, under="/exchange") as client:
        made = await client.post("/imports", files={"file": ("x.apkg", b"no package")})
    sent.clear()
    later = NOON + timedelta(minutes=30)
    monkeypatch.setattr("studymaster.adapters.clock.now", lambda: later)
    await carry_out(sweep_unfinished)
    assert [job.arguments["transfer_id"] for job in sent] == [made.json()["id"]]
    await work_off(student, sent)
    async with unit_of_work() as work:
        key = (await work.session.exec(select(Transfer))).one().storage_key
    assert await get_storage().get_bytes(key) == b"no package"
    assert await transfers.prune(now=later + timedelta(days=6)) == 0
    assert await transfers.prune(now=later + timedelta(days=8)) == 1
