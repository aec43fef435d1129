"""Every SELECT on accounts; those by which one signs in are at hand here."""

from studymaster.features.accounts.queries.signing import (
    account_by_email,
    account_by_id,
    account_for_update,
    connection_of_moodle_user,
    connections,
    live_session,
    live_sessions,
    lock,
    note_use,
    session_for_update,
)

__all__ = [
    "account_by_email",
    "account_by_id",
    "account_for_update",
    "connection_of_moodle_user",
    "connections",
    "live_session",
    "live_sessions",
    "lock",
    "note_use",
    "session_for_update",
]
