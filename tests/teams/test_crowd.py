"""A hundred people at once, Teams at its worst, and a server that is killed in the middle.

Shorter: `COACH_CROWD_SECONDS=15 pytest -s tests/teams/test_crowd.py`; it prints how soon Teams was answered.
"""

import asyncio
import os
import random
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from tests.crowd import disturb, how_soon, kill_then_end
from tests.looking import marks_of
from tests.piecewise import question
from tests.server_process import until_idle
from tests.teams.looking import assert_in_order_however_often, of_the_coach
from tests.teams.loopback.disturbances import Limits
from tests.teams.loopback.seen import Seen
from tests.teams.loopback.server import Teams
from tests.teams.loopback.state import Settings
from tests.teams.server_process import server_process

SECONDS = float(os.environ.get("COACH_CROWD_SECONDS", "40"))
PEOPLE = 100
IN_GROUPS = 20
"""Of them, those who also write in a group chat, two a chat."""
THINKING = (0.0, 3.0)
"""Seconds before a person writes again."""
AGAIN = 0.1
"""The share of messages that Teams delivers once more."""
PATIENCE = 120.0
RESEND_AFTER = 3.0
"""How long this Teams waits for an acknowledgement before it delivers again; the real one waits five times as long."""
AT_ONCE = 8
"""How many messages the server has in hand, whose sends are unheard of when it is killed."""
ANSWERING = ("send", "final", "update")
OTHERS = ("stream", "typing")
FAULTS: tuple[Mapping[str, object], ...] = (
    {"status": 412},
    {"status": 500},
    {"status": 502},
    {"drop": True},
    {"garble": True},
    {"hang": 0.5},
    {"retry_after": 1},
)


class Watch:
    """Sees which messages have been answered, as the app's calls come."""

    def __init__(self, teams: Teams) -> None:
        self._teams = teams
        self._read = 0
        self._answered: dict[str, asyncio.Event] = {}

    async def run(self) -> None:
        while True:
            await self._teams.until(lambda: len(self._teams.calls) > self._read, PATIENCE)
            for call in self._teams.calls[self._read :]:
                if call.operation in ANSWERING and call.status in range(200, 300):
                    for mark in marks_of([_Text(str(call.body.get("text")))]):
                        self._event(mark).set()
            self._read = len(self._teams.calls)

    async def answered(self, mark: str) -> None:
        await asyncio.wait_for(self._event(mark).wait(), PATIENCE)

    def _event(self, mark: str) -> asyncio.Event:
        return self._answered.setdefault(mark, asyncio.Event())


class _Text:
    """The text of a call, as it is looked through."""

    def __init__(self, plain: str) -> None:
        self.plain = plain
        self.streaming = False


class Talk:
    """What one person writes in one place: each message when the one before was answered."""

    def __init__(self, teams: Teams, watch: Watch, chance: random.Random, name: str, user: str, place: str) -> None:
        self._teams = teams
        self._watch = watch
        self._chance = chance
        self._name = name
        self.user = user
        self.place = place
        self.marks: list[str] = []

    async def hold(self, until: float) -> None:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(self._chance.uniform(*THINKING))
        while loop.time() < until:
            mark = f"{self._name}q{len(self.marks)}"
            id_ = await self._teams.say(self.user, self.place, question(mark))
            self.marks.append(mark)
            if self._chance.random() < AGAIN:
                await self._teams.redeliver(id_)
            await self._watch.answered(mark)
            await asyncio.sleep(self._chance.uniform(*THINKING))

    def answers(self) -> list[Seen]:
        """What the coach said to it, not to the others in a group."""
        said = of_the_coach(self._teams, self.user, self.place)
        return [each for each in said if any(mark.partition("q")[0] == self._name for mark in marks_of([each]))]


async def test_a_hundred_people_are_each_answered_whole_in_order(tmp_path: Path) -> None:
    chance = random.Random(3)  # noqa: S311 - not for secrets
    spec = f"sqlite:{tmp_path / 'coach.sqlite3'}"
    settings = Settings(resend_after=RESEND_AFTER, resends=200, stream_interval=0.0)
    async with (
        Teams(signed=False, settings=settings, limits=Limits(on=True)) as teams,
        server_process(teams, tmp_path, spec) as server,
    ):
        watch = Watch(teams)
        watching = asyncio.create_task(watch.run())
        talks = [Talk(teams, watch, chance, f"p{n}", f"U{n}", teams.personal(f"U{n}")) for n in range(PEOPLE)]
        for first in range(0, IN_GROUPS, 2):
            users = (f"U{first}", f"U{first + 1}")
            group = teams.group(f"g{first}", *users)
            talks += [Talk(teams, watch, chance, f"g{user}", user, group) for user in users]
        began = asyncio.get_running_loop().time()
        async with asyncio.TaskGroup() as crowd:
            crowd.create_task(kill_then_end(server, SECONDS))
            crowd.create_task(disturb(teams, (*ANSWERING, *OTHERS), FAULTS, until=began + SECONDS, chance=chance))
            for talk in talks:
                crowd.create_task(talk.hold(began + SECONDS))
        took = asyncio.get_running_loop().time() - began
        await teams.settled(PATIENCE)
        await until_idle(spec, PATIENCE)
        watching.cancel()
    again = sum(assert_in_order_however_often(talk.answers(), talk.marks) for talk in talks)
    print_figures(teams, talks, took, again)
    unheard = sum(call.operation == "send" and (call.status == 0 or not call.answer) for call in teams.calls)
    assert again <= unheard + AT_ONCE
    assert sum(len(talk.marks) for talk in talks) > PEOPLE
    assert (teams.faults, teams.failures) == ([], [])
    assert {ack.status for ack in teams.acks} <= {0, 200, 503}  # 503 from one that is about to end, or has just begun
    assert max(ack.seconds for ack in teams.acks) < RESEND_AFTER


def print_figures(teams: Teams, talks: list[Talk], took: float, again: int) -> None:
    away = sum(ack.status == 0 for ack in teams.acks)
    statuses = Counter(call.status for call in teams.calls)
    sys.stdout.write(
        f"\n{sum(len(talk.marks) for talk in talks)} messages of {PEOPLE} people in {took:.0f} s,"
        f" {again} of them answered a second time; {len(teams.acks)} deliveries, {away} of them to a server that was"
        f" away; {len(teams.calls)} calls by status: {dict(statuses.most_common())}\n"
        f"acknowledged: {how_soon(ack.seconds for ack in teams.acks if ack.status == 200)}\n"
    )
