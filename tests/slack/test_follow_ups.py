"""How long a thread is followed without a new mention."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.stores.sqlite.store import SqliteStore
from tests.prompts.replicas import Clock
from tests.slack.loopback.server import Slack
from tests.slack.loopback.workspace import BOT_USER
from tests.slack.moving import CHANNEL, REP, coach_in
from tests.slack.serving import Served
from tests.slack.watching import ANSWER, QUESTION, idle, passed_over, replies, said

HOUR = 3_600.0


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def coached(slack: Slack, tmp_path: Path, clock: Clock) -> AsyncIterator[Served]:
    store = SqliteStore(tmp_path / "coach.sqlite3", clock=clock)
    async with coach_in(slack, tmp_path / "knowledge", "http", store=store) as coached:
        yield coached


async def mention(slack: Slack, root: str | None = None) -> str:
    """Asks with a mention, and waits for the answer; gives the thread's root."""
    ts = await slack.say(REP, CHANNEL, f"<@{BOT_USER}> {QUESTION}", root)
    root = root or ts
    before = len(said(slack, REP, CHANNEL, root))
    await replies(slack, REP, CHANNEL, root, count=before + 1)
    return root


async def test_a_follow_up_is_heard_for_a_day_from_the_last_mention_on(coached: Served, clock: Clock) -> None:
    slack = coached.slack
    root = await mention(slack)
    await idle(coached)
    clock.seconds += 20 * HOUR
    await mention(slack, root)
    await idle(coached)
    clock.seconds += 23 * HOUR
    await slack.say(REP, CHANNEL, QUESTION, root)
    last = (await replies(slack, REP, CHANNEL, root, count=3))[-1]
    assert last.plain.startswith(ANSWER)


async def test_a_day_after_the_last_mention_a_thread_is_not_followed_any_more(coached: Served, clock: Clock) -> None:
    slack = coached.slack
    root = await mention(slack)
    await idle(coached)
    clock.seconds += 23 * HOUR
    await mention(slack, root)
    await idle(coached)
    clock.seconds += 25 * HOUR
    await slack.say(REP, CHANNEL, QUESTION, root)
    await idle(coached)
    assert len(said(slack, REP, CHANNEL, root)) == 2
    assert passed_over(coached)["not addressed"] == 1


async def test_a_mention_that_slack_delivers_again_does_not_have_a_thread_followed_for_longer(
    coached: Served, clock: Clock
) -> None:
    slack = coached.slack
    root = await mention(slack)
    await idle(coached)
    clock.seconds += 20 * HOUR
    await slack.redeliver(root)
    await idle(coached)
    clock.seconds += 5 * HOUR
    await slack.say(REP, CHANNEL, QUESTION, root)
    await idle(coached)
    assert len(said(slack, REP, CHANNEL, root)) == 1
