"""People who talk with the coach in Slack, each message when the one before was answered."""

import asyncio
import random

from tests.piecewise import question
from tests.slack.loopback.server import Slack
from tests.slack.loopback.state import Call
from tests.slack.loopback.workspace import BOT_USER, TEAM

ANSWERING = ("chat.postMessage", "chat.stopStream", "chat.update")
"""Methods that can complete an answer."""
THINKING = (0.0, 3.0)
"""Seconds before a person writes again."""
AGAIN = 0.1
"""The share of messages that Slack delivers once more."""
PATIENCE = 120.0


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

    def __init__(
        self,
        slack: Slack,
        watch: Watch,
        chance: random.Random,
        user: str,
        place: str,
        *,
        thinking: tuple[float, float] = THINKING,
    ) -> None:
        self._slack = slack
        self._watch = watch
        self._chance = chance
        self._thinking = thinking
        self.user = user
        self.place = place
        self.root: str | None = None
        self.marks: list[str] = []

    async def hold(self, until: float) -> None:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(self._chance.uniform(*self._thinking))
        while loop.time() < until:
            mark = f"{self.place}-{self.user}-{len(self.marks)}"
            address = f"<@{BOT_USER}> " if self.place.startswith("C") else ""
            ts = await self._slack.say(self.user, self.place, address + question(mark), self.root)
            self.root = self.root or ts
            self.marks.append(mark)
            if self._chance.random() < AGAIN:
                await self._slack.redeliver(ts, new_event_id=self._chance.random() < 0.5)
            await self._watch.answered(self.place, ts)
            await asyncio.sleep(self._chance.uniform(*self._thinking))
