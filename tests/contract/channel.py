"""One person at one channel: what they do there, and what they have before them then."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol

from bot.core.choices import Choice
from bot.core.messages import Reaction
from tests.contract.shown import Shown


class Channel(Protocol):
    """A conversation with the coach.

    Each act returns once the coach has replied. What follows a click may come a little later: `seeing.sees` waits
    for it.
    """

    @property
    def name(self) -> str:
        """The channel's name."""
        ...

    async def ask(self, question: str) -> None:
        """Asks, as the next question of the conversation."""
        ...

    async def review(self, draft: str) -> None:
        """Has a draft reviewed, exactly as it is written."""
        ...

    async def choose(self, place: int, choice: Choice, reason: str = "") -> None:
        """Decides on the change at `place`, from 0, of the last review."""
        ...

    async def rate(self, reaction: Reaction) -> None:
        """Says what the last answer was worth, the way that the channel offers beside it."""
        ...

    async def guide(self, words: str = "") -> None:
        """Looks into the guide."""
        ...

    async def say(self, text: str) -> None:
        """Writes whatever it is where one writes to the coach."""
        ...

    async def confirm(self) -> None:
        """Says yes to what is proposed."""
        ...

    async def cancel(self) -> None:
        """Says no to it."""
        ...

    async def shown(self) -> Shown | None:
        """What came of the last act, as the person has it before them now; None for nothing at all."""
        ...


class Coached(Protocol):
    """A coach as it is served in one channel."""

    @property
    def name(self) -> str:
        """The channel's name."""
        ...

    async def person(self, *, is_admin: bool = False) -> Channel:
        """Somebody who opens a conversation with it."""
        ...

    async def overseer(self) -> Channel:
        """An admin where admins of this channel look after it."""
        ...


Serving = Callable[[Path], AbstractAsyncContextManager[Coached]]
"""Serves the coach whose state lies below a folder."""
Served = AsyncGenerator[Coached]
