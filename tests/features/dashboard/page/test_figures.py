from studymaster.features.dashboard.page.figures import figures


def test_every_figure_has_its_words_and_what_an_idle_day_costs_leads_to_the_reasons() -> (
    None
):
    text = str(figures())
    for words in ("day streak", "focus this week", "cards today", "points"):
        assert f'"{words}"' in text, words
    assert 'to:"/accountability"' in text
