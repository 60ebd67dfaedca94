"""The way of the page's messages through the inbox: each answered once, whatever breaks in between."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.channels.web.delivery import WebDelivery
from bot.channels.web.messages import Messages
from bot.core.admin_commands import ActivateVersion
from bot.core.messages import LOCAL, Incoming
from bot.core.state import StoreAwayError
from bot.stores.sqlite.store import SqliteStore
from tests.web.calling import NOW, MakeClient, assert_one_line, connected, get, post
from tests.web.parts import Disk, FailingEngine, HeldEngine, page_app, state_file
from tests.web.waiting import until

QUESTION = {"question": "When is a van booked?", "thread": "vans", "id": "one"}
DRAFT = {"text": "We can move you tomorrow. \ud83d\r\n", "id": "two"}


async def test_a_question_sent_fifty_times_at_once_is_answered_once(folder: Path, aiohttp_client: MakeClient) -> None:
    app = page_app(folder)
    client = await connected(app, aiohttp_client)
    replies = await asyncio.gather(*(post(client, "/api/ask", QUESTION) for _ in range(50)))
    status, answer = replies[0]
    assert (status, answer["id"], answer["covered"]) == (200, "one", True)
    assert all(reply == replies[0] for reply in replies)
    assert [turn.id for turn in await app.store.threads.recent("web:vans")] == ["web:one"]
    (sums,) = await app.store.counters.read(["version:1"])
    assert sums["replies"] == 1


async def test_a_message_without_an_id_is_given_one_that_the_reply_carries(
    folder: Path, aiohttp_client: MakeClient
) -> None:
    client = await connected(page_app(folder), aiohttp_client)
    _, answer = await post(client, "/api/ask", {"question": "When is a van booked?"})
    assert await get(client, f"/api/replies/{answer['id']}") == (200, answer)


async def test_who_does_not_wait_is_told_where_the_reply_will_be(folder: Path, aiohttp_client: MakeClient) -> None:
    engine = HeldEngine()
    client = await connected(page_app(folder, engine=engine), aiohttp_client)
    response = await client.post("/api/ask", json=QUESTION, headers={"Prefer": "wait=5, Respond-Async; x=y"})
    assert (response.status, await response.json()) == (202, {"id": "one", "pending": True})
    assert response.headers["Preference-Applied"] == "respond-async"
    place = response.headers["Location"]
    status, body = await get(client, place)
    assert (status, body["id"], body["pending"]) == (202, "one", True)
    engine.let.set()
    status, answer = await post(client, "/api/ask", QUESTION)
    assert (status, answer["covered"]) == (200, True)
    assert await get(client, place) == (200, answer)


async def test_of_an_unknown_id_nothing_is_known(folder: Path, aiohttp_client: MakeClient) -> None:
    client = await connected(page_app(folder), aiohttp_client)
    status, body = await get(client, "/api/replies/nobody")
    assert status == 404
    assert_one_line(body)


async def test_a_reply_that_is_no_longer_kept_is_said_to_be_gone(folder: Path, aiohttp_client: MakeClient) -> None:
    client = await connected(page_app(folder, store=SqliteStore(state_file(folder), reply_seconds=0.0)), aiohttp_client)
    await client.post("/api/ask", json=QUESTION, headers=NOW)
    status, body = await post(client, "/api/ask", QUESTION)
    assert status == 410
    assert_one_line(body)


async def test_a_refusal_is_kept_with_its_status(folder: Path, aiohttp_client: MakeClient) -> None:
    client = await connected(page_app(folder), aiohttp_client)
    refused = await post(client, "/api/review", {"text": " ", "id": "two"})
    assert refused[0] == 400
    assert_one_line(refused[1])
    assert await get(client, "/api/replies/two") == refused


async def test_a_message_outlives_the_server_that_took_it(folder: Path, aiohttp_client: MakeClient) -> None:
    first = await connected(page_app(folder), aiohttp_client, works=False)
    for path, body in (("/api/ask", QUESTION), ("/api/review", DRAFT)):
        assert (await post(first, path, body, NOW))[0] == 202
    await first.close()
    second = await connected(page_app(folder), aiohttp_client)
    status, review = await post(second, "/api/review", DRAFT)
    assert (status, review["rewritten"]) == (200, "We book a van a week ahead. \ud83d\r\n")
    status, answer = await post(second, "/api/ask", QUESTION)
    assert (status, answer["id"]) == (200, "one")
    assert "(question 1)" in answer["answer"]


async def test_a_reply_comes_also_when_another_replica_answers(folder: Path, aiohttp_client: MakeClient) -> None:
    idle = await connected(page_app(folder), aiohttp_client, works=False)
    await connected(page_app(folder), aiohttp_client)
    assert (await post(idle, "/api/ask", QUESTION))[0] == 200


async def test_a_wait_is_bounded_and_the_reply_can_be_had_later(folder: Path, aiohttp_client: MakeClient) -> None:
    engine = HeldEngine()
    client = await connected(page_app(folder, engine=engine), aiohttp_client, patience=0.05)
    status, body = await post(client, "/api/ask", QUESTION)
    assert (status, body["id"], body["pending"]) == (202, "one", True)
    engine.let.set()

    async def is_there() -> bool:
        return (await get(client, "/api/replies/one"))[0] == 200

    await until(is_there)


async def test_a_store_that_is_away_refuses_at_the_door_and_heals(folder: Path, aiohttp_client: MakeClient) -> None:
    app = page_app(folder, store=SqliteStore(state_file(folder), busy_seconds=0.05))
    client = await connected(app, aiohttp_client)
    with closing(sqlite3.connect(state_file(folder), isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        for path, body in (("/api/ask", QUESTION), ("/api/review", DRAFT), ("/api/ask", QUESTION)):
            response = await client.post(path, json=body)
            assert (response.status, response.headers["Retry-After"]) == (503, "2")
            assert_one_line(await response.json())
    depth = await app.store.inbox.depth()
    assert (depth.waiting, depth.leased, depth.dead) == (0, 0, 0)
    assert (await get(client, "/api/replies/one"))[0] == 404
    assert (await post(client, "/api/ask", QUESTION))[0] == 200


async def test_a_store_that_goes_away_while_the_reply_is_made_costs_nothing(
    folder: Path, aiohttp_client: MakeClient, caplog: pytest.LogCaptureFixture
) -> None:
    engine, disk = HeldEngine(), Disk(folder.parent)
    client = await connected(page_app(folder, engine=engine, store=SqliteStore(disk.file)), aiohttp_client)
    caplog.set_level("INFO", "bot.channels.web.messages")
    asking = asyncio.create_task(post(client, "/api/ask", QUESTION))
    await engine.asked.wait()
    with disk.away():
        await until(lambda: "cannot be read yet" in caplog.text)
    engine.let.set()
    status, answer = await asking
    assert (status, answer["covered"]) == (200, True)


async def test_a_message_that_the_store_lost_is_not_waited_for(folder: Path) -> None:
    app = page_app(folder)
    await app.open()
    with pytest.raises(StoreAwayError, match="web:one"):
        await Messages(app.store.inbox, WebDelivery(app.reviews)).ended(Incoming("web:one", LOCAL, "web:vans", "Vans?"))
    await app.close()


async def test_a_question_that_fails_again_and_again_ends_with_one_line(
    folder: Path, aiohttp_client: MakeClient, caplog: pytest.LogCaptureFixture
) -> None:
    engine = FailingEngine()
    app = page_app(folder, engine=engine)
    client = await connected(app, aiohttp_client)
    status, body = await post(client, "/api/ask", QUESTION)
    assert (status, engine.asked) == (500, 5)
    assert_one_line(body)
    assert await get(client, "/api/replies/one") == (status, body)
    (letter,) = await app.store.inbox.dead(limit=9)
    assert letter.id == "web:one"
    assert letter.reason.startswith("RuntimeError in ")
    assert "van" not in letter.reason + caplog.text


async def test_a_move_by_another_replica_is_in_force_at_the_next_reply(
    folder: Path, aiohttp_client: MakeClient
) -> None:
    client = await connected(page_app(folder), aiohttp_client)
    other = page_app(folder)
    await other.open()
    assert (await post(client, "/api/ask", QUESTION))[1]["prompt_version"] == 1
    await other.registry.move(LOCAL, ActivateVersion(number=2, note="better words"))
    assert (await post(client, "/api/ask", QUESTION | {"id": "next"}))[1]["prompt_version"] == 2
    assert (await post(client, "/api/review", DRAFT))[1]["prompt_version"] == 2
    await other.close()


async def test_another_message_under_the_same_id_does_not_get_its_reply(
    folder: Path, aiohttp_client: MakeClient
) -> None:
    client = await connected(page_app(folder), aiohttp_client)
    assert (await post(client, "/api/ask", QUESTION))[0] == 200
    for path, body in (
        ("/api/review", {"text": "Hi.", "id": QUESTION["id"]}),
        ("/api/ask", QUESTION | {"question": "Vans?"}),
    ):
        status, refused = await post(client, path, body)
        assert status == 409
        assert_one_line(refused)
    assert (await post(client, "/api/ask", QUESTION))[0] == 200
