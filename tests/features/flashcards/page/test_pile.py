from studymaster.features.flashcards.page.pile import ProposalPile
from studymaster.features.flashcards.state.lecture import LectureState


def test_what_the_student_typed_goes_to_the_lecture_with_its_proposal() -> None:
    pile = str(ProposalPile.create(proposals=[], on_save=LectureState.save_edit))
    assert all(word in pile for word in ("proposal_id", "front", "back"))
