"""The Live Sync page as one browser tab holds it: runs and courses, and connecting a Moodle."""

from studymaster.features.sync.state.connecting import ConnectState
from studymaster.features.sync.state.live import LiveSyncState

__all__ = ["ConnectState", "LiveSyncState"]
