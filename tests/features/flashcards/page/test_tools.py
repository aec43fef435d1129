from studymaster.features.flashcards.page.face import PACKAGES
from studymaster.features.flashcards.page.tools import (
    CardPreview,
    CardTools,
    OcclusionBoard,
    TagHelp,
)


def test_what_helps_with_a_card_brings_what_its_faces_need() -> None:
    for part in (CardPreview, CardTools, OcclusionBoard, TagHelp):
        assert set(PACKAGES) <= set(part.create(visit="1").lib_dependencies)


def test_the_board_says_what_is_wrong_with_its_places() -> None:
    assert "Cover at least one" in str(OcclusionBoard.create(problem="Cover at least one"))
