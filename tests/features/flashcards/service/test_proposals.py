from asyncio import gather
from uuid import uuid4

import pytest
from sqlmodel import select

from studymaster.adapters.database import unit_of_work
from studymaster.errors import ConflictError, InvalidInputError, NotFoundError
from studymaster.features.flashcards.service import proposals
from studymaster.models import Card, CardKind, Proposal, ProposalState
from tests.conftest import NOON
from tests.features.flashcards.pile import TODAY, make_proposal
from tests.features.library.shelf import make_lecture


async def accept(student, proposal):
    async with unit_of_work() as work:
        await proposals.accept(work, student=student, proposal_id=proposal.id, now=NOON)


async def accept_edited(student, proposal, front, back):
    async with unit_of_work() as work:
        await proposals.accept_edited(
            work, student=student, proposal_id=proposal.id, front=front, back=back, now=NOON
        )


async def reject(student, proposal):
    async with unit_of_work() as work:
        await proposals.reject(work, student=student, proposal_id=proposal.id)


async def pile_of(student, material, limit=50):
    async with unit_of_work() as work:
        return await proposals.list_proposals(
            work, account_id=student.account_id, material_id=material.id, limit=limit
        )


async def cards():
    async with unit_of_work() as work:
        return (await work.session.exec(select(Card))).all()


async def state_of(proposal):
    async with unit_of_work() as work:
        return (await work.session.get(Proposal, proposal.id)).state


class TestAccept:
    async def test_a_card_enters_the_deck_due_today_with_its_source(self, student) -> None:
        material = await make_lecture(student)
        proposal = await make_proposal(student, material)
        await accept(student, proposal)
        (card,) = await cards()
        assert (card.front, card.back) == (proposal.front, proposal.back)
        assert (card.page, card.quote) == (proposal.page, proposal.quote)
        assert (card.material_id, card.blob_sha1) == (material.id, material.blob_sha1)
        assert (card.due_on, card.easiness, card.turn) == (TODAY, 250, 0)
        assert (await pile_of(student, material)).items == []

    async def test_a_double_click_makes_one_card(self, student) -> None:
        proposal = await make_proposal(student, await make_lecture(student))
        await gather(*(accept(student, proposal) for _ in range(4)))
        assert len(await cards()) == 1

    async def test_another_students_proposal_is_not_there(
        self, student, other_student
    ) -> None:
        material = await make_lecture(student)
        proposal = await make_proposal(student, material)
        for act in (accept, reject):
            with pytest.raises(NotFoundError):
                await act(other_student, proposal)
        with pytest.raises(NotFoundError):
            await accept_edited(other_student, proposal, "Mine?", "Yes.")
        assert (await pile_of(other_student, material)).items == []
        assert await cards() == []

    async def test_a_quote_that_left_its_page_makes_no_card(self, student) -> None:
        proposal = await make_proposal(student, await make_lecture(student), page=2)
        with pytest.raises(ConflictError, match="not on page 2 any more"):
            await accept(student, proposal)
        assert await cards() == []

    async def test_a_rejected_proposal_stays_rejected(self, student) -> None:
        proposal = await make_proposal(student, await make_lecture(student))
        await reject(student, proposal)
        await reject(student, proposal)
        with pytest.raises(ConflictError):
            await accept(student, proposal)

    async def test_a_card_cannot_be_rejected(self, student) -> None:
        proposal = await make_proposal(student, await make_lecture(student))
        await accept(student, proposal)
        with pytest.raises(ConflictError, match="a card already"):
            await reject(student, proposal)

    async def test_one_that_never_was_is_not_there(self, student) -> None:
        with pytest.raises(NotFoundError):
            await accept(student, Proposal(id=uuid4()))


class TestEdit:
    async def test_the_students_own_words_become_the_card(self, student) -> None:
        proposal = await make_proposal(student, await make_lecture(student))
        await accept_edited(student, proposal, " Who builds? ", "The **ribosome**.")
        (card,) = await cards()
        assert (card.front, card.back) == ("Who builds?", "The **ribosome**.")

    async def test_the_same_words_twice_are_one_card(self, student) -> None:
        proposal = await make_proposal(student, await make_lecture(student))
        for _ in range(2):
            await accept_edited(student, proposal, "Mine?", "Yes.")
        assert len(await cards()) == 1

    @pytest.mark.parametrize("act", [accept, reject])
    async def test_words_outlive_a_decision_made_elsewhere(self, student, act) -> None:
        proposal = await make_proposal(student, await make_lecture(student))
        await act(student, proposal)
        for _ in range(2):
            await accept_edited(student, proposal, "Mine?", "Yes.")
        fronts = [card.front for card in await cards()]
        assert fronts.count("Mine?") == 1

    @pytest.mark.parametrize(
        ("front", "back"), [("", "b"), ("f", " "), ("f" * 2_001, "b"), ("f", None)]
    )
    async def test_what_cannot_be_a_card_is_refused_and_nothing_is_lost(
        self, student, front, back
    ) -> None:
        proposal = await make_proposal(student, await make_lecture(student))
        with pytest.raises(InvalidInputError):
            await accept_edited(student, proposal, front, back)
        assert await state_of(proposal) is ProposalState.OPEN
        assert await cards() == []

    async def test_the_words_of_the_gap_are_the_answer(self, student) -> None:
        proposal = await make_proposal(
            student,
            await make_lecture(student),
            kind=CardKind.CLOZE,
            front="A {{c1::ribosome}} builds proteins.",
            back="ribosome",
        )
        await accept_edited(student, proposal, "A ribosome builds {{c1::proteins}}.", None)
        (card,) = await cards()
        assert (card.kind, card.back) == (CardKind.CLOZE, "proteins")

    async def test_a_sentence_keeps_its_gap(self, student) -> None:
        proposal = await make_proposal(
            student,
            await make_lecture(student),
            kind=CardKind.CLOZE,
            front="A {{c1::b}} c.",
        )
        with pytest.raises(InvalidInputError, match="Mark the words to hide"):
            await accept_edited(student, proposal, "No gap.", "b")


SEVERAL = "A {{c1::ribosome}} builds {{c2::proteins::what?}}."


async def make_several(student) -> Proposal:
    return await make_proposal(
        student,
        await make_lecture(student),
        kind=CardKind.CLOZE,
        front=SEVERAL,
        back="ribosome, proteins",
    )


class TestSeveralGaps:
    async def test_every_gap_is_a_blank_before_it_is_decided(self, student) -> None:
        proposal = await make_several(student)
        async with unit_of_work() as work:
            view = await proposals.get_proposal(
                work, account_id=student.account_id, proposal_id=proposal.id
            )
        assert view.question == "A [...] builds [what?]."

    async def test_each_gap_becomes_a_card_of_one_note(self, student) -> None:
        proposal = await make_several(student)
        await gather(*(accept(student, proposal) for _ in range(3)))
        made = sorted(await cards(), key=lambda card: card.ordinal)
        assert [(card.ordinal, card.back) for card in made] == [
            (1, "ribosome"),
            (2, "proteins"),
        ]
        assert {card.front for card in made} == {SEVERAL}
        assert {card.note_id for card in made} == {made[0].id}
        assert {(card.page, card.quote) for card in made} == {
            (proposal.page, proposal.quote)
        }

    async def test_gaps_can_be_added_before_it_is_accepted(self, student) -> None:
        proposal = await make_several(student)
        words = "{{c1::A ribosome}} {{c2::builds}} {{c4::proteins}} in a cell."
        for _ in range(2):
            await accept_edited(student, proposal, words, None)
        made = {card.ordinal: card.back for card in await cards()}
        assert made == {1: "A ribosome", 2: "builds", 4: "proteins"}
        assert len({card.note_id for card in await cards()}) == 1

    async def test_taking_back_takes_all_of_its_cards(self, student) -> None:
        proposal = await make_several(student)
        await accept(student, proposal)
        assert await reopen(student, proposal) == 1
        assert (await cards(), await state_of(proposal)) == ([], ProposalState.OPEN)

    async def test_one_answered_gap_keeps_the_whole_note(self, student) -> None:
        proposal = await make_several(student)
        await accept(student, proposal)
        async with unit_of_work() as work:
            second = next(card for card in await cards() if card.ordinal == 2)
            (await work.session.get(Card, second.id)).turn = 1
        with pytest.raises(ConflictError, match="answered that card"):
            await reopen(student, proposal)
        assert len(await cards()) == 2


class TestPile:
    async def test_proposals_come_in_stretches(self, student) -> None:
        material = await make_lecture(student)
        for position in range(4):
            await make_proposal(student, material, front=f"{position}?", position=position)
        pile = await pile_of(student, material, limit=3)
        assert [one.front for one in pile.items] == ["0?", "1?", "2?"]
        assert pile.more == 1

    async def test_a_gap_is_shown_as_one(self, student) -> None:
        material = await make_lecture(student)
        await make_proposal(
            student, material, kind=CardKind.CLOZE, front="A {{c1::ribosome}} builds."
        )
        (one,) = (await pile_of(student, material)).items
        assert one.question == "A [...] builds."

    async def test_all_are_accepted_but_those_without_proof(self, student) -> None:
        material = await make_lecture(student)
        await make_proposal(student, material, front="1?")
        await make_proposal(student, material, front="2?")
        await make_proposal(student, material, front="3?", page=2)
        async with unit_of_work() as work:
            accepted = await proposals.accept_all(
                work, student=student, material_id=material.id, now=NOON
            )
        assert len(accepted) == 2
        assert {card.front for card in await cards()} == {"1?", "2?"}
        assert [one.front for one in (await pile_of(student, material)).items] == ["3?"]

    async def test_accepting_all_of_another_student_accepts_nothing(
        self, student, other_student
    ) -> None:
        material = await make_lecture(student)
        await make_proposal(student, material)
        async with unit_of_work() as work:
            accepted = await proposals.accept_all(
                work, student=other_student, material_id=material.id, now=NOON
            )
        assert (accepted, await cards()) == ([], [])


async def reopen(student, *some) -> int:
    async with unit_of_work() as work:
        return await proposals.reopen(
            work, account_id=student.account_id, proposal_ids=[one.id for one in some]
        )


class TestTakingBack:
    async def test_a_rejected_proposal_waits_again(self, student) -> None:
        material = await make_lecture(student)
        proposal = await make_proposal(student, material)
        await reject(student, proposal)
        assert await reopen(student, proposal) == 1
        assert await state_of(proposal) is ProposalState.OPEN

    async def test_accepted_ones_wait_again_and_their_cards_go(self, student) -> None:
        material = await make_lecture(student)
        some = [await make_proposal(student, material, front=f"{n}?") for n in range(3)]
        async with unit_of_work() as work:
            await proposals.accept_all(
                work, student=student, material_id=material.id, now=NOON
            )
        assert await reopen(student, *some) == 3
        assert (await cards(), len((await pile_of(student, material)).items)) == ([], 3)
        await accept(student, some[0])
        assert [card.front for card in await cards()] == ["0?"]

    async def test_a_card_that_was_answered_stays(self, student) -> None:
        material = await make_lecture(student)
        answered, other = [
            await make_proposal(student, material, front=front) for front in ("1?", "2?")
        ]
        for one in (answered, other):
            await accept(student, one)
        async with unit_of_work() as work:
            card = next(one for one in await cards() if one.front == "1?")
            (await work.session.get(Card, card.id)).turn = 1
        assert await reopen(student, answered, other) == 1
        assert [card.front for card in await cards()] == ["1?"]
        with pytest.raises(ConflictError, match="answered that card"):
            await reopen(student, answered)

    async def test_twice_at_once_is_once(self, student) -> None:
        proposal = await make_proposal(student, await make_lecture(student))
        await accept(student, proposal)
        await gather(reopen(student, proposal), reopen(student, proposal))
        assert (await cards(), await state_of(proposal)) == ([], ProposalState.OPEN)

    async def test_another_students_decision_is_not_there(
        self, student, other_student
    ) -> None:
        proposal = await make_proposal(student, await make_lecture(student))
        await reject(student, proposal)
        with pytest.raises(NotFoundError):
            await reopen(other_student, proposal)
        assert await state_of(proposal) is ProposalState.REJECTED
