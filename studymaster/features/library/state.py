"""Adding PDFs of one's own to a course, and removing them, as one browser tab holds it."""

from urllib.parse import urlencode

import reflex as rx

from studymaster.adapters.database import unit_of_work
from studymaster.adapters.storage import get_storage
from studymaster.features.accounts.rules import parse_id
from studymaster.features.accounts.state import SessionState
from studymaster.features.library import service


class OwnFilesState(SessionState):
    """The course that a file is being added to, and the address that takes it."""

    course: str = ""
    course_name: str = ""
    address: str = ""

    @rx.event
    async def open(self, course: str) -> None:
        """Offer to add a file to a course."""
        student = await self._require_student()
        course_id = parse_id(course, missing=service.NO_COURSE)
        async with unit_of_work() as work:
            place = await service.get_course_place(
                work, account_id=student.account_id, course_id=course_id
            )
        self.course, self.course_name = place.id, place.name
        site = urlencode({"site": place.site_url})
        self.address = f"/api/v1/courses/{place.moodle_id}/materials?{site}"

    @rx.event
    async def close(self) -> None:
        """Put the offer away."""
        await self._require_student()
        self.course = self.course_name = self.address = ""

    @rx.event
    async def remove(self, material: str) -> None:
        """Remove a file that the student added; its cards stay."""
        student = await self._require_student()
        material_id = parse_id(material, missing=service.NO_MATERIAL)
        async with unit_of_work() as work:
            leftovers = await service.remove_upload(
                work, account_id=student.account_id, material_id=material_id
            )
        await service.drop_files(get_storage(), leftovers)
