"""Every line of the founding architecture, and which tests hold it.

A test names its line by `contract(line)`; one line for each parameter by `each(...)`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from types import ModuleType

Test = Callable[..., Any]

MODELS = {
    "User": {
        "id": "UUID",
        "username": "str",
        "email": "str",
        "encrypted_token": "str",
        "created_at": "datetime",
        "last_login": "datetime",
        "points": "int",
        "streak_days": "int",
    },
    "Course": {
        "id": "int",
        "user_id": "UUID",
        "fullname": "str",
        "shortname": "str",
        "last_synced": "datetime",
        "sync_enabled": "bool",
    },
    "Flashcard": {
        "id": "UUID",
        "user_id": "UUID",
        "course_id": "int",
        "front": "str",
        "back": "str",
        "difficulty": "int",
        "next_review": "datetime",
        "interval": "int",
        "repetitions": "int",
    },
    "FocusSession": {
        "id": "UUID",
        "user_id": "UUID",
        "duration_minutes": "int",
        "started_at": "datetime",
        "completed": "bool",
        "ambient_sound": "str",
    },
    "StudyGroup": {
        "id": "UUID",
        "name": "str",
        "course_id": "int",
        "created_by": "UUID",
        "member_count": "int",
        "next_session": "datetime",
    },
}
"""The core models, as a program sees them over HTTP: fields and their types."""


def field_line(model: str, name: str) -> str:
    """Return the line of one field, such as `User.id: UUID`."""
    return f"{model}.{name}: {MODELS[model][name]}"


CHAPTERS: Mapping[str, tuple[str, ...]] = {
    "System overview": (
        "Integrates with Moodle",
        "Nginx in front of FastAPI, FastAPI before PostgreSQL, Redis and S3",
        "API routes: auth, courses, flashcards, social",
        "Business logic: Moodle, AI, Social and Points services",
        "Layers: routes over services over data access (SQLAlchemy async)",
    ),
    "Frontend: technology and folders": (
        "React 18.2+: component-based UI",
        "TypeScript: type safety",
        "Vite: build tool",
        "Tailwind CSS: utility-first styling",
        "shadcn/ui: accessible components",
        "Zustand: state of a tab",
        "TanStack Query: server state, fetched again when it changes",
        "React Router: client-side routing",
        "Socket.IO client: real-time updates",
        "Folders of the frontend",
    ),
    "Frontend: pages": (
        "Dashboard",
        "SmartStudy",
        "FocusMode",
        "CampusUnderground",
        "LiveSync",
        "Accountability",
        "BrainDump",
    ),
    "Backend: technology and folders": (
        "FastAPI: async web framework",
        "SQLAlchemy: ORM with async support",
        "PostgreSQL: primary database",
        "Redis: caching and sessions",
        "Celery: task queue",
        "APScheduler: recurring jobs",
        "Socket.IO: WebSocket server",
        "Alembic: versions of the tables",
        "Folders of the backend",
    ),
    "Data models": tuple(
        field_line(model, name) for model, names in MODELS.items() for name in names
    ),
    "REST endpoints": (
        "POST /api/v1/auth/login",
        "POST /api/v1/auth/logout",
        "GET /api/v1/auth/me",
        "POST /api/v1/auth/refresh",
        "GET /api/v1/courses",
        "GET /api/v1/courses/{id}",
        "POST /api/v1/courses/sync",
        "GET /api/v1/courses/{id}/materials",
        "GET /api/v1/flashcards",
        "POST /api/v1/flashcards",
        "GET /api/v1/flashcards/due",
        "POST /api/v1/flashcards/{id}/review",
        "POST /api/v1/flashcards/generate",
        "POST /api/v1/focus/sessions",
        "GET /api/v1/focus/sessions",
        "GET /api/v1/focus/stats",
        "GET /api/v1/social/groups",
        "POST /api/v1/social/groups",
        "GET /api/v1/social/buddies",
        "POST /api/v1/social/resources",
        "GET /api/v1/notes",
        "POST /api/v1/notes",
        "GET /api/v1/notes/{id}",
        "PATCH /api/v1/notes/{id}",
        "DELETE /api/v1/notes/{id}",
    ),
    "WebSocket events": (
        "sync:start {courseId} from the client",
        "sync:progress {progress, status} from the server",
        "sync:complete {newItems} from the server",
        "leaderboard:update {rankings} to everybody",
    ),
    "Security": (
        "Moodle token encrypted with Fernet before it is stored",
        "Fernet keys can be rotated",
        "JWT access token: 15 minutes",
        "JWT refresh token: 7 days",
        "Tokens stored in httpOnly cookies",
        "Refresh rotates the token",
        "Bearer token accepted from programs",
        "10/minute on signing in",
        "10/minute on asking for a sync",
        "10/minute on generating flashcards",
        "10/minute on uploading",
        "10/minute on starting focus sessions",
        "10/minute on asking for an export",
    ),
    "Caching": (
        "L1: API responses for 5 minutes (courses)",
        "L2: leaderboard for 1 hour",
        "L2: course materials for 30 minutes",
        "L2: user statistics for 5 minutes",
        "L3: WebSocket sessions",
        "L3: sessions of students",
        "L3: user preferences",
        "A write ends what it makes wrong",
        "Without Redis everything still answers",
    ),
    "Background tasks": (
        "Moodle sync every 30 minutes",
        "sync_moodle_courses: fetch new materials",
        "sync_moodle_courses: process PDFs",
        "sync_moodle_courses: generate flashcards",
        "sync_moodle_courses: send notifications",
        "Points decay daily at midnight",
        "decay_points: apply the decay formula",
        "decay_points: update the leaderboard",
        "Scheduler: sync all users",
    ),
    "File storage": (
        "users/{user_id}/pdfs/",
        "users/{user_id}/audio/",
        "users/{user_id}/notes/",
        "shared/resources/",
        "S3 bucket",
    ),
    "Performance": (
        "Connection pool of 20 to 50",
        "Indexed queries on frequently accessed fields",
        "Materialized view for the leaderboard",
        "Query results are kept",
        "Response compression (gzip)",
        "HTTP/2",
        "CDN for static assets",
        "Lazy loading for large datasets",
        "Code splitting",
        "Image optimization",
        "Service worker caching",
        "Debounced API calls",
    ),
    "Monitoring and logging": (
        "Structured log: moodle_sync_completed with user_id, duration_ms, items_synced",
        "Metric: API response times",
        "Metric: WebSocket connections",
        "Metric: cache hit rates",
        "Metric: task queue length",
        "Metric: database query performance",
        "Health probes",
    ),
    "Deployment": (
        "Compose service: backend and frontend",
        "Compose service: postgres",
        "Compose service: redis",
        "Compose service: celery",
        "Production: load-balanced instances",
        "Production: Redis",
        "Production: PostgreSQL by reference, replicated by its host",
        "Production: S3 for file storage",
        "Production: nginx ingress",
    ),
}
"""In the order of the founding document, by its chapters."""

KNOWN = frozenset(chain.from_iterable(CHAPTERS.values()))


@dataclass(frozen=True, slots=True)
class Held:
    """A line, and the test that fails without it."""

    line: str
    test: str


def contract(line: str) -> Callable[[Test], Test]:
    """Let a test hold a line; a test may hold several."""
    assert line in KNOWN, f"{line!r} is no line of the contract"

    def mark(test: Test) -> Test:
        test.lines = [(line, ""), *getattr(test, "lines", [])]
        return test

    return mark


def each(*names: str, **rows: tuple[object, ...]) -> Callable[[Test], Test]:
    """Let a test hold one line for each row: the line first, then its parameters."""
    lines = {case: str(row[0]) for case, row in rows.items()}
    assert set(lines.values()) <= KNOWN, set(lines.values()) - KNOWN

    def mark(test: Test) -> Test:
        test.lines = [(line, f"[{case}]") for case, line in lines.items()]
        values = [pytest.param(*row[1:], id=case) for case, row in rows.items()]
        return pytest.mark.parametrize(names, values)(test)

    return mark


def fields(model: str) -> Callable[[Test], Test]:
    """Let a test hold one line for each field of a model; its parameter is the field."""
    return each(
        "field", **{name: (field_line(model, name), name) for name in MODELS[model]}
    )


@cache
def held() -> tuple[Held, ...]:
    """Return which test holds which line, in the order of the chapters."""
    found = [
        pair
        for path in sorted(Path(__file__).parent.glob("test_*.py"))
        for pair in _of(path)
    ]
    order = {line: place for place, line in enumerate(chain(*CHAPTERS.values()))}
    return tuple(sorted(found, key=lambda pair: order[pair.line]))


def _of(path: Path) -> Iterator[Held]:
    module: ModuleType = import_module(f"tests.contract.{path.stem}")
    for name, test in vars(module).items():
        for line, case in getattr(test, "lines", []):
            yield Held(line, f"{path.name}::{name}{case}")
