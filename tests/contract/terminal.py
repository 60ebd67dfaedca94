"""A person at a terminal, in `coach chat`."""

import asyncio
import io
import queue
import re
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

from bot.app import App
from bot.channels.terminal.chat import talk
from bot.channels.terminal.console import Screen
from bot.core.choices import Choice
from bot.core.messages import LOCAL, Reaction
from tests.contract import terminal_screen
from tests.contract.channel import Channel, Served
from tests.contract.coach import coach
from tests.contract.shown import Shown

PATIENCE = 20.0
"""Seconds until a reply has failed to come."""
_CODES = re.compile(r"\x1b\[[0-9;]*m")
_TAKEN_AWAY = re.compile(r"[^\n]*\r\x1b\[2K")


class Eyes(io.StringIO):
    """A terminal's screen."""

    def isatty(self) -> bool:
        return True

    def since(self, mark: int) -> list[str]:
        """The lines that stand there since then, without what was taken away and without colours."""
        text = self.getvalue()[mark:]
        return _CODES.sub("", _TAKEN_AWAY.sub("", text)).rstrip("\n").split("\n")


class Hands:
    """What the person types, when they are asked for it; a `bot.channels.terminal.chat.Messages`."""

    def __init__(self) -> None:
        self.typed: queue.Queue[str | None] = queue.Queue()
        self.asked: queue.Queue[str] = queue.Queue()

    def message(self) -> str | None:
        return self._next("message")

    def draft(self) -> str | None:
        return self._next("draft")

    def agrees(self) -> bool:
        return self._next("agreement") == "y"

    def _next(self, what: str) -> str | None:
        self.asked.put(what)
        text = self.typed.get()
        if text is None:  # who has left types nothing more
            self.typed.put(None)
        return text


@dataclass(slots=True)
class TerminalChannel:
    """One conversation at a prompt."""

    hands: Hands
    eyes: Eyes
    name: str = "terminal"
    _mark: int = 0
    _read: Callable[[Sequence[str]], Shown] = field(init=False)

    async def ask(self, question: str) -> None:
        await self.say(question)
        self._read = terminal_screen.answered

    async def review(self, draft: str) -> None:
        assert await self._type("review") == "draft"
        assert await self._type(draft) == "message"
        self._read = terminal_screen.reviewed

    async def choose(self, place: int, choice: Choice, reason: str = "") -> None:
        raise LookupError(f"a terminal offers no choice: {choice} at {place}, {reason!r}")

    async def rate(self, reaction: Reaction) -> None:
        await self.say("+1" if reaction == "up" else "-1")

    async def guide(self, words: str = "") -> None:
        await self.say(f"guide {words}")
        self._read = terminal_screen.guided

    async def say(self, text: str) -> None:
        if not text.strip():  # the prompt passes blank lines over
            self._mark = len(self.eyes.getvalue())
            return
        asked = await self._type(text)
        assert asked in ("message", "agreement"), asked
        self._read = terminal_screen.told if asked == "message" else terminal_screen.proposed

    async def confirm(self) -> None:
        assert await self._type("y") == "message"
        self._read = terminal_screen.told

    async def cancel(self) -> None:
        assert await self._type("n") == "message"
        self._read = terminal_screen.told

    async def shown(self) -> Shown | None:
        lines = self.eyes.since(self._mark)
        return self._read(lines) if any(lines) else None

    async def _type(self, text: str) -> str:
        """Gives what is asked for next."""
        self._mark = len(self.eyes.getvalue())
        self.hands.typed.put(text)
        return await asyncio.to_thread(self.hands.asked.get, timeout=PATIENCE)


@dataclass(frozen=True, slots=True)
class CoachedInTerminals:
    """The coach that whoever opens a terminal talks to, as an admin of it or not."""

    place: Path
    terminals: AsyncExitStack
    name: str = "terminal"

    async def person(self, *, is_admin: bool = False) -> Channel:
        admins = frozenset({LOCAL} if is_admin else ())
        return await self.terminals.enter_async_context(_conversation(coach(self.place / "knowledge", admins=admins)))

    async def overseer(self) -> Channel:
        return await self.person(is_admin=True)


@asynccontextmanager
async def in_terminals(place: Path) -> Served:
    async with AsyncExitStack() as terminals:
        yield CoachedInTerminals(place, terminals)


@asynccontextmanager
async def _conversation(app: App) -> AsyncGenerator[TerminalChannel]:
    """A conversation from its first prompt to its end, in a thread of its own: `talk` keeps it."""
    hands, eyes = Hands(), Eyes()

    def keep() -> None:
        with asyncio.Runner() as runner:
            runner.run(app.open())
            try:
                talk(app.coach, hands, Screen(eyes), runner)
            finally:
                runner.run(app.close())

    thread = Thread(target=keep, daemon=True)
    thread.start()
    try:
        await asyncio.to_thread(hands.asked.get, timeout=PATIENCE)
        yield TerminalChannel(hands, eyes)
    finally:
        hands.typed.put(None)
        await asyncio.to_thread(thread.join, PATIENCE)
