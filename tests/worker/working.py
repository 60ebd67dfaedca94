"""A worker and what it brings to people, for its tests."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

from bot.core.messages import Incoming
from bot.core.observing import Observer
from bot.core.replies import Event, Refused
from bot.core.state import Inbox
from bot.core.worker import Delivery, Handle, Worker

CHANNEL = "terminal"


class Postbox:
    """Notes what it delivers; the outcome that is kept is the reply's words."""

    def __init__(self) -> None:
        self.delivered: list[tuple[str, str]] = []
        self.over: list[str] = []
        self.changed = asyncio.Event()

    async def deliver(self, message: Incoming, events: AsyncIterator[Event]) -> str:
        """Notes the words of a refusal, or the kind of any other reply."""
        words = ""
        async for event in events:
            words = event.reason if isinstance(event, Refused) else type(event).__name__
        self.delivered.append((message.id, words))
        self.changed.set()
        return words

    async def ended(self, message: Incoming) -> None:
        """Notes the end."""
        self.over.append(message.id)
        self.changed.set()

    async def until(self, holds: Callable[[], bool]) -> None:
        """Waits for what some delivery or end makes true."""
        async with asyncio.timeout(20):
            while not holds():
                self.changed.clear()
                await self.changed.wait()


async def echo(message: Incoming) -> AsyncGenerator[Event, None]:
    """Says the text again."""
    yield Refused(message.text)


@asynccontextmanager
async def at_work(
    inbox: Inbox,
    handle: Handle,
    delivery: Delivery,
    *,
    grace: float = 5.0,
    renew_every: float = 5.0,
    at_once: int = 8,
    answer_seconds: float = 60.0,
    first_pause: float = 0.01,
    observer: Observer | None = None,
) -> AsyncIterator[None]:
    """Has a worker at work; it is told to stop at the end."""
    deliveries: Mapping[str, Delivery] = {CHANNEL: delivery}
    worker = Worker(
        inbox,
        handle,
        deliveries,
        renew_every=renew_every,
        at_once=at_once,
        first_pause=first_pause,
        answer_seconds=answer_seconds,
        observer=observer,
    )
    stop = asyncio.Event()
    working = asyncio.create_task(worker.run(stop, grace=grace))
    try:
        yield
    finally:
        stop.set()
        await working
