"""Replies as Server-Sent Events, through real HTTP on loopback."""

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.stores.sqlite.store import SqliteStore
from tests.web.calling import NOW, Client, MakeClient, assert_one_line, connected, get, post
from tests.web.composing import PiecewiseEngine
from tests.web.events import STREAM, streamed
from tests.web.parts import Disk, page_app, state_file
from tests.web.waiting import until

QUESTION = {"question": "When is a van booked?", "thread": "vans", "id": "one"}
READING = ("status", {"text": "Reading Vans …"})
PENDING = ("reply", {"status": 202, "reply": {"id": "one", "pending": True}})


class Place:
    """The page's interface before an engine that is told what to say."""

    def __init__(self, folder: Path, make: MakeClient) -> None:
        self._folder = folder
        self._make = make
        self.engine = PiecewiseEngine()

    async def client(self, **options: Any) -> Client:  # noqa: ANN401 - as `served` has them
        return await connected(page_app(self._folder, engine=self.engine), self._make, **options)


@pytest.fixture
def place(folder: Path, aiohttp_client: MakeClient) -> Place:
    return Place(folder, aiohttp_client)


async def test_an_answer_comes_as_it_is_made_and_ends_with_the_reply_of_today(place: Place) -> None:
    client = await place.client()
    async with streamed(client, "/api/ask", QUESTION) as events:
        assert await events.next() == READING
        for piece in ("A van is booked a week ahead. [1]", "\n\nIt holds forty boxes. [2]"):
            place.engine.say(piece)
            assert await events.next() == ("delta", {"text": piece})
        place.engine.end()
        ((name, data),) = await events.rest()
    assert (name, data["reply"]["answer"]) == (
        "reply",
        "A van is booked a week ahead. [1]\n\nIt holds forty boxes. [2]",
    )
    assert (data["status"], data["reply"]) == await post(client, "/api/ask", QUESTION)


async def test_a_stream_is_kept_by_nobody_and_locked_down_like_every_response(place: Place) -> None:
    client = await place.client()
    async with streamed(client, "/api/ask", QUESTION) as events:
        headers = events.response.headers
    assert (headers["Cache-Control"], headers["X-Accel-Buffering"]) == ("no-store", "no")
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


async def test_a_reviews_stream_says_what_is_done_and_ends_with_the_review(place: Place) -> None:
    client = await place.client()
    draft = {"text": "We can move you tomorrow. \ud83d\r\n", "id": "two"}
    async with streamed(client, "/api/review", draft) as events:
        *before, (name, data) = await events.rest()
    assert before in ([], [("status", {"text": "Reading the draft …"})])  # it may be done before it is heard
    assert (name, data["status"]) == ("reply", 200)
    assert data["reply"]["rewritten"] == "We book a van a week ahead. \ud83d\r\n"


@pytest.mark.parametrize(
    "accept", ["text/event-stream", "text/event-stream, application/json", "text/html, Text/Event-Stream;q=0.9"]
)
async def test_who_accepts_events_gets_them(place: Place, accept: str) -> None:
    client = await place.client()
    place.engine.end()
    response = await client.post("/api/ask", json=QUESTION, headers={"Accept": accept})
    assert response.content_type == "text/event-stream"


@pytest.mark.parametrize("accept", ["*/*", "text/*", "application/json", "text/event-streams", ""])
async def test_everybody_else_gets_the_json_alone(place: Place, accept: str) -> None:
    client = await place.client()
    place.engine.say("A week ahead. [1]")
    place.engine.end()
    response = await client.post("/api/ask", json=QUESTION, headers={"Accept": accept})
    assert response.content_type == "application/json"
    assert (await response.json())["answer"] == "A week ahead. [1]"


async def test_who_does_not_wait_gets_no_stream(place: Place) -> None:
    client = await place.client()
    assert await post(client, "/api/ask", QUESTION, NOW | STREAM) == (202, {"id": "one", "pending": True})


@pytest.mark.parametrize("piece", ["a\n\nb", "a\r\n\r\nevent: reply\r\ndata: {}\r\n\r\n", "\ud83d \u2028 👋\x00", ""])
async def test_no_text_breaks_out_of_its_event(place: Place, piece: str) -> None:
    client = await place.client()
    async with streamed(client, "/api/ask", QUESTION) as events:
        assert await events.next() == READING
        place.engine.say(piece)
        assert await events.next() == ("delta", {"text": piece})


async def test_a_request_that_joins_hears_everything_and_gets_the_same_reply(place: Place) -> None:
    client = await place.client()
    async with streamed(client, "/api/ask", QUESTION) as first:
        assert await first.next() == READING
        place.engine.say("A week ", "ahead. [1]")
        assert [await first.next(), await first.next()] == [
            ("delta", {"text": "A week "}),
            ("delta", {"text": "ahead. [1]"}),
        ]
        async with streamed(client, "/api/ask", QUESTION) as second:
            assert [await second.next() for _ in range(3)] == [
                READING,
                ("delta", {"text": "A week "}),
                ("delta", {"text": "ahead. [1]"}),
            ]
            place.engine.end()
            assert await second.rest() == await first.rest()
    assert place.engine.asked == 1


async def test_an_attempt_that_fails_is_heard_to_start_over(place: Place) -> None:
    client = await place.client()
    async with streamed(client, "/api/ask", QUESTION) as events:
        assert await events.next() == READING
        place.engine.say("Well, ")
        assert await events.next() == ("delta", {"text": "Well, "})
        place.engine.fail()
        assert [await events.next(), await events.next()] == [("status", {"text": "Starting over …"}), READING]
        place.engine.say("A week ahead. [1]")
        assert await events.next() == ("delta", {"text": "A week ahead. [1]"})
        place.engine.end()
        ((_, data),) = await events.rest()
    assert data["reply"]["answer"] == "A week ahead. [1]"


async def test_what_another_replica_answers_comes_as_the_reply_alone(place: Place) -> None:
    idle = await place.client(works=False)
    await place.client()
    place.engine.say("A week ahead. [1]")
    place.engine.end()
    async with streamed(idle, "/api/ask", QUESTION) as events:
        ((name, data),) = await events.rest()
    assert (name, data["reply"]["answer"]) == ("reply", "A week ahead. [1]")


async def test_while_nothing_happens_comments_keep_the_connection(place: Place) -> None:
    client = await place.client(quiet=0.0)
    async with streamed(client, "/api/ask", QUESTION) as events:
        assert await events.next() == READING
        assert [await events.anything() for _ in range(3)] == [("", ": wait")] * 3


async def test_patience_that_is_over_ends_the_stream_and_the_reply_can_be_had_later(place: Place) -> None:
    client = await place.client(patience=0.05)
    async with streamed(client, "/api/ask", QUESTION) as events:
        name, data = (await events.rest())[-1]
    data["reply"].pop("place", None)  # which there is as long as it is not begun
    assert (name, data) == PENDING
    place.engine.end()

    async def is_there() -> bool:
        return (await get(client, "/api/replies/one"))[0] == 200

    await until(is_there)


async def test_a_server_that_stops_ends_its_streams(place: Place) -> None:
    client = await place.client()
    async with streamed(client, "/api/ask", QUESTION) as events:
        assert await events.next() == READING
        stopping = asyncio.create_task(client.server.close())
        assert await events.rest() == [PENDING]
        await stopping


async def test_errors_that_are_known_before_the_stream_keep_their_status(place: Place) -> None:
    client = await place.client()
    status, body = await post(client, "/api/ask", {"question": 5}, STREAM)
    assert status == 400
    assert_one_line(body)
    status, body = await post(client, "/api/ask", QUESTION, STREAM | {"Origin": "http://evil.example"})
    assert status == 403
    assert_one_line(body)
    assert (await get(client, "/api/replies/one"))[0] == 404


async def test_with_a_token_no_stream_begins_without_it(place: Place) -> None:
    client = await place.client(token="a-secret")  # noqa: S106 - a test's token
    assert (await post(client, "/api/ask", QUESTION, STREAM))[0] == 401


async def test_a_refusal_ends_the_stream_of_the_message_and_is_its_status_from_then_on(place: Place) -> None:
    client = await place.client()
    blank = {"text": " ", "id": "two"}
    async with streamed(client, "/api/review", blank) as events:
        name, data = (await events.rest())[-1]
    assert (name, data["status"]) == ("reply", 400)
    assert_one_line(data["reply"])
    assert await post(client, "/api/review", blank, STREAM) == (400, data["reply"])


async def test_a_message_sent_again_after_its_reply_gets_it_as_a_stream(place: Place) -> None:
    client = await place.client()
    place.engine.end()
    _, answer = await post(client, "/api/ask", QUESTION)
    async with streamed(client, "/api/ask", QUESTION) as events:
        assert await events.rest() == [("reply", {"status": 200, "reply": answer})]
    status, refused = await post(client, "/api/ask", QUESTION | {"question": "Vans?"}, STREAM)
    assert status == 409
    assert_one_line(refused)


async def test_another_message_under_the_same_id_hears_nothing_of_it(place: Place) -> None:
    client = await place.client()
    async with streamed(client, "/api/ask", QUESTION) as own:
        assert await own.next() == READING
        async with streamed(client, "/api/ask", QUESTION | {"question": "Vans?"}) as other:
            place.engine.say("A week ahead. [1]")
            assert await own.next() == ("delta", {"text": "A week ahead. [1]"})
            place.engine.end()
            ((name, data),) = await other.rest()
    assert (name, data["status"]) == ("reply", 409)
    assert_one_line(data["reply"])


async def test_a_browser_that_goes_loses_nothing(place: Place) -> None:
    client = await place.client()
    async with streamed(client, "/api/ask", QUESTION) as events:
        assert await events.next() == READING
        events.response.close()
    place.engine.say("A week ahead. [1]")
    place.engine.end()
    async with streamed(client, "/api/ask", QUESTION) as events:
        _, data = (await events.rest())[-1]
    assert data["reply"]["answer"] == "A week ahead. [1]"


async def test_a_browser_that_does_not_read_holds_nobody_up(place: Place) -> None:
    client = await place.client()
    body = json.dumps(QUESTION).encode()
    head = f"POST /api/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\nContent-Length: {len(body)}\r\n"
    _, writer = await asyncio.open_connection(client.host, client.port, limit=1)
    writer.write(f"{head}Content-Type: application/json\r\n\r\n".encode() + body)
    await until(lambda: place.engine.asked == 1)
    pieces = ["word " * 20_000 for _ in range(100)]
    place.engine.say(*pieces)
    place.engine.end()
    status, answer = await post(client, "/api/ask", QUESTION)
    assert (status, answer["answer"]) == (200, "".join(pieces))
    writer.transport.abort()


async def test_a_store_that_is_away_refuses_before_the_stream_begins(folder: Path, aiohttp_client: MakeClient) -> None:
    app = page_app(folder, store=SqliteStore(state_file(folder), busy_seconds=0.05))
    client = await connected(app, aiohttp_client)
    with closing(sqlite3.connect(state_file(folder), isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        response = await client.post("/api/ask", json=QUESTION, headers=STREAM)
        assert (response.status, response.headers["Retry-After"]) == (503, "2")
        assert_one_line(await response.json())


async def test_a_stream_outlives_a_store_that_goes_away(
    folder: Path, aiohttp_client: MakeClient, caplog: pytest.LogCaptureFixture
) -> None:
    engine, disk = PiecewiseEngine(), Disk(folder.parent)
    client = await connected(page_app(folder, engine=engine, store=SqliteStore(disk.file)), aiohttp_client)
    caplog.set_level("INFO", "bot.channels.web.messages")
    async with streamed(client, "/api/ask", QUESTION) as events:
        assert await events.next() == READING
        with disk.away():
            await until(lambda: "cannot be read yet" in caplog.text)
            engine.say("A week ahead. [1]")
            assert await events.next() == ("delta", {"text": "A week ahead. [1]"})
        engine.end()
        ((name, data),) = await events.rest()
    assert (name, data["status"]) == ("reply", 200)


async def test_a_message_that_the_store_lost_ends_the_stream_with_one_line(place: Place, folder: Path) -> None:
    client = await place.client(works=False)
    async with streamed(client, "/api/ask", QUESTION) as events:
        with closing(sqlite3.connect(state_file(folder), isolation_level=None)) as other:
            other.execute("DELETE FROM message")
        ((name, data),) = await events.rest()
    assert (name, data["status"]) == ("reply", 503)
    assert_one_line(data["reply"])


async def test_who_waits_in_a_queue_is_told_their_number(
    folder: Path, aiohttp_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.web.messages.PLACE_SECONDS", 0.0)
    client = await connected(page_app(folder), aiohttp_client, works=False)
    waits = {"Prefer": "respond-async"}
    async with client.post("/api/ask", json=QUESTION | {"id": "zero", "thread": "other"}, headers=waits) as response:
        assert response.status == 202
    async with streamed(client, "/api/ask", QUESTION) as events:
        assert await events.next() == ("status", {"text": "The coach is busy: you are number 2."})
    assert await get(client, "/api/replies/one") == (202, {"id": "one", "pending": True, "place": 2})
