import pytest

from studymaster.models import CardKind
from tests.conftest import NOBODYS_ID
from tests.features.campus.mates import enrol
from tests.features.flashcards.pile import make_proposal
from tests.features.library.shelf import make_blob, make_lecture, make_material
from tests.features.over_http import client_of

GAPS = "A {{c1::ribosome}} builds {{c2::proteins}}."


async def three(student, material) -> list[str]:
    made = [
        await make_proposal(student, material, front=f"{n}?", position=n) for n in range(3)
    ]
    return [str(one.id) for one in made]


async def fronts_of(client, **query) -> list[str]:
    answer = await client.get("/proposals", params=query)
    assert answer.status_code == 200, answer.text
    return [one["front"] for one in answer.json()["items"]]


async def test_what_waits_is_listed_by_lecture_and_course_a_part_at_a_time(student) -> None:
    biology = await enrol(student, moodle_id=11)
    blob = await make_blob(b"%PDF-1.7", pages=("A page.",))
    lecture = await make_material(biology, name="one.pdf", blob=blob)
    other = await make_material(biology, name="two.pdf", blob=blob)
    await three(student, lecture)
    await make_proposal(student, other, front="other?")
    chemistry = await enrol(student, moodle_id=12)
    elsewhere = await make_material(chemistry, name="three.pdf", blob=blob)
    await make_proposal(student, elsewhere, front="elsewhere?")
    async with client_of(student) as client:
        assert await fronts_of(client, material_id=str(lecture.id)) == ["0?", "1?", "2?"]
        of_course = await fronts_of(client, course_id=11)
        everything = await fronts_of(client)
        first = (await client.get("/proposals", params={"limit": 4})).json()
        rest = await fronts_of(client, offset=first["next_offset"], limit=4)
        wrong = await client.get("/proposals", params={"limit": 0})
    assert sorted(of_course) == ["0?", "1?", "2?", "other?"]
    assert sorted(everything) == ["0?", "1?", "2?", "elsewhere?", "other?"]
    assert [one["front"] for one in first["items"]] + rest == everything
    assert wrong.status_code == 422


async def test_one_is_rewritten_kept_and_taken_back(student) -> None:
    material = await make_lecture(student)
    made = await make_proposal(student, material, kind=CardKind.CLOZE, front=GAPS)
    path = f"/proposals/{made.id}"
    words = {"front": GAPS.replace("{{c2::proteins}}", "{{c2::proteins::what?}}")}
    async with client_of(student) as client:
        changed = (await client.patch(path, json=words)).json()
        broken = await client.patch(path, json={"front": "No gap."})
        kept, again = [(await client.post(f"{path}/keep")).json() for _ in range(2)]
        cards = [
            (await client.get(f"/flashcards/{one}")).json() for one in kept["card_ids"]
        ]
        late = await client.patch(path, json=words)
        refused = await client.post(f"{path}/discard")
        decided = (await client.get(path)).json()["state"]
        waiting = await fronts_of(client)
        opened = (await client.post(f"{path}/reopen")).json()
        gone = await client.get(f"/flashcards/{kept['card_ids'][0]}")
    assert changed["question"] == "A [...] builds [what?]."
    assert changed["material_id"] == str(material.id)
    assert broken.status_code == 422
    assert kept == again
    assert [card["back"] for card in cards] == ["ribosome", "proteins"]
    assert (late.status_code, refused.status_code) == (409, 409)
    assert (decided, waiting, opened["state"]) == ("accepted", [], "open")
    assert gone.status_code == 404


async def test_a_basic_one_keeps_the_side_that_is_left_out(student) -> None:
    made = await make_proposal(student, await make_lecture(student))
    async with client_of(student) as client:
        view = (
            await client.patch(f"/proposals/{made.id}", json={"back": "Ribosomes."})
        ).json()
    assert (view["front"], view["back"]) == ("What builds proteins?", "Ribosomes.")


async def test_what_is_discarded_waits_no_more_until_it_is_reopened(student) -> None:
    first, second, _ = await three(student, await make_lecture(student))
    async with client_of(student) as client:
        for _ in range(2):
            said = await client.post(f"/proposals/{first}/discard")
            assert (said.status_code, said.json()["state"]) == (200, "rejected")
        kept = await client.post(f"/proposals/{first}/keep")
        assert await fronts_of(client) == ["1?", "2?"]
        assert (await client.post(f"/proposals/{first}/reopen")).status_code == 200
        assert await fronts_of(client) == ["0?", "1?", "2?"]
        assert (await client.get(f"/proposals/{second}")).json()["state"] == "open"
    assert kept.status_code == 409


@pytest.mark.parametrize(
    ("method", "deed"),
    [
        ("GET", ""),
        ("PATCH", ""),
        ("POST", "/keep"),
        ("POST", "/discard"),
        ("POST", "/reopen"),
    ],
)
async def test_anothers_is_not_there(student, other_student, method, deed) -> None:
    made = await make_proposal(student, await make_lecture(student))
    async with client_of(other_student) as client:
        for one in (made.id, NOBODYS_ID):
            answer = await client.request(
                method, f"/proposals/{one}{deed}", json={"front": "Mine?"}
            )
            assert answer.status_code == 404
        assert await fronts_of(client) == []
        mine = await client.get("/proposals", params={"material_id": str(made.material_id)})
    assert mine.status_code == 404
    async with client_of(student) as client:
        assert await fronts_of(client) == ["What builds proteins?"]
