"""Whatever is another student's is not there: for every address that names a thing."""

from uuid import uuid4

import httpx
import pytest

from studymaster.api import create_api
from studymaster.features.accounts.schemas import Student
from tests.api.asking import ENDINGS, IDS, NO_IDS, Operation, operations, request
from tests.api.world import World, client_of, furnish, snapshot
from tests.conftest import make_student

MARK = "Zaunkoenig"
HERS, MINE = 777, 888
"""The Moodle ids of two courses: no student has both."""

ALL = operations(create_api().openapi())
NAMING = [one for one in ALL if one.ids()]
SHAPED = {"unknown", "hers", "all hers"}
"""The ways of asking whose ids look like ids."""


@pytest.fixture
async def hers(student: Student, empty_database: None) -> World:
    """All that Mina has."""
    mate = await make_student("Amira Haddad")
    return await furnish(student, mate, mark=MARK, moodle_id=HERS)


@pytest.fixture
async def mine(other_student: Student, hers: World) -> World:
    """All that Jonas has, who asks."""
    mate = await make_student("Lena Sommer")
    return await furnish(other_student, mate, mark="Goldammer", moodle_id=MINE)


def nothing(thing: str) -> str | int | list[str | int]:
    """Return an id that could be somebody's and is nobody's."""
    if thing.endswith("_ids"):
        return [nothing(thing.removesuffix("_ids"))]
    return 999_999 if thing == "course" else str(uuid4())


def nonsense(thing: str) -> list[str | int]:
    """Return what no id looks like."""
    return [-1, 2**63, 10**400] if thing == "course" else ["x", "0", "' OR 1=1 --"]


def test_every_parameter_that_sounds_like_an_id_is_known() -> None:
    unknown = {
        name
        for one in ALL
        for where, name in one.names()
        if (where == "path" or name.endswith(ENDINGS)) and name not in {*IDS, *NO_IDS}
    }
    assert not unknown, "Say in tests.api.asking.IDS how to make one."


async def test_anothers_is_not_there(hers, mine, unhurried) -> None:
    before, changers, leaks = await snapshot(), [], []
    async with client_of(mine.student) as client:
        for one in NAMING:
            for named in one.ids():
                leaks += await leaks_of(client, one, named, hers=hers, mine=mine)
            if await snapshot() != before:
                changers.append(str(one))
                before = await snapshot()
    assert not leaks, "\n".join(map(str, leaks))
    assert not changers


async def leaks_of(
    client: httpx.AsyncClient,
    one: Operation,
    named: tuple[str, str],
    *,
    hers: World,
    mine: World,
) -> list[tuple[str, ...]]:
    """Ask for what is hers in every way; return the answers that are not as they should be."""
    thing = IDS[named[1]]
    answers = {
        way: await client.send(request(one, mine.things, told))
        for way, told in {
            "unknown": {named: nothing(thing)},
            "hers": {named: of_hers(hers, thing)},
            "all hers": {
                key: of_hers(hers, IDS[key[1]]) for key in one.ids() if key[0] == "path"
            }
            | {named: of_hers(hers, thing)},
            **{str(wrong): {named: wrong} for wrong in nonsense(thing)},
        }.items()
    }
    unknown = answers["unknown"].json()
    return [
        (str(one), named[1], way[:30], answer.text[:200])
        for way, answer in answers.items()
        if answer.status_code not in ({404} if way in SHAPED else {404, 422})
        or MARK in answer.text
        or (way == "hers" and answer.json() != unknown)
    ]


def of_hers(hers: World, thing: str) -> str | int:
    return hers["account"] if thing == "mate" else hers[thing]


SPENT = {
    "POST /api/v1/social/resources/{resource_id}/restore": "nobody had hidden it",
    "POST /api/v1/social/buddies/{link_id}/accept": "they are buddies already",
    "DELETE /api/v1/social/buddies/{link_id}": "the block before has ended it",
    "DELETE /api/v1/social/blocks/{account_id}": "nobody is blocked yet",
    "DELETE /api/v1/social/resources/{resource_id}": "it went with its group",
}
"""What finds nothing among one's own things either, and why."""


async def test_ones_own_is_there(hers, unhurried) -> None:
    """The same requests with a student's own ids: so it is the owner that they lack."""
    refused = []
    async with client_of(hers.student) as client:
        for one in sorted(NAMING, key=whole_last):
            named = one.ids()[0]
            told = {named: hers[IDS[named[1]]]}
            answer = await client.send(request(one, hers.things, told))
            if answer.status_code == 404 and str(one) not in SPENT:
                refused.append((str(one), named[1], answer.text[:200]))
    assert not refused, "\n".join(map(str, refused))


def whole_last(one: Operation) -> tuple[bool, int, str]:
    """Order what takes away after what only looks, and parts before what they belong to."""
    takes_away = one.method == "DELETE" or one.path.endswith(("/leave", "/blocks"))
    return takes_away, -one.path.count("/"), one.path


async def test_a_course_that_two_have_shows_each_their_own(student, other_student) -> None:
    """What is shared with course mates on purpose lies under /social alone."""
    hers = await furnish(student, other_student, mark=MARK, moodle_id=HERS)
    by_course = [
        one
        for one in NAMING
        if one.method == "GET" and one.section != "social" and course_in(one)
    ]
    async with client_of(student) as client, client_of(other_student) as mate:
        for one in by_course:
            asked = {course_in(one): HERS}
            own = await client.send(request(one, hers.things, asked))
            seen = await mate.send(request(one, hers.things, asked))
            assert (own.status_code, seen.status_code) == (200, 200), one
            assert MARK in own.text, one
            assert MARK not in seen.text, one
    assert len(by_course) >= 5


def course_in(one: Operation) -> tuple[str, str] | None:
    return next((named for named in one.ids() if named[1] == "course_id"), None)
