"""The what-if over a student's own gradebook."""

from uuid import UUID

import pytest

from studymaster.adapters.database import unit_of_work
from studymaster.errors import InvalidInputError, NotFoundError
from studymaster.features.accounts.rules.fields import FieldError
from studymaster.features.grades import service
from studymaster.features.grades.schemas import WhatIf, WhatIfAnswer
from tests.conftest import NOBODYS_ID
from tests.features.grades.gradebooks import keep, listed, make_course, total


@pytest.fixture
async def course(student):
    made = await make_course(student)
    await keep(
        student,
        made.id,
        listed(2, "Essay", 60.0),
        listed(3, "Quiz", maximum=50.0),
        listed(4, "Final"),
        total(60.0),
    )
    return made


async def open_ids(student, course) -> dict[str, str]:
    async with unit_of_work() as work:
        book = await service.get_gradebook(work, student=student, course_id=course.id)
    return {one.name: one.id for one in book.open}


async def ask(student, course_id: UUID, asked: WhatIf) -> WhatIfAnswer:
    async with unit_of_work() as work:
        return await service.what_if(
            work, account_id=student.account_id, course_id=course_id, asked=asked
        )


async def test_what_do_i_need_in_the_final(student, course) -> None:
    ids = await open_ids(student, course)
    found = await ask(student, course.id, WhatIf({}, "75", ids["Final"]))
    assert found == WhatIfAnswer(
        need="If “Final” counts 50% of the course, you need 90% in it, which is 90 of "
        "100, for 75% in the course. "
        "Moodle does not tell that share: type it if you know it."
    )


async def test_what_do_i_need_in_all_that_is_open(student, course) -> None:
    found = await ask(student, course.id, WhatIf({}, "80"))
    assert found.need.startswith(
        "If everything that is still open counts 60% of the course, you need 93.4% on "
        "average in the 2 grades"
    )


async def test_assumed_grades_lead_somewhere(student, course) -> None:
    ids = await open_ids(student, course)
    found = await ask(student, course.id, WhatIf({ids["Quiz"]: "40", ids["Final"]: ""}))
    assert found == WhatIfAnswer(
        result="With the grades that you assumed, the course stands at 66.7%. An estimate: "
        "Moodle does not tell how much they count."
    )


async def test_a_wish_counts_on_what_is_assumed(student, course) -> None:
    ids = await open_ids(student, course)
    found = await ask(student, course.id, WhatIf({ids["Quiz"]: "50"}, "80"))
    assert "If “Final” counts 40% of the course, you need 90% in it" in found.need


async def test_a_known_share_takes_the_place_of_points(student, course) -> None:
    ids = await open_ids(student, course)
    asked = WhatIf({}, "80", ids["Final"], "80")
    assert (await ask(student, course.id, asked)).need.startswith("You need 85% in “Final”")


async def test_with_everything_assumed_nothing_is_left_to_need(student, course) -> None:
    ids = await open_ids(student, course)
    found = await ask(student, course.id, WhatIf(dict.fromkeys(ids.values(), "40"), "80"))
    assert found.need.startswith("You assumed a grade for everything")
    assert "stands at 56%." in found.result


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        (WhatIf({}), "wished"),
        (WhatIf({}, "a lot"), "wished"),
        (WhatIf({}, "80", "", "120"), "share"),
    ],
)
async def test_it_says_which_field_is_wrong(student, course, asked, field) -> None:
    with pytest.raises(FieldError) as refused:
        await ask(student, course.id, asked)
    assert refused.value.field == field


async def test_an_assumed_grade_beyond_the_range_is_refused(student, course) -> None:
    ids = await open_ids(student, course)
    with pytest.raises(FieldError, match="from 0 to 100 for “Quiz”") as refused:
        await ask(student, course.id, WhatIf({ids["Quiz"]: "101"}))
    assert refused.value.field == f"assumed-{ids['Quiz']}"


@pytest.mark.parametrize("key", [NOBODYS_ID, "x", ""])
async def test_a_line_that_is_not_open_cannot_be_assumed(student, course, key) -> None:
    with pytest.raises(NotFoundError):
        await ask(student, course.id, WhatIf({key: "5"}))


@pytest.mark.parametrize("which", [NOBODYS_ID, "x", 7, ["a"]])
async def test_a_line_that_is_not_open_brings_nothing(student, course, which) -> None:
    with pytest.raises(NotFoundError):
        await ask(student, course.id, WhatIf({}, "80", which))


async def test_nobody_asks_about_anothers_course(student, other_student, course) -> None:
    ids = await open_ids(student, course)
    with pytest.raises(NotFoundError):
        await ask(other_student, course.id, WhatIf({ids["Quiz"]: "40"}))


async def test_nonsense_is_refused_with_a_sentence(student, course) -> None:
    for wrong in (None, 5, ["80"], {"a": 1}):
        with pytest.raises(InvalidInputError):
            await ask(student, course.id, WhatIf({}, wrong))
