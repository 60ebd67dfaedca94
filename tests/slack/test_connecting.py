"""How the coach connects to a Slack that is not ready: it starts, tries again by itself, and ends when told to."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.channels.slack import channel, socket_mode
from tests.slack.loopback.server import Slack
from tests.slack.loopback.socket_route import SocketRoute
from tests.slack.moving import REP, coach_in, of_coach
from tests.slack.serving import Served
from tests.slack.test_http import ANSWER, QUESTION
from tests.web.waiting import until

SECRET = "TICKET42"  # noqa: S105 - what a socket's address must not be logged with
OPENING = "apps.connections.open"
SOON = 2.0
"""Seconds within which everything ends once it is told to."""


@pytest.fixture
def addresses(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Addresses that Slack gives for sockets in place of its own, the first at once."""
    instead: list[str] = []
    own = SocketRoute.ticket
    monkeypatch.setattr(SocketRoute, "ticket", lambda route: instead.pop(0) if instead else own(route))
    return instead


@pytest.fixture
async def slack(addresses: list[str]) -> AsyncIterator[Slack]:  # noqa: ARG001 - put in place before Slack is
    async with Slack() as slack:
        yield slack


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """What failed is tried again at once, and a socket that does not open is given up soon."""
    monkeypatch.setattr(channel, "AGAIN_SECONDS", 0.05)
    monkeypatch.setattr(channel, "FIRST_SECONDS", 0.2)
    monkeypatch.setattr(socket_mode, "OPEN_SECONDS", 0.1)


def closed() -> str:
    """An address that nobody listens at."""
    return f"ws://127.0.0.1:1/link?ticket={SECRET}&app_id=A1"


def refused(slack: Slack) -> str:
    """An address whose ticket Slack does not know (any more)."""
    return f"ws{slack.url.removeprefix('http')}/link?ticket={SECRET}&app_id=A1"


@asynccontextmanager
async def silent() -> AsyncIterator[str]:
    """An address that takes a connection and never answers on it."""
    taken: list[asyncio.StreamWriter] = []

    async def take(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        taken.append(writer)

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    try:
        yield f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/link?ticket={SECRET}&app_id=A1"
    finally:
        for writer in taken:
            writer.close()
        server.close()


def is_connected(coached: Served) -> bool:
    (measures,) = coached.platforms.measures()
    return measures.is_connected


def called(slack: Slack, method: str) -> int:
    return sum(call.method == method for call in slack.calls)


async def connects_later(slack: Slack, coached: Served) -> None:
    """Not connected at first, then by itself, and it answers."""
    assert not is_connected(coached)
    await until(lambda: is_connected(coached))
    await answers(slack)


async def answers(slack: Slack) -> None:
    direct = slack.dm_of(REP)
    await slack.say(REP, direct, QUESTION)
    await slack.until(lambda: any(ANSWER in each.plain for each in of_coach(slack, REP, direct)))


# Slack is not ready at the start.


@pytest.mark.parametrize("fault", [{"status": 503}, {"error": "internal_error"}, {"drop": True}], ids=str)
async def test_a_socket_that_slack_gives_no_address_for_at_first_is_opened_later(
    slack: Slack, tmp_path: Path, fault: dict[str, object]
) -> None:
    slack.fail(OPENING, **fault)  # type: ignore[arg-type]
    async with coach_in(slack, tmp_path / "knowledge", "socket") as coached:
        assert slack.sockets == 0
        await connects_later(slack, coached)
        assert slack.sockets == 1
        assert called(slack, OPENING) == 2


@pytest.mark.parametrize("address", ["closed", "refused", "silent"])
async def test_a_socket_whose_address_is_no_good_is_opened_later_at_a_new_one(
    slack: Slack, tmp_path: Path, addresses: list[str], address: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with silent() as unanswered:
        addresses.append({"closed": closed(), "refused": refused(slack), "silent": unanswered}[address])
        async with coach_in(slack, tmp_path / "knowledge", "socket") as coached:
            assert slack.sockets == 0
            await connects_later(slack, coached)
            assert slack.sockets == 1
    assert SECRET not in caplog.text


async def test_as_long_as_no_socket_is_open_the_coach_is_not_said_to_be_connected(
    slack: Slack, tmp_path: Path, addresses: list[str]
) -> None:
    addresses.extend([closed(), refused(slack), closed()])
    slack.fail(OPENING)
    slack.fail(OPENING, 2, status=503)
    async with coach_in(slack, tmp_path / "knowledge", "socket") as coached:

        def opens_then_is_connected() -> bool:
            assert slack.sockets or not is_connected(coached)
            return is_connected(coached)

        await slack.until(lambda: opens_then_is_connected() or called(slack, OPENING) >= 6)
        await until(opens_then_is_connected)
        assert called(slack, OPENING) == 6
        assert slack.sockets == 1


@pytest.mark.parametrize(
    ("mode", "method"), [("http", "auth.test"), ("socket", "auth.test"), ("socket", OPENING)], ids=str
)
async def test_too_many_calls_at_the_start_are_no_fault_of_a_setting(
    slack: Slack, tmp_path: Path, mode: str, method: str
) -> None:
    slack.fail(method, retry_after=30)
    slack.fail(method, status=429, error="ratelimited")
    async with coach_in(slack, tmp_path / "knowledge", mode) as coached:
        await connects_later(slack, coached)
        assert called(slack, method) == 3


# Slack is not ready later.


@pytest.fixture
def watchful(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken socket is noticed at once."""
    monkeypatch.setattr(socket_mode, "PING_SECONDS", 0.1)


@pytest.mark.usefixtures("watchful")
@pytest.mark.parametrize("address", ["closed", "refused"])
async def test_a_socket_that_breaks_is_opened_anew_though_the_next_address_is_no_good(
    slack: Slack, tmp_path: Path, addresses: list[str], address: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with coach_in(slack, tmp_path / "knowledge", "socket"):
        await answers(slack)
        addresses.append(closed() if address == "closed" else refused(slack))
        await slack.break_sockets()
        await slack.until(lambda: called(slack, OPENING) == 2)
        await slack.until(lambda: slack.sockets, 3)
        await answers(slack)
    assert SECRET not in caplog.text


@pytest.mark.usefixtures("watchful")
@pytest.mark.parametrize("fault", [{"status": 503}, {"retry_after": 1}], ids=str)
async def test_a_socket_that_breaks_is_opened_anew_though_slack_gives_no_address_at_first(
    slack: Slack, tmp_path: Path, fault: dict[str, object]
) -> None:
    async with coach_in(slack, tmp_path / "knowledge", "socket"):
        await answers(slack)
        slack.fail(OPENING, 2, **fault)  # type: ignore[arg-type]
        await slack.break_sockets()
        await slack.until(lambda: called(slack, OPENING) == 2)
        await slack.until(lambda: slack.sockets)
        await answers(slack)


# The end.


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """As patient with a socket as in use."""
    monkeypatch.setattr(socket_mode, "OPEN_SECONDS", 10.0)


@pytest.mark.usefixtures("unhurried")
@pytest.mark.parametrize("address", ["closed", "refused", "silent"])
async def test_while_a_socket_cannot_be_opened_everything_ends_soon(
    slack: Slack, tmp_path: Path, addresses: list[str], address: str, caplog: pytest.LogCaptureFixture
) -> None:
    loop = asyncio.get_running_loop()
    async with silent() as unanswered:
        addresses.extend([{"closed": closed(), "refused": refused(slack), "silent": unanswered}[address]] * 100)
        async with coach_in(slack, tmp_path / "knowledge", "socket") as coached:
            await slack.until(lambda: called(slack, OPENING) >= 2)
            assert not is_connected(coached)
            told = loop.time()
        assert loop.time() - told < SOON
    assert SECRET not in caplog.text


@pytest.mark.usefixtures("watchful")
async def test_while_a_broken_socket_cannot_be_opened_anew_everything_ends_soon(
    slack: Slack, tmp_path: Path, addresses: list[str]
) -> None:
    loop = asyncio.get_running_loop()
    async with coach_in(slack, tmp_path / "knowledge", "socket"):
        await answers(slack)
        addresses.extend([closed()] * 100)
        await slack.break_sockets()
        await slack.until(lambda: called(slack, OPENING) >= 2)
        told = loop.time()
    assert loop.time() - told < SOON


@pytest.mark.parametrize("method", ["auth.test", OPENING])
@pytest.mark.parametrize("fault", [{"status": 503}, {"hang": 5.0, "status": 503}, {"retry_after": 600}], ids=str)
async def test_while_slack_does_not_let_the_coach_in_everything_ends_soon(
    slack: Slack, tmp_path: Path, method: str, fault: dict[str, object]
) -> None:
    slack.fail(method, 1_000, **fault)  # type: ignore[arg-type]
    loop = asyncio.get_running_loop()
    async with coach_in(slack, tmp_path / "knowledge", "socket") as coached:
        if "hang" not in fault:
            await slack.until(lambda: called(slack, method) >= 2)
        elif method == OPENING:
            await slack.until(lambda: called(slack, "auth.test") >= 2)
        assert not is_connected(coached)
        told = loop.time()
    assert loop.time() - told < SOON


# What is logged.


@pytest.mark.parametrize("level", [logging.WARNING, logging.DEBUG])
async def test_the_ticket_of_a_refused_socket_is_logged_nowhere(
    slack: Slack, tmp_path: Path, addresses: list[str], level: int, caplog: pytest.LogCaptureFixture
) -> None:
    addresses.extend([refused(slack)] * 2)
    for name in (None, "slack_bolt.field_coach.socket", "bot", "aiohttp"):
        caplog.set_level(level, name)
    async with coach_in(slack, tmp_path / "knowledge", "socket") as coached:
        await connects_later(slack, coached)
    assert "Failed to connect" in caplog.text
    assert SECRET not in caplog.text
    for record in caplog.records:
        assert SECRET not in f"{record.getMessage()} {record.args} {record.exc_info} {record.exc_text}"
        assert "ticket=" not in record.getMessage().replace("ticket=…", "")
