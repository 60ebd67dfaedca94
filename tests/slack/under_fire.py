"""A coach under fire: its answers come in pieces that are all sent, its patience is short, and it is watched."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tenacity import wait_none

from bot.channels.slack import api, stream
from bot.core.state import Depth
from tests.fakes import LESSON, small_app
from tests.piecewise import Piecewise, question, told
from tests.slack.looking import is_whole, of_the_coach
from tests.slack.loopback.server import Slack
from tests.slack.loopback.workspace import BOT_USER
from tests.slack.serving import Served, served

USER = "U1"
DM = f"D{USER}"
CHANNEL = "C1"
CALL_SECONDS = 0.25


def be_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A call that hangs is given up soon and made again at once, and each piece is sent as it comes."""
    monkeypatch.setattr(api, "CALL_SECONDS", CALL_SECONDS)
    monkeypatch.setattr(api, "_PAUSE", wait_none())
    monkeypatch.setattr(stream, "EVERY_SECONDS", 0.0)


@asynccontextmanager
async def under_fire(slack: Slack, folder: Path, engine: Piecewise, mode: str = "http") -> AsyncIterator[Served]:
    """Serves a coach that tries again soon what failed; U1 is in the channel C1."""
    lessons = folder / "knowledge"
    lessons.mkdir()
    (lessons / "roofs.md").write_text(LESSON, encoding="utf-8")
    slack.channel(CHANNEL, USER)
    async with served(slack, small_app(lessons, engine=engine), mode, first_pause=0.02) as coached:
        yield coached


async def ask(slack: Slack, mark: str = "one", thread_ts: str | None = None) -> str:
    """Asks in the channel."""
    return await slack.say(USER, CHANNEL, f"<@{BOT_USER}> {question(mark)}", thread_ts)


async def ended(coached: Served) -> Depth:
    """Waits until everything was delivered and nothing is left to be done; gives what the inbox still holds."""
    await coached.slack.settled(30)
    while (depth := await coached.app.store.inbox.depth()).waiting or depth.leased:
        calls = len(coached.slack.calls)
        try:
            await coached.slack.until(lambda: len(coached.slack.calls) > calls, 0.05)  # noqa: B023 - awaited here
        except TimeoutError:
            continue
    return depth


async def assert_answered_once(coached: Served, *places: str, mark: str = "one") -> None:
    """Exactly one message of the coach's is there, finished, and it is the whole answer."""
    assert (await ended(coached)).dead == 0
    there = of_the_coach(coached.slack, USER, *(places or (CHANNEL, DM)))
    assert is_whole(there, told(mark)), [(each.plain, each.streaming, each.broken) for each in there]
    assert len(there) == 1
