"""All tables, so that Alembic and the type checker see one schema."""

from studymaster.models.account import Account, AuthSession, Theme
from studymaster.models.card import (
    Card,
    CardKind,
    Deck,
    Generation,
    Proposal,
    ProposalMaker,
    ProposalState,
    ReviewLog,
)
from studymaster.models.course import (
    Blob,
    BlobPage,
    Course,
    Deadline,
    DeadlineKind,
    FetchState,
    Material,
    MaterialKind,
    TextState,
)
from studymaster.models.moodle import (
    ConnectionState,
    MoodleConnection,
    RunState,
    SyncIssue,
    SyncRun,
)
from studymaster.models.points import PointsEntry

__all__ = [
    "Account",
    "AuthSession",
    "Blob",
    "BlobPage",
    "Card",
    "CardKind",
    "ConnectionState",
    "Course",
    "Deadline",
    "DeadlineKind",
    "Deck",
    "FetchState",
    "Generation",
    "Material",
    "MaterialKind",
    "MoodleConnection",
    "PointsEntry",
    "Proposal",
    "ProposalMaker",
    "ProposalState",
    "ReviewLog",
    "RunState",
    "SyncIssue",
    "SyncRun",
    "TextState",
    "Theme",
]
