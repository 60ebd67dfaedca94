"""Works the inbox off: several messages at once, each answered once, whatever breaks in between."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, aclosing, nullcontext, suppress
from typing import Protocol

from bot.core.failures import kind_and_place
from bot.core.messages import Incoming
from bot.core.observing import Attempted, Ending, Observer, Observers
from bot.core.replies import Event, Failed, Reply, Status
from bot.core.state import Inbox, Leased, StoreAwayError

MAX_FAILURES = 5
"""Failures after which a message is given up."""
MAX_ATTEMPTS = 20
"""Attempts lost with their workers after which it is given up: one that takes its worker down each time must not do so
for ever, and one that was under way when healthy workers were killed must not be held to blame."""
MAX_WAITS = 300
"""Attempts put off since the platform was away, after which it is given up: about a day."""
FIRST_PAUSE = 1.0
"""Seconds before the second attempt; each later pause is three times as long."""
MAX_PAUSE = 300.0
LEFT_PAUSE = 15.0
"""Seconds at most between two looks at a message that another replica has to answer."""
LANDING_SECONDS = 2.0
"""Before a message that was broken off is taken up: what was being posted lands first, for the next attempt to find."""
ANSWER_SECONDS = 180.0
"""How long one attempt may take, delivery included."""
RENEW_EVERY = 5.0
"""Seconds; a store's leases have to last several times as long."""
WAIT = 1.0
"""Seconds that one look for a message takes at most."""
AWAY_PAUSE = 0.5
"""Seconds between two looks while the store is away."""

_log = logging.getLogger(__name__)

Handle = Callable[[Incoming], AsyncGenerator[Event, None]]
"""What answers a message, such as `Coach.handle`."""
Minding = Callable[[Leased], AbstractAsyncContextManager[None]]
"""What goes on around an attempt until its message has ended or is let go, such as `Forgetting.minding`."""


class PlatformAwayError(Exception):
    """What a message is answered on cannot be reached, or takes no more now; the message is one line that says why.

    `again_in` is after how many seconds it asks to be tried again.
    """

    def __init__(self, says: str, *, again_in: float = 0.0) -> None:
        super().__init__(says)
        self.again_in = again_in


class Delivery(Protocol):
    """How one channel brings a reply to the person."""

    async def deliver(self, message: Incoming, events: AsyncIterator[Event]) -> str | None:
        """Shows `events` as they come and their reply, once; gives what is to be kept as the outcome, if anything.

        Raises:
            PlatformAwayError: it could not be shown now; the message is kept for hours, and tried again.
        """
        ...

    async def ended(self, message: Incoming) -> None:
        """Learns that the message has its outcome, or is lost to another worker."""
        ...


class Worker:
    """Leases messages, has them answered and delivered, and ends them.

    A message whose lease is lost on the way is abandoned: whoever holds it now delivers it.
    """

    def __init__(
        self,
        inbox: Inbox,
        handle: Handle,
        deliveries: Mapping[str, Delivery],
        *,
        renew_every: float = RENEW_EVERY,
        at_once: int = 8,
        first_pause: float = FIRST_PAUSE,
        answer_seconds: float = ANSWER_SECONDS,
        observer: Observer | None = None,
        minding: Minding | None = None,
    ) -> None:
        self._inbox = inbox
        self._handle = handle
        self._deliveries = deliveries
        self._renew_every = renew_every
        self._at_once = at_once
        self._first_pause = first_pause
        self._answer_seconds = answer_seconds
        self._observer = observer or Observers()
        self._minding = minding or (lambda _: nullcontext())
        self._under_way: dict[asyncio.Task[object], Leased] = {}
        self._ending: set[str] = set()
        self._is_away = False

    async def run(self, stop: asyncio.Event, *, grace: float) -> None:
        """Works until `stop` is set; then finishes what is under way within `grace` seconds and hands the rest back."""
        stopping: asyncio.Task[object] = asyncio.create_task(stop.wait())
        renewing = asyncio.create_task(self._renew())
        try:
            while not stop.is_set():
                if renewing.done():
                    await renewing
                if len(self._under_way) >= self._at_once:
                    await asyncio.wait([stopping, *self._under_way], return_when=asyncio.FIRST_COMPLETED)
                elif leased := await self._next(stopping):
                    task: asyncio.Task[object] = asyncio.create_task(self._work(leased))
                    self._under_way[task] = leased
                    task.add_done_callback(self._under_way.pop)
            if self._under_way:
                await asyncio.wait(self._under_way, timeout=grace)
        finally:
            rest: list[asyncio.Task[object]] = [stopping, renewing, *self._under_way]
            for task in rest:
                task.cancel()
            await asyncio.gather(*rest, return_exceptions=True)

    async def _next(self, stopping: "asyncio.Task[object]") -> Leased | None:
        """Gives the next message, None when there is none for a while or the worker is told to stop."""
        leasing = asyncio.create_task(self._inbox.lease(wait=WAIT))
        try:
            await asyncio.wait([leasing, stopping], return_when=asyncio.FIRST_COMPLETED)
        finally:
            leasing.cancel()
        try:
            leased = await leasing
        except asyncio.CancelledError:
            if not stopping.done():
                raise
            return None
        except StoreAwayError as error:
            if not self._is_away:
                _log.warning("the inbox cannot be reached: %s", error)
            self._is_away = True
            await asyncio.wait([stopping], timeout=AWAY_PAUSE)
            return None
        if self._is_away:
            _log.warning("the inbox can be reached again")
            self._is_away = False
        return leased

    async def _renew(self) -> None:
        """Keeps the leases of what is under way; what was lost all the same is stopped.

        What is being ended has its lease no more, and what comes after its end is not to be broken off.
        """
        while True:
            await asyncio.sleep(self._renew_every)
            under_way = {task: leased for task, leased in self._under_way.items() if leased.token not in self._ending}
            try:
                held = await self._inbox.renew(list(under_way.values()))
            except StoreAwayError as error:
                _log.warning("leases could not be renewed: %s", error)
                continue
            for task, leased in under_way.items():
                if leased.token not in held and leased.token not in self._ending:
                    task.cancel()

    async def _work(self, leased: Leased) -> None:
        """Answers one message; nothing but the end of the process gets past this."""
        seen = _Seen()
        with self._observer.around(leased):
            try:
                async with self._minding(leased):
                    await self._attempt(leased, seen)
            finally:
                self._ending.discard(leased.token)
                self._observer.attempted(seen.attempted(leased))

    async def _attempt(self, leased: Leased, seen: "_Seen") -> None:
        delivery = self._deliveries.get(leased.message.channel)
        try:
            if delivery is None:
                await self._leave(leased, seen)
            elif leased.attempt - leased.failures - leased.waits > MAX_ATTEMPTS:
                await self._give_up(leased, delivery, "its worker ended or stalled again and again", seen)
            else:
                await self._answer(leased, delivery, seen)
        except StoreAwayError as error:
            # The lease runs out and somebody takes the message up again.
            _log.warning("message %s could not be ended: %s", leased.message.id, error)
        except asyncio.CancelledError:
            with suppress(StoreAwayError):
                await self._inbox.release(leased, again_in=LANDING_SECONDS)
            seen.end(Ending.HANDED_BACK)
            raise
        finally:
            if delivery is not None:
                await delivery.ended(leased.message)

    async def _answer(self, leased: Leased, delivery: Delivery, seen: "_Seen") -> None:
        try:
            # Closed at once when the delivery breaks off: an answer under way holds a connection and a budget.
            async with (
                asyncio.timeout(self._answer_seconds),
                aclosing(self._handle(leased.message)) as events,
                aclosing(seen.watched(events)) as watched,
            ):
                outcome = await delivery.deliver(leased.message, watched)
        except StoreAwayError:
            raise
        except (Exception, asyncio.CancelledError) as error:
            task = asyncio.current_task()
            if isinstance(error, asyncio.CancelledError) and task is not None and task.cancelling():
                raise
            await self._put_back(leased, delivery, error, seen)
        else:
            self._ending.add(leased.token)
            is_held = await self._inbox.done(leased, outcome)
            seen.end(Ending.ANSWERED if is_held else Ending.HANDED_BACK)

    async def _leave(self, leased: Leased, seen: "_Seen") -> None:
        """Leaves a message to a replica that serves its channel; in the end there is none."""
        reason = f"this program serves no channel {leased.message.channel!r}"
        self._ending.add(leased.token)
        if leased.waits + 1 >= MAX_WAITS:
            await self._inbox.bury(leased, reason)
            seen.end(Ending.GIVEN_UP, reason)
        else:
            await self._inbox.fail(leased, reason, again_in=min(self._pause(leased.waits), LEFT_PAUSE), waits=True)
            seen.end(Ending.LEFT, reason)

    async def _put_back(self, leased: Leased, delivery: Delivery, error: BaseException, seen: "_Seen") -> None:
        """Has a message that failed tried again later, or gives it up."""
        waits = isinstance(error, PlatformAwayError)
        reason = str(error) if waits else kind_and_place(error)
        before, most = (leased.waits, MAX_WAITS) if waits else (leased.failures, MAX_FAILURES)
        if before + 1 >= most:
            await self._give_up(leased, delivery, reason, seen)
        else:
            asked = error.again_in if isinstance(error, PlatformAwayError) else 0.0
            self._ending.add(leased.token)
            await self._inbox.fail(leased, reason, again_in=max(asked, self._pause(before)), waits=waits)
            seen.end(Ending.WAITS if waits else Ending.RETRIED, reason)

    def _pause(self, before: int) -> float:
        """Seconds before the attempt after so many."""
        return min(self._first_pause * 3.0 ** min(before, MAX_FAILURES), MAX_PAUSE)

    async def _give_up(self, leased: Leased, delivery: Delivery, reason: str, seen: "_Seen") -> None:
        """Tells the person that the coach failed, and keeps the message among the dead letters."""
        outcome: str | None = None
        try:
            async with asyncio.timeout(self._answer_seconds):
                outcome = await delivery.deliver(leased.message, _failed(leased.message))
        except Exception as error:
            _log.error("message %s: its failure could not be told: %s", leased.message.id, kind_and_place(error))
        self._ending.add(leased.token)
        await self._inbox.bury(leased, reason, outcome)
        seen.end(Ending.GIVEN_UP, reason)


class _Seen:
    """What is seen of one attempt, from now on."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._first_word: float | None = None
        self._reply: Reply | None = None
        self._ending, self._reason = Ending.UNENDED, ""

    async def watched(self, events: AsyncIterator[Event]) -> AsyncGenerator[Event, None]:
        """Passes events on and notes when the first words come, and the reply."""
        async for event in events:
            if not isinstance(event, Status) and self._first_word is None:
                self._first_word = time.monotonic() - self._began
            if isinstance(event, Reply):
                self._reply = event
            yield event

    def end(self, ending: Ending, reason: str = "") -> None:
        """Notes how it ended."""
        self._ending, self._reason = ending, reason

    def attempted(self, leased: Leased) -> Attempted:
        """Gives what was seen."""
        return Attempted(
            message=leased.message,
            attempt=leased.attempt,
            waited=leased.waited,
            first_word=self._first_word,
            took=time.monotonic() - self._began,
            ending=self._ending,
            reply=self._reply,
            reason=self._reason,
        )


async def _failed(message: Incoming) -> AsyncIterator[Event]:
    yield Failed(id=message.id)
