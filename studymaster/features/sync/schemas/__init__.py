"""What goes into and comes out of the sync service: frozen, plain."""

from studymaster.features.sync.schemas.files import Arrival, Parcel, Unread
from studymaster.features.sync.schemas.history import (
    ChangeView,
    CourseChanges,
    FirstRead,
    History,
    PastRunView,
    RunDetails,
)
from studymaster.features.sync.schemas.listing import (
    CourseListing,
    CourseReading,
    InlineText,
    ListedMaterial,
    ListedSection,
)
from studymaster.features.sync.schemas.panel import (
    TELLING,
    ConnectionView,
    CourseStatus,
    IssueView,
    PanelView,
    RunView,
    SyncView,
    Tone,
    most_telling,
)
from studymaster.features.sync.schemas.runs import Errand, News, Outing, RunStatus, Wish

__all__ = [
    "TELLING",
    "Arrival",
    "ChangeView",
    "ConnectionView",
    "CourseChanges",
    "CourseListing",
    "CourseReading",
    "CourseStatus",
    "Errand",
    "FirstRead",
    "History",
    "InlineText",
    "IssueView",
    "ListedMaterial",
    "ListedSection",
    "News",
    "Outing",
    "PanelView",
    "Parcel",
    "PastRunView",
    "RunDetails",
    "RunStatus",
    "RunView",
    "SyncView",
    "Tone",
    "Unread",
    "Wish",
    "most_telling",
]
