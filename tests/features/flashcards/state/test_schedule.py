from studymaster.features.flashcards.state import ScheduleState
from studymaster.features.flashcards.state.schedule import WEEK
from tests.features.flashcards.pile import make_deck
from tests.features.flashcards.rules.students import lives
from tests.features.flashcards.service.histories import put_histories
from tests.tabs import tab_of


async def test_a_fit_is_asked_for_and_shown_as_under_way(student) -> None:
    deck_id = await make_deck(student, "Latin")
    await put_histories(student, deck_id, lives(cards=60, reviews=5))
    tab = tab_of(student, ScheduleState)
    await tab.load()
    assert tab.loaded
    assert not tab.view.is_running
    await tab.fit()
    assert tab.view.is_running


async def test_a_week_is_saved_day_by_day(student) -> None:
    tab = tab_of(student, ScheduleState)
    form = dict.fromkeys(WEEK, "usual") | {"sunday": "none"}
    await tab.save_easy_days(form)
    assert tab.view.easy_days == ["usual"] * 6 + ["none"]
