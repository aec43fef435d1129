"""Background work for Live Sync: one pass over everything a Moodle connection can see."""

from asyncio import to_thread
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from uuid import UUID

from studymaster.adapters import clock, documents, moodle
from studymaster.adapters.database import unit_of_work
from studymaster.adapters.storage import blob_key, get_storage
from studymaster.config import get_settings
from studymaster.errors import StudyMasterError
from studymaster.features.courses import service as courses
from studymaster.features.courses.schemas import CourseView, ListedCourse
from studymaster.features.sync import service
from studymaster.features.sync.schemas import Errand, Parcel
from studymaster.jobs import JobName
from workers.app import task
