import pytest

from tests.conftest import NOBODYS_ID
from tests.features.flashcards.pile import make_deck, make_own_card
from tests.features.flashcards.service.test_bulk import rows
from tests.features.over_http import client_of

BULK = "/flashcards/bulk"


@pytest.fixture
async def card(student):
    return await make_own_card(student, await make_deck(student, "Latin"), tags=["animal"])


@pytest.mark.parametrize(
    ("deed", "more", "column", "value"),
    [
        ("flag", {"flag": 3}, "flag", 3),
        ("tag", {"tag": "Exam"}, "tags", ["animal", "exam"]),
        ("untag", {"tag": "animal"}, "tags", []),
        ("due", {"days": "4"}, "interval_days", 4),
        ("reset", {}, "interval_days", 0),
    ],
)
async def test_a_deed_is_done_and_taken_back(
    student, card, deed, more, column, value
) -> None:
    async with client_of(student) as client:
        done = await client.post(BULK, json={"q": "tag:animal", "deed": deed, **more})
        after = (await rows())["canis"][column]
        undone = await client.post("/flashcards/undo")
    assert (done.status_code, after) == (200, value)
    assert undone.json()["sentence"] == f"Took back: {done.json()['sentence']}"


async def test_cards_are_suspended_moved_and_deleted_by_id(student, card) -> None:
    greek = await make_deck(student, "Greek")
    which = {"card_ids": [str(card.id)]}
    async with client_of(student) as client:
        for deed in ("suspend", "resume", "bury"):
            assert (await client.post(BULK, json={**which, "deed": deed})).is_success
        moved = await client.post(
            BULK, json={**which, "deed": "move", "deck_id": str(greek)}
        )
        assert (await rows())["canis"]["deck_id"] == greek
        deleted = await client.post(BULK, json={**which, "deed": "delete"})
    assert (moved.status_code, deleted.json()) == (200, {"sentence": "1 card deleted."})
    assert await rows() == {}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"deed": "suspend"}, 422),
        ({"deed": "suspend", "q": "", "card_ids": []}, 422),
        ({"deed": "suspend", "card_ids": []}, 422),
        ({"deed": "suspend", "card_ids": [NOBODYS_ID] * 1_001}, 422),
        ({"deed": "suspend", "card_ids": [NOBODYS_ID]}, 404),
        ({"deed": "suspend", "q": "is:dew"}, 422),
        ({"deed": "suspend", "q": "nothing"}, 404),
        ({"deed": "explode", "q": ""}, 422),
        ({"deed": "tag", "q": ""}, 422),
        ({"deed": "flag", "q": "", "flag": 8}, 422),
        ({"deed": "due", "q": ""}, 422),
        ({"deed": "move", "q": ""}, 404),
        ({"deed": "move", "q": "", "deck_id": NOBODYS_ID}, 404),
    ],
)
async def test_what_cannot_be_done_is_said(student, card, body, status) -> None:
    before = await rows()
    async with client_of(student) as client:
        answer = await client.post(BULK, json=body)
    assert (answer.status_code, await rows()) == (status, before)


async def test_words_are_replaced_after_a_look(student, card) -> None:
    body = {"q": "", "find": "(can)is", "into": r"\1e", "pattern": True}
    async with client_of(student) as client:
        looked = await client.post("/flashcards/replace/preview", json=body)
        done = await client.post("/flashcards/replace", json=body)
        wrong = await client.post("/flashcards/replace", json={**body, "find": "("})
    assert looked.json() == {
        "count": 1,
        "refused": 0,
        "samples": [{"before": "canis", "after": "cane"}],
    }
    assert (done.json(), wrong.status_code) == ({"sentence": "1 card changed."}, 422)
    assert {*await rows()} == {"cane"}


async def test_duplicates_are_listed(student, card) -> None:
    other = await make_own_card(student, card.deck_id, front="CANIS")
    async with client_of(student) as client:
        found = (await client.get("/flashcards/duplicates")).json()
    assert (found["total"], len(found["newer"]), len(found["groups"][0]["cards"])) == (
        1,
        1,
        2,
    )
    assert found["newer"][0] in {str(card.id), str(other.id)}
