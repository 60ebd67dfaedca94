"""`coach serve` in Slack as a process: what it says of settings, what it counts, how it ends."""

import asyncio
import signal
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping
from functools import partial
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot.channels.slack.http import MAX_BODY
from bot.commands.serve import AT_ONCE_ON_PLATFORMS
from tests.fakes import LESSON
from tests.processes import Start, starting
from tests.slack.loopback.server import Slack
from tests.slack.loopback.state import Settings
from tests.slack.loopback.workspace import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET
from tests.slack.moving import REP, of_coach
from tests.slack.test_http import ANSWER, QUESTION, message

KILLED_AFTER = 9.0
"""Containers are killed ten seconds after they are told to end."""

SMALL = """
import sys
from pathlib import Path
from bot.cli import run
from tests.fakes import small_app
sys.exit(run(["serve", "--port", "0"], opener=lambda: small_app(Path("small"))))
"""
"""`coach serve` with the parts of these tests."""


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    """One that delivers until a process that has just started is connected."""
    async with Slack(settings=Settings(retry_pauses=(0.2,) * 150)) as slack:
        yield slack


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[Start]:
    (tmp_path / "small").mkdir()
    (tmp_path / "small" / "roofs.md").write_text(LESSON, encoding="utf-8")
    async with starting(tmp_path) as start:
        yield partial(start, "-c", SMALL)


async def ended(process: Process) -> tuple[int | None, str, str]:
    out, err = await asyncio.wait_for(process.communicate(), 30)
    return process.returncode, out.decode(), err.decode()


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        (
            {"SLACK_BOT_TOKEN": "xoxb-wrong", "SLACK_SIGNING_SECRET": SIGNING_SECRET},
            "coach: SLACK_BOT_TOKEN: Slack does not take it (invalid_auth)\n",
        ),
        (
            {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": "xapp-wrong"},
            "coach: SLACK_APP_TOKEN: Slack does not take it (invalid_auth); it needs connections:write and Socket "
            "Mode\n",
        ),
        (
            {"SLACK_BOT_TOKEN": BOT_TOKEN},
            "coach: SLACK_BOT_TOKEN is set, and neither SLACK_APP_TOKEN (Socket Mode) nor SLACK_SIGNING_SECRET (HTTP) "
            "is. Mend it in the environment or in .env\n",
        ),
        (
            {"SLACK_SIGNING_SECRET": SIGNING_SECRET},
            "coach: SLACK_SIGNING_SECRET is set, and SLACK_BOT_TOKEN is not. Mend it in the environment or in .env\n",
        ),
    ],
    ids=["wrong bot token", "wrong app token", "neither way in", "no bot token"],
)
async def test_settings_that_slack_does_not_take_are_said_in_one_line_at_the_start(
    slack: Slack, start: Start, settings: Mapping[str, str], line: str
) -> None:
    status, out, err = await ended(await start(SLACK_API_URL=slack.api_url, **settings))
    assert (status, out, err) == (2, "", line)
    assert "wrong" not in err


async def test_a_served_coach_is_reached_by_slack_and_counts_for_prometheus_what_it_refused(
    slack: Slack, start: Start
) -> None:
    settings = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_SIGNING_SECRET": SIGNING_SECRET, "SLACK_API_URL": slack.api_url}
    process = await start(**settings)
    assert process.stdout is not None
    url = (await asyncio.wait_for(process.stdout.readline(), 30)).decode().split()[-1]
    await slack.http_to(f"{url}/slack/events")
    assert await slack.deliver_raw(message(), signature="v0=00") == 401
    assert await slack.deliver_raw(message(), timestamp="1700000000") == 401
    assert await slack.deliver_raw(message("T2")) == 403
    assert await slack.deliver_raw("x" * (MAX_BODY + 1)) == 413
    direct = slack.dm_of(REP)
    await slack.say(REP, direct, QUESTION)
    await slack.until(lambda: any(ANSWER in each.plain for each in of_coach(slack, REP, direct)))
    async with ClientSession() as session:
        told = await (await session.get(f"{url}/metrics")).text()
    for line in (
        'coach_platform_connected{platform="slack"} 1.0',
        'coach_platform_messages_total{meant="command",platform="slack"} 1.0',
        'coach_platform_refused_total{platform="slack",reason="signature"} 2.0',
        'coach_platform_refused_total{platform="slack",reason="workspace"} 1.0',
        'coach_platform_refused_total{platform="slack",reason="size"} 1.0',
        # What the process counts itself is beside what it reads from the store, in one answer.
        'coach_messages_total{channel="slack",ending="answered",kind="answer"} 1.0',
        'coach_first_word_seconds_count{channel="slack",kind="answer"} 1.0',
        'coach_prompt_replies_total{version="1"} 1.0',
        "coach_ready 1.0",
        "process_open_fds",
    ):
        assert line in told, told
    process.send_signal(signal.SIGTERM)
    assert await ended(process) == (0, "", "")


@pytest.mark.parametrize("waiting", [60, 80])
async def test_the_page_is_answered_while_many_messages_wait_for_slacks_limits(
    slack: Slack, start: Start, waiting: int
) -> None:
    settings = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_SIGNING_SECRET": SIGNING_SECRET, "SLACK_API_URL": slack.api_url}
    process = await start(**settings)
    assert process.stdout is not None
    url = (await asyncio.wait_for(process.stdout.readline(), 30)).decode().split()[-1]
    await slack.http_to(f"{url}/slack/events")
    slack.streams = False
    slack.fail("chat.postMessage", 1_000, retry_after=30)
    for number in range(waiting):
        await slack.say(f"U{number}", slack.dm_of(f"U{number}"), QUESTION)
    await slack.settled(30)
    most = min(waiting, AT_ONCE_ON_PLATFORMS)
    await slack.until(lambda: sum(call.method == "chat.postMessage" for call in slack.calls) >= most, 20)
    asked = {"id": "a", "thread": "t", "question": QUESTION}
    async with ClientSession() as session, asyncio.timeout(5):
        answer = await session.post(f"{url}/api/ask", json=asked)
        assert answer.status == 200
        assert ANSWER in await answer.text()


async def test_a_served_coach_ends_in_time_though_slack_hangs(slack: Slack, start: Start) -> None:
    """Over HTTP and over a socket, at the same time: it takes some seconds."""
    async with Slack(settings=slack.settings) as other:
        await asyncio.gather(ends_in_time(slack, start, "http"), ends_in_time(other, start, "socket"))


async def ends_in_time(slack: Slack, start: Start, mode: str) -> None:
    tokens = {"SLACK_APP_TOKEN": APP_TOKEN} if mode == "socket" else {"SLACK_SIGNING_SECRET": SIGNING_SECRET}
    process = await start(SLACK_BOT_TOKEN=BOT_TOKEN, SLACK_API_URL=slack.api_url, **tokens)
    assert process.stdout is not None
    url = (await asyncio.wait_for(process.stdout.readline(), 30)).decode().split()[-1]
    if mode == "http":
        await slack.http_to(f"{url}/slack/events")
    slack.streams = False
    slack.fail("chat.postMessage", 1_000, hang=60.0)
    slack.fail("chat.postEphemeral", 1_000, hang=60.0)
    for user in ("U1", "U2", "U3"):
        await slack.say(user, slack.dm_of(user), QUESTION)
    await slack.until(lambda: sum(call.method == "chat.startStream" for call in slack.calls) == 3)
    loop = asyncio.get_running_loop()
    process.send_signal(signal.SIGTERM)
    told = loop.time()
    status, _, err = await ended(process)
    assert loop.time() - told < KILLED_AFTER
    assert (status, err) == (0, "")


async def test_a_served_coach_connects_by_socket_and_ends_cleanly(slack: Slack, start: Start) -> None:
    settings = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN, "SLACK_API_URL": slack.api_url}
    process = await start(**settings)
    await slack.until(lambda: slack.sockets, 30)
    direct = slack.dm_of(REP)
    await slack.say(REP, direct, QUESTION)
    await slack.until(lambda: any(ANSWER in each.plain for each in of_coach(slack, REP, direct)), 30)
    process.send_signal(signal.SIGTERM)
    status, _, err = await ended(process)
    assert (status, err) == (0, "")
    assert slack.sockets == 0
