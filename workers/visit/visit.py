"""A run from its first question to its last file."""

from contextlib import suppress

from studymaster.adapters.database import DatabaseAwayError
from studymaster.adapters.moodle import MoodleSite
from studymaster.features.sync import service
from studymaster.features.sync.schemas import Errand, News
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

    async def carry_out(self) -> News:
        """Bring in what is there; return what is news beside the materials."""
        try:
            news = await self._listing.keep_everything()
            await self._files.fetch_all()
        finally:
            # However it ends, what it did shall be told; that must not hide why it ends.
            with suppress(DatabaseAwayError, service.RunLostError):
                await self.journal.write()
        return news
