"""Two hundred people at once, Slack at its worst, and a server that is killed in the middle.

Shorter: `COACH_CROWD_SECONDS=20 pytest -s tests/slack/test_crowd.py`; it prints how soon Slack was answered.
"""

import asyncio
import os
import random
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.crowd import disturb, how_soon, kill_then_end
from tests.piecewise import question
from tests.server_process import until_idle
from tests.slack.looking import assert_answered_in_order
from tests.slack.loopback.disturbances import Limits
from tests.slack.loopback.server import Slack
from tests.slack.loopback.state import Call, Settings
from tests.slack.loopback.workspace import BOT_USER, TEAM
from tests.slack.server_process import server_process

SECONDS = float(os.environ.get("COACH_CROWD_SECONDS", "60"))
PEOPLE = 200
IN_CHANNELS = 20
"""Of them, those who also hold a thread in a channel, two a channel."""
THINKING = (0.0, 3.0)
"""Seconds before a person writes again."""
AGAIN = 0.1
"""The share of messages that Slack delivers once more."""
PATIENCE = 120.0
LIMIT_SECONDS = 3.0
"""How long Slack waits for an acknowledgement."""
ANSWERING = ("chat.postMessage", "chat.stopStream", "chat.update")
OTHERS = ("chat.startStream", "chat.appendStream", "assistant.threads.setStatus", "conversations.replies")
FAULTS: tuple[Mapping[str, object], ...] = (
    {"status": 500},
    {"drop": True},
    {"hang": 0.5},
    {"retry_after": 1},
    {"error": "internal_error"},
)


class Watch:
    """Sees which messages have been answered, as the app's calls come."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack
        self._read = 0
        self._answered: dict[str, asyncio.Event] = {}

    async def run(self) -> None:
        while True:
            await self._slack.until(lambda: len(self._slack.calls) > self._read, PATIENCE)
            for call in self._slack.calls[self._read :]:
                if id_ := _answered(call):
                    self._event(id_).set()
            self._read = len(self._slack.calls)

    async def answered(self, place: str, ts: str) -> None:
        await asyncio.wait_for(self._event(f"slack:{TEAM}/{place}/{ts}").wait(), PATIENCE)

    def _event(self, id_: str) -> asyncio.Event:
        return self._answered.setdefault(id_, asyncio.Event())


def _answered(call: Call) -> str:
    """The message whose answer a call completed."""
    if call.method not in ANSWERING or not call.answer.get("ok"):
        return ""
    payload = (call.params.get("metadata") or {}).get("event_payload") or {}
    return str(payload.get("message", ""))


class Conversation:
    """One person's thread in one place: each message when the one before was answered."""

    def __init__(self, slack: Slack, watch: Watch, chance: random.Random, user: str, place: str) -> None:
        self._slack = slack
        self._watch = watch
        self._chance = chance
        self.user = user
        self.place = place
        self.root: str | None = None
        self.marks: list[str] = []

    async def hold(self, until: float) -> None:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(self._chance.uniform(*THINKING))
        while loop.time() < until:
            mark = f"{self.place}-{self.user}-{len(self.marks)}"
            address = f"<@{BOT_USER}> " if self.place.startswith("C") else ""
            ts = await self._slack.say(self.user, self.place, address + question(mark), self.root)
            self.root = self.root or ts
            self.marks.append(mark)
            if self._chance.random() < AGAIN:
                await self._slack.redeliver(ts, new_event_id=self._chance.random() < 0.5)
            await self._watch.answered(self.place, ts)
            await asyncio.sleep(self._chance.uniform(*THINKING))


@pytest.fixture
def limits() -> Limits:
    """Slack's, five times over: two hundred people do in a minute what they usually do in an hour."""
    usual = Limits()
    return Limits(on=True, a_minute={method: 5 * most for method, most in usual.a_minute.items()})


async def test_two_hundred_people_are_each_answered_once_in_order(limits: Limits, tmp_path: Path) -> None:
    chance = random.Random(3)  # noqa: S311 - not for secrets
    spec = f"sqlite:{tmp_path / 'coach.sqlite3'}"
    async with (
        Slack(settings=Settings(retry_pauses=(0.2,) * 100), limits=limits) as slack,
        server_process(slack, tmp_path, spec, "http") as server,
    ):
        watch = Watch(slack)
        watching = asyncio.create_task(watch.run())
        talks = [Conversation(slack, watch, chance, f"U{n}", slack.dm_of(f"U{n}")) for n in range(PEOPLE)]
        for number in range(IN_CHANNELS):
            channel = f"C{number // 2}"
            if channel not in slack.channels:
                slack.channel(channel, f"U{number}", f"U{number + 1}")
            talks.append(Conversation(slack, watch, chance, f"U{number}", channel))
        began = asyncio.get_running_loop().time()
        async with asyncio.TaskGroup() as crowd:
            crowd.create_task(kill_then_end(server, SECONDS))
            crowd.create_task(disturb(slack, (*ANSWERING, *OTHERS), FAULTS, until=began + SECONDS, chance=chance))
            for talk in talks:
                crowd.create_task(talk.hold(began + SECONDS))
        took = asyncio.get_running_loop().time() - began
        await slack.settled(PATIENCE)
        await until_idle(spec, PATIENCE)
        watching.cancel()
        print_figures(slack, talks, took)
        for talk in talks:
            if talk.root:
                assert_answered_in_order(slack, talk.user, talk.place, talk.root, talk.marks)
        assert sum(len(talk.marks) for talk in talks) > PEOPLE
        assert not [ack for ack in slack.acks if ack.status == 0 and ack.seconds >= LIMIT_SECONDS]
        assert {ack.status for ack in slack.acks} <= {0, 200}


def print_figures(slack: Slack, talks: list[Conversation], took: float) -> None:
    soon = how_soon(ack.seconds for ack in slack.acks if ack.status == 200)
    away = sum(ack.status == 0 for ack in slack.acks)
    codes = Counter(str(call.answer.get("error", "")) for call in slack.calls)
    sys.stdout.write(
        f"\n{sum(len(talk.marks) for talk in talks)} messages of {PEOPLE} people in {took:.0f} s,"
        f" {len(slack.acks)} deliveries, {away} of them to a server that was away;"
        f" {len(slack.calls)} calls, of them refused: {dict(codes.most_common(6))}\n"
        f"acknowledged: {soon}\n"
    )
