"""A program of a student's own, which asks over HTTP."""

import httpx

from studymaster.api import create_api
from studymaster.features.accounts.api import current_student
from studymaster.features.accounts.schemas import Student


def client_of(student: Student | None, *, under: str = "") -> httpx.AsyncClient:
    """Return a program of this student, or of nobody; `under` begins every address."""
    api = create_api()
    if student:
        api.dependency_overrides[current_student] = lambda: student
    transport = httpx.ASGITransport(app=api)
    return httpx.AsyncClient(transport=transport, base_url=f"http://t/api/v1{under}")
