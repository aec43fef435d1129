"""What a run fetches: the files that are not here yet, and the text in them."""

from asyncio import to_thread
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from studymaster.adapters import clock, documents
from studymaster.adapters.database import unit_of_work
from studymaster.adapters.moodle import (
    AccessRefusedError,
    MoodleSite,
)
from studymaster.adapters.storage import blob_key, get_storage
from studymaster.config import get_settings
from studymaster.errors import StudyMasterError
from studymaster.features.sync import service
from studymaster.features.sync.schemas import Errand, Parcel
from workers.visit.journal import Journal
from workers.visit.together import carry_out

AT_ONCE = 4
MEGABYTE = 1_000_000


def parts_folder() -> Path:
    """Return where the beginnings of files wait on this machine for the next try."""
    return get_settings().storage_dir / "parts"


class Files:
    """The files of one student at one site."""

    def __init__(self, errand: Errand, site: MoodleSite, journal: Journal) -> None:
        """Fetch for `errand` from the opened site."""
        self._errand = errand
        self._site = site
        self._journal = journal
        self._limit_mb = get_settings().file_limit_mb
        self._bytes_total = 0
        self._is_refused = False

    async def fetch_all(self) -> None:
        """Bring in the files that are not here yet, and read what is in them."""
        async with unit_of_work() as work:
            waiting = await service.parcels(
                work, errand=self._errand, limit_mb=self._limit_mb, now=clock.now()
            )
        if not waiting:
            return
        self._bytes_total = sum(parcel.size_bytes for parcel in waiting)
        self._journal.note(files_total=len(waiting), bytes_total=self._bytes_total)
        await carry_out((self._bring(parcel) for parcel in waiting), at_once=AT_ONCE)
        if self._is_refused:
            # Moodle refuses a file to a token that has just run out as it does a shut one.
            await self._site.site_info()

    async def _bring(self, parcel: Parcel) -> None:
        self._journal.note(current=f"{parcel.course_name}: {parcel.name}")
        counted = _Counted(self._journal)
        async with self._journal.apart(partial(self._note_failed, parcel)):
            await self._fetch(parcel, counted)
        # What did not have to come, or did not come, is not waited for any more.
        self._bytes_total += counted.bytes - parcel.size_bytes
        self._journal.note(files_done=1, bytes_total=self._bytes_total)

    async def _fetch(self, parcel: Parcel, counted: "_Counted") -> None:
        async with self._site.download(
            parcel.address,
            limit_bytes=self._limit_mb * MEGABYTE,
            known_sha1=parcel.known_sha1,
            parts=parts_folder(),
        ) as download:
            if download.not_modified and parcel.known_sha1:
                sha1 = parcel.known_sha1
                fresh = await self._read_stored(parcel, sha1)
            else:
                path = await download.save(progress=counted.add)
                sha1 = download.sha1
                listed = parcel.mimetype or download.mimetype
                fresh = await self._store(parcel, path, sha1=sha1, listed=listed)
        async with unit_of_work() as work:
            if fresh is not None:
                await service.keep_blob(
                    work,
                    sha1=sha1,
                    size_bytes=fresh.size_bytes,
                    mimetype=fresh.kind,
                    reading=fresh.reading,
                    now=clock.now(),
                )
            await service.keep_file(
                work, errand=self._errand, material_id=parcel.material_id, sha1=sha1
            )

    async def _store(
        self, parcel: Parcel, path: Path, *, sha1: str, listed: str
    ) -> "_Fresh | None":
        """Store bytes that nobody has yet, or could not read; return what is in them."""
        start = await to_thread(_start_of, path)
        kind = documents.kind_of(start, listed=listed, name=parcel.filename)
        if await self._has(sha1, kind):
            return None
        await get_storage().put_file(path, blob_key(sha1))
        return await self._read(parcel, path, kind=kind)

    async def _read_stored(self, parcel: Parcel, sha1: str) -> "_Fresh | None":
        """Read what is stored if nobody could when it came."""
        kind = documents.kind_of(b"", listed=parcel.mimetype, name=parcel.filename)
        if await self._has(sha1, kind):
            return None
        async with get_storage().lend(blob_key(sha1)) as path:
            return await self._read(parcel, path, kind=kind)

    async def _has(self, sha1: str, kind: str) -> bool:
        async with unit_of_work() as work:
            return await service.has_bytes(
                work, sha1=sha1, readable=documents.is_readable(kind)
            )

    async def _read(self, parcel: Parcel, path: Path, *, kind: str) -> "_Fresh":
        size = (await to_thread(path.stat)).st_size
        reading = await to_thread(documents.read, path, mimetype=kind, name=parcel.filename)
        return _Fresh(size, kind, reading)

    async def _note_failed(self, parcel: Parcel, error: StudyMasterError) -> None:
        self._is_refused |= isinstance(error, AccessRefusedError)
        async with unit_of_work() as work:
            await service.note_failed_file(
                work, errand=self._errand, parcel=parcel, error=error, now=clock.now()
            )


@dataclass(frozen=True, slots=True)
class _Fresh:
    """What is in bytes that were read just now."""

    size_bytes: int
    kind: str
    reading: documents.Reading


class _Counted:
    """Counts the bytes of one file as they come."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self.bytes = 0

    async def add(self, fresh: int) -> None:
        self.bytes += fresh
        self._journal.note(bytes_done=fresh)


def _start_of(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(documents.START_BYTES)
