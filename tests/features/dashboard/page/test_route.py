from studymaster.features.dashboard.page.route import route


def test_the_stops_stand_in_their_order_and_lead_to_their_pages() -> None:
    text = str(route())
    assert 'jsx("ol"' in text
    assert "to:stop" in text
    assert '"data-state":stop' in text


def test_all_words_of_a_stop_lead_where_it_leads_and_deadlines_to_moodle() -> None:
    text = str(route())
    link = text.split("to:stop")[1]
    assert '?.["when"]' in link.split('"data-state"')[0]
    assert '"_blank"' in text
    assert '?.["address"]' in text
