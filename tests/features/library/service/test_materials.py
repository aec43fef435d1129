import io
from asyncio import gather
from datetime import timedelta
from uuid import uuid4

import pytest
from PIL import Image

from studymaster.adapters import pdf
from studymaster.adapters.database import unit_of_work
from studymaster.adapters.storage import FileGoneError, get_storage
from studymaster.errors import NotFoundError
from studymaster.features.library import service
from studymaster.models import FetchState, MaterialKind, TextState
from tests.conftest import NOON
from tests.features.library.shelf import (
    LECTURE_PAGES,
    lecture_pdf,
    make_blob,
    make_course,
    make_lecture,
    make_material,
)


async def source_of(student, material, *, number=1):
    async with unit_of_work() as work:
        return await service.get_page_source(
            work, account_id=student.account_id, material_id=material.id, number=number
        )


class TestShelf:
    async def test_lectures_are_the_listed_ones_with_text_course_by_course(
        self, student, other_student
    ) -> None:
        talk = await make_lecture(student)
        course = await make_course(student, shortname="ART 1")
        text = await make_blob(b"Fresco and tempera", mimetype="text/plain")
        scan = await make_blob(b"A scan", text_state=TextState.NO_TEXT)
        await make_material(course, name="Fresco", blob=text)
        await make_material(course, name="Scan", blob=scan)
        await make_material(course, name="Waits for its bytes")
        await make_material(course, name="Taken away", blob=text, listed=False)
        async with unit_of_work() as work:
            found = await service.list_lectures(
                work, account_id=student.account_id, limit=9
            )
            first = await service.list_lectures(
                work, account_id=student.account_id, limit=1
            )
            others = await service.list_lectures(
                work, account_id=other_student.account_id, limit=9
            )
        assert [(one.course, one.name) for one in found] == [
            ("ART 1", "Fresco"),
            ("BIO 101", talk.name),
        ]
        assert (first, others) == (found[:1], [])

    async def test_materials_come_by_section_in_moodles_order(self, student) -> None:
        course = await make_course(student)
        await make_material(course, name="Second.pdf", section="Week 1", position=2)
        await make_material(course, name="Third.pdf", section="Week 2", position=3)
        await make_material(course, name="First.pdf", section="Week 1", position=1)
        await make_material(course, name="Hidden.pdf", position=0, listed=False)
        async with unit_of_work() as work:
            shelf = await service.list_materials(
                work, account_id=student.account_id, course_id=course.id
            )
        names = [(s.name, [m.name for m in s.materials]) for s in shelf.sections]
        assert names == [
            ("Week 1", ["First.pdf", "Second.pdf"]),
            ("Week 2", ["Third.pdf"]),
        ]
        assert shelf.more == 0

    async def test_a_long_course_comes_in_stretches(self, student) -> None:
        course = await make_course(student)
        for position in range(5):
            await make_material(course, name=f"{position}.pdf", position=position)
        async with unit_of_work() as work:
            shelf = await service.list_materials(
                work, account_id=student.account_id, course_id=course.id, limit=3
            )
        assert sum(len(section.materials) for section in shelf.sections) == 3
        assert shelf.more == 2

    async def test_another_students_course_is_empty(self, student, other_student) -> None:
        material = await make_lecture(student)
        async with unit_of_work() as work:
            shelf = await service.list_materials(
                work, account_id=other_student.account_id, course_id=material.course_id
            )
        assert (shelf.sections, shelf.more) == ([], 0)


async def look(student, material):
    async with unit_of_work() as work:
        return await service.get_material(
            work, account_id=student.account_id, material_id=material.id
        )


class TestMaterial:
    async def test_a_lecture_tells_its_pages_and_can_be_read(self, student) -> None:
        material = await make_lecture(student)
        view = await look(student, material)
        assert (view.page_count, view.readable, view.pictured) == (2, True, True)
        assert (view.state, view.fresh) == ("", True)

    async def test_a_scan_can_be_looked_at_but_says_that_it_has_no_text(
        self, student
    ) -> None:
        course = await make_course(student)
        blob = await make_blob(b"scan", text_state=TextState.NO_TEXT, page_count=4)
        material = await make_material(course, blob=blob)
        view = await look(student, material)
        assert (view.readable, view.pictured) == (False, True)
        assert "cards need text" in view.state

    async def test_a_locked_file_says_so(self, student) -> None:
        course = await make_course(student)
        blob = await make_blob(b"locked", text_state=TextState.ENCRYPTED, page_count=4)
        material = await make_material(course, blob=blob)
        view = await look(student, material)
        assert (view.readable, view.pictured) == (False, False)
        assert "password" in view.state

    async def test_what_the_teacher_hid_or_removed_carries_a_mark(self, student) -> None:
        course = await make_course(student)
        blob = await make_blob(b"kept", pages=("Cells",))
        views = [
            await look(student, await make_material(course, blob=blob, listed=listed))
            for listed in (True, False)
        ]
        assert [view.mark for view in views] == [
            "",
            (
                "Not visible to you in Moodle any more (hidden or removed). "
                "Your copy and your cards stay."
            ),
        ]
        assert all(view.readable for view in views)

    async def test_what_did_not_arrive_says_why(self, student) -> None:
        course = await make_course(student)
        material = await make_material(
            course, fetch=FetchState.FAILED, failure="Moodle says: not found."
        )
        view = await look(student, material)
        assert (view.readable, view.state) == (False, "Moodle says: not found.")

    async def test_opening_marks_it_as_seen_until_it_changes(self, student) -> None:
        material = await make_lecture(student)
        for moment in (NOON, NOON + timedelta(hours=1)):
            async with unit_of_work() as work:
                await service.open_material(
                    work,
                    account_id=student.account_id,
                    material_id=material.id,
                    now=moment,
                )
        async with unit_of_work() as work:
            row = await work.session.get(type(material), material.id)
            assert row.opened_at == NOON
            row.changed_at = NOON + timedelta(days=1)
        view = await look(student, material)
        assert view.fresh

    async def test_another_students_material_is_not_there(
        self, student, other_student
    ) -> None:
        material = await make_lecture(student)
        async with unit_of_work() as work:
            for ask in (service.get_material, service.get_file):
                with pytest.raises(NotFoundError):
                    await ask(
                        work, account_id=other_student.account_id, material_id=material.id
                    )
            with pytest.raises(NotFoundError):
                await service.open_material(
                    work,
                    account_id=other_student.account_id,
                    material_id=material.id,
                    now=NOON,
                )

    async def test_two_students_share_the_bytes_but_not_the_material(
        self, student, other_student
    ) -> None:
        mine, theirs = await make_lecture(student), await make_lecture(other_student)
        assert mine.blob_sha1 == theirs.blob_sha1
        async with unit_of_work() as work:
            texts = await service.list_page_texts(
                work, account_id=student.account_id, material_id=theirs.id
            )
        assert texts == []


class TestPages:
    async def test_the_text_of_a_page(self, student) -> None:
        material = await make_lecture(student)
        async with unit_of_work() as work:
            text = await service.get_page_text(
                work, account_id=student.account_id, material_id=material.id, number=2
            )
        assert text == "\n".join(LECTURE_PAGES[1])

    @pytest.mark.parametrize("number", [0, -1, 3, 10**30])
    async def test_there_is_no_page_beyond_the_last(self, student, number: int) -> None:
        material = await make_lecture(student)
        with pytest.raises(NotFoundError):
            await source_of(student, material, number=number)
        async with unit_of_work() as work:
            with pytest.raises(NotFoundError):
                await service.get_page_text(
                    work,
                    account_id=student.account_id,
                    material_id=material.id,
                    number=number,
                )

    async def test_a_page_is_drawn_as_wide_as_asked_and_kept(self, student) -> None:
        source = await source_of(student, await make_lecture(student))
        storage = get_storage()
        picture = await service.draw_page(storage, source, number=1, width=480)
        image = Image.open(io.BytesIO(picture))
        assert (image.format, image.width) == ("WEBP", 480)
        assert await storage.get_bytes(f"renders/{source.sha1}/1-480.webp") == picture

    async def test_a_kept_page_is_not_drawn_again(self, student, monkeypatch) -> None:
        source = await source_of(student, await make_lecture(student))
        first = await service.draw_page(get_storage(), source, number=1, width=480)
        monkeypatch.setattr(pdf, "render_page", None)
        assert await service.draw_page(get_storage(), source, number=1, width=480) == first

    async def test_the_same_page_asked_for_four_times_at_once(self, student) -> None:
        source = await source_of(student, await make_lecture(student))
        storage = get_storage()
        drawn = await gather(
            *(service.draw_page(storage, source, number=2, width=480) for _ in range(4))
        )
        assert len(set(drawn)) == 1

    async def test_a_quote_over_two_lines_has_a_box_on_each(self, student) -> None:
        source = await source_of(student, await make_lecture(student))
        quote = "towards the higher concentration of dissolved particles"
        boxes = await service.find_boxes(get_storage(), source, number=1, quote=quote)
        assert len(boxes) == 2
        assert all(0 <= box.left <= 100 and 0 < box.width <= 100 for box in boxes)
        assert boxes[0].top < boxes[1].top

    async def test_a_quote_that_is_elsewhere_has_no_box(self, student) -> None:
        source = await source_of(student, await make_lecture(student))
        boxes = await service.find_boxes(
            get_storage(), source, number=2, quote="Osmosis is the movement"
        )
        assert boxes == []

    async def test_a_lost_file_costs_the_marks_not_the_page(self, student) -> None:
        course = await make_course(student)
        blob = await make_blob(b"no pdf at all", pages=("x",))
        source = await source_of(student, await make_material(course, blob=blob))
        assert await service.find_boxes(get_storage(), source, number=1, quote="abc") == []


class TestFile:
    async def test_the_bytes_come_back_as_they_were(self, student) -> None:
        material = await make_lecture(student)
        async with unit_of_work() as work:
            source = await service.get_file(
                work, account_id=student.account_id, material_id=material.id
            )
        async with service.lend_file(get_storage(), source) as path:
            assert path.read_bytes() == lecture_pdf()

    async def test_a_link_has_no_file(self, student) -> None:
        course = await make_course(student)
        material = await make_material(course, name="Wiki", kind=MaterialKind.LINK)
        async with unit_of_work() as work:
            with pytest.raises(NotFoundError):
                await service.get_file(
                    work, account_id=student.account_id, material_id=material.id
                )

    async def test_bytes_that_were_lost_are_named(self, student, tmp_path) -> None:
        course = await make_course(student)
        blob = await make_blob(b"soon gone", pages=("x",))
        source = await source_of(student, await make_material(course, blob=blob))
        gone = type(get_storage())(tmp_path / str(uuid4()))
        with pytest.raises(FileGoneError):
            async with service.lend_file(gone, source):
                pass
