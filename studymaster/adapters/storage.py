"""Keeps bytes: in a local folder, or in an S3 bucket when one is set."""

import mimetypes
import shutil
from asyncio import to_thread
from collections.abc import AsyncGenerator, AsyncIterable, Generator
from contextlib import (
    AbstractAsyncContextManager,
    ExitStack,
    asynccontextmanager,
    contextmanager,
)
from functools import lru_cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Protocol, cast

import boto3
from botocore.client import BaseClient
from botocore.exceptions import BotoCoreError, ClientError

from studymaster.config import Settings, get_settings
from studymaster.errors import NotFoundError, UpstreamError


class StorageAwayError(UpstreamError):
    """The place where files are kept does not answer or is full."""


class FileGoneError(NotFoundError):
    """There is nothing under that key."""


def blob_key(sha1: str) -> str:
    """Return where the bytes with this SHA-1 (hex) lie."""
    return f"blobs/{sha1[:2]}/{sha1}"


class Storage(Protocol):
    """Bytes under keys such as `blobs/ab/ab12…`; a key is written whole or not at all."""

    async def put_file(self, path: Path, key: str) -> None:
        """Store a copy of a local file."""
        ...

    async def put_bytes(self, data: bytes, key: str) -> None:
        """Store a few bytes."""
        ...

    async def get_bytes(self, key: str) -> bytes:
        """Return everything under a key, or raise FileGoneError."""
        ...

    def lend(self, key: str) -> AbstractAsyncContextManager[Path]:
        """Lend what lies under a key as a file to read from, or raise FileGoneError."""
        ...


class LocalStorage:
    """Files in one folder of this machine."""

    def __init__(self, root: Path) -> None:
        """Keep everything below `root`, which is made when needed."""
        self._root = root

    async def put_file(self, path: Path, key: str) -> None:
        """Store a copy of a local file."""
        await to_thread(self._place, key, source=path, data=None)

    async def put_bytes(self, data: bytes, key: str) -> None:
        """Store a few bytes."""
        await to_thread(self._place, key, source=None, data=data)

    async def get_bytes(self, key: str) -> bytes:
        """Return everything under a key."""
        return await to_thread(self._read, key)

    @asynccontextmanager
    async def lend(self, key: str) -> AsyncGenerator[Path]:
        """Lend the stored file itself."""
        yield await to_thread(self._readable, key)

    def _read(self, key: str) -> bytes:
        with _disk_failures():
            return (self._root / key).read_bytes()

    def _readable(self, key: str) -> Path:
        path = self._root / key
        with _disk_failures(), path.open("rb"):
            return path

    def _place(self, key: str, *, source: Path | None, data: bytes | None) -> None:
        target = self._root / key
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with _part_beside(target) as part:
                if source is None:
                    part.write(data or b"")
                else:
                    with source.open("rb") as stream:
                        shutil.copyfileobj(stream, part)
        except OSError as error:
            raise _away() from error


@contextmanager
def _part_beside(target: Path) -> Generator[IO[bytes]]:
    """Open a file that takes its target's place once it is whole, and else is removed."""
    with NamedTemporaryFile(dir=target.parent, delete=False) as part:
        try:
            yield part
            part.close()
            Path(part.name).replace(target)
        except BaseException:
            Path(part.name).unlink(missing_ok=True)
            raise


@contextmanager
def _disk_failures() -> Generator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise _gone() from error
    except OSError as error:
        raise _away() from error


class S3Storage:
    """Objects in one bucket of an S3-compatible store."""

    def __init__(self, client: BaseClient, *, bucket: str) -> None:
        """Use an opened client."""
        self._client = client
        self._bucket = bucket

    async def put_file(self, path: Path, key: str) -> None:
        """Store a copy of a local file."""
        await self._call("upload_file", str(path), self._bucket, key, ExtraArgs=_kind(key))

    async def put_bytes(self, data: bytes, key: str) -> None:
        """Store a few bytes."""
        await self._call(
            "put_object", Bucket=self._bucket, Key=key, Body=data, **_kind(key)
        )

    async def get_bytes(self, key: str) -> bytes:
        """Return everything under a key."""
        async with self.lend(key) as path:
            return await to_thread(path.read_bytes)

    @asynccontextmanager
    async def lend(self, key: str) -> AsyncGenerator[Path]:
        """Lend a copy, removed afterwards."""
        with ExitStack() as stack:
            with _disk_failures():
                part = stack.enter_context(NamedTemporaryFile())
            # Read it by its name: the transfer puts a new file in the place of ours.
            await self._call("download_file", self._bucket, key, part.name)
            yield Path(part.name)

    async def _call(self, method: str, *arguments: object, **options: object) -> None:
        try:
            await to_thread(getattr(self._client, method), *arguments, **options)
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code"))  # pyright: ignore[reportUnknownArgumentType]
            raise _gone() if code in {"404", "NoSuchKey"} else _away() from error
        except (BotoCoreError, OSError) as error:
            raise _away() from error


def _kind(key: str) -> dict[str, str]:
    guess, _ = mimetypes.guess_type(key)
    return {"ContentType": guess or "application/octet-stream"}


def _away() -> StorageAwayError:
    return StorageAwayError(
        "Our file store is not answering. Your cards are safe; try again in a minute."
    )


def _gone() -> FileGoneError:
    return FileGoneError("That file is not here any more. The next sync brings it back.")


@asynccontextmanager
async def received(chunks: AsyncIterable[bytes]) -> AsyncGenerator[Path]:
    """Lend a stream as a local file once it is whole; removed afterwards.

    Raises:
        StorageAwayError: this machine's disk does not take it.
    """
    with ExitStack() as stack:
        with _disk_failures():
            part = stack.enter_context(NamedTemporaryFile())
        async for chunk in chunks:
            with _disk_failures():
                part.write(chunk)
        with _disk_failures():
            part.flush()
        yield Path(part.name)


@lru_cache
def get_storage() -> Storage:
    """Return the store that the settings name."""
    settings = get_settings()
    return _s3(settings) if settings.s3_bucket else LocalStorage(settings.storage_dir)


def _s3(settings: Settings) -> S3Storage:
    client = cast(
        "BaseClient", boto3.client("s3", endpoint_url=settings.s3_endpoint_url or None)
    )
    return S3Storage(client, bucket=settings.s3_bucket)
