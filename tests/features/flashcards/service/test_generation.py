from asyncio import gather
from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import select

from studymaster.adapters.database import unit_of_work
from studymaster.errors import ConflictError, NotFoundError, UpstreamError
from studymaster.features.flashcards.rules.drafts import Proposal as Draft
from studymaster.features.flashcards.rules.reading import PageText
from studymaster.features.flashcards.service import generation
from studymaster.features.flashcards.service.generation import Checked, Lecture
from studymaster.jobs import JobName
from studymaster.models import (
    Notification,
    Proposal,
    ProposalMaker,
    ProposalState,
    TextState,
)
from tests.conftest import NOON
from tests.features.flashcards.pile import QUOTE, make_proposal
from tests.features.library.shelf import make_blob, make_course, make_lecture, make_material

DRAFT = Draft("basic", "What builds proteins?", "A ribosome.", 1, QUOTE, "definition")


async def request(student, material):
    async with unit_of_work() as work:
        return await generation.request_generation(
            work, student=student, material_id=material.id, now=NOON
        )


async def start(student, view):
    async with unit_of_work() as work:
        return await generation.start(
            work,
            account_id=student.account_id,
            generation_id=UUID(view.id),
            maker=ProposalMaker.RULES,
            now=NOON,
        )


async def finish(student, view, material, *drafts, refused=0):
    async with unit_of_work() as work:
        await generation.finish(
            work,
            account_id=student.account_id,
            generation_id=UUID(view.id),
            sha1=material.blob_sha1,
            checked=Checked(drafts, refused),
            now=NOON,
        )


async def state_of(student, material):
    async with unit_of_work() as work:
        return await generation.get_generation(
            work, account_id=student.account_id, material_id=material.id
        )


async def fronts():
    async with unit_of_work() as work:
        return [row.front for row in (await work.session.exec(select(Proposal))).all()]


class TestRequest:
    async def test_the_promise_is_kept_before_the_job_leaves(self, student, sent) -> None:
        view = await request(student, await make_lecture(student))
        assert (view.state, view.unfinished) == ("queued", True)
        (job,) = sent
        assert job.name is JobName.GENERATE_PROPOSALS
        assert job.arguments == {
            "account_id": str(student.account_id),
            "generation_id": view.id,
        }

    async def test_asking_twice_is_asking_once(self, student, sent) -> None:
        material = await make_lecture(student)
        first, second = await request(student, material), await request(student, material)
        assert first.id == second.id
        assert len(sent) == 1

    async def test_two_tabs_asking_at_once_promise_once(self, student, sent) -> None:
        material = await make_lecture(student)
        views = await gather(*(request(student, material) for _ in range(4)))
        assert len({view.id for view in views}) == len(sent) == 1

    async def test_a_material_without_text_says_why(self, student, sent) -> None:
        course = await make_course(student)
        scan = await make_blob(b"scan", text_state=TextState.NO_TEXT, page_count=3)
        with pytest.raises(ConflictError, match="cards need text"):
            await request(student, await make_material(course, blob=scan))
        assert sent == []

    async def test_another_students_material_is_not_there(
        self, student, other_student, sent
    ) -> None:
        material = await make_lecture(student)
        with pytest.raises(NotFoundError):
            await request(other_student, material)
        assert (await state_of(other_student, material)).id == ""


class TestWork:
    async def test_the_lecture_is_handed_out_page_by_page(self, student) -> None:
        view = await request(student, await make_lecture(student))
        lecture = await start(student, view)
        assert [page.number for page in lecture.pages] == [1, 2]
        assert lecture.title == "Lecture 7.pdf"

    async def test_finishing_writes_the_proposals_and_says_how_many(self, student) -> None:
        material = await make_lecture(student)
        view = await request(student, material)
        await start(student, view)
        await finish(student, view, material, DRAFT, refused=2)
        done = await state_of(student, material)
        assert (done.state, done.unfinished, done.found, done.refused) == (
            "done",
            False,
            1,
            2,
        )
        assert done.sentence == (
            "1 new proposal. 2 left out: not proven by its page, or not a fair question."
        )

    async def test_finishing_twice_writes_once(self, student) -> None:
        material = await make_lecture(student)
        view = await request(student, material)
        for _ in range(2):
            await finish(student, view, material, DRAFT)
        assert await fronts() == ["What builds proteins?"]

    async def test_two_workers_finishing_at_once_write_once(self, student) -> None:
        material = await make_lecture(student)
        view = await request(student, material)
        await gather(*(finish(student, view, material, DRAFT) for _ in range(3)))
        assert await fronts() == ["What builds proteins?"]

    @pytest.mark.parametrize("state", list(ProposalState))
    async def test_what_was_offered_before_is_not_offered_again(
        self, student, state
    ) -> None:
        material = await make_lecture(student)
        await make_proposal(student, material, front="what  BUILDS\nproteins?", state=state)
        view = await request(student, material)
        await finish(student, view, material, DRAFT)
        assert len(await fronts()) == 1
        assert (await state_of(student, material)).sentence.startswith("Nothing new")

    async def test_finished_work_is_not_taken_up_again(self, student) -> None:
        material = await make_lecture(student)
        view = await request(student, material)
        await finish(student, view, material)
        assert await start(student, view) is None

    async def test_after_the_end_it_can_be_asked_for_again(self, student, sent) -> None:
        material = await make_lecture(student)
        first = await request(student, material)
        await finish(student, first, material, DRAFT)
        second = await request(student, material)
        assert second.id != first.id
        assert len(sent) == 2

    @pytest.mark.parametrize(
        ("error", "sentence"),
        [
            (UpstreamError("The model is asleep."), "The model is asleep."),
            (
                ZeroDivisionError(),
                "Something broke on our side while reading this. It has been noted.",
            ),
        ],
    )
    async def test_a_failure_is_a_sentence(self, student, error, sentence) -> None:
        material = await make_lecture(student)
        view = await request(student, material)
        async with unit_of_work() as work:
            await generation.fail(
                work,
                account_id=student.account_id,
                generation_id=UUID(view.id),
                error=error,
                now=NOON,
            )
        failed = await state_of(student, material)
        assert (failed.state, failed.unfinished) == ("failed", False)
        assert failed.sentence == sentence

    async def test_another_account_cannot_take_up_the_work(
        self, student, other_student
    ) -> None:
        view = await request(student, await make_lecture(student))
        assert await start(other_student, view) is None

    async def test_work_without_a_sign_of_life_is_sent_again(self, student, sent) -> None:
        view = await request(student, await make_lecture(student))
        later = NOON + timedelta(minutes=20)
        async with unit_of_work() as work:
            assert await generation.resend_silent(work, before=NOON, now=later) == 0
        async with unit_of_work() as work:
            assert await generation.resend_silent(work, before=later, now=later) == 1
        assert [job.arguments["generation_id"] for job in sent] == [view.id] * 2


class TestCheck:
    LECTURE = Lecture(
        title="Cells",
        is_glossary=False,
        sha1="0" * 40,
        pages=(PageText(1, f"Cells. {QUOTE} from amino acids."), PageText(2, "Energy.")),
    )

    def test_a_quote_on_its_page_passes(self) -> None:
        checked = generation.check(self.LECTURE, [DRAFT])
        assert (checked.drafts, checked.refused) == ((DRAFT,), 0)

    @pytest.mark.parametrize(
        "bad",
        [
            Draft("basic", "Front?", "Back.", 2, QUOTE, "model"),
            Draft("basic", "Front?", "Back.", 99, QUOTE, "model"),
            Draft("basic", "Front?", "Back.", 1, "It was never written here.", "model"),
            Draft("basic", "", "Back.", 1, QUOTE, "model"),
            Draft("cloze", "No gap at all.", "gap", 1, QUOTE, "model"),
        ],
    )
    def test_an_invented_or_broken_draft_is_refused(self, bad: Draft) -> None:
        checked = generation.check(self.LECTURE, [bad, DRAFT])
        assert (checked.drafts, checked.refused) == ((DRAFT,), 1)

    def test_a_long_lecture_is_read_in_stretches(self) -> None:
        pages = tuple(PageText(number, "x" * 10_000) for number in range(1, 8))
        lecture = Lecture("Long", is_glossary=False, sha1="0" * 40, pages=pages)
        found = [[page.number for page in part] for part in generation.stretches(lecture)]
        assert found == [[1, 2], [3, 4], [5, 6], [7]]


class TestRequestForNew:
    async def ask(self, student, material):
        async with unit_of_work() as work:
            return await generation.request_for_new(
                work, account_id=student.account_id, material_id=material.id, now=NOON
            )

    async def inbox(self):
        async with unit_of_work() as work:
            rows = (await work.session.exec(select(Notification))).all()
        return [(row.title, row.path) for row in rows]

    async def test_what_a_sync_brought_is_asked_about_once(self, student, sent) -> None:
        material = await make_lecture(student)
        assert [await self.ask(student, material) for _ in range(2)] == [True, False]
        view = await state_of(student, material)
        await start(student, view)
        await finish(student, view, material, DRAFT)
        assert not await self.ask(student, material)
        assert len(sent) == 1

    async def test_two_syncs_at_once_ask_once(self, student, sent) -> None:
        material = await make_lecture(student)
        asked = await gather(*(self.ask(student, material) for _ in range(3)))
        assert (sorted(asked), len(sent)) == ([False, False, True], 1)

    async def test_what_has_no_text_is_passed_over(self, student, sent) -> None:
        blob = await make_blob(b"scan", text_state=TextState.NO_TEXT)
        material = await make_material(await make_course(student), blob=blob)
        assert not await self.ask(student, material)
        assert sent == []

    async def test_another_students_material_is_not_there(
        self, student, other_student
    ) -> None:
        material = await make_lecture(student)
        with pytest.raises(NotFoundError):
            await self.ask(other_student, material)

    async def test_the_student_is_told_when_there_are_proposals(self, student) -> None:
        material = await make_lecture(student)
        await self.ask(student, material)
        view = await state_of(student, material)
        await start(student, view)
        await finish(student, view, material, DRAFT)
        await finish(student, view, material, DRAFT)
        path = f"/smart-study/lecture/{material.id}"
        assert await self.inbox() == [("1 card is proposed from Lecture 7.pdf", path)]

    async def brought(self, student, *names, now=NOON):
        """Let a sync bring lectures; return them with what is promised of them."""
        course, made = await make_course(student), []
        for place, name in enumerate(names):
            blob = await make_blob(name.encode(), pages=("Cells.", "Energy."))
            material = await make_material(course, name=name, blob=blob, position=place)
            async with unit_of_work() as work:
                await generation.request_for_new(
                    work,
                    account_id=student.account_id,
                    material_id=material.id,
                    now=now,
                )
            made.append((material, await state_of(student, material)))
        return made

    async def done(self, student, made, *drafts, now=NOON):
        material, view = made
        async with unit_of_work() as work:
            await generation.finish(
                work,
                account_id=student.account_id,
                generation_id=UUID(view.id),
                sha1=material.blob_sha1,
                checked=Checked(drafts, 0),
                now=now,
            )

    async def broken(self, student, made, *, now=NOON):
        async with unit_of_work() as work:
            await generation.fail(
                work,
                account_id=student.account_id,
                generation_id=UUID(made[1].id),
                error=UpstreamError("The model is asleep."),
                now=now,
            )

    async def test_what_one_sync_brought_is_told_in_one_notice(self, student) -> None:
        first, second, third = await self.brought(student, "Cells", "Energy", "Quiz")
        other = Draft("basic", "What is osmosis?", "Water.", 1, QUOTE, "definition")
        await self.done(student, first, DRAFT, other)
        await self.done(student, second, DRAFT)
        assert await self.inbox() == []
        await self.done(student, third)
        path = f"/smart-study?course={first[0].course_id}"
        assert await self.inbox() == [("3 cards are proposed from 2 lectures", path)]
        async with unit_of_work() as work:
            (row,) = (await work.session.exec(select(Notification))).all()
        assert row.text.startswith("Cells, Energy. Accept,")

    async def test_the_last_one_may_fail_and_the_rest_is_told(self, student) -> None:
        first, second = await self.brought(student, "Cells", "Energy")
        await self.done(student, first, DRAFT)
        await self.broken(student, second)
        path = f"/smart-study/lecture/{first[0].id}"
        assert await self.inbox() == [("1 card is proposed from Cells", path)]

    async def test_many_lectures_of_many_courses_are_counted_and_some_named(
        self, student
    ) -> None:
        made = [
            *await self.brought(student, "A", "B", "C"),
            *await self.brought(student, "D", "E", "F"),
        ]
        for one in made:
            await self.done(student, one, DRAFT)
        assert await self.inbox() == [
            ("6 cards are proposed from 6 lectures", "/smart-study")
        ]
        async with unit_of_work() as work:
            (row,) = (await work.session.exec(select(Notification))).all()
        assert " and 2 more. Accept," in row.text

    async def test_a_later_sync_is_told_of_by_itself(self, student) -> None:
        later = NOON + timedelta(hours=1)
        for moment, name in ((NOON, "Cells"), (later, "Energy")):
            (made,) = await self.brought(student, name, now=moment)
            await self.done(student, made, DRAFT, now=moment + timedelta(minutes=1))
        assert sorted(title for title, _ in await self.inbox()) == [
            "1 card is proposed from Cells",
            "1 card is proposed from Energy",
        ]

    async def test_a_sync_that_overlaps_is_told_of_with_it(self, student) -> None:
        moments = [NOON + timedelta(minutes=number) for number in range(5)]
        first, second = await self.brought(student, "Cells", "Energy", now=moments[0])
        await self.done(student, first, DRAFT, now=moments[1])
        (third,) = await self.brought(student, "Water", now=moments[2])
        await self.done(student, second, DRAFT, now=moments[3])
        assert await self.inbox() == []
        await self.done(student, third, DRAFT, now=moments[4])
        ((title, _),) = await self.inbox()
        assert title == "3 cards are proposed from 3 lectures"

    async def test_two_that_finish_at_once_are_told_of_once(self, student) -> None:
        made = await self.brought(student, "A", "B", "C", "D")
        await gather(*(self.done(student, one, DRAFT) for one in made))
        ((title, _),) = await self.inbox()
        assert title == "4 cards are proposed from 4 lectures"

    async def test_nothing_found_and_what_was_asked_for_by_hand_is_not_told(
        self, student
    ) -> None:
        brought, asked = await make_lecture(student), await make_lecture(student)
        await self.ask(student, brought)
        await request(student, asked)
        for material, drafts in ((brought, []), (asked, [DRAFT])):
            view = await state_of(student, material)
            await start(student, view)
            await finish(student, view, material, *drafts)
        assert await self.inbox() == []
