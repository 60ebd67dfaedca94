"""The local mode: what programs on this machine send is taken unsigned, loudly, and nothing else is."""

import asyncio
import logging
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest
from botframework.connector.auth import ClaimsIdentity

from bot.channels.teams.authentication import LocalAuthentication
from tests.teams.doors import PATH, Door, Unused, door
from tests.teams.key_server import KeyServer, activity, token

HERE = "http://localhost:56150/_connector"


def local(**changed: object) -> dict[str, object]:
    return activity(serviceUrl=HERE, conversation={"id": "a:1"}, channelData=None, **changed)


@pytest.fixture
async def server() -> AsyncIterator[KeyServer]:
    async with KeyServer() as server:
        yield server


@pytest.fixture
async def ours(server: KeyServer) -> AsyncIterator[Door]:
    async with door(server, is_local=True) as ours:
        yield ours


async def test_what_comes_from_this_machine_is_heard_unsigned(ours: Door) -> None:
    assert await ours.post(local(), authorization="") == (200, b"")
    assert await ours.post(local(), authorization="Bearer whatever") == (200, b"")
    assert ours.handler.heard == ["message"] * 2


async def test_it_is_loud_at_the_start_and_once_more(server: KeyServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "bot.channels.teams.http")
    async with door(server, is_local=True) as ours:
        assert [record.levelname for record in caplog.records] == ["WARNING"]
        assert "TEAMS_LOCAL is set" in caplog.text
        for _ in range(3):
            await ours.post(local(), authorization="")
        assert len(caplog.records) == 2
        assert "without a signature" in caplog.text


@pytest.mark.parametrize("host", ["127.0.0.1:1", "localhost", "LOCALHOST:80", "127.9.9.9", "[::1]:8080"])
async def test_every_name_of_this_machine_will_do(ours: Door, host: str) -> None:
    assert (await ours.post(local(), authorization="", headers={"Host": host}))[0] == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "coach.example"},
        {"Host": "127.0.0.1.evil.example"},
        {"Host": "evil.example@127.0.0.1"},
        {"Host": "localhost.evil.example:8080"},
        {"Host": "192.168.1.5"},
        {"Host": "0.0.0.0"},  # noqa: S104
        {"Host": ""},
        {"X-Forwarded-For": "203.0.113.5"},
        {"X-Forwarded-Proto": "https"},
        {"x-forwarded-host": "127.0.0.1"},
        {"Forwarded": "for=203.0.113.5"},
        {"Via": "1.1 tunnel"},
        {"X-Real-IP": "127.0.0.1"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
async def test_what_may_have_come_from_elsewhere_is_refused_whatever_it_carries(
    ours: Door, headers: dict[str, str]
) -> None:
    assert await ours.post(local(), authorization="", headers=headers) == (403, b"")
    assert await ours.post(local(), authorization=f"Bearer {token()}", headers=headers) == (403, b"")
    assert ours.doorway.refused == {"peer": 2}
    assert ours.handler.heard == []


@pytest.mark.parametrize("hosts", [[], ["127.0.0.1", "coach.example"]])
async def test_no_name_and_two_names_are_refused(ours: Door, hosts: list[str]) -> None:
    assert await raw_status(ours, [*(f"Host: {host}" for host in hosts)]) in (400, 403)
    assert ours.handler.heard == []


async def test_who_is_on_another_machine_is_refused(server: KeyServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.teams.peers.peer_of", lambda request: ("192.0.2.7", 40_000))  # noqa: ARG005
    async with door(server, is_local=True) as ours:
        assert await ours.status(local(), authorization="") == 403
        assert ours.handler.heard == []


@pytest.mark.parametrize(
    "url",
    [
        "https://smba.trafficmanager.net/teams/",
        "http://169.254.169.254/",
        "http://192.168.1.5:56150/_connector",
        "http://localhost.evil.example/",
        "http://evil.example@localhost/",
        "http://localhost@evil.example/",
        None,
    ],
)
async def test_replies_stay_on_this_machine(ours: Door, url: str | None) -> None:
    assert await ours.status({**local(), "serviceUrl": url}, authorization="") == 401
    assert ours.doorway.refused == {"service": 1}
    assert ours.handler.heard == []


async def test_only_teams_is_spoken(ours: Door) -> None:
    assert await ours.status(local(channelId="emulator"), authorization="") == 401
    assert ours.doorway.refused == {"channel": 1}


async def test_the_sdk_is_given_no_address_of_microsofts() -> None:
    client = await LocalAuthentication(Unused()).create_user_token_client(ClaimsIdentity({"aud": ""}, True))
    assert client._client.config.base_url == "local"


async def test_nobody_is_asked_for_keys(ours: Door, server: KeyServer) -> None:
    await ours.status(local(), authorization=f"Bearer {token()}")
    assert server.asked == {}


async def raw_status(ours: Door, hosts: list[str]) -> int:
    """The status of a request whose Host headers are these, which no client would send."""
    parts = urlsplit(ours.url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    lines = [f"POST {PATH} HTTP/1.1", *hosts, "Content-Type: application/json", "Content-Length: 2", "", "{}"]
    writer.write("\r\n".join(lines).encode())
    status = int((await reader.readline()).split()[1])
    writer.close()
    await writer.wait_closed()
    return status
