"""Pages of lectures as pictures of the student's own, to cover places on."""

import re
from collections.abc import AsyncGenerator
from datetime import datetime
from pathlib import PurePosixPath
from typing import Final
from uuid import UUID

from studymaster.adapters.database import unit_of_work
from studymaster.adapters.storage import get_storage, received
from studymaster.errors import NotFoundError
from studymaster.features.accounts.schemas import Student
from studymaster.features.flashcards.rules import media as rules
from studymaster.features.flashcards.rules.typed import NewKind
from studymaster.features.flashcards.schemas import CardDraft, pile_key
from studymaster.features.flashcards.service import media
from studymaster.features.library import service as library

PICTURE_WIDTH: Final = 1200
NO_PART_OF_WORDS: Final = re.compile(r"[\\\[\]\s]+")


async def take_page(
    *, student: Student, material_id: UUID, number: object, now: datetime
) -> CardDraft:
    """Return a card to be made whose picture is a page (from 1) of a lecture.

    The picture is kept among the student's own, once however often it is taken, so that the
    card stays whole when the university changes the file. Call it outside of a unit of work.

    Raises:
        NotFoundError: the material is not the student's, or it has no such picture.
        ConflictError: the student keeps as many pictures as they may.
    """
    if type(number) is not int:
        raise NotFoundError(library.NO_PAGE)
    async with unit_of_work() as work:
        material = await library.get_material(
            work, account_id=student.account_id, material_id=material_id
        )
        source = await library.get_page_source(
            work, account_id=student.account_id, material_id=material_id, number=number
        )
    drawn = await library.draw_page(
        get_storage(), source, number=number, width=PICTURE_WIDTH
    )
    stem = PurePosixPath(material.name.replace("/", "-")).stem
    async with received(_whole(drawn)) as path:
        kept = await media.keep_media(
            account_id=student.account_id,
            name=f"{stem} page {number}.webp",
            path=path,
            now=now,
        )
    words = NO_PART_OF_WORDS.sub(" ", f"Page {number} of {material.name}")
    return CardDraft(
        kind=NewKind.OCCLUSION,
        front=rules.picture(kept.name, words=words),
        deck=pile_key(course_id=material.course_id, deck_id=None),
        material=str(material_id),
        page=number,
    )


async def _whole(data: bytes) -> AsyncGenerator[bytes]:
    yield data
