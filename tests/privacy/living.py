"""A person's life with the coach, in words that nobody else uses, through the inbox and a worker."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.app import App
from bot.core.choices import Choice, Chosen
from bot.core.coach import reply_of
from bot.core.messages import Incoming
from bot.core.open_reviews import OpenReviews
from bot.core.replies import Event, Review
from bot.core.worker import Worker

WILHELMINA = "slack:T77/UWILHELMINA"
WORDS = (b"zinnia", b"mallow", b"petunia", b"foxglove", b"lupin", b"UWILHELMINA")
"""What is theirs alone: words of a question, a follow-up, a draft, a message given up, one that waits, and their id."""
OTHERS = b"gentian"
"""A word of somebody else."""


class Keeper:
    """Keeps what there is to keep of a reply: a review to decide on, and its words as the outcome."""

    def __init__(self, reviews: OpenReviews) -> None:
        self._reviews = reviews

    async def deliver(self, message: Incoming, events: AsyncIterator[Event]) -> str:
        reply = await reply_of(events)
        if isinstance(reply, Review):
            await self._reviews.keep(reply, message.id, person=message.person)
        return repr(reply)

    async def ended(self, message: Incoming) -> None:
        """Nobody waits."""


@asynccontextmanager
async def at_work(app: App, *, reviews: OpenReviews | None = None) -> AsyncIterator[None]:
    """Has a worker answer, as a server has; in the end it finishes what is in hand."""
    delivery = Keeper(reviews or app.reviews)
    worker = Worker(app.store.inbox, app.coach.handle, {"terminal": delivery}, minding=app.forgetting.minding)
    stop = asyncio.Event()
    working = asyncio.create_task(worker.run(stop, grace=10))
    try:
        yield
    finally:
        stop.set()
        await working


def said(id_: str, text: str, *, person: str = WILHELMINA, thread: str = "slack:T77/D1/1") -> Incoming:
    return Incoming(id=f"slack:T77/D1/{id_}", person=person, thread=thread, text=text)


async def answered(app: App, message: Incoming) -> None:
    """Puts a message and waits until it has its outcome."""
    assert await app.store.inbox.put(message)
    async with asyncio.timeout(20):
        while not (outcome := await app.store.inbox.outcome(message.id)) or not outcome.ended:
            await asyncio.sleep(0.01)


async def asked_and_reviewed(app: App, *, reviews: OpenReviews | None = None) -> None:
    """Questions and a draft, each as long as to fill pages, so that the store moves them about."""
    async with at_work(app, reviews=reviews):
        await answered(app, said("1", "When are gutters cleared, zinnia?" + " zinnia" * 200))
        await answered(app, said("2", "And leaves, mallow?"))
        await answered(app, said("3", "+1"))
        await answered(app, said("4", "review Dear petunia,\n\nThis roof never leaks.\n" + "Yours, petunia.\n" * 500))


async def lived(app: App) -> None:
    """All of it: decided upon, given up, and one that waits still."""
    await asked_and_reviewed(app)
    kept = Chosen(Choice.KEEP, reason="It is so")
    decided = await app.reviews.decide("slack:T77/D1/4", 0, kept, person=WILHELMINA)
    assert not hasattr(decided, "denied"), decided
    for message in (said("5", "review Dear foxglove"), said("6", "lupin?")):
        assert await app.store.inbox.put(message)
    lease = await app.store.inbox.lease(wait=0)
    assert lease
    assert await app.store.inbox.bury(lease, "ValueError in ask.py:71", "Sorry, foxglove.")
