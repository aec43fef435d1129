from tests.conftest import NOBODYS_ID
from tests.features.over_http import client_of


async def test_a_search_is_kept_renamed_listed_and_forgotten(student) -> None:
    async with client_of(student) as client:
        made = await client.post("/searches", json={"name": "Due", "text": "is:due"})
        path = f"/searches/{made.json()['id']}"
        twice = await client.post("/searches", json={"name": "due", "text": "is:new"})
        wrong = await client.post("/searches", json={"name": "x", "text": "is:x"})
        named = await client.patch(path, json={"name": "Now"})
        listed = (await client.get("/searches")).json()
        gone = await client.delete(path)
        missing = await client.patch(f"/searches/{NOBODYS_ID}", json={"name": "x"})
    assert (made.status_code, made.json()["text"]) == (201, "is:due")
    assert (twice.status_code, wrong.status_code) == (409, 422)
    assert (named.json()["name"], [one["name"] for one in listed]) == ("Now", ["Now"])
    assert (gone.status_code, missing.status_code) == (204, 404)
