"""Keeps bytes: in a local folder, or in an S3 bucket when one is set."""

import errno
import mimetypes
import re
import shutil
from asyncio import gather, to_thread
from collections.abc import (
    AsyncGenerator,
    AsyncIterable,
    Callable,
    Generator,
    Mapping,
)
from contextlib import (
    AbstractAsyncContextManager,
    ExitStack,
    asynccontextmanager,
    contextmanager,
    suppress,
)
from enum import StrEnum
from functools import lru_cache, partial
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any, Protocol, cast
from uuid import UUID

import boto3
import structlog
from boto3.exceptions import Boto3Error
from botocore.client import BaseClient
from botocore.exceptions import BotoCoreError, ClientError

from studymaster.config import Settings, get_settings
from studymaster.errors import NotFoundError, StudyMasterError, UpstreamError

log = structlog.get_logger(__name__)

SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}(\.[A-Za-z0-9]{1,12})?")
"""One part of a key: neither hidden nor a step upwards, on any file system."""

LONGEST_KEY = 300
REFUSALS = frozenset(
    {
        "403",
        "404",
        "AccessDenied",
        "InvalidAccessKeyId",
        "NoSuchBucket",
        "SignatureDoesNotMatch",
    }
)
"""What an S3 store says when the bucket is missing or is not ours to use."""


class StorageAwayError(UpstreamError):
    """The place where files are kept does not answer or is full."""


class FileGoneError(NotFoundError):
    """There is nothing under that key."""


class Own(StrEnum):
    """What a student's own folder holds, each kind in a folder of its name."""

    PDFS = "pdfs"
    AUDIO = "audio"
    NOTES = "notes"
    MEDIA = "media"
    EXCHANGE = "exchange"


def blob_key(sha1: str) -> str:
    """Return where the bytes with this SHA-1 (hex) lie, which Moodle gave to many."""
    return require_key(f"blobs/{sha1[:2]}/{sha1}")


def pictures_of(sha1: str, own: str | None = None) -> str:
    """Return where the drawn pages of a file lie; those of a student's own beside it."""
    return require_key(f"{own.rpartition('.')[0]}-pages" if own else f"renders/{sha1}")


def own_folder(account_id: UUID) -> str:
    """Return where everything that is one student's alone lies."""
    return require_key(f"users/{account_id}")


def own_key(account_id: UUID, kind: Own, name: str) -> str:
    """Return where a file of one student's own lies; `name` is made from an id or a hash.

    Raises:
        ValueError: the name is not safe as a part of a key.
    """
    return require_key(f"{own_folder(account_id)}/{kind}/{_safe(name)}")


def shared_key(name: str) -> str:
    """Return where a file shared on campus lies; `name` is made from an id or a hash.

    Raises:
        ValueError: the name is not safe as a part of a key.
    """
    return require_key(f"shared/resources/{_safe(name)}")


def require_key(key: str) -> str:
    """Return a key that stays inside the store.

    Raises:
        ValueError: it could lead elsewhere; a fault of ours, as students never name keys.
    """
    if len(key) > LONGEST_KEY:
        msg = "A key of the file store is too long."
        raise ValueError(msg)
    for part in key.split("/"):
        _safe(part)
    return key


def _safe(part: str) -> str:
    if not SAFE_NAME.fullmatch(part):
        msg = f"{part[:40]!r} is not safe in a key of the file store."
        raise ValueError(msg)
    return part


class Storage(Protocol):
    """Bytes under keys such as `blobs/ab/ab12…`; a key is written whole or not at all.

    `users/<account>/pdfs|audio|notes|media|exchange/` holds what is one student's alone, `shared/resources/`
    what they share, `blobs/` what came from Moodle and `renders/` its drawn pages.
    """

    async def put_file(self, path: Path, key: str) -> None:
        """Store a copy of a local file."""
        ...

    async def take_files(self, files: Mapping[str, Path]) -> None:
        """Store local files by their keys that nobody else needs; they may be gone then."""
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

    async def remove(self, key: str) -> None:
        """Remove what lies under a key; nothing happens when nothing does."""
        ...

    async def remove_folder(self, prefix: str) -> None:
        """Remove everything whose key begins with `prefix/`."""
        ...


class LocalStorage:
    """Files in one folder of this machine."""

    def __init__(self, root: Path) -> None:
        """Keep everything below `root`, which is made when needed."""
        self._root = root

    async def put_file(self, path: Path, key: str) -> None:
        """Store a copy of a local file."""
        await to_thread(self._place, key, source=path, data=None)

    async def take_files(self, files: Mapping[str, Path]) -> None:
        """Move local files here, or copy them from another disk."""
        await to_thread(self._take, files)

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

    async def remove(self, key: str) -> None:
        """Remove what lies under a key."""
        await to_thread(self._remove, key)

    async def remove_folder(self, prefix: str) -> None:
        """Remove everything below a folder."""
        await to_thread(self._remove_folder, prefix)

    def _path(self, key: str) -> Path:
        return self._root / require_key(key)

    def _read(self, key: str) -> bytes:
        with _disk_failures():
            return self._path(key).read_bytes()

    def _readable(self, key: str) -> Path:
        path = self._path(key)
        with _disk_failures(), path.open("rb"):
            return path

    def _remove(self, key: str) -> None:
        with _disk_failures():
            self._path(key).unlink(missing_ok=True)

    def _remove_folder(self, prefix: str) -> None:
        with suppress(FileGoneError), _disk_failures():
            shutil.rmtree(self._path(prefix))

    def _take(self, files: Mapping[str, Path]) -> None:
        for key, path in files.items():
            self._take_one(path, key)

    def _take_one(self, path: Path, key: str) -> None:
        target = self._path(key)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)
        except FileNotFoundError as error:
            if not target.exists():  # else it was moved already, by a try before this one
                raise _away() from error
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise _away() from error
            self._place(key, source=path, data=None)

    def _place(self, key: str, *, source: Path | None, data: bytes | None) -> None:
        target = self._path(key)
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
        self._client = cast("Any", client)
        self._bucket = bucket

    async def put_file(self, path: Path, key: str) -> None:
        """Store a copy of a local file."""
        await self._call(
            partial(
                self._client.upload_file,
                str(path),
                self._bucket,
                require_key(key),
                ExtraArgs=_kind(key),
            )
        )

    async def take_files(self, files: Mapping[str, Path]) -> None:
        """Store copies, all at once: the files themselves stay where they are."""
        await gather(*(self.put_file(path, key) for key, path in files.items()))

    async def put_bytes(self, data: bytes, key: str) -> None:
        """Store a few bytes."""
        await self._call(
            partial(
                self._client.put_object,
                Bucket=self._bucket,
                Key=require_key(key),
                Body=data,
                **_kind(key),
            )
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
            await self._call(
                partial(
                    self._client.download_file, self._bucket, require_key(key), part.name
                )
            )
            yield Path(part.name)

    async def remove(self, key: str) -> None:
        """Remove what lies under a key."""
        await self._call(
            partial(self._client.delete_object, Bucket=self._bucket, Key=require_key(key))
        )

    async def remove_folder(self, prefix: str) -> None:
        """Remove everything whose key begins with `prefix/`."""
        await self._call(partial(self._remove_all, f"{require_key(prefix)}/"))

    def _remove_all(self, start: str) -> None:
        pages = self._client.get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=self._bucket, Prefix=start):
            for item in page.get("Contents", []):
                self._client.delete_object(Bucket=self._bucket, Key=item["Key"])

    async def _call(self, request: Callable[[], object]) -> None:
        try:
            await to_thread(request)
        except ClientError as error:
            raise await self._failure(error) from error
        except Boto3Error as error:
            # Its transfers wrap what the store said.
            raise await self._failure(error.__context__) from error
        except (BotoCoreError, OSError) as error:
            raise _away() from error

    async def _failure(self, error: BaseException | None) -> StudyMasterError:
        code = _code_of(error)
        if code == "NoSuchKey" or (code == "404" and await self._has_bucket()):
            return _gone()
        if code in REFUSALS:
            log.error("storage_refuses_us", bucket=self._bucket, code=code)
            return _refused()
        return _away()

    async def _has_bucket(self) -> bool:
        # Whoever asks for an object's head is told 404 in both cases.
        try:
            await to_thread(partial(self._client.head_bucket, Bucket=self._bucket))
        except (ClientError, BotoCoreError):
            return False
        return True


def _code_of(error: BaseException | None) -> str:
    if not isinstance(error, ClientError):
        return ""
    return str(error.response.get("Error", {}).get("Code"))  # pyright: ignore[reportUnknownArgumentType]


def _kind(key: str) -> dict[str, str]:
    guess, _ = mimetypes.guess_type(key)
    return {"ContentType": guess or "application/octet-stream"}


def _away() -> StorageAwayError:
    return StorageAwayError(
        "Our file store is not answering. Your cards are safe; try again in a minute."
    )


def _refused() -> StorageAwayError:
    return StorageAwayError(
        "Our file store is not set up right, so no file can be read or kept. Your cards "
        "are safe; tell whoever runs this StudyMaster."
    )


def _gone() -> FileGoneError:
    return FileGoneError(
        "That file is not here any more. If it came from Moodle, the next sync brings it back."
    )


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
