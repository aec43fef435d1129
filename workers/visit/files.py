"""What a run fetches: the files that are not here yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from studymaster.adapters import clock, documents
from studymaster.adapters.database import unit_of_work
from studymaster.adapters.moodle import AccessRefusedError, Download, MoodleSite
from studymaster.adapters.storage import blob_key, get_storage
from studymaster.config import get_settings
from studymaster.errors import StudyMasterError
from studymaster.features.sync import service
from studymaster.features.sync.schemas import Arrival, Errand, Parcel
from workers.visit.bundle import Bundler
from workers.visit.journal import Journal
from workers.visit.together import carry_out

AT_ONCE = 60
"""Files on their way or waiting to be noted; how many are asked for is the site's gate's."""

MEGABYTE = 1_000_000


def parts_folder() -> Path:
    """Return where the beginnings of files wait on this machine for the next try."""
    return get_settings().storage_dir / "parts"


@dataclass(frozen=True, slots=True)
class _Come:
    """A file that came; `path` is None where the site said that we have it."""

    arrival: Arrival
    path: Path | None


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
        self._bundler = Bundler[_Come](self._note_come, most=AT_ONCE // 2)

    async def fetch_all(self) -> bool:
        """Bring in the files that are not here yet; return whether there were any."""
        async with unit_of_work() as work:
            waiting = await service.parcels(
                work, errand=self._errand, limit_mb=self._limit_mb, now=clock.now()
            )
        if not waiting:
            return False
        self._bytes_total = sum(parcel.size_bytes for parcel in waiting)
        self._journal.note(files_total=len(waiting), bytes_total=self._bytes_total)
        await carry_out((self._bring(parcel) for parcel in waiting), at_once=AT_ONCE)
        if self._is_refused:
            # Moodle refuses a file to a token that has just run out as it does a shut one.
            await self._site.site_info()
        return True

    async def _bring(self, parcel: Parcel) -> None:
        counted = _Counted(self._journal, f"{parcel.course_name}: {parcel.name}")
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
            come = await self._receive(parcel, download, counted)
            # The beginning of the file waits on this machine until it is noted as here.
            await self._bundler.add(come)

    async def _receive(
        self, parcel: Parcel, download: Download, counted: "_Counted"
    ) -> _Come:
        path, start, sha1 = None, b"", parcel.known_sha1 or ""
        listed = parcel.mimetype
        if not download.not_modified:
            path = await download.save(progress=counted.add)
            start, sha1 = download.start, download.sha1
            listed = parcel.mimetype or download.mimetype
        kind = documents.kind_of(start, listed=listed, name=parcel.filename)
        arrival = Arrival(
            sha1=sha1,
            size_bytes=download.received if path else parcel.size_bytes,
            mimetype=kind,
            readable=documents.is_readable(kind),
            material_id=parcel.material_id,
        )
        return _Come(arrival, path)

    async def _note_come(self, come: Sequence[_Come]) -> None:
        """Store what nobody has yet, and note all of it as here."""
        async with unit_of_work() as work:
            known = await service.bytes_here(work, sha1s={one.arrival.sha1 for one in come})
        fresh = {
            blob_key(one.arrival.sha1): one.path
            for one in come
            if one.path is not None and one.arrival.sha1 not in known
        }
        await get_storage().take_files(fresh)
        async with unit_of_work() as work:
            await service.keep_files(
                work,
                errand=self._errand,
                arrivals=[one.arrival for one in come],
                now=clock.now(),
            )

    async def _note_failed(self, parcel: Parcel, error: StudyMasterError) -> None:
        self._is_refused |= isinstance(error, AccessRefusedError)
        async with unit_of_work() as work:
            await service.note_failed_file(
                work, errand=self._errand, parcel=parcel, error=error, now=clock.now()
            )


class _Counted:
    """Counts the bytes of one file as they come, and names it as the one that is coming."""

    def __init__(self, journal: Journal, name: str) -> None:
        self._journal = journal
        self._name = name
        self.bytes = 0

    def add(self, fresh: int) -> None:
        self.bytes += fresh
        self._journal.note(bytes_done=fresh, current=self._name)
