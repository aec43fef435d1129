"""Tokens at rest and on the way, sessions, and how often the expensive things may be asked for."""

import os
from http.cookies import Morsel, SimpleCookie

import httpx
import pytest
from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import text
from sqlmodel import select

from studymaster.adapters import vault
from studymaster.adapters.database import unit_of_work
from studymaster.config import get_settings
from studymaster.models import MoodleConnection
from tests.contract.lines import contract, each
from tests.contract.people import PASSWORD, TOLD, Person

MOODLE = {"way": "moodle", "username": "mina", "password": "campus"}
LOCAL = {"way": "local", "email": "mina@uni.edu", "password": PASSWORD}


async def token_of(site: str) -> str:
    """Ask Moodle itself which token it gave."""
    fields = {"username": "mina", "password": "campus", "service": "moodle_mobile_app"}
    async with httpx.AsyncClient(base_url=site) as moodle:
        return (await moodle.post("/login/token.php", data=fields)).json()["token"]


async def everything_stored() -> str:
    """All rows of all tables, as PostgreSQL writes them."""
    async with unit_of_work() as work:
        connection = await work.session.connection()
        names = await connection.scalars(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        )
        rows = [
            str((await connection.execute(text(f'SELECT * FROM "{name}"'))).all())
            for name in names.all()
        ]
    return "\n".join(rows)


@contract("Moodle token encrypted with Fernet before it is stored")
async def test_the_token_that_moodle_gave_is_stored_sealed_only(
    visitor, demo_site: str
) -> None:
    token = await token_of(demo_site)
    answer = await visitor.post("/auth/login", json={**MOODLE, "site": demo_site})
    assert answer.status_code == 200, answer.text
    stored = await everything_stored()
    assert "mina" in stored
    assert token not in stored
    async with unit_of_work() as work:
        sealed = (await work.session.exec(select(MoodleConnection.sealed_token))).one()
    (key,) = get_settings().fernet_keys
    assert Fernet(key.get_secret_value()).decrypt(sealed).decode() == token
    with pytest.raises(InvalidToken):
        Fernet(Fernet.generate_key()).decrypt(sealed)


@contract("Fernet keys can be rotated")
def test_what_an_older_key_sealed_still_opens(monkeypatch) -> None:
    sealed, new = vault.seal("a token"), Fernet.generate_key().decode()
    monkeypatch.setenv("FERNET_KEYS", f"{new},{os.environ['FERNET_KEYS']}")  # noqa: TID251
    get_settings.cache_clear()
    assert vault.unseal(sealed) == "a token"
    monkeypatch.setenv("FERNET_KEYS", new)
    again = vault.seal("a token")
    get_settings.cache_clear()
    assert vault.unseal(again) == "a token"
    with pytest.raises(vault.SealError):
        vault.unseal(sealed)


@contract("JWT access token: 15 minutes")
async def test_an_access_token_opens_for_a_quarter_of_an_hour(mina: Person, hands) -> None:
    mina.http.cookies.clear()
    assert mina.tokens["expires_in"] == 15 * 60
    for seconds, status in ((15 * 60 - 1, 200), (2, 401)):
        hands.forward(seconds=seconds)
        answer = await mina.http.get("/auth/me", headers=mina.bearer())
        assert answer.status_code == status


@contract("JWT refresh token: 7 days")
async def test_a_refresh_token_renews_for_a_week(mina: Person, hands) -> None:
    body = {"refresh_token": mina.tokens["refresh_token"]}
    mina.http.cookies.clear()
    hands.forward(days=7, seconds=1)
    assert (await mina.http.post("/auth/refresh", json=body)).status_code == 401
    hands.forward(seconds=-2)
    assert (await mina.http.post("/auth/refresh", json=body)).status_code == 200


@contract("Tokens stored in httpOnly cookies")
async def test_no_script_reads_the_tokens(mina: Person, monkeypatch) -> None:
    for address, secure in (("http://testserver", ""), ("https://testserver", True)):
        monkeypatch.setenv("PUBLIC_URL", address)
        get_settings.cache_clear()
        answer = await mina.http.post("/auth/login", json=LOCAL)
        cookies = cookies_of(answer)
        assert {name: int(one["max-age"]) for name, one in cookies.items()} == {
            "sm_access": 15 * 60,
            "sm_refresh": 7 * 24 * 3600,
        }
        for cookie in cookies.values():
            assert (cookie["httponly"], cookie["secure"]) == (True, secure)
            assert cookie["samesite"] == "lax"
            assert cookie.value not in answer.text


def cookies_of(answer: httpx.Response) -> dict[str, Morsel]:
    found: dict[str, Morsel] = {}
    for line in answer.headers.get_list("set-cookie"):
        found |= SimpleCookie(line)
    return {name: cookie for name, cookie in found.items() if cookie.value}


@contract("Refresh rotates the token")
async def test_a_token_that_was_rotated_away_ends_the_session(mina: Person) -> None:
    tokens = [mina.tokens["refresh_token"]]

    async def renew(token: str) -> int:
        mina.http.cookies.clear()
        answer = await mina.http.post("/auth/refresh", json={"refresh_token": token})
        tokens.append(answer.json().get("refresh_token", ""))
        return answer.status_code

    assert [await renew(tokens[0]), await renew(tokens[1])] == [200, 200]
    assert len(set(tokens)) == 3
    assert [await renew(tokens[0]), await renew(tokens[2])] == [401, 401]


@contract("Bearer token accepted from programs")
async def test_a_program_needs_no_cookie(mina: Person) -> None:
    mina.http.cookies.clear()
    told = await mina.http.get("/auth/me", headers=mina.bearer())
    assert told.json()["id"] == mina.id
    for proof in ("", "Bearer", "Bearer x", f"Basic {mina.tokens['access_token']}"):
        answer = await mina.http.get("/auth/me", headers={"authorization": proof})
        assert answer.status_code == 401


WRONG = {"json": LOCAL | {"email": "noor@uni.edu"}}
NOTHING = {"json": {"material_id": "x"}}


@each(
    "path",
    "wish",
    signing_in=("10/minute on signing in", "/auth/login", WRONG),
    sync=("10/minute on asking for a sync", "/courses/sync", {}),
    generate=("10/minute on generating flashcards", "/flashcards/generate", NOTHING),
    upload=("10/minute on uploading", "/social/resources", {"data": {"kind": "x"}}),
    focus=("10/minute on starting focus sessions", "/focus/sessions", {"json": {}}),
    export=("10/minute on asking for an export", "/auth/exports", {}),
)
async def test_the_eleventh_in_a_minute_waits(path: str, wish, mina: Person) -> None:
    answers = [await mina.http.post(path, **wish) for _ in range(11)]
    assert 429 not in {answer.status_code for answer in answers[:10]}
    refused = answers[10]
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert refused.headers["content-type"] == "application/problem+json"
    assert (await mina.http.get("/auth/me", headers=TOLD)).status_code == 200
