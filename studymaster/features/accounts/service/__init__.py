"""Signing in, staying signed in, a student's own settings, and leaving for good."""

from studymaster.features.accounts.service.choices import (
    ask_model,
    find_model,
    preferences,
    remove_model,
    save_model,
    save_preference,
)
from studymaster.features.accounts.service.credentials import (
    change_email,
    change_name,
    change_password,
    hash_chosen_password,
    prove_current,
)
from studymaster.features.accounts.service.entering import (
    ask_moodle_by_password,
    ask_moodle_by_token,
    connect_moodle,
    enter_by_moodle,
    find_host,
    find_local_account,
    hash_new_password,
    prove_password,
    register,
)
from studymaster.features.accounts.service.profile import (
    get_account,
    identity,
    profile,
    save_day,
    save_theme,
)
from studymaster.features.accounts.service.sessions import (
    end_other_sessions,
    end_session,
    renew_session,
    start_session,
    student_of_session,
    student_of_tokens,
    visiting_student,
)
from studymaster.features.accounts.service.zones import list_zones

__all__ = [
    "ask_model",
    "ask_moodle_by_password",
    "ask_moodle_by_token",
    "change_email",
    "change_name",
    "change_password",
    "connect_moodle",
    "end_other_sessions",
    "end_session",
    "enter_by_moodle",
    "find_host",
    "find_local_account",
    "find_model",
    "get_account",
    "hash_chosen_password",
    "hash_new_password",
    "identity",
    "list_zones",
    "preferences",
    "profile",
    "prove_current",
    "prove_password",
    "register",
    "remove_model",
    "renew_session",
    "save_day",
    "save_model",
    "save_preference",
    "save_theme",
    "start_session",
    "student_of_session",
    "student_of_tokens",
    "visiting_student",
]
