"""A person in Teams, in their personal chat with the coach."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from bot.channels.teams.render.help import WAYS
from bot.core.choices import Choice
from bot.core.messages import Reaction
from tests.contract import reading
from tests.contract.channel import Channel
from tests.contract.channel import Served as Yields
from tests.contract.coach import all_answered, coach
from tests.contract.shown import Reviewed, Shown, Told
from tests.teams.loopback.seen import Seen
from tests.teams.loopback.server import Teams
from tests.teams.loopback.state import Settings
from tests.teams.loopback.workspace import BOT, TENANT, Json, oid
from tests.teams.serving import Served, served

ADMIN = "Ada"
VERBS = {Choice.USE: "review.use", Choice.KEEP: "review.keep", Choice.NOT_MEANT: "review.unmeant"}
THUMBS = {"up": "like", "down": "dislike"}
CLOSEST = "The closest lines"
_DRAFT = re.compile(r"Rewritten draft(?:, part \d+ of \d+)?")


@dataclass(slots=True)
class TeamsChannel:
    """One personal chat."""

    coached: Served
    user: str
    name: str = "teams"
    _before: int = 0
    _read: Callable[[], Shown] = field(init=False)

    async def ask(self, question: str) -> None:
        await self.say(question)
        self._read = self._answered

    async def review(self, draft: str) -> None:
        await self.say(f"review\n{draft}")
        self._read = self._reviewed

    async def choose(self, place: int, choice: Choice, reason: str = "") -> None:
        verb = VERBS[choice]
        card = self._with(verb, place)
        given = {f"reason{place}": reason} if choice is Choice.KEEP else None
        await self._teams.press(self.user, card.id, verb, given, {"place": place})

    async def rate(self, reaction: Reaction) -> None:
        (answer,) = self._new()
        await self._teams.react(self.user, answer.id, THUMBS[reaction])

    async def guide(self, words: str = "") -> None:
        await self.say(f"guide {words}")
        self._read = self._guided

    async def say(self, text: str) -> None:
        self._before = len(self._said())
        await self._teams.say(self.user, self._chat, text)
        await self._teams.settled()
        await all_answered(self.coached.app)
        self._read = self._told

    async def confirm(self) -> None:
        await self._teams.press(self.user, self._with("move.confirm").id, "move.confirm")

    async def cancel(self) -> None:
        await self._teams.press(self.user, self._with("move.cancel").id, "move.cancel")

    async def shown(self) -> Shown | None:
        return self._read() if self._new() else None

    @property
    def _teams(self) -> Teams:
        return self.coached.teams

    @property
    def _chat(self) -> str:
        return self._teams.personal(self.user)

    @property
    def _lines(self) -> list[str]:
        return [line for each in self._new() for line in each.plain.split("\n")]

    def _said(self) -> Sequence[Seen]:
        return [each for each in self._teams.seen(self.user, self._chat) if each.author == BOT]

    def _new(self) -> Sequence[Seen]:
        """What came of the last message."""
        return self._said()[self._before :]

    def _with(self, verb: str, place: int | None = None) -> Seen:
        """The message that has this button, for the change at `place` if for any."""
        wanted = [] if place is None else [("place", place)]
        return next(
            each
            for each in self._new()
            for button in each.buttons
            if button.get("verb") == verb
            and all((button.get("data") or {}).get(name) == value for name, value in wanted)
        )

    def _told(self) -> Shown:
        """A line, or what a reply of more turns out to be."""
        return self._reviewed() if reading.is_review(self._lines) else reading.told(self._lines, ways=WAYS)

    def _answered(self) -> Shown:
        (answer,) = self._new()
        lines = answer.plain.split("\n")
        end = next(number for number, line in enumerate(lines) if reading.STAMP.fullmatch(line))
        closest = lines[lines.index(CLOSEST) + 2 :: 2] if CLOSEST in lines else []
        quotes = [_whole(cited.abstract, lines[end:]) for cited in answer.citations]
        return reading.answered(lines[:end], quotes=quotes, closest=closest, version=reading.stamp_of(lines))

    def _reviewed(self) -> Shown:
        lines = self._lines
        if not reading.is_review(lines):
            return Told(lines[0])
        boxes = [box["value"] for each in self._new() for card in each.cards for box in _boxes(card)]
        return Reviewed(
            count=reading.count_of(lines),
            changes=reading.changes_of(lines),
            notes=reading.notes_of(lines),
            draft="".join(boxes) or None,
            version=reading.stamp_of(lines),
        )

    def _guided(self) -> Shown:
        return reading.guided(self._lines)


@dataclass(frozen=True, slots=True)
class CoachedInTeams:
    """The coach, whose only admin is `ADMIN`."""

    served: Served
    name: str = "teams"
    _reps: Iterator[int] = field(default_factory=count)

    async def person(self, *, is_admin: bool = False) -> Channel:
        return TeamsChannel(self.served, ADMIN if is_admin else f"Rep {next(self._reps)}")

    async def overseer(self) -> Channel:
        return await self.person(is_admin=True)


@asynccontextmanager
async def in_teams(place: Path) -> Yields:
    app = coach(place / "knowledge", admins=frozenset({f"teams:{TENANT}/{oid(ADMIN)}"}))
    async with Teams(settings=Settings(stream_interval=0.0)) as teams, served(teams, app) as coached:
        yield CoachedInTeams(coached)
        assert (teams.failures, teams.faults) == ([], [])


def _whole(abstract: str, below: Sequence[str]) -> str:
    """A quote, from below the answer where there is not all of it at the mark."""
    begun = abstract.removesuffix("\N{HORIZONTAL ELLIPSIS}").rstrip()
    return next((line for line in below if line.startswith(begun)), abstract)


def _boxes(element: Json) -> Iterator[Json]:
    """The fields of a card that a rewritten draft stands in."""
    if element.get("type") == "Input.Text" and _DRAFT.fullmatch(str(element.get("label"))):
        yield element
    for name in ("body", "items", "columns"):
        for each in element.get(name) or ():
            yield from _boxes(each)
