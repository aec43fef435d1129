"""The table of contents: every screen, the API, live news, and how failures look."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from asyncio import CancelledError, create_task
from dataclasses import dataclass

import reflex as rx
from reflex.event import EventHandler

from studymaster import live
from studymaster.api import create_api
from studymaster.features.accountability import page as accountability
from studymaster.features.accounts import page as accounts
from studymaster.features.accounts.state import SessionState, SettingsState, SignInState
from studymaster.features.braindump import page as braindump
from studymaster.features.campus import page as campus
from studymaster.features.dashboard import page as dashboard
from studymaster.features.dashboard.state import DashboardState, ShellState
from studymaster.features.flashcards import page as flashcards
from studymaster.features.focus import page as focus
from studymaster.features.sync import page as sync
from studymaster.features.sync.state import LiveSyncState
from studymaster.ui import failure, layout
from studymaster.ui.theme import Line
