"""Files and answers over real sockets: broken off, slow, wrong, disguised, too large."""

import asyncio
import contextlib
import hashlib
import ssl
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

from studymaster.adapters.moodle import Patience, open_site
from studymaster.adapters.moodle.failures import (
    CertificateError,
    FileBrokenError,
    FileElsewhereError,
    FileMissingError,
    FileRefusedError,
    FileTooLargeError,
    MaintenanceError,
    NotAnswerableError,
    TokenExpiredError,
    UnreachableError,
)
from tests.adapters.moodle.recordings import RECORDED, recording

PDF = (RECORDED / "file_pdf_ok.pdf").read_bytes()
SHA1 = hashlib.sha1(PDF, usedforsecurity=False).hexdigest()
PATIENT = Patience()
SHORT = Patience(connect=2.0, silence=0.3, answer=0.6, slowest=1_000_000)


def head(*lines, status="200 OK"):
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "Connection: close", "", ""]).encode()


PDF_HEAD = head(
    "Content-Type: application/pdf",
    f"Content-Length: {len(PDF)}",
    f'ETag: "{SHA1}"',
    "Content-Disposition: inline",
)


@asynccontextmanager
async def moodle(*parts, patience=PATIENT, drip=False):
    """Serve these bytes to every request; with `drip` the last part comes without end."""
    requests = []

    async def serve(reader, writer):
        request = await reader.readuntil(b"\r\n\r\n")
        length = int(request.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        requests.append(request + await reader.readexactly(length))
        try:
            for part in parts:
                writer.write(part)
                await writer.drain()
            if drip:
                await _drip(reader, writer, parts[-1])
        except ConnectionError:
            requests.append(b"the other side hung up")
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    host = f"127.0.0.1:{port}"
    try:
        async with open_site(
            host, allowed_hosts=frozenset({host}), token="sesame", patience=patience
        ) as site:
            yield site, f"http://{host}/webservice/pluginfile.php/26/a.pdf", requests
    finally:
        server.close()
        await server.wait_closed()


async def _drip(reader, writer, part):
    """Send one byte every 20 ms until the other side has gone."""
    while not reader.at_eof():
        writer.write(part[:1])
        await writer.drain()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(reader.read(1), 0.02)


async def fetch(site, url, **kwargs):
    async with site.download(url, **({"limit_bytes": 10**6} | kwargs)) as file:
        return file, (await file.save()).read_bytes()


async def test_a_whole_file_arrives_with_its_hash() -> None:
    async with moodle(PDF_HEAD, PDF) as (site, url, requests):
        file, body = await fetch(site, url)
    assert body == PDF
    assert file.sha1 == file.sha1_expected == SHA1
    assert (file.mimetype, file.length, file.received) == ("application/pdf", 52792, 52792)
    assert requests[0].endswith(b"\r\n\r\ntoken=sesame")
    assert b"sesame" not in requests[0].split(b"\r\n")[0]


async def test_an_empty_file_is_a_file() -> None:
    empty = hashlib.sha1(b"", usedforsecurity=False).hexdigest()
    answer = head("Content-Type: application/pdf", "Content-Length: 0", f'ETag: "{empty}"')
    async with moodle(answer) as (site, url, _):
        assert (await fetch(site, url))[1] == b""


async def test_a_file_already_known_is_not_sent_again() -> None:
    answer = head(f'ETag: "{SHA1}"', status="304 Not Modified")
    async with moodle(answer) as (site, url, requests):
        async with site.download(url, limit_bytes=10, known_sha1=SHA1) as file:
            assert file.not_modified
        assert f'if-none-match: "{SHA1}"'.encode() in requests[0].lower()
        with pytest.raises(NotAnswerableError):
            await fetch(site, url)


async def test_a_connection_that_breaks_in_mid_file_leaves_no_file() -> None:
    async with moodle(PDF_HEAD, PDF[:20_000]) as (site, url, _):
        with pytest.raises(FileBrokenError) as caught:
            await fetch(site, url)
    assert caught.value.temporary


async def test_a_chunked_file_that_breaks_off_leaves_no_file() -> None:
    answer = head("Content-Disposition: inline", "Transfer-Encoding: chunked")
    async with moodle(answer, b"5\r\nhello\r\n") as (site, url, _):
        with pytest.raises(FileBrokenError):
            await fetch(site, url)


async def test_other_bytes_of_the_same_length_are_noticed() -> None:
    async with moodle(PDF_HEAD, PDF[:-1] + b"?") as (site, url, _):
        with pytest.raises(FileBrokenError, match="damaged"):
            await fetch(site, url)


async def test_a_file_that_crawls_is_given_up() -> None:
    async with (
        asyncio.timeout(10),
        moodle(PDF_HEAD, b"%", patience=SHORT, drip=True) as (site, url, _),
    ):
        with pytest.raises(FileBrokenError):
            await fetch(site, url)


async def test_a_file_that_stops_is_given_up() -> None:
    patience = Patience(connect=2.0, silence=0.2, answer=5.0)
    stop = head("Content-Type: application/pdf", "Content-Length: 9", f'ETag: "{SHA1}"')
    hold = asyncio.Event()

    async def serve(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(stop + b"%PDF")
        await writer.drain()
        await hold.wait()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    host = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with open_site(
        host, allowed_hosts=frozenset({host}), token="t", patience=patience
    ) as site:
        with pytest.raises(FileBrokenError):
            await fetch(site, f"http://{host}/webservice/pluginfile.php/1/a.pdf")
    hold.set()
    server.close()
    await server.wait_closed()


async def test_an_answer_that_crawls_is_given_up() -> None:
    answer = head("Content-Type: application/json", "Content-Length: 100000")
    async with (
        asyncio.timeout(10),
        moodle(answer, b"[", patience=SHORT, drip=True) as (site, _, _),
    ):
        with pytest.raises(UnreachableError):
            await site.site_info()


async def test_an_answer_that_breaks_off_is_temporary() -> None:
    answer = head("Content-Type: application/json", "Content-Length: 100000")
    async with moodle(answer, b'{"userid":3') as (site, _, _):
        with pytest.raises(UnreachableError) as caught:
            await site.site_info()
    assert caught.value.temporary


async def test_an_endless_answer_is_not_read_to_the_end(monkeypatch) -> None:
    monkeypatch.setattr("studymaster.adapters.moodle.door.LARGEST_ANSWER", 1000)
    answer = head("Content-Type: application/json", "Content-Length: 200000")
    async with moodle(answer, b" " * 200_000) as (site, _, _):
        with pytest.raises(NotAnswerableError):
            await site.site_info()


@pytest.mark.parametrize("announced", [True, False])
async def test_a_file_over_the_limit_is_refused(announced) -> None:
    body = b"x" * 5000
    lines = ["Content-Disposition: inline"]
    lines += [f"Content-Length: {len(body)}"] if announced else []
    async with moodle(head(*lines), body) as (site, url, _):
        with pytest.raises(FileTooLargeError):
            await fetch(site, url, limit_bytes=4999)


DISGUISED = {
    "file_bad_token": TokenExpiredError,
    "file_hidden_module": FileRefusedError,
    "file_maintenance": MaintenanceError,
    "file_not_found": FileMissingError,
    "file_maintenance_cli": MaintenanceError,
    "file_plain_pluginfile_with_token": FileRefusedError,
    "file_tokenpluginfile_bad": FileMissingError,
}


@pytest.mark.parametrize(("name", "failure"), DISGUISED.items())
async def test_a_failure_is_never_handed_on_as_a_file(name, failure) -> None:
    found = recording(name)
    lines = [
        f"{key}: {value}"
        for key, value in found.headers.items()
        if key not in {"transfer-encoding", "connection"}
    ]
    async with moodle(head(*lines, status=f"{found.status} X"), found.body) as (
        site,
        url,
        _,
    ):
        with pytest.raises(failure):
            await fetch(site, url)


async def test_a_sign_in_page_of_the_network_is_no_file() -> None:
    async with moodle(head("Content-Type: text/html"), b"<html>wifi</html>") as (
        site,
        url,
        _,
    ):
        with pytest.raises(NotAnswerableError):
            await fetch(site, url)


async def test_a_generated_page_without_hash_is_a_file() -> None:
    found = recording("file_page_index")
    answer = head(
        "Content-Type: text/html;charset=UTF-8",
        f"Content-Length: {len(found.body)}",
        'Content-Disposition: attachment; filename="index.html"',
    )
    async with moodle(answer, found.body) as (site, url, _):
        file, body = await fetch(site, url)
    assert body == found.body
    assert file.sha1_expected is None


async def test_a_json_file_without_hash_is_whole() -> None:
    answer = head("Content-Type: application/json", "Content-Disposition: inline")
    async with moodle(answer, b'{"rows": [1, 2, 3]}') as (site, url, _):
        assert (await fetch(site, url))[1] == b'{"rows": [1, 2, 3]}'


async def test_a_file_kept_elsewhere_is_not_followed() -> None:
    answer = head("Location: https://bucket.example/a.pdf?signature=x", status="303 See")
    async with moodle(answer) as (site, url, requests):
        with pytest.raises(FileElsewhereError) as caught:
            await fetch(site, url)
        assert len(requests) == 1
    assert "signature" not in caught.value.detail


async def test_a_site_that_is_not_there_is_unreachable() -> None:
    server = await asyncio.start_server(lambda _r, _w: None, "127.0.0.1", 0)
    host = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()
    await server.wait_closed()
    async with open_site(host, allowed_hosts=frozenset({host}), token="t") as site:
        with pytest.raises(UnreachableError, match=r"127\.0\.0\.1"):
            await site.site_info()


def _self_signed(folder):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    began = datetime(2026, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(began)
        .not_valid_after(began + timedelta(days=36500))
        .sign(key, hashes.SHA256())
    )
    file = folder / "site.pem"
    file.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        + certificate.public_bytes(Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


async def test_a_site_that_cannot_prove_its_name_gets_nothing(tmp_path) -> None:
    served = []
    server = await asyncio.start_server(
        lambda r, w: served.append((r, w)), "127.0.0.1", 0, ssl=_self_signed(tmp_path)
    )
    host = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with open_site(f"https://{host}", allowed_hosts=frozenset({host})) as site:
        with pytest.raises(CertificateError):
            await site.sign_in("student1", "secret")
    server.close()
    await server.wait_closed()
    assert served == []
