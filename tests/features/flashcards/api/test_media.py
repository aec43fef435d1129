import pytest

from studymaster.config import get_settings
from tests.features.over_http import client_of

PNG = b"\x89PNG\r\n\x1a\n" + b"one" * 20
MP3 = b"ID3\x04" + b"sound" * 20
SCRIPT = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


async def send(client, name="cell.png", data=PNG):
    return await client.post("/media", files={"file": (name, data)})


async def test_a_picture_comes_back_as_it_was_and_only_as_a_picture(student) -> None:
    async with client_of(student) as client:
        made = await send(client, "cell wall.png")
        assert (made.status_code, made.json()["name"]) == (201, "cell wall.png")
        answer = await client.get(made.json()["address"].removeprefix("/api/v1"))
    assert (answer.content, answer.headers["content-type"]) == (PNG, "image/png")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "private" in answer.headers["cache-control"]


async def test_a_known_picture_is_not_sent_again_and_a_sound_in_parts(student) -> None:
    async with client_of(student) as client:
        await send(client, "dog.mp3", MP3)
        first = await client.get("/media/dog.mp3")
        known = {"If-None-Match": first.headers["etag"]}
        again = await client.get("/media/dog.mp3", headers=known)
        part = await client.get("/media/dog.mp3", headers={"Range": "bytes=0-2"})
    assert (again.status_code, again.content) == (304, b"")
    assert (part.status_code, part.content) == (206, b"ID3")


async def test_the_same_content_is_kept_once_and_a_taken_name_becomes_another(
    student,
) -> None:
    async with client_of(student) as client:
        names = [
            (await send(client, name, data)).json()["name"]
            for name, data in (
                ("cell.png", PNG),
                ("copy.png", PNG),
                ("CELL.png", PNG + b"2"),
                ("cell.png", PNG + b"3"),
            )
        ]
    assert names == ["cell.png", "cell.png", "CELL-1.png", "cell-2.png"]


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("cell.svg", SCRIPT, "SVG drawings can hold programs"),
        ("cell.png", SCRIPT, "SVG drawings can hold programs"),
        ("cell.png", b"<html><script>alert(1)</script>", "none of them"),
        ("cell.png", b"", "none of them"),
        ("cell.png", PNG + b"x" * 2_000_000, "can have 1 MB"),
    ],
)
async def test_what_no_card_can_show_is_refused_in_a_sentence(
    student, monkeypatch, name: str, data: bytes, why: str
) -> None:
    monkeypatch.setattr(get_settings(), "media_limit_mb", 1)
    async with client_of(student) as client:
        answer = await send(client, name, data)
        assert (answer.status_code, why in answer.json()["detail"]) == (422, True)
        assert (await client.get(f"/media/{name}")).status_code == 404


async def test_another_students_picture_looks_like_not_there(
    student, other_student
) -> None:
    async with client_of(student) as client:
        await send(client)
    async with client_of(other_student) as client:
        for name in ("cell.png", "nothing.png", "..%2F..%2Fcell.png", "a%00b"):
            assert (await client.get(f"/media/{name}")).status_code == 404


async def test_a_student_keeps_no_more_than_their_share(student, monkeypatch) -> None:
    monkeypatch.setattr(get_settings(), "media_quota_mb", 1)
    async with client_of(student) as client:
        assert (await send(client, data=PNG + b"x" * 800_000)).status_code == 201
        answer = await send(client, data=PNG + b"y" * 800_000)
    assert (answer.status_code, "which is the most" in answer.json()["detail"]) == (
        409,
        True,
    )
