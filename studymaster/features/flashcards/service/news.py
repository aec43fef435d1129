"""What open tabs and kept figures hear when cards change."""

from uuid import UUID

from studymaster.adapters.bus import Topic, news_for
from studymaster.adapters.cache import Kept
from studymaster.adapters.database import UnitOfWork
from studymaster.features.library import service as library


def note_change(work: UnitOfWork, *, account_id: UUID, subject: str) -> None:
    """Tell the open tabs that cards changed, and that figures about them are old."""
    work.announce(news_for(account_id, Topic.CARDS, subject=subject))
    work.outdate(Kept.STATISTICS, str(account_id))
    library.outdate_shelves(work, account_id=account_id)
