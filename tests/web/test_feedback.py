"""What people think of answers, and how it counts."""

from pathlib import Path

from tests.web.calling import MakeClient, assert_one_line, connected, post
from tests.web.parts import page_app

QUESTION = {"question": "When is a van booked?", "thread": "vans", "id": "one"}


async def test_a_thumb_counts_for_the_version_that_answered_and_can_be_turned(
    folder: Path, aiohttp_client: MakeClient
) -> None:
    app = page_app(folder)
    client = await connected(app, aiohttp_client)
    await post(client, "/api/ask", QUESTION)
    up, down = ({"thread": "vans", "id": "one", "reaction": reaction} for reaction in ("up", "down"))
    for body in (up, up):
        assert await post(client, "/api/feedback", body) == (200, {"noted": "up"})
    (sums,) = await app.store.counters.read(["version:1"])
    assert (sums.get("up", 0), sums.get("down", 0)) == (1, 0)
    assert await post(client, "/api/feedback", down) == (200, {"noted": "down"})
    (sums,) = await app.store.counters.read(["version:1"])
    assert (sums.get("up", 0), sums.get("down", 0)) == (0, 1)


async def test_an_answer_outside_any_thread_can_be_rated_by_its_id(folder: Path, aiohttp_client: MakeClient) -> None:
    client = await connected(page_app(folder), aiohttp_client)
    _, answer = await post(client, "/api/ask", {"question": "When is a van booked?"})
    assert (await post(client, "/api/feedback", {"id": answer["id"], "reaction": "down"}))[0] == 200


async def test_what_is_not_there_cannot_be_rated(folder: Path, aiohttp_client: MakeClient) -> None:
    client = await connected(page_app(folder), aiohttp_client)
    await post(client, "/api/ask", QUESTION)
    for named in ({"thread": "vans", "id": "two"}, {"thread": "boxes", "id": "one"}):
        status, body = await post(client, "/api/feedback", named | {"reaction": "up"})
        assert status == 400
        assert_one_line(body)
