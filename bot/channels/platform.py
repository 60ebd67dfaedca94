"""What a server needs of a chat platform, the same of each."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Protocol

from bot.channels.platform_measures import PlatformMeasures
from bot.core.messages import Incoming
from bot.core.replies import Event
from bot.core.worker import Delivery

if TYPE_CHECKING:
    from aiohttp import web

Route = Callable[["web.Request"], Awaitable["web.StreamResponse"]]
"""Answers a request."""


class CannotConnectError(Exception):
    """A platform does not take its settings; the message is one line that says which, and how to mend it."""


class Platform(Protocol):
    """A chat platform that the coach is served on. `open` comes first, then `run`; `close` last."""

    @property
    def name(self) -> str:
        """The channel of its messages."""
        ...

    @property
    def routes(self) -> Mapping[str, Route]:
        """What it serves over HTTP, by path."""
        ...

    @property
    def delivery(self) -> Delivery:
        """How its replies are brought."""
        ...

    def handle(self, message: Incoming) -> AsyncGenerator[Event, None]:
        """Answers one of its messages."""
        ...

    def measures(self) -> PlatformMeasures:
        """What was counted in this process."""
        ...

    async def open(self) -> None:
        """Tries to connect once.

        Raises:
            CannotConnectError: the platform does not take the settings. One that is away is tried again by `run`.
        """
        ...

    async def run(self, stop: asyncio.Event) -> None:
        """Keeps going until `stop` is set; then takes no more requests.

        Raises:
            CannotConnectError: the platform, reached at last, does not take the settings.
        """
        ...

    async def close(self) -> None:
        """Lets go of everything; comes when no message is being answered any more."""
        ...
