from studymaster.features.campus.page.resources import resources_panel
from studymaster.features.campus.page.sharing import ShareForm
from studymaster.features.campus.rules import resources as rules


def test_the_form_knows_where_to_send_and_how_much() -> None:
    text = str(ShareForm.create(path="/api/v1/social/resources", limit_mb=200))
    assert '"/api/v1/social/resources"' in text
    assert "limitMb:200" in text.replace(" ", "")


def test_the_form_knows_which_field_a_refusal_is_about() -> None:
    text = str(resources_panel())
    for sentence, field in rules.FIELDS.items():
        assert f'["{sentence}"] : "{field}"' in text


def test_the_hint_names_the_same_addresses_as_the_rule() -> None:
    assert f'linkStarts:"{rules.LINK_STARTS}"' in str(resources_panel())
    assert rules.LINK_STARTS in rules.NO_ADDRESS
