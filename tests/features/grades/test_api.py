"""Grades over HTTP, by the numbers that Moodle gives courses."""

import pytest

from tests.conftest import NOON
from tests.features.grades.gradebooks import biology, keep, listed, make_course
from tests.features.over_http import client_of


async def test_a_course_has_every_field_that_was_promised(student) -> None:
    course = await make_course(student)
    await keep(student, course.id, *biology())
    async with client_of(student) as client:
        answer = (await client.get("/grades")).json()
    (item,) = answer["items"]
    percent, per_month = item.pop("percent"), item.pop("per_month")
    assert (round(percent, 2), round(per_month, 1)) == (80.38, -21.2)
    assert item == {
        "id": 2,
        "fullname": "BIO 110 in full",
        "shortname": "BIO 110",
        "line": 3,
        "site_url": "https://moodle.uni.edu",
        "source": "moodle",
        "trend": "falling",
        "graded": 3,
        "gradable": 5,
    }
    assert answer["next_offset"] is None


async def test_a_gradebook_comes_line_by_line(student) -> None:
    course = await make_course(student)
    await keep(student, course.id, listed(7, "Essay", 60.0, weight=1.0, graded_at=NOON))
    async with client_of(student) as client:
        book = (await client.get("/grades/2")).json()
    noon = NOON.isoformat().replace("+00:00", "Z")
    assert book["course"]["percent"] == 60.0
    assert book["lines"] == [
        {
            "id": 7,
            "cmid": 37,
            "kind": "activity",
            "name": "Essay",
            "grade": 60.0,
            "minimum": 0.0,
            "maximum": 100.0,
            "percent": 60.0,
            "weight": 1.0,
            "shown": "60.00",
            "feedback": "",
            "graded_at": noon,
            "past": [{"seen_at": noon, "grade": 60.0}],
        }
    ]


async def test_what_cannot_be_said_is_null(student) -> None:
    course = await make_course(student)
    await keep(student, course.id, listed(7, "Essay", shown="B+"), listed(8))
    async with client_of(student) as client:
        (item,) = (await client.get("/grades")).json()["items"]
        book = (await client.get("/grades/2")).json()
    assert [item[name] for name in ("percent", "trend", "per_month")] == [None] * 3
    assert item["source"] == "none"
    assert [line["shown"] for line in book["lines"]] == ["B+", ""]


async def test_the_list_comes_in_stretches(student) -> None:
    for number in (2, 3):
        site = f"https://{number}.edu"
        course = await make_course(
            student, moodle_id=number, shortname=f"C {number}", site_url=site
        )
        await keep(student, course.id, listed(7))
    async with client_of(student) as client:
        first = (await client.get("/grades", params={"limit": 1})).json()
        second = (await client.get("/grades", params={"limit": 1, "offset": 1})).json()
        refused = await client.get("/grades", params={"limit": 101})
    assert ([one["id"] for one in first["items"]], first["next_offset"]) == ([2], 1)
    assert ([one["id"] for one in second["items"]], second["next_offset"]) == ([3], None)
    assert refused.status_code == 422


@pytest.mark.parametrize("number", ["3", "0", "-1", str(2**63), str(2**80)])
async def test_a_course_that_is_not_there_is_not_found(student, number) -> None:
    await make_course(student)
    async with client_of(student) as client:
        answer = await client.get(f"/grades/{number}")
    assert answer.status_code == 404
    assert answer.json()["detail"].endswith(".")


@pytest.mark.parametrize("number", ["biology", "1.5", "9" * 5_000, "%00"])
async def test_what_is_no_number_is_refused(student, number) -> None:
    async with client_of(student) as client:
        assert (await client.get(f"/grades/{number}")).status_code == 422


async def test_of_two_sites_with_one_number_the_named_one_is_meant(student) -> None:
    first = await make_course(student)
    second = await make_course(student, site_url="https://other.edu")
    await keep(student, first.id, listed(7, "Here"))
    await keep(student, second.id, listed(7, "There"))
    async with client_of(student) as client:
        here = (await client.get("/grades/2")).json()
        there = (await client.get("/grades/2", params={"site": "https://other.edu"})).json()
        nowhere = await client.get("/grades/2", params={"site": "https://nowhere.edu"})
        broken = await client.get("/grades/2", params={"site": "\x00"})
    assert [book["lines"][0]["name"] for book in (here, there)] == ["Here", "There"]
    assert (nowhere.status_code, broken.status_code) == (404, 404)


async def test_anothers_grades_are_not_there(student, other_student) -> None:
    course = await make_course(student)
    await keep(student, course.id, *biology())
    async with client_of(other_student) as client:
        assert (await client.get("/grades")).json()["items"] == []
        assert (await client.get("/grades/2")).status_code == 404


@pytest.mark.parametrize("address", ["/grades", "/grades/2"])
async def test_a_visitor_is_refused(empty_database, address) -> None:
    async with client_of(None) as client:
        assert (await client.get(address)).status_code == 401
