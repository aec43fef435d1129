"""The real server, asked through a proxy: who asks is the student, not the proxy."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from operate import embedded

ROOT = Path(__file__).parents[2]
LOGIN = "/api/v1/auth/login"
START = "from operate import frontend, serve; frontend.WEB = __import__('pathlib').Path({web!r}); serve.serve()"
"""The server takes its pages from a folder without any: no test here looks at one."""

MINA = {"way": "local", "email": "mina@uni.edu", "password": "correct horse"}
WRONG = MINA | {"password": "wrong horse"}


@pytest.fixture
def server(empty_database: None, tmp_path: Path) -> Iterator[httpx.Client]:
    """The server on a port of its own, whose only trusted proxy is this machine."""
    pages = tmp_path / "pages"
    (pages / "build" / "client" / "assets").mkdir(parents=True)
    (pages / "build" / "client" / "index.html").write_text("<h1>StudyMaster</h1>")
    (pages / "backend").mkdir()
    (pages / "backend" / "stateful_pages.json").write_text("[]")
    (pages / "backend" / "bundled_libraries.json").write_text("[]")
    port = embedded.free_port()
    with (tmp_path / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", START.format(web=str(pages))],
            cwd=ROOT,
            env={
                **os.environ,
                "PORT": str(port),
                "WEB_FOLDER": str(tmp_path / "web"),
                "WEB_WORKERS": "1",
                "TRUSTED_PROXIES": "127.0.0.1",
            },
            stdout=log,
            stderr=log,
        )
    # It listens before it can answer; until it listens a connection is tried again.
    transport = httpx.HTTPTransport(retries=8)
    address = f"http://127.0.0.1:{port}"
    with httpx.Client(transport=transport, base_url=address, timeout=60) as client:
        try:
            assert client.get("/api/v1/health").status_code == 200
            yield client
        finally:
            process.terminate()
            process.wait(timeout=20)


def test_who_guesses_behind_a_proxy_locks_nobody_else_out(server) -> None:
    def sign_in(fields: dict[str, str], *, forwarded: str) -> int:
        server.cookies.clear()
        return server.post(
            LOGIN, json=fields, headers={"x-forwarded-for": forwarded}
        ).status_code

    registering = MINA | {"way": "register", "display_name": "Mina"}
    assert sign_in(registering, forwarded="192.0.2.1") == 200
    guesser = "198.51.100.7"
    for number in range(10):
        made_up = f"203.0.113.{number}, {guesser}"
        assert sign_in(WRONG, forwarded=made_up) == 401
    assert sign_in(MINA, forwarded=guesser) == 429
    assert sign_in(MINA, forwarded="192.0.2.1") == 200
