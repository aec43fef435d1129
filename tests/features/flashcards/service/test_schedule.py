from datetime import timedelta

import pytest

from studymaster.adapters.database import unit_of_work
from studymaster.errors import InvalidInputError
from studymaster.features.flashcards.service import schedule
from tests.conftest import NOON
from tests.features.flashcards.pile import make_deck
from tests.features.flashcards.rules.students import lives
from tests.features.flashcards.service.histories import put_histories
from tests.features.flashcards.service.test_fitting import (
    ask,
    forgetful,  # noqa: F401  (a fixture)
    go_back,
    keep_promises,
)

WEEK = ["usual", "none", "usual", "usual", "usual", "fewer", "usual"]


async def view(student):
    return await schedule.kept_schedule(student=student, now=NOON)


async def test_somebody_new_is_told_how_many_answers_are_missing(student) -> None:
    found = await view(student)
    assert "100 more reviews" in found.missing
    assert found.workload == found.scores == found.fits == []
    assert found.easy_days == ["usual"] * 7


async def test_a_fit_shows_its_gain_the_comparison_and_the_costs(forgetful, sent) -> None:  # noqa: F811
    await ask(forgetful)
    assert (await view(forgetful)).is_running
    await keep_promises(sent)
    found = await view(forgetful)
    assert not found.is_running
    assert found.is_own
    assert found.fits[0].words.startswith("Taken: on the newest")
    assert [one.name for one in found.newest_scores][2] == "FSRS, fitted to you"
    assert "foresaw better" in found.comparison_sentence
    assert len(found.calibration) == 20
    minutes = {one.retention: one.minutes for one in found.workload}
    assert minutes[97] > minutes[80] > 0
    assert f"At 90 % about {minutes[90]} min a day" in found.workload_sentence
    await go_back(forgetful, now=NOON + timedelta(minutes=1))
    await keep_promises(sent)
    found = await view(forgetful)
    assert not found.is_own
    assert found.fits[0].words == "Back to the published parameters."


async def test_a_deck_by_sm2_is_looked_ahead_for_too(student) -> None:
    deck_id = await make_deck(student, "Latin")
    await put_histories(student, deck_id, lives(cards=40, reviews=4))
    assert (await view(student)).workload


async def test_easy_days_are_kept_for_this_student_alone(student, other_student) -> None:
    async with unit_of_work() as work:
        await schedule.save_easy_days(work, student=student, chosen=WEEK)
    assert (await view(student)).easy_days == WEEK
    assert (await view(other_student)).easy_days == ["usual"] * 7


async def test_an_odd_week_is_refused(student) -> None:
    async with unit_of_work() as work:
        with pytest.raises(InvalidInputError):
            await schedule.save_easy_days(work, student=student, chosen=["usual"] * 6)
