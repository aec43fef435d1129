"""What leaves the notes service: frozen and plain."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from studymaster.features.library.schemas import Leftovers


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note in a list; `line` is its course's colour or -1.

    `updated_at` and `copied_at` are ISO 8601 moments; `copied_at` is empty but for a copy.
    """

    id: str
    kind: str
    title: str
    excerpt: str
    tags: list[str]
    course: str
    line: int
    updated_at: str
    done: bool
    pinned: bool
    memos: int
    copied_at: str


@dataclass(frozen=True, slots=True)
class MemoView:
    """A recording.

    Attributes:
        id: Opaque id.
        address: Where the browser gets its sound.
        seconds: How long it is, as the browser measured it; 0 when nobody did.
        duration: The same in words, such as `1:05`; empty when nobody measured it.
        size: Its size in words, such as `1.2 MB`.
        state: Of its transcript: empty, `queued`, `running`, `done` or `failed`.
        transcript: What was said, once it is known.
        failure: Why there is no transcript.
    """

    id: str
    address: str
    seconds: int
    duration: str
    size: str
    state: str
    transcript: str
    failure: str


@dataclass(frozen=True, slots=True)
class NoteView:
    """An opened note; `version` counts its saves.

    A copy holds what was typed into a note that had changed meanwhile: `copy_of` is the id
    of that note, `copied_at` the ISO 8601 moment; both are empty for any other note.
    `copy_id` is the id of this note's own newest copy, empty when it has none.
    """

    id: str = ""
    kind: str = "thought"
    text: str = ""
    title: str = ""
    tags: list[str] = field(default_factory=list[str])
    course_id: str = ""
    course: str = ""
    version: int = 0
    updated_at: str = ""
    done: bool = False
    pinned: bool = False
    deleted: bool = False
    material_id: str = ""
    copy_of: str = ""
    copied_at: str = ""
    copy_id: str = ""
    memos: list[MemoView] = field(default_factory=list[MemoView])


@dataclass(frozen=True, slots=True)
class TagCount:
    """A tag, and how many notes have it."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Filter:
    """Which notes are looked for; empty texts and None mean any."""

    words: str = ""
    kind: str = ""
    tag: str = ""
    course_id: UUID | None = None
    done: bool | None = None
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of words that were sent; `note` is the one that has them now.

    `is_copy` when that is another note than the one they were typed into, because that one
    had changed meanwhile, or lies in the bin (`original_in_bin`).
    """

    note: NoteView
    is_copy: bool
    original_in_bin: bool = False


class Keep(StrEnum):
    """Which of two notes stays: a copy, the one that it is a copy of, or each by itself."""

    COPY = "copy"
    ORIGINAL = "original"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Caught:
    """A new note as it came in, unchecked; its id comes from the browser."""

    id: UUID
    text: object
    kind: str = "thought"
    course_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """What shall change about a note; None leaves it as it is."""

    kind: str | None = None
    done: bool | None = None
    pinned: bool | None = None


@dataclass(frozen=True, slots=True)
class Recording:
    """A voice memo's bytes: where they lie, and what they are."""

    id: UUID
    storage_key: str
    mimetype: str
    size_bytes: int
    filename: str


@dataclass(frozen=True, slots=True)
class Remains:
    """What is left in the store of a note that was deleted for good."""

    recordings: tuple[str, ...]
    files: tuple[Leftovers, ...]
