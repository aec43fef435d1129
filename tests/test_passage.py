"""What every answer of the interface carries, and what is refused before anybody looks."""

import gzip
from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import Response
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from studymaster.api import create_api
from studymaster.config import get_settings
from studymaster.passage import TEXT_LIMIT, with_headers

LONG = "a sentence that repeats itself. " * 100


@pytest.fixture
def api() -> FastAPI:
    api = create_api()

    @api.post("/take")
    async def take(request: Request) -> int:
        return len(await request.body())

    @api.get("/give")
    async def give(kind: str = "application/json") -> Response:
        return Response(LONG, media_type=kind)

    return api


def client(api: FastAPI) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=with_headers(api), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://testserver")


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/api/v1/health", "no-store"),
        ("/healthz", "no-cache"),
        ("/assets/gone-1234.js", "no-cache"),
        ("/fonts/gone.woff2", "no-cache"),
    ],
)
async def test_browsers_keep_no_answer_and_nothing_that_is_missing(api, path, kept) -> None:
    async with client(api) as http:
        assert (await http.get(path)).headers["cache-control"] == kept


async def test_parts_of_a_build_are_kept_for_good_because_their_names_change() -> None:
    app = FastAPI()
    app.add_api_route("/assets/part-1234.js", lambda: "part")
    app.add_api_route("/fonts/inter.woff2", lambda: "font")
    async with client(app) as http:
        part = (await http.get("/assets/part-1234.js")).headers["cache-control"]
        font = (await http.get("/fonts/inter.woff2")).headers["cache-control"]
    assert part == "public, max-age=31536000, immutable"
    assert font == "public, max-age=604800"


@pytest.mark.parametrize(
    ("kind", "packed"),
    [
        ("application/json", True),
        ("application/problem+json", True),
        ("text/html", True),
        ("image/webp", False),
        ("application/pdf", False),
        ("audio/webm", False),
        ("application/zip", False),
    ],
)
async def test_text_is_compressed_and_what_is_packed_already_is_not(
    api, kind, packed
) -> None:
    async with client(api) as http:
        headers = {"Accept-Encoding": "gzip"}
        async with http.stream("GET", f"/give?kind={kind}", headers=headers) as answer:
            body = b"".join([part async for part in answer.aiter_raw()])
    assert ("content-encoding" in answer.headers) is packed
    assert (gzip.decompress(body) if packed else body).decode() == LONG


@pytest.mark.parametrize("announced", [True, False])
async def test_a_text_that_is_too_long_is_refused(api, announced) -> None:
    async def parts() -> Iterator[bytes]:
        for _ in range(3):
            yield b"x" * (TEXT_LIMIT // 2)

    body = b"x" * (TEXT_LIMIT + 1) if announced else parts()
    async with client(api) as http:
        headers = {"Content-Type": "application/json"}
        answer = await http.post("/take", content=body, headers=headers)
        fits = await http.post("/take", content=b"x" * TEXT_LIMIT, headers=headers)
    assert (answer.status_code, fits.json()) == (413, TEXT_LIMIT)
    assert answer.json()["detail"] == "That is more than we take at once. Send less."


async def test_a_file_may_be_as_large_as_the_setting_says(api, monkeypatch) -> None:
    monkeypatch.setenv("FILE_LIMIT_MB", "3")
    get_settings.cache_clear()
    headers = {"Content-Type": "audio/webm"}
    async with client(api) as http:
        fits = await http.post("/take", content=b"x" * 3_000_000, headers=headers)
        answer = await http.post("/take", content=b"x" * 4_000_001, headers=headers)
    assert (fits.json(), answer.status_code) == (3_000_000, 413)


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("https://elsewhere.example", 403),
        ("null", 403),
        ("http://testserver", 200),
        (None, 200),
    ],
)
async def test_another_sites_page_can_change_nothing(api, origin, status) -> None:
    async with client(api) as http:
        headers = {"Origin": origin} if origin else {}
        assert (await http.post("/take", headers=headers)).status_code == status


async def test_each_request_is_timed_under_the_pattern_of_its_address(api) -> None:
    labels = {"method": "GET", "route": "/api/v1/health", "status": "200"}

    def count() -> float:
        name = "studymaster_api_request_seconds_count"
        return REGISTRY.get_sample_value(name, labels) or 0

    before = count()
    async with client(api) as http:
        await http.get("/api/v1/health")
        await http.get("/healthz")
    assert count() - before == 1


async def test_no_address_that_somebody_made_up_becomes_a_figure(api) -> None:
    async with client(api) as http:
        await http.get("/api/v1/made-up-by-somebody")
        await http.request("MADEUP", "/api/v1/health")
    figures = [sample for metric in REGISTRY.collect() for sample in metric.samples]
    said = {value for sample in figures for value in sample.labels.values()}
    assert not {value for value in said if "made-up" in value.lower().replace("_", "-")}
    assert "MADEUP" not in said


async def test_each_request_has_an_id_in_its_answer_and_in_its_line(api) -> None:
    with capture_logs() as lines:
        async with client(api) as http:
            answers = [await http.get("/api/v1/health?token=secret") for _ in range(2)]
    ids = [answer.headers["x-request-id"] for answer in answers]
    assert len({*ids}) == 2
    events = [line for line in lines if line["event"] == "api_request"]
    assert [(line["route"], line["status"]) for line in events] == [
        ("/api/v1/health", 200)
    ] * 2
    assert "secret" not in str(lines)
