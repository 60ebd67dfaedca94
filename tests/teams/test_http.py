"""What comes in over HTTP: only whole activities of a bearable size, and what a turn answers goes back as it is."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import aiohttp
import pytest
from botbuilder.core import InvokeResponse
from botbuilder.schema.teams import TaskModuleMessageResponse, TaskModuleResponse

from bot.channels.teams.http import BODY_SECONDS, MAX_BODY
from bot.core.state import StoreAwayError
from tests.teams.doors import PATH, Door, door
from tests.teams.key_server import KeyServer, activity, token
from tests.web.waiting import until

JSON = {"Content-Type": "application/json"}


@pytest.fixture
async def server() -> AsyncIterator[KeyServer]:
    async with KeyServer() as server:
        yield server


@pytest.fixture
async def ours(server: KeyServer) -> AsyncIterator[Door]:
    async with door(server) as ours:
        yield ours


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
async def test_only_a_post_is_read(ours: Door, server: KeyServer, method: str) -> None:
    headers = {"Authorization": f"Bearer {token()}"}
    async with ours.session.request(method, ours.url, headers=headers) as answer:
        assert answer.status == 405
        assert answer.headers["Allow"] == "POST"
    assert (ours.doorway.refused, ours.handler.heard, server.asked) == ({"form": 1}, [], {})


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/xml", ""])
async def test_only_json_is_read(ours: Door, server: KeyServer, kind: str) -> None:
    status, _ = await ours.post(data=json.dumps(activity()).encode(), headers={"Content-Type": kind})
    assert status == 415
    assert (ours.doorway.refused, ours.handler.heard, server.asked) == ({"form": 1}, [], {})


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"message"',
        b"{}",
        b'{"type":""}',
        b'{"type":7}',
        b'{"type":["message"]}',
        b"\xff\xfe\x00",
        b"[" * 200_000,
        b'{"type":' + b"9" * 10_000 + b"}",
    ],
)
async def test_what_is_no_activity_is_not_taken(ours: Door, server: KeyServer, body: bytes) -> None:
    assert (await ours.post(data=body, headers=JSON))[0] == 400
    assert (ours.doorway.refused, ours.handler.heard, server.asked) == ({"form": 1}, [], {})


@pytest.mark.parametrize(
    "changed",
    [
        {"timestamp": "yesterday"},
        {"from": "ann"},
        {"conversation": "a:1"},
        {"entities": 7},
        {"entities": ["mention"]},
        {"attachments": [7]},
        {"membersAdded": {"id": "x"}},
    ],
)
async def test_an_activity_that_cannot_be_read_is_not_taken_and_breaks_nothing(
    ours: Door, changed: dict[str, object]
) -> None:
    status, _ = await ours.post(activity(**changed))
    assert (status, ours.doorway.refused, ours.handler.heard) in [
        (400, {"form": 1}, []),
        (200, {}, ["message"]),
    ]


async def test_a_body_too_large_is_not_read(ours: Door) -> None:
    assert (await ours.post(activity(text="a" * MAX_BODY)))[0] == 413
    assert (await ours.post(activity(text="a" * (MAX_BODY - 1_000))))[0] == 200

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(MAX_BODY // 1_000 + 1):
            yield b" " * 1_000

    headers = {"Authorization": f"Bearer {token()}", **JSON}
    async with ours.session.post(ours.url, data=pieces(), headers=headers) as answer:
        assert answer.status == 413
    packed = gzip.compress(b" " * MAX_BODY * 40)
    assert (await ours.post(data=packed, headers={**JSON, "Content-Encoding": "gzip"}))[0] == 415
    assert ours.doorway.refused == {"size": 2, "form": 1}
    assert ours.handler.heard == ["message"]


async def test_a_body_that_does_not_come_is_not_waited_for(server: KeyServer) -> None:
    async with door(server, body_seconds=0.05) as ours:
        gone = asyncio.Event()

        async def halves() -> AsyncIterator[bytes]:
            yield b'{"type":'
            await gone.wait()

        headers = {"Authorization": f"Bearer {token()}", **JSON}
        async with asyncio.timeout(5), ours.session.post(ours.url, data=halves(), headers=headers) as answer:
            assert answer.status == 408
        gone.set()
        assert (ours.doorway.refused, ours.handler.heard, server.asked) == ({"slow": 1}, [], {})


async def test_without_a_token_not_even_the_body_is_read(ours: Door) -> None:
    gone = asyncio.Event()

    async def never() -> AsyncIterator[bytes]:
        yield b"{"
        await gone.wait()

    async with asyncio.timeout(BODY_SECONDS / 2), ours.session.post(ours.url, data=never(), headers=JSON) as answer:
        assert answer.status == 401
    gone.set()
    assert ours.doorway.refused == {"no token": 1}


async def test_before_the_channel_is_connected_teams_is_asked_to_come_again(ours: Door, server: KeyServer) -> None:
    ours.endpoint.is_connected = False
    headers = {"Authorization": f"Bearer {token()}"}
    async with ours.session.post(ours.url, json=activity(), headers=headers) as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert (ours.doorway.refused, ours.handler.heard, server.asked) == ({"not ready": 1}, [], {})
    ours.endpoint.is_connected = True
    assert await ours.status() == 200


async def test_while_the_store_is_away_teams_is_asked_to_come_again(ours: Door) -> None:
    ours.handler.failure = StoreAwayError("the store is away")
    assert await ours.status() == 503
    assert ours.doorway.refused == {"not ready": 1}
    ours.handler.failure = None
    assert await ours.status() == 200


async def test_a_turn_that_fails_is_told_by_its_kind_alone(ours: Door, caplog: pytest.LogCaptureFixture) -> None:
    ours.handler.failure = ValueError("our margin is 40%")
    assert await ours.post() == (500, b"")
    assert "an activity of Teams' was not taken: ValueError" in caplog.text
    assert "margin" not in caplog.text


CARD = {"type": "AdaptiveCard", "version": "1.4", "body": [{"type": "TextBlock", "text": "It rains — ☔"}]}


@pytest.mark.parametrize(
    ("answer", "status", "written"),
    [
        (InvokeResponse(status=200, body={}), 200, {}),
        (InvokeResponse(status=200), 200, {}),
        (InvokeResponse(status=200, body={"statusCode": 200, "value": CARD}), 200, {"statusCode": 200, "value": CARD}),
        (InvokeResponse(status=200, body=[1, None]), 200, [1, None]),
        (
            InvokeResponse(status=200, body=TaskModuleResponse(task=TaskModuleMessageResponse(value="Done"))),
            200,
            {"task": {"type": "message", "value": "Done"}},
        ),
        (InvokeResponse(status=400, body={"code": "x"}), 400, {"code": "x"}),
    ],
)
async def test_an_invokes_answer_goes_out_as_it_is(
    ours: Door, answer: InvokeResponse, status: int, written: object
) -> None:
    ours.handler.answer = answer
    headers = {"Authorization": f"Bearer {token()}"}
    sent = activity(type="invoke", name="adaptiveCard/action", value={})
    async with ours.session.post(ours.url, json=sent, headers=headers) as got:
        assert (got.status, got.content_type) == (status, "application/json")
        assert await got.json() == written


async def test_an_invoke_that_nobody_answers_says_so_without_a_body(ours: Door) -> None:
    assert await ours.post(activity(type="invoke", name="unheard/of")) == (501, b"")


async def test_a_body_that_breaks_off_is_none(ours: Door, caplog: pytest.LogCaptureFixture) -> None:
    parts = urlsplit(ours.url)
    head = [
        f"POST {PATH} HTTP/1.1",
        "Host: localhost",
        f"Authorization: Bearer {token()}",
        "Content-Type: application/json",
    ]
    for rest in ("Content-Length: 100\r\n\r\n{", 'Transfer-Encoding: chunked\r\n\r\n2\r\n{"\r\n'):
        _, writer = await asyncio.open_connection(parts.hostname, parts.port)
        writer.write(("\r\n".join(head) + "\r\n" + rest).encode())
        await writer.drain()
        writer.close()
        await writer.wait_closed()
    await until(lambda: ours.doorway.refused["form"] == 2)
    assert (ours.handler.heard, caplog.text) == ([], "")


async def test_who_hangs_up_in_the_middle_breaks_nothing(ours: Door, server: KeyServer) -> None:
    server.is_open.clear()
    async with aiohttp.ClientSession() as another:
        gone = asyncio.create_task(
            another.post(ours.url, json=activity(), headers={"Authorization": f"Bearer {token()}"})
        )
        await until(lambda: server.asked.total() == 1)
        gone.cancel()
        await asyncio.gather(gone, return_exceptions=True)
    server.is_open.set()
    assert await ours.status() == 200
