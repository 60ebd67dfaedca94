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
from tests.server_process import until_idle
from tests.slack.looking import assert_answered_in_order
from tests.slack.loopback.disturbances import Limits
from tests.slack.loopback.server import Slack
from tests.slack.loopback.state import Settings
from tests.slack.server_process import server_process
from tests.slack.talking import ANSWERING, PATIENCE, Conversation, Watch

SECONDS = float(os.environ.get("COACH_CROWD_SECONDS", "60"))
PEOPLE = 200
IN_CHANNELS = 20
"""Of them, those who also hold a thread in a channel, two a channel."""
LIMIT_SECONDS = 3.0
"""How long Slack waits for an acknowledgement."""
OTHERS = ("chat.startStream", "chat.appendStream", "assistant.threads.setStatus", "conversations.replies")
FAULTS: tuple[Mapping[str, object], ...] = (
    {"status": 500},
    {"drop": True},
    {"hang": 0.5},
    {"retry_after": 1},
    {"error": "internal_error"},
)


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
