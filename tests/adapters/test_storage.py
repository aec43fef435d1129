"""The same promises, kept by a folder and by an S3 server over HTTP."""

from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from studymaster.adapters.storage import (
    FileGoneError,
    LocalStorage,
    S3Storage,
    Storage,
    StorageAwayError,
    blob_key,
    received,
)

KEY = blob_key("a" * 40)


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
