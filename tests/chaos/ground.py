"""Where harm is done: replicas of the small coach over a store, in a Slack, with people who talk."""

import asyncio
import random
import subprocess
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.server_process import ServerProcess, small_server, until_idle
from tests.slack.looking import assert_answered_in_order
from tests.slack.loopback.server import Slack
from tests.slack.loopback.state import Settings
from tests.slack.loopback.workspace import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET
from tests.slack.talking import Conversation, Watch
from tests.stores.redis_server import Server, running

PEOPLE = 24
THINKING = (0.0, 0.6)
PATIENCE = 120.0
DISK_BYTES = 6_000_000


@dataclass(frozen=True, slots=True)
class Ground:
    """What can be harmed."""

    slack: Slack
    servers: list[ServerProcess]
    redis: Server | None
    disk: Path
    clock: Path
    chance: random.Random


Harm = Callable[[Ground, float], Awaitable[int]]
"""Does harm for about so many seconds, mends it, and gives how often it was done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A harm, and what it is done to. Over a socket nothing is signed, and so no clock is looked at."""

    name: str
    harm: Harm
    store: str = "sqlite"
    replicas: int = 1
    mode: str = "http"


@dataclass(slots=True)
class Figures:
    """What came of a scenario; `healed` is how many seconds after the harm's end the last message was answered."""

    name: str
    messages: int = 0
    harms: int = 0
    deliveries: int = 0
    unacknowledged: int = 0
    healed: float = 0.0

    def __str__(self) -> str:
        return (
            f"{self.name}: {self.harms} times; {self.messages} messages, {self.deliveries} deliveries, of them"
            f" {self.unacknowledged} not acknowledged; each answered once, in order,"
            f" the last {self.healed:.1f} s after the last harm"
        )


async def endured(scenario: Scenario, folder: Path, seconds: float, *, seed: int = 5) -> Figures:
    """Lets people talk while harm is done for so many seconds, and holds what they were shown against what they asked.

    Raises:
        AssertionError: a message that was acknowledged is not answered, or twice, or out of its order.
    """
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    figures = Figures(scenario.name)
    async with _ground(scenario, folder, chance) as (ground, spec):
        slack = ground.slack
        watch = Watch(slack)
        watching = asyncio.create_task(watch.run())
        talks = [
            Conversation(slack, watch, chance, f"U{n}", slack.dm_of(f"U{n}"), thinking=THINKING) for n in range(PEOPLE)
        ]
        until = asyncio.get_running_loop().time() + seconds
        async with asyncio.TaskGroup() as talking:
            harming = talking.create_task(_timed(scenario.harm(ground, seconds)))
            for talk in talks:
                talking.create_task(talk.hold(until))
        figures.harms, ended = harming.result()
        await slack.settled(PATIENCE)
        await until_idle(spec, PATIENCE)
        figures.healed = time.monotonic() - ended
        watching.cancel()
        figures.messages = sum(len(talk.marks) for talk in talks)
        figures.deliveries = len(slack.acks)
        figures.unacknowledged = sum(ack.status != 200 for ack in slack.acks)
        for talk in talks:
            if talk.root:
                assert_answered_in_order(slack, talk.user, talk.place, talk.root, talk.marks)
    return figures


async def _timed(harm: Awaitable[int]) -> tuple[int, float]:
    return await harm, time.monotonic()


@asynccontextmanager
async def _ground(scenario: Scenario, folder: Path, chance: random.Random) -> AsyncIterator[tuple[Ground, str]]:
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(Slack(settings=Settings(retry_pauses=(0.2,) * 1_000)))
        redis = stack.enter_context(running(folder / "redis")) if scenario.store == "redis" else None
        disk = folder / "disk"
        disk.mkdir()
        if scenario.store == "disk":
            stack.enter_context(_small_disk(disk))
        spec = f"redis:{redis.url}" if redis else f"sqlite:{disk / 'coach.sqlite3'}"
        clock = folder / "clock"
        tokens = (
            {"SLACK_APP_TOKEN": APP_TOKEN} if scenario.mode == "socket" else {"SLACK_SIGNING_SECRET": SIGNING_SECRET}
        )
        settings = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_API_URL": slack.api_url, **tokens}
        servers = []
        for number in range(scenario.replicas):
            place = folder / f"replica-{number}"
            place.mkdir()
            program = ("tests.chaos.clock", str(clock))
            servers.append(await stack.enter_async_context(small_server(place, spec, settings, program=program)))
        if scenario.mode == "http":
            await slack.http_to(*(f"{server.url}/slack/events" for server in servers))
        yield Ground(slack, servers, redis, disk, clock, chance), spec


@contextmanager
def _small_disk(place: Path) -> Iterator[None]:
    """Mounts a disk of a few megabytes, which takes root; without that this fails, since nothing else is full."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(place)], check=True)  # noqa: S603, S607
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)  # noqa: S603, S607
