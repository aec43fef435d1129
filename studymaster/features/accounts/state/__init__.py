"""Who is signed in in a tab, and what the pages about their account hold."""

from studymaster.features.accounts.state.choices import ChoicesState
from studymaster.features.accounts.state.credentials import CredentialsState
from studymaster.features.accounts.state.host import HostState
from studymaster.features.accounts.state.own_data import OwnDataState
from studymaster.features.accounts.state.session import (
    OneStudentPerTab,
    SessionState,
    SignInState,
)
from studymaster.features.accounts.state.settings import SettingsState

__all__ = [
    "ChoicesState",
    "CredentialsState",
    "HostState",
    "OneStudentPerTab",
    "OwnDataState",
    "SessionState",
    "SettingsState",
    "SignInState",
]
