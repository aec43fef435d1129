"""Bringing a student's Moodle in: promising runs, keeping what came, telling how it goes."""

from studymaster.features.sync.service.keeping import (
    has_bytes,
    keep_blob,
    keep_deadlines,
    keep_file,
    keep_inline,
    keep_materials,
    note_failed_file,
    parcels,
)
from studymaster.features.sync.service.listing import (
    deadlines,
    glossary_text,
    listed_materials,
    page_texts,
    read_inline,
    sha1_of,
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
    "deadlines",
    "fail_run",
    "finish_run",
    "glossary_text",
    "has_bytes",
    "keep_blob",
    "keep_deadlines",
    "keep_file",
    "keep_inline",
    "keep_materials",
    "listed_materials",
    "note_failed_file",
    "note_issue",
    "note_progress",
    "overview",
    "page_texts",
    "parcels",
    "promise_runs",
    "read_inline",
    "request_due_syncs",
    "request_sync",
    "sha1_of",
    "sweep",
]
