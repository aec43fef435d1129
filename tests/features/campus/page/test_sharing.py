from pathlib import Path

from studymaster.features.campus.page import sharing
from studymaster.features.campus.page.resources import resources_panel
from studymaster.features.campus.page.sharing import ShareForm
from studymaster.features.campus.rules import resources as rules

SOURCE = Path(sharing.__file__).parent / "share.jsx"


def test_the_form_knows_where_to_send_and_how_much() -> None:
    text = str(ShareForm.create(path="/api/v1/social/resources", limit_mb=200))
    assert '"/api/v1/social/resources"' in text
    assert "limitMb:200" in text.replace(" ", "")


def test_a_refusal_of_the_server_is_shown_at_its_field() -> None:
    text = str(resources_panel())
    for sentence, field in rules.FIELDS.items():
        assert f'["{sentence}"] : "{field}"' in text
    source = SOURCE.read_text(encoding="utf-8")
    for field in set(rules.FIELDS.values()):
        assert f'name="{field}"' in source


def test_the_hint_names_the_same_addresses_as_the_rule() -> None:
    assert f'linkStarts:"{rules.LINK_STARTS}"' in str(resources_panel())
    assert rules.LINK_STARTS in rules.NO_ADDRESS
    assert "http" not in SOURCE.read_text(encoding="utf-8")


def test_a_form_that_opens_half_filled_says_so_and_can_be_emptied() -> None:
    source = SOURCE.read_text(encoding="utf-8")
    for words in ("What you began is still here", "Start afresh"):
        assert words in source
