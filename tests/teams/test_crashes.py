"""kill -9 at any moment between Teams' request and the answer: each message has one whole answer, in order.

In a personal chat that is certain. In a group chat, where nothing is streamed, an answer comes a second time if the
server is killed after it was sent and before that was noted.

Longer: `COACH_TEAMS_KILLS=500 pytest -s tests/teams/test_crashes.py`.
"""

import asyncio
import os
import random
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.looking import assert_told_in_order, marks_of
from tests.piecewise import question
from tests.server_process import kill_again_and_again, until_idle
from tests.stores.redis_server import running
from tests.teams.looking import assert_in_order_however_often, of_the_coach
from tests.teams.loopback.server import Teams
from tests.teams.loopback.state import Settings
from tests.teams.server_process import server_process

KILLS = int(os.environ.get("COACH_TEAMS_KILLS", "24"))
"""For each store."""
LONGEST_LIFE = 1.2
"""Seconds that a process has served at the most when it is killed."""
PEOPLE = 8
AT_ONCE = 4
"""How many messages a person writes before they wait for the answers."""
PATIENCE = 90.0


@pytest.fixture(params=["sqlite", "redis"])
def spec(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:{tmp_path / 'coach.sqlite3'}"
        return
    with running(tmp_path / "redis") as server:
        yield f"redis:{server.url}"


@pytest.fixture
async def teams() -> AsyncIterator[Teams]:
    """A Teams that does not tire of delivering again, as a process is away half of the time."""
    settings = Settings(resend_after=0.5, resends=400, stream_interval=0.0, one_stream_a_chat=False)
    async with Teams(signed=False, settings=settings) as teams:
        yield teams


class Person:
    """Writes a few messages once those before are answered, in their personal chat and in a group chat by turns.

    They are written one after the other, each when the one before was taken.
    """

    def __init__(self, teams: Teams, number: int) -> None:
        self._teams = teams
        self.user = f"U{number}"
        self.chat, self.group = teams.personal(self.user), teams.group(f"g{number}", self.user)
        self.marks: dict[str, list[str]] = {self.chat: [], self.group: []}

    async def write_until(self, done: "asyncio.Future[None]") -> None:
        turn = 0
        while not done.done():
            place = self.group if turn % 2 else self.chat
            for _ in range(AT_ONCE):
                await self._write(place)
            await self._teams.until(self.is_answered, PATIENCE)
            turn += 1

    async def _write(self, place: str) -> None:
        mark = f"{self.user}{'ag'[place == self.group]}{len(self.marks[place])}"
        self.marks[place].append(mark)
        id_ = await self._teams.say(self.user, place, question(mark))
        while not (await self._teams.redeliver(id_)).taken:
            await asyncio.sleep(0.02)

    def is_answered(self) -> bool:
        return all(self._answered(place) == set(marks) for place, marks in self.marks.items())

    def _answered(self, place: str) -> set[str]:
        return set(marks_of(each for each in of_the_coach(self._teams, self.user, place) if not each.streaming))


async def test_each_message_has_one_whole_answer_whenever_the_server_is_killed(
    teams: Teams, spec: str, tmp_path: Path
) -> None:
    chance = random.Random(11)  # noqa: S311 - not for secrets
    people = [Person(teams, number) for number in range(PEOPLE)]
    async with server_process(teams, tmp_path, spec) as server:
        killing = asyncio.ensure_future(kill_again_and_again(server, KILLS, longest=LONGEST_LIFE, chance=chance))
        await asyncio.gather(killing, *(person.write_until(killing) for person in people))
        await teams.settled(PATIENCE)
        await teams.until(lambda: all(person.is_answered() for person in people), PATIENCE)
        await until_idle(spec, PATIENCE)
    again = 0
    for person in people:
        assert_told_in_order(of_the_coach(teams, person.user, person.chat), person.marks[person.chat])
        in_group = of_the_coach(teams, person.user, person.group)
        again += assert_in_order_however_often(in_group, person.marks[person.group])
    messages = sum(len(marks) for person in people for marks in person.marks.values())
    sys.stdout.write(
        f"\n{spec}: {KILLS} kills, {messages} messages, {len(teams.acks)} deliveries,"
        f" {again} answers twice in a group\n"
    )
    assert again <= KILLS * AT_ONCE
    assert (teams.faults, teams.failures) == ([], [])
