"""The same promises, kept by a folder and by an S3 server over HTTP."""

import errno
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen
from uuid import UUID

import boto3
import pytest
from botocore.config import Config
from hypothesis import example, given
from hypothesis import strategies as st
from moto.server import ThreadedMotoServer
from structlog.testing import capture_logs

from studymaster.adapters.storage import (
    FileGoneError,
    LocalStorage,
    Own,
    S3Storage,
    Storage,
    StorageAwayError,
    blob_key,
    own_folder,
    own_key,
    pictures_of,
    received,
    require_key,
    shared_key,
)

KEY = blob_key("a" * 40)
MINA = UUID(int=1)
JONAS = UUID(int=2)


@pytest.fixture(scope="module")
def s3_address() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def s3_client(address: str):
    return boto3.client(
        "s3",
        endpoint_url=address,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 1}),
    )


@pytest.fixture(params=["folder", "s3"])
def storage(request, tmp_path: Path) -> Storage:
    if request.param == "folder":
        return LocalStorage(tmp_path / "storage")
    client = s3_client(request.getfixturevalue("s3_address"))
    client.create_bucket(Bucket="studymaster")
    for item in client.list_objects_v2(Bucket="studymaster").get("Contents", []):
        client.delete_object(Bucket="studymaster", Key=item["Key"])
    return S3Storage(client, bucket="studymaster")


async def test_what_is_put_is_there(storage) -> None:
    await storage.put_bytes(b"lecture", KEY)
    assert await storage.get_bytes(KEY) == b"lecture"


async def test_a_file_goes_in_and_comes_out_whole(storage, tmp_path: Path) -> None:
    data = bytes(range(256)) * 5000
    (tmp_path / "in").write_bytes(data)
    await storage.put_file(tmp_path / "in", KEY)
    for _ in range(2):
        async with storage.lend(KEY) as path:
            assert path.read_bytes() == data
    assert await storage.get_bytes(KEY) == data


async def test_files_are_taken_whole_and_taking_them_again_is_no_failure(
    storage, tmp_path: Path
) -> None:
    files = {f"blobs/aa/{number}": tmp_path / f"{number}" for number in range(3)}
    for key, path in files.items():
        path.write_text(key)
    await storage.take_files(files)
    await storage.take_files(files)
    assert [await storage.get_bytes(key) for key in files] == [
        key.encode() for key in files
    ]


async def test_a_file_from_another_disk_is_copied(tmp_path: Path, monkeypatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    (tmp_path / "in").write_bytes(b"lecture")
    storage = LocalStorage(tmp_path / "storage")
    with monkeypatch.context() as apart:
        real = Path.replace
        apart.setattr(
            Path,
            "replace",
            lambda path, to: refuse() if path.name == "in" else real(path, to),
        )
        await storage.take_files({KEY: tmp_path / "in"})
    assert await storage.get_bytes(KEY) == b"lecture"


async def test_a_file_that_is_gone_before_it_was_taken_is_missed(tmp_path: Path) -> None:
    with pytest.raises(StorageAwayError):
        await LocalStorage(tmp_path).take_files({KEY: tmp_path / "vanished"})


async def test_a_folder_lends_its_own_file_and_keeps_it(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path)
    await storage.put_bytes(b"lecture", KEY)
    async with storage.lend(KEY) as path:
        assert path == tmp_path / KEY
    assert path.read_bytes() == b"lecture"


async def test_a_copy_from_s3_is_gone_when_it_was_read(s3_address) -> None:
    client = s3_client(s3_address)
    client.create_bucket(Bucket="studymaster")
    storage = S3Storage(client, bucket="studymaster")
    await storage.put_bytes(b"lecture", KEY)
    async with storage.lend(KEY) as path:
        assert path.read_bytes() == b"lecture"
    assert not path.exists()


async def test_putting_twice_keeps_the_last(storage) -> None:
    await storage.put_bytes(b"old", KEY)
    await storage.put_bytes(b"new", KEY)
    assert await storage.get_bytes(KEY) == b"new"


async def test_what_is_not_there_is_named(storage) -> None:
    with pytest.raises(FileGoneError):
        await storage.get_bytes("blobs/no/thing")
    with pytest.raises(FileGoneError):
        async with storage.lend("blobs/no/thing"):
            pass


async def test_what_is_removed_is_gone(storage) -> None:
    other = blob_key("b" * 40)
    await storage.put_bytes(b"lecture", KEY)
    await storage.put_bytes(b"other", other)
    await storage.remove(KEY)
    with pytest.raises(FileGoneError):
        await storage.get_bytes(KEY)
    assert await storage.get_bytes(other) == b"other"


async def test_removing_what_is_not_there_is_no_trouble(storage) -> None:
    await storage.remove(KEY)
    await storage.remove_folder(own_folder(MINA))


async def test_a_folder_goes_with_all_that_is_in_it_and_nothing_else(storage) -> None:
    own = [own_key(MINA, kind, f"{number}.bin") for kind in Own for number in range(3)]
    beside = [own_key(JONAS, Own.PDFS, "1.bin"), f"{own_folder(MINA)}-2/pdfs/1.bin", KEY]
    for key in own + beside:
        await storage.put_bytes(key.encode(), key)
    await storage.remove_folder(own_folder(MINA))
    for key in own:
        with pytest.raises(FileGoneError):
            await storage.get_bytes(key)
    assert [await storage.get_bytes(key) for key in beside] == [
        key.encode() for key in beside
    ]


async def test_a_folder_of_many_files_goes_whole(s3_address) -> None:
    client = s3_client(s3_address)
    client.create_bucket(Bucket="many")
    for number in range(1_050):  # S3 lists a thousand at a time
        client.put_object(Bucket="many", Key=f"{own_folder(MINA)}/audio/{number}", Body=b"")
    await S3Storage(client, bucket="many").remove_folder(own_folder(MINA))
    assert client.list_objects_v2(Bucket="many")["KeyCount"] == 0


def test_everything_has_its_place() -> None:
    assert own_key(MINA, Own.PDFS, "ab.pdf") == f"users/{MINA}/pdfs/ab.pdf"
    assert own_key(MINA, Own.AUDIO, "1.webm") == f"users/{MINA}/audio/1.webm"
    assert own_key(MINA, Own.NOTES, "1") == f"users/{MINA}/notes/1"
    assert shared_key("cd.pdf") == "shared/resources/cd.pdf"
    assert pictures_of("a" * 40) == f"renders/{'a' * 40}"
    assert pictures_of("x", own_key(MINA, Own.PDFS, "ab.pdf")) == (
        f"users/{MINA}/pdfs/ab-pages"
    )


@given(st.text())
@example("..")
@example("../other")
@example("a/../../b")
@example(".hidden")
@example("a\\b")
@example("a\x00")
@example("a\n")
@example("")
def test_no_name_leads_out_of_its_folder(name: str) -> None:
    try:
        key = own_key(MINA, Own.PDFS, name)
    except ValueError:
        return
    root = Path("/store")
    place = (root / key).resolve()
    assert place.parent == root / own_folder(MINA) / "pdfs"
    assert place.name == name


@given(st.text())
@example("/etc/passwd")
@example("blobs/../../secret")
@example("users//pdfs")
def test_no_key_leads_out_of_the_store(key: str) -> None:
    try:
        require_key(key)
    except ValueError:
        return
    root = Path("/store")
    assert (root / key).resolve() == root / key
    assert (root / key).is_relative_to(root)


async def test_a_key_that_leads_elsewhere_touches_nothing(storage, tmp_path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("kept")
    for attempt in (
        storage.get_bytes("../secret"),
        storage.put_bytes(b"x", "../secret"),
        storage.put_file(secret, "../secret"),
        storage.take_files({"../secret": secret}),
        storage.remove("../secret"),
        storage.remove_folder(".."),
    ):
        with pytest.raises(ValueError, match="safe"):
            await attempt
    assert secret.read_text() == "kept"


async def refused_in_one_sentence(storage: Storage, tmp_path: Path) -> None:
    (tmp_path / "in").write_bytes(b"lecture")
    for attempt in (
        storage.put_bytes(b"x", KEY),
        storage.put_file(tmp_path / "in", KEY),
        storage.get_bytes(KEY),
        storage.remove(KEY),
        storage.remove_folder("blobs"),
    ):
        with capture_logs() as logs, pytest.raises(StorageAwayError, match="not set up"):
            await attempt
        assert [line["event"] for line in logs] == ["storage_refuses_us"]


async def test_a_bucket_that_is_not_there_is_named(s3_address, tmp_path) -> None:
    storage = S3Storage(s3_client(s3_address), bucket="nowhere")
    await refused_in_one_sentence(storage, tmp_path)


@pytest.fixture
def strict_s3(s3_address) -> Iterator[str]:
    """An S3 server that looks at who is asking."""
    client = s3_client(s3_address)
    client.create_bucket(Bucket="guarded")
    tell(s3_address, b"0")
    yield s3_address
    tell(s3_address, b"inf")


def tell(address: str, free_requests: bytes) -> None:
    plain = {"Content-Type": "text/plain"}  # a form would be taken apart before it is read
    request = Request(f"{address}/moto-api/reset-auth", free_requests, plain)
    with urlopen(request) as answer:
        assert answer.status == 200


async def test_wrong_credentials_are_named(strict_s3, tmp_path) -> None:
    await refused_in_one_sentence(
        S3Storage(s3_client(strict_s3), bucket="guarded"), tmp_path
    )


async def test_a_store_that_is_away_is_named() -> None:
    storage = S3Storage(s3_client("http://127.0.0.1:1"), bucket="studymaster")
    with pytest.raises(StorageAwayError):
        await storage.put_bytes(b"x", KEY)


async def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StorageAwayError):
        await LocalStorage(tmp_path / "file").put_bytes(b"x", KEY)


async def test_what_a_folder_cannot_read_is_named(tmp_path: Path) -> None:
    (tmp_path / KEY).mkdir(parents=True)  # no bytes can be read from it, even as root
    with pytest.raises(StorageAwayError):
        await LocalStorage(tmp_path).get_bytes(KEY)
    with pytest.raises(StorageAwayError):
        async with LocalStorage(tmp_path).lend(KEY):
            pass


async def test_what_could_not_be_stored_leaves_nothing_behind(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path / "storage")
    await storage.put_bytes(b"old", KEY)
    with pytest.raises(StorageAwayError):
        await storage.put_file(tmp_path / "vanished", KEY)
    (tmp_path / "storage/blobs/aa/taken").mkdir()
    with pytest.raises(StorageAwayError):
        await storage.put_bytes(b"new", "blobs/aa/taken")
    files = [path for path in (tmp_path / "storage").rglob("*") if path.is_file()]
    assert [path.read_bytes() for path in files] == [b"old"]


async def test_a_stream_becomes_a_file_for_a_while() -> None:
    async def chunks():
        yield b"one "
        yield b"two"

    async with received(chunks()) as path:
        assert path.read_bytes() == b"one two"
    assert not path.exists()
