"""What one tab holds of the notes: the list, and the one that is open."""

from studymaster.features.braindump.state.note import NoteState
from studymaster.features.braindump.state.notes import NotesState
from studymaster.features.braindump.state.thought import ThoughtState

__all__ = ["NoteState", "NotesState", "ThoughtState"]
