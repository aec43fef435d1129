"""A row that is made in a hurry is the row that the initialiser makes."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import inspect

from studymaster.models import CourseSection, Material, MaterialKind, new_row
from studymaster.models._base import Record

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
SOMEBODY, COURSE = UUID(int=1), UUID(int=2)

SECTION = {
    "account_id": SOMEBODY,
    "course_id": COURSE,
    "moodle_id": 7,
    "name": "Week 1",
    "created_at": NOON,
}
MATERIAL = {
    "account_id": SOMEBODY,
    "course_id": COURSE,
    "cmid": 9,
    "kind": MaterialKind.FILE,
    "modname": "resource",
    "name": "Lecture 1",
    "created_at": NOON,
    "changed_at": NOON,
}


@pytest.mark.parametrize(
    ("model", "values"), [(CourseSection, SECTION), (Material, MATERIAL)]
)
def test_every_column_is_what_the_initialiser_sets(
    model: type[Record], values: dict[str, Any]
) -> None:
    row, slow = new_row(model, **values), model(**values)

    assert row.model_dump(exclude={"id"}) == slow.model_dump(exclude={"id"})
    assert inspect(row).transient
    assert set(inspect(row).dict) - {"_sa_instance_state"} == set(model.model_fields)


def test_each_row_has_an_id_of_its_own() -> None:
    ids = {new_row(Material, **MATERIAL).id for _ in range(50)}

    assert len(ids) == 50


def test_a_column_that_is_set_later_is_kept_with_the_rest() -> None:
    row = new_row(CourseSection, **SECTION)
    row.summary = "Vectors"

    assert row.model_dump()["summary"] == "Vectors"
    assert inspect(row).dict["summary"] == "Vectors"
