"""kill -9 at any moment between Slack's request and the answer: each message has one whole answer, in order.

Longer: `COACH_SLACK_KILLS=500 pytest tests/slack/test_crashes.py`.
"""

import asyncio
import os
import random
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.piecewise import question
from tests.server_process import kill_again_and_again, until_idle
from tests.slack.looking import assert_answered_in_order
from tests.slack.loopback.server import Slack
from tests.slack.loopback.state import Settings
from tests.slack.loopback.workspace import BOT_USER
from tests.slack.server_process import server_process
from tests.stores.redis_server import running

KILLS = int(os.environ.get("COACH_SLACK_KILLS", "24"))
"""For each store."""
LONGEST_LIFE = 0.6
"""Seconds that a process has served at the most when it is killed."""
PEOPLE = 8
A_THREAD = 4
PATIENCE = 90.0


@pytest.fixture(params=["sqlite, http", "redis, socket"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    store, mode = request.param.split(", ")
    if store == "sqlite":
        yield f"sqlite:{tmp_path / 'coach.sqlite3'}", mode
        return
    with running(tmp_path / "redis") as server:
        yield f"redis:{server.url}", mode


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    """A Slack that does not tire of delivering again, as a process is away half of the time."""
    async with Slack(settings=Settings(ack_seconds=1.0, retry_pauses=(0.05,) * 400)) as slack:
        yield slack


class Person:
    """Writes a thread when the one before was answered; every other one in a channel.

    A thread's messages are written one after the other, each when the one before was taken.
    """

    def __init__(self, slack: Slack, number: int) -> None:
        self._slack = slack
        self.user = f"U{number}"
        self._channel = slack.channel(f"C{number}", self.user)
        self._dm = slack.dm_of(self.user)
        self.threads: list[tuple[str, str, list[str]]] = []

    async def write_until(self, done: "asyncio.Future[None] | asyncio.Task[None]") -> None:
        while not done.done():
            await self._write_thread(f"{self.user}-{len(self.threads)}")
            await self._slack.until(self.is_answered, PATIENCE)

    async def _write_thread(self, name: str) -> None:
        place = self._channel if len(self.threads) % 2 else self._dm
        root, marks = None, [f"{name}-{number}" for number in range(A_THREAD)]
        for mark in marks:
            text = question(mark) if place == self._dm else f"<@{BOT_USER}> {question(mark)}"
            ts = await self._slack.say(self.user, place, text, root)
            root = root or ts
            # Slack brings a message again until it is taken; when this ends, it was.
            assert all(each.status == 200 for each in await self._slack.redeliver(ts))
        assert root
        self.threads.append((place, root, marks))

    def is_answered(self) -> bool:
        """Whether the newest thread is; those before it were."""
        return not self.threads or self._count(*self.threads[-1][:2]) >= A_THREAD

    def _count(self, place: str, root: str) -> int:
        shown = self._slack.seen(self.user, place, root)
        return sum(each.author == BOT_USER and not each.streaming for each in shown)


async def test_each_message_has_one_whole_answer_whenever_the_server_is_killed(
    slack: Slack, place: tuple[str, str], tmp_path: Path
) -> None:
    spec, mode = place
    chance = random.Random(11)  # noqa: S311 - not for secrets
    people = [Person(slack, number) for number in range(PEOPLE)]
    async with server_process(slack, tmp_path, spec, mode) as server:
        killing = asyncio.create_task(kill_again_and_again(server, KILLS, longest=LONGEST_LIFE, chance=chance))
        await asyncio.gather(killing, *(person.write_until(killing) for person in people))
        await slack.settled(PATIENCE)
        await slack.until(lambda: all(person.is_answered() for person in people), PATIENCE)
        await until_idle(spec, PATIENCE)
    messages = A_THREAD * sum(len(person.threads) for person in people)
    sys.stdout.write(f"\n{spec}: {KILLS} kills, {messages} messages, {len(slack.acks)} deliveries\n")
    for person in people:
        for channel, root, marks in person.threads:
            assert_answered_in_order(slack, person.user, channel, root, marks)
