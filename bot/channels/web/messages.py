"""The page's way into the inbox, and the wait for what comes of a message, whichever replica answers it."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

from bot.channels.platform_measures import PlatformMeasures
from bot.channels.waiting import busy
from bot.channels.web.delivery import Piece, WebDelivery
from bot.channels.web.identity import CHANNEL
from bot.core.messages import Incoming
from bot.core.replies import Status
from bot.core.state import Inbox, Outcome, StoreAwayError

PATIENCE_SECONDS = 170.0
"""How long a request waits for its reply; the page itself waits a little longer."""
PLACE_SECONDS = 1.0
"""How often it looks how many come before it."""
LOOK_SECONDS = 0.25
"""How often it looks for what another replica has answered."""

Hear = Callable[[Sequence[Piece]], Awaitable[None]]
"""Is given what has been said since it was last called, which may be nothing."""

_log = logging.getLogger(__name__)


async def hear_nothing(_: Sequence[Piece]) -> None:
    """Hears for who wants the reply alone."""


class Messages:
    """Puts messages into the inbox and gives their outcomes."""

    def __init__(self, inbox: Inbox, delivery: WebDelivery, *, patience: float = PATIENCE_SECONDS) -> None:
        self._inbox = inbox
        self._delivery = delivery
        self._patience = patience
        self._is_over = False
        self._taken: Counter[str] = Counter()
        self._duplicates = 0

    def measures(self) -> PlatformMeasures:
        """What was counted in this process."""
        return PlatformMeasures(
            platform=CHANNEL,
            is_connected=True,
            taken=self._taken,
            duplicates=self._duplicates,
            refused={},
            passed_over={},
        )

    async def put(self, message: Incoming) -> bool:
        """Takes a message in, once however often it is sent; False when one of its id was taken before.

        Raises:
            StoreAwayError: it may or may not have been taken; sending it again is safe.
        """
        is_new = await self._inbox.put(message)
        if is_new:
            self._taken[message.meant.value] += 1
        else:
            self._duplicates += 1
        return is_new

    async def outcome(self, id_: str) -> Outcome | None:
        """Says what has become of a message now; None when none of this id is known.

        Raises:
            StoreAwayError: the store is away.
        """
        return await self._inbox.outcome(id_)

    async def ended(self, message: Incoming, hear: Hear = hear_nothing) -> Outcome:
        """Waits until a message that was put has ended; one that is still open by then is given as it stands.

        Meanwhile `hear` is called again and again with what is said of it, as far as it is answered in this process.

        Raises:
            StoreAwayError: the store that took the message does not know it any more.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + self._patience
        queue = _Queue(self, message.id, looked=loop.time())
        with self._delivery.listening(message) as listener:
            while True:
                listener.told.clear()  # before looking: what ends from here on is not missed
                await hear(listener.pieces() or await queue.told(loop.time()))
                outcome = await self._look(message.id)
                left = until - loop.time()
                if outcome.ended or left <= 0 or self._is_over:
                    return outcome
                with suppress(TimeoutError):
                    async with asyncio.timeout(min(LOOK_SECONDS, left)):
                        await listener.told.wait()

    async def place(self, id_: str) -> int | None:
        """Gives the number of a message that waits; None for one that does not, and while that cannot be known."""
        try:
            return await self._inbox.place(id_)
        except StoreAwayError:
            return None

    def stop_waiting(self) -> None:
        """Lets every wait end now; the messages stay in the inbox for the next process."""
        self._is_over = True
        self._delivery.tell_all()

    async def _look(self, id_: str) -> Outcome:
        try:
            outcome = await self._inbox.outcome(id_)
        except StoreAwayError as error:
            # The message is in: the store heals, and its reply is there then.
            _log.info("the outcome of %s cannot be read yet: %s", id_, error)
            return Outcome(ended=False)
        if outcome is None:
            raise StoreAwayError(f"message {id_} was taken, and the store knows nothing of it")
        return outcome


class _Queue:
    """Looks once in a while how many come before a message."""

    def __init__(self, messages: Messages, id_: str, *, looked: float) -> None:
        self._messages = messages
        self._id = id_
        self._looked = looked
        self._told: int | None = None

    async def told(self, now: float) -> Sequence[Piece]:
        """Gives what is new of that, which is nothing most of the time."""
        if now - self._looked < PLACE_SECONDS:
            return ()
        self._looked = now
        place = await self._messages.place(self._id)
        if place is None or place == self._told:
            return ()
        self._told = place
        return (Status(busy(place)),)
