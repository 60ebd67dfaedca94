"""A person in Slack, in their direct messages with the coach."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from bot.channels.slack.render.help import WAYS
from bot.channels.slack.render.review import DRAFT_FILE
from bot.core.choices import Choice
from bot.core.messages import Reaction
from tests.contract import reading
from tests.contract.channel import Channel
from tests.contract.channel import Served as Yields
from tests.contract.coach import all_answered, coach
from tests.contract.shown import Reviewed, Shown, Told
from tests.slack.loopback.seen import Seen
from tests.slack.loopback.server import Slack
from tests.slack.loopback.workspace import Json
from tests.slack.serving import Served, served
from tests.slack.watching import boxes, opened, said

ADMIN = "UADMIN"
BUTTONS = {Choice.USE: "review.use", Choice.KEEP: "review.keep", Choice.NOT_MEANT: "review.unmeant"}
THUMBS = {"up": "good", "down": "bad"}
_BELOW_ANSWER = re.compile(r"Ready to copy|Sources: \[.*|The closest lines:|\[Good\]")


@dataclass(slots=True)
class SlackChannel:
    """One thread of direct messages."""

    coached: Served
    user: str
    name: str = "slack"
    _root: str | None = None
    _before: int = 0
    _quotes: tuple[str, ...] = ()
    _read: Callable[[], Shown] = field(init=False)

    async def ask(self, question: str) -> None:
        await self.say(question)
        self._read = self._answered
        (answer,) = self._new()
        self._quotes = ()
        if "sources" in dict(answer.actions):
            await self._slack.click(self.user, self._direct, answer.ts, "sources")
            form = await opened(self._slack, self.user, "Sources")
            self._quotes = _quotes(form.blocks)
            await self._slack.close_view(self.user, form.id)

    async def review(self, draft: str) -> None:
        await self.say(f"review\n{draft}")
        self._read = self._reviewed

    async def choose(self, place: int, choice: Choice, reason: str = "") -> None:
        card = self._with(BUTTONS[choice])
        await self._slack.click(self.user, self._direct, card.ts, BUTTONS[choice], index=place)
        if choice is Choice.KEEP:
            form = await opened(self._slack, self.user, "Why do they stay?")
            assert await self._slack.submit(self.user, form.id, {"reason": reason}) == {}

    async def rate(self, reaction: Reaction) -> None:
        (answer,) = self._new()
        await self._slack.click(self.user, self._direct, answer.ts, "feedback", THUMBS[reaction])

    async def guide(self, words: str = "") -> None:
        await self.say(f"guide {words}")
        self._read = self._guided

    async def say(self, text: str) -> None:
        self._before = len(self._said())
        ts = await self._slack.say(self.user, self._direct, text, self._root)
        self._root = self._root or ts
        await self._slack.settled()
        await all_answered(self.coached.app)
        self._read = self._told

    async def confirm(self) -> None:
        await self._decide("move.confirm")

    async def cancel(self) -> None:
        await self._decide("move.cancel")

    async def shown(self) -> Shown | None:
        return self._read() if self._new() else None

    @property
    def _slack(self) -> Slack:
        return self.coached.slack

    @property
    def _direct(self) -> str:
        return self._slack.dm_of(self.user)

    @property
    def _lines(self) -> list[str]:
        return [line for each in self._new() for line in each.plain.split("\n")]

    def _said(self) -> Sequence[Seen]:
        return said(self._slack, self.user, self._direct, self._root) if self._root else ()

    def _new(self) -> Sequence[Seen]:
        """What came of the last message."""
        return self._said()[self._before :]

    def _with(self, action: str) -> Seen:
        return next(each for each in self._new() if action in dict(each.actions))

    async def _decide(self, action: str) -> None:
        await self._slack.click(self.user, self._direct, self._with(action).ts, action)

    def _told(self) -> Shown:
        """A line, or what a reply of more turns out to be."""
        return self._reviewed() if reading.is_review(self._lines) else reading.told(self._lines, ways=WAYS)

    def _answered(self) -> Shown:
        (answer,) = self._new()
        lines = answer.plain.split("\n")
        end = next(number for number, line in enumerate(lines) if _BELOW_ANSWER.fullmatch(line))
        closest = () if "The closest lines:" not in lines else _quotes(answer.blocks)
        return reading.answered(lines[:end], quotes=self._quotes, closest=closest, version=reading.stamp_of(lines))

    def _reviewed(self) -> Shown:
        lines = self._lines
        if not reading.is_review(lines):
            return Told(lines[0])
        box = [text for each in self._new() if "Rewritten draft" in each.plain for text in boxes(each)]
        files = [file.data.decode() for each in self._new() for file in each.files if file.info["name"] == DRAFT_FILE]
        return Reviewed(
            count=reading.count_of(lines),
            changes=reading.changes_of(lines),
            notes=reading.notes_of(lines),
            draft="".join(box or files) or None,
            version=reading.stamp_of(lines),
        )

    def _guided(self) -> Shown:
        return reading.guided(self._lines)


@dataclass(frozen=True, slots=True)
class CoachedInSlack:
    """The coach, whose only admin is `ADMIN`."""

    served: Served
    name: str = "slack"
    _reps: Iterator[int] = field(default_factory=count)

    async def person(self, *, is_admin: bool = False) -> Channel:
        return SlackChannel(self.served, ADMIN if is_admin else f"UREP{next(self._reps)}")

    async def overseer(self) -> Channel:
        return await self.person(is_admin=True)


@asynccontextmanager
async def in_slack(place: Path) -> Yields:
    app = coach(place / "knowledge", admins=frozenset({f"slack:T1/{ADMIN}"}))
    async with Slack() as slack, served(slack, app, "http") as coached:
        yield CoachedInSlack(coached)
        assert slack.failures == []


def _quotes(blocks: Sequence[Json]) -> tuple[str, ...]:
    """The lines of the lessons that stand set apart."""
    quoted = (each for block in blocks for each in block.get("elements", ()) if each.get("type") == "rich_text_quote")
    return tuple("".join(piece["text"] for piece in each["elements"]) for each in quoted)
