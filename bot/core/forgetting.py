"""Forgetting a person: all that is kept of them is erased, and what was under way meanwhile once it has ended."""

import asyncio
import logging
import math
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from bot.core.commands import ForgetCommand, parse
from bot.core.messages import Incoming, Meant
from bot.core.pseudonym import pseudonym
from bot.core.replies import Forgotten
from bot.core.state import Inbox, Leased, Records, StoreAwayError, ThreadMemory

MARK_SECONDS = 3600.0
"""How long it is known that somebody was forgotten: longer than a message is in hand."""
MAX_TRIES = 10
_NOBODY = ""

_log = logging.getLogger(__name__)


class Forgetting:
    """Erases what is kept of a person: for `forget me`, and for whoever runs the coach."""

    def __init__(self, *, inbox: Inbox, threads: ThreadMemory, records: Records, clock: Callable[[], float]) -> None:
        self._inbox = inbox
        self._threads = threads
        self._records = records
        self._clock = clock

    async def forget(self, person: str) -> Forgotten:
        """Erases their messages and replies, their turns, and what was kept beside; asking again is safe.

        A message that is being answered is erased by `minding`, in whichever process, once it has ended.

        Raises:
            StoreAwayError: some of it may be left.
        """
        await self._mark(person)
        return await self._erase(person)

    @asynccontextmanager
    async def minding(self, leased: Leased) -> AsyncIterator[None]:
        """Within it a message is answered; if its person is forgotten meanwhile, nothing is left of it in the end."""
        put = self._clock() - leased.waited
        try:
            yield
        finally:
            if not is_forgetting(leased.message):  # what it came to is for its person to read
                try:
                    await self._mind(leased.message.person, put)
                except StoreAwayError as error:
                    _log.warning("what message %s left could not be erased: %s", leased.message.id, error)

    async def _mind(self, person: str, put: float) -> None:
        mark = await self._records.read(_key(person))
        if mark and float(mark.body) >= put:
            # What was taken after they were forgotten, and still waits, is to be answered.
            await self._erase(person, before=float(mark.body))

    async def _mark(self, person: str) -> None:
        """Notes when they were forgotten; before anything is erased, so that nothing ends in between."""
        for _ in range(MAX_TRIES):
            kept = await self._records.read(_key(person))
            expected = kept.revision if kept else 0
            now = str(self._clock())
            if await self._records.write(_key(person), now, person=_NOBODY, expected=expected, lasts=MARK_SECONDS):
                return
        raise StoreAwayError("others forget the same person just now: try again")

    async def _erase(self, person: str, *, before: float = math.inf) -> Forgotten:
        # At once: a store that rewrites its file for it does so once for all three. First the messages, which could
        # become turns and records.
        erased = await asyncio.gather(
            self._inbox.forget(person, before=before),
            self._records.forget(person),
            self._threads.forget(person),
            return_exceptions=True,
        )
        for each in erased:
            if isinstance(each, BaseException):
                raise each
        messages, records, turns = (each for each in erased if isinstance(each, int))
        return Forgotten(turns=turns, messages=messages, records=records)


def is_forgetting(message: Incoming) -> bool:
    """Whether a message asks for its person to be forgotten."""
    return message.meant is Meant.COMMAND and isinstance(parse(message.text), ForgetCommand)


def _key(person: str) -> str:
    return f"forgotten:{pseudonym(person)}"
