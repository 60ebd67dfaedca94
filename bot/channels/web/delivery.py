"""Delivers replies to the page: kept as the outcome of their message, and whoever waits in this process is told."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from bot.channels.web.identity import review_id
from bot.channels.web.outcomes import fingerprint, review_name, write_outcome
from bot.core.coach import reply_of
from bot.core.messages import Incoming
from bot.core.open_reviews import OpenReviews
from bot.core.replies import Delta, Event, Reply, Review, Status

Piece = Status | Delta
"""What is shown of a reply before it is there."""

ANEW = Status("Starting over …")
"""Heard where what was said before no longer counts."""


@dataclass(frozen=True, slots=True)
class Said:
    """What one attempt at a message has said so far; `of` is the message's fingerprint."""

    of: str
    pieces: list[Piece] = field(default_factory=list)


class Listener:
    """One request that waits for its message's reply.

    It reads what was said at its own pace, from the beginning however late it came: nobody waits for it.
    `told` is set whenever there may be more to hear, or the reply to be had.
    """

    def __init__(self, message: Incoming, said: Mapping[str, Said]) -> None:
        self.told = asyncio.Event()
        self._id = message.id
        self._of = fingerprint(message)
        self._said = said
        self._heard = Said(self._of)
        self._count = 0

    def pieces(self) -> Sequence[Piece]:
        """Gives what has been said since the last call; after words of an attempt that failed, `ANEW` comes first."""
        said = self._said.get(self._id)
        if said is None or said.of != self._of:
            return ()
        before: list[Piece] = []
        if said is not self._heard:
            before = [ANEW] if self._count else []
            self._heard, self._count = said, 0
        new = said.pieces[self._count :]
        self._count += len(new)
        return [*before, *new]


class WebDelivery:
    """The worker's end of the page's messages; a `bot.core.worker.Delivery`."""

    def __init__(self, reviews: OpenReviews) -> None:
        self._reviews = reviews
        self._listening: dict[str, set[Listener]] = {}
        self._said: dict[str, Said] = {}

    async def deliver(self, message: Incoming, events: AsyncIterator[Event]) -> str:
        """Gives the reply as it is to be kept; requests that wait for it read it from there."""
        said = self._said[message.id] = Said(fingerprint(message))
        try:
            reply = await reply_of(self._overheard(message, events, said))
            return write_outcome(message, await self._opened(message, reply))
        finally:
            if self._said.get(message.id) is said:  # unless another attempt has taken over
                del self._said[message.id]

    async def ended(self, message: Incoming) -> None:
        """Tells who waits for this message to look for its outcome."""
        self._tell(message)

    def tell_all(self) -> None:
        """Tells everybody who waits to look."""
        for listeners in self._listening.values():
            for listener in listeners:
                listener.told.set()

    @contextmanager
    def listening(self, message: Incoming) -> Iterator[Listener]:
        """Gives one that is told of what is said of the message, and when it may have got its outcome."""
        listener = Listener(message, self._said)
        self._listening.setdefault(message.id, set()).add(listener)
        try:
            yield listener
        finally:
            self._listening[message.id].discard(listener)
            if not self._listening[message.id]:
                del self._listening[message.id]

    async def _opened(self, message: Incoming, reply: Reply) -> Reply:
        """Keeps a review for its writer to decide on; of one that was kept by an attempt before, the first counts."""
        if not (isinstance(reply, Review) and reply.edits):
            return reply
        return (await self._reviews.keep(reply, review_id(review_name(message)), person=message.person)).review

    async def _overheard(self, message: Incoming, events: AsyncIterator[Event], said: Said) -> AsyncIterator[Event]:
        async for event in events:
            if isinstance(event, Piece):
                said.pieces.append(event)
                self._tell(message)
            yield event

    def _tell(self, message: Incoming) -> None:
        for listener in self._listening.get(message.id, ()):
            listener.told.set()
