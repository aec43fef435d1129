"""A run from its first question to its last file."""

from collections.abc import Mapping
from contextlib import suppress

from studymaster.adapters.database import DatabaseAwayError
from studymaster.adapters.moodle import MoodleSite
from studymaster.features.sync import service
from studymaster.features.sync.schemas import Errand
from workers.visit.files import Files
from workers.visit.journal import Journal
from workers.visit.listing import Listing


class Visit:
    """One run at one site."""

    def __init__(self, errand: Errand, site: MoodleSite) -> None:
        """Carry out `errand` at the opened site."""
        self.journal = Journal(errand, requests=lambda: site.requests)
        self._listing = Listing(errand, site, self.journal)
        self._files = Files(errand, site, self.journal)

    async def carry_out(self) -> tuple[bool, Mapping[str, int]]:
        """Bring in what is there; return whether all is as it was, and the unwritten counts."""
        try:
            is_known = await self._listing.keep_everything()
            has_files = await self._files.fetch_all()
        except BaseException:
            # However it ends, what it did shall be told; that must not hide why it ends.
            with suppress(DatabaseAwayError, service.RunLostError):
                await self.journal.write()
            raise
        is_quiet = is_known and not has_files and self.journal.is_whole
        return is_quiet, await self.journal.rest()
