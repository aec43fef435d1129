"""What the frame of every page shows about the student."""

from studymaster.features.braindump.page.writing import CatchBox
from studymaster.features.braindump.state import ThoughtState
from studymaster.features.dashboard.state import ShellState
from studymaster.ui.navigation import Newest, Reach, Shell


def shell() -> Shell:
    """Return what the frame of every page shows about the student."""
    return Shell(
        name=ShellState.name,
        initials=ShellState.initials,
        summary=ShellState.summary,
        due_count=ShellState.due,
        unread=ShellState.bell.unread,
        is_host=ShellState.is_host,
        newest=Newest(
            looked=ShellState.bell.looked,
            id=ShellState.bell.newest_id,
            at=ShellState.bell.newest_at,
            title=ShellState.bell.newest_title,
            text=ShellState.bell.newest_text,
            path=ShellState.bell.newest_path,
        ),
        ended=ShellState.ended,
        theme=ShellState.theme,
        reach=Reach(
            thought=CatchBox.create(
                account=ShellState.account,
                caught=ThoughtState.caught,
                on_catch=ThoughtState.catch,
            ),
            kept=ThoughtState.caught,
            places=ShellState.places,
            on_find=ShellState.find_places,
        ),
    )
