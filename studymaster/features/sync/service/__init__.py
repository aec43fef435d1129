"""Bringing a student's Moodle in: promising runs, keeping what came, telling how it goes."""

from studymaster.features.sync.service.keeping import (
    has_bytes,
    keep_blob,
    keep_deadlines,
    keep_file,
    keep_materials,
    note_failed_file,
    parcels,
)
from studymaster.features.sync.service.overview import overview
from studymaster.features.sync.service.runs import (
    claim_run,
    fail_run,
    finish_run,
    note_issue,
    note_progress,
    promise_runs,
    request_due_syncs,
    request_sync,
    sweep,
)

__all__ = [
    "claim_run",
    "fail_run",
    "finish_run",
    "has_bytes",
    "keep_blob",
    "keep_deadlines",
    "keep_file",
    "keep_materials",
    "note_failed_file",
    "note_issue",
    "note_progress",
    "overview",
    "parcels",
    "promise_runs",
    "request_due_syncs",
    "request_sync",
    "sweep",
]
