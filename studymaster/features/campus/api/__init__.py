"""Campus Underground over HTTP, all under /social."""

from fastapi import APIRouter

from studymaster.features.campus.api import buddies, groups, questions, resources

router = APIRouter(prefix="/social", tags=["social"])
router.include_router(groups.router)
router.include_router(buddies.router)
router.include_router(resources.router)
router.include_router(questions.router)
