from studymaster.features.campus.page import groups


def test_the_panel_offers_own_groups_new_ones_and_those_to_join() -> None:
    text = str(groups.groups_panel())
    for words in ("No groups yet", "New group", "Groups of your courses", "Join "):
        assert words in text


def test_who_finds_a_group_is_asked_only_where_it_has_a_course() -> None:
    text = str(groups.groups_panel())
    assert "group-has-[#field-course>option[value='']:checked]/making:hidden" in text


def test_the_window_for_a_new_group_labels_every_field() -> None:
    text = str(groups.groups_panel())
    for name in ("name", "about", "course", "listed"):
        assert f'htmlFor:"field-{name}"' in text
        assert f'id:"field-{name}"' in text
