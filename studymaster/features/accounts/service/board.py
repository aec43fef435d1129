"""The leaderboard that everybody shares, as far as a single account changes who is on it."""

from studymaster.adapters.bus import News, Topic
from studymaster.adapters.cache import WHOLE_BOARD, Kept
from studymaster.adapters.database import UnitOfWork
from studymaster.jobs import JobName


def show_board_anew(work: UnitOfWork) -> None:
    """Have everybody look again at once; a worker counts the places anew then."""
    work.outdate(Kept.LEADERBOARD, WHOLE_BOARD)
    work.announce(News(Topic.LEADERBOARD, account_id=""))
    work.enqueue(JobName.REFRESH_LEADERBOARD)
