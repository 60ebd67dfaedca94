"""Signing keys: fetched rarely, kept while the server is away, and only those that may sign for Teams."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from bot.channels.teams.keys import (
    AGAIN_SECONDS,
    MAX_BYTES,
    OLD_SECONDS,
    PAUSE_SECONDS,
    WORTHLESS_SECONDS,
    SigningKeys,
)
from bot.channels.teams.refusals import KeysAwayError, Refusal, RefusedTokenError
from tests.teams.key_server import KEY, KEYS, METADATA, KeyServer, private_key, published
from tests.web.waiting import until


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def server() -> AsyncIterator[KeyServer]:
    async with KeyServer() as server:
        yield server


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def keys(server: KeyServer, clock: Clock) -> SigningKeys:
    return SigningKeys(server.metadata_url, clock=clock)


async def is_known(keys: SigningKeys, name: str) -> bool:
    try:
        await keys.get(name)
    except RefusedTokenError as error:
        return error.reason is not Refusal.KEY
    return True


async def test_keys_are_fetched_when_the_first_is_needed_and_then_kept(keys: SigningKeys, server: KeyServer) -> None:
    assert server.asked == {}
    found = await asyncio.gather(*(keys.get(KEY) for _ in range(20)))
    assert {key.public_key.public_numbers() for key in found} == {private_key().public_key().public_numbers()}
    assert server.asked == {METADATA: 1, KEYS: 1}


async def test_a_key_that_comes_is_found_after_a_pause(keys: SigningKeys, server: KeyServer, clock: Clock) -> None:
    assert await is_known(keys, KEY)
    server.keys = [published("key-2")]
    clock.now += PAUSE_SECONDS - 1
    assert not await is_known(keys, "key-2")
    clock.now += 1
    assert await is_known(keys, "key-2")
    assert not await is_known(keys, KEY)
    assert server.asked[KEYS] == 2


async def test_keys_are_fetched_anew_twice_a_day(keys: SigningKeys, server: KeyServer, clock: Clock) -> None:
    assert await is_known(keys, KEY)
    server.keys = [published("key-2")]
    clock.now += OLD_SECONDS - 1
    assert await is_known(keys, KEY)
    clock.now += 1
    assert await is_known(keys, KEY)  # as long as it takes
    await until(lambda: server.asked[KEYS] == 2)
    assert await is_known(keys, "key-2")
    assert not await is_known(keys, KEY)


async def test_without_news_keys_are_trusted_for_a_day(keys: SigningKeys, server: KeyServer, clock: Clock) -> None:
    assert await is_known(keys, KEY)
    server.answers[METADATA] = web.Response(status=500)
    clock.now += OLD_SECONDS
    assert await is_known(keys, KEY)
    await until(lambda: server.asked[METADATA] == 2)
    with pytest.raises(KeysAwayError):
        await keys.get("key-2")  # it may have been published since
    clock.now += WORTHLESS_SECONDS - OLD_SECONDS
    with pytest.raises(KeysAwayError):
        await keys.get(KEY)
    server.answers.clear()
    clock.now += AGAIN_SECONDS
    assert await is_known(keys, KEY)


async def test_a_server_that_is_away_is_asked_again_after_a_while(
    keys: SigningKeys, server: KeyServer, clock: Clock
) -> None:
    server.answers[KEYS] = web.Response(status=503)
    for _ in range(3):
        with pytest.raises(KeysAwayError):
            await keys.get(KEY)
    assert server.asked[METADATA] == 1
    server.answers.clear()
    clock.now += AGAIN_SECONDS
    assert await is_known(keys, KEY)


async def test_a_server_that_nobody_runs_is_away() -> None:
    async with KeyServer() as gone:
        url = gone.metadata_url
    with pytest.raises(KeysAwayError):
        await SigningKeys(url).get(KEY)


async def test_a_server_that_never_answers_is_not_waited_for(server: KeyServer) -> None:
    server.is_open.clear()
    async with asyncio.timeout(5):
        with pytest.raises(KeysAwayError):
            await SigningKeys(server.metadata_url, seconds=0.05).get(KEY)


async def test_while_old_keys_are_fetched_anew_they_still_hold(
    keys: SigningKeys, server: KeyServer, clock: Clock
) -> None:
    assert await is_known(keys, KEY)
    clock.now += OLD_SECONDS
    server.keys = [published("key-2")]
    server.is_open.clear()
    async with asyncio.timeout(5):
        assert await is_known(keys, KEY)
        await until(lambda: server.asked[METADATA] == 2)
        assert await is_known(keys, KEY)
    coming = asyncio.create_task(keys.get("key-2"))
    server.is_open.set()
    assert (await coming).endorsements == {"acs", "msteams"}


async def test_who_gives_up_leaves_the_fetch_to_the_others(keys: SigningKeys, server: KeyServer) -> None:
    server.is_open.clear()
    gone, stays = asyncio.create_task(keys.get(KEY)), asyncio.create_task(keys.get(KEY))
    await until(lambda: server.asked[METADATA] == 1)
    gone.cancel()
    await asyncio.gather(gone, return_exceptions=True)
    server.is_open.set()
    assert (await stays).endorsements == {"acs", "msteams"}
    assert server.asked == {METADATA: 1, KEYS: 1}


GARBAGE = {
    "nothing": b"",
    "a page": b"<html>Sign in to the hotel's network</html>",
    "no object": b"[]",
    "no end": b"[" * 100_000,
    "too much": b'{"jwks_uri":"' + b" " * MAX_BYTES + b'"}',
    "no address": b'{"jwks_uri":7}',
    "an address of a file": b'{"jwks_uri":"file:///etc/passwd"}',
    "no address at all": b'{"jwks_uri":"http://"}',
}


@pytest.mark.parametrize("name", GARBAGE)
async def test_metadata_that_is_garbage_is_none(keys: SigningKeys, server: KeyServer, name: str) -> None:
    server.answers[METADATA] = web.Response(body=GARBAGE[name])
    with pytest.raises(KeysAwayError):
        await keys.get(KEY)


@pytest.mark.parametrize(
    "body", [b"", b"{}", b'{"keys":{}}', b'{"keys":[]}', b'{"keys":[1,null,"x",{}]}', b'{"keys":[{"kid":"key-1"}]}']
)
async def test_keys_that_are_garbage_are_none(keys: SigningKeys, server: KeyServer, body: bytes) -> None:
    server.answers[KEYS] = web.Response(body=body)
    with pytest.raises(KeysAwayError):
        await keys.get(KEY)


async def test_keys_are_fetched_as_the_metadata_was(keys: SigningKeys, server: KeyServer) -> None:
    came: list[object] = []

    async def note(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.append(writer.get_extra_info("peername"))
        writer.close()

    async with await asyncio.start_server(note, "127.0.0.1", 0) as elsewhere:
        port = elsewhere.sockets[0].getsockname()[1]
        server.answers[METADATA] = web.json_response({"jwks_uri": f"https://127.0.0.1:{port}/keys"})
        with pytest.raises(KeysAwayError):
            await keys.get(KEY)
    assert came == []


async def test_a_server_that_sends_elsewhere_is_not_followed(keys: SigningKeys, server: KeyServer) -> None:
    server.answers[METADATA] = web.Response(status=302, headers={"Location": KEYS})
    with pytest.raises(KeysAwayError):
        await keys.get(KEY)
    assert server.asked == {METADATA: 1}


async def test_of_many_keys_those_are_taken_that_can_sign_for_teams(keys: SigningKeys, server: KeyServer) -> None:
    server.keys = [
        published("short", bits=1_024),
        published("for hiding", use="enc"),
        published("shared", kty="oct", k="AAAA"),
        published("garbled", n="!"),
        published("others", endorsements=["webchat"]),
        published("nobodys", endorsements="msteams"),
        published(KEY),
    ]
    names = ["short", "for hiding", "shared", "garbled", "others", "nobodys", KEY]
    assert [name for name in names if await is_known(keys, name)] == [KEY]
