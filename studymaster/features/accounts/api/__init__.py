"""Accounts over HTTP: signing in and out, who is there, and a student's own data."""

from studymaster.features.accounts.api.connecting import router as connecting_router
from studymaster.features.accounts.api.credentials import router as credentials_router
from studymaster.features.accounts.api.exports import router as exports_router
from studymaster.features.accounts.api.guard import (
    CurrentStudent,
    current_student,
    expensive,
)
from studymaster.features.accounts.api.signing import router as signing_router

ROUTERS = (signing_router, connecting_router, credentials_router, exports_router)

__all__ = ["ROUTERS", "CurrentStudent", "current_student", "expensive"]
