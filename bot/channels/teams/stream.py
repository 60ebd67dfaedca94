"""One reply as it grows in a personal chat: what the coach is doing, the text so far, then the whole message.

The stream's id is noted before the message is sent. Whatever breaks then, the message is sent under that id once more,
or put in the place of what is there, so that it stands there once.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.channels.split import shortened
from bot.channels.teams.calls import TeamsAwayError, TeamsRefusedError
from bot.channels.teams.connector import Connector
from bot.channels.teams.fields import Json, objects_at
from bot.channels.teams.landing import landed
from bot.channels.teams.places import Place
from bot.channels.visible import visible

EVERY_SECONDS = 1.5
"""Between two pieces of a stream, as Microsoft advises; Teams takes one a second."""
BEFORE_FINAL_SECONDS = 1.1
"""Between the last piece and the whole message."""
MAX_INFORMATIVE = 1_000
MAX_SECONDS = 110.0
"""For how long pieces are sent: after two minutes Teams ends a stream."""
WAITS = "\N{HORIZONTAL ELLIPSIS}"
"""Says that something is coming, where the coach has not said what it does."""

_GONE = frozenset({403, 404})

_log = logging.getLogger(__name__)

Started = Callable[[str], Awaitable[None]]
"""Is told the stream's id as soon as there is one."""


class Stream:
    """One streamed message; `id` is the one that an earlier attempt began, if any."""

    def __init__(
        self,
        connector: Connector,
        place: Place,
        *,
        clock: Callable[[], float],
        started: Started,
        id_: str | None = None,
    ) -> None:
        self._connector = connector
        self._place = place
        self._clock = clock
        self._started = started
        self._id = id_
        self._goes_on = id_ is None
        self._sequence = 0
        self._began_at = self._sent_at = self._next_at = float("-inf")

    @property
    def is_due(self) -> bool:
        """Whether Teams takes a piece now."""
        return self._goes_on and self._clock() >= self._next_at

    async def status(self, text: str) -> None:
        """Says what the coach is doing, unless something was said a moment ago.

        Raises:
            TeamsAwayError: nobody knows whether there is a stream now.
        """
        if self.is_due:
            await self._piece(shortened(visible(text), MAX_INFORMATIVE), "informative")

    async def grow(self, text: str) -> None:
        """Shows the text so far, unless something was shown a moment ago.

        Raises:
            TeamsAwayError: as in `status`.
        """
        if text and self.is_due:
            await self._piece(text, "streaming")

    async def end(self, message: Json) -> str:
        """Completes the stream to `message`, in whatever way Teams takes it, and gives the message's id.

        Raises:
            TeamsRefusedError, TeamsAwayError: it could not be shown now.
        """
        if self._id is None and self._goes_on:
            await self._begun()
        if self._id is None:
            return await self._connector.send(self._place, message)
        await asyncio.sleep(max(0.0, self._sent_at + BEFORE_FINAL_SECONDS - self._clock()))
        try:
            await self._connector.send(self._place, _of_stream(message, "final", self._id))
        except TeamsRefusedError as error:
            if error.retry_after is not None:
                raise
            # It took too long, its reader stopped it, or an earlier attempt completed it: the message is there.
            _log.info("a stream is replaced by its message: %s", error)
            return await self._replaced(self._id, message)
        return self._id

    async def _begun(self) -> None:
        """Begins a stream that nothing was said in, with the patience that its message deserves."""
        try:
            await self._start(WAITS, patience=None)
        except TeamsRefusedError as error:
            if error.retry_after is not None:
                raise
            _log.info("nothing is streamed here: %s", error)

    async def _replaced(self, id_: str, message: Json) -> str:
        try:
            await self._connector.update(self._place, id_, message)
        except TeamsRefusedError as error:
            if error.status not in _GONE:
                raise
            return await self._connector.send(self._place, message)
        return id_

    async def _piece(self, text: str, kind: str) -> None:
        try:
            if self._id is None:
                await self._start(text, patience=0)
            elif self._clock() - self._began_at < MAX_SECONDS:
                self._sends()
                piece = _of_stream({"type": "typing", "text": text}, kind, self._id, self._sequence + 1)
                await self._connector.send(self._place, piece, patience=0)
                self._sequence += 1
        except TeamsRefusedError as error:
            if error.retry_after is None:
                _log.info("the stream broke off: %s", error)
                self._goes_on = False
            else:
                self._next_at = self._clock() + max(EVERY_SECONDS, error.retry_after)  # the text so far goes along then
        except TeamsAwayError as error:
            if self._id is None:
                raise
            _log.info("the stream broke off: %s", error)
            self._goes_on = False

    async def _start(self, text: str, *, patience: float | None) -> None:
        first = _of_stream({"type": "typing", "text": text}, "informative", None, 1)
        await landed(self._noted(first, patience))
        self._sequence = 1
        self._sends()
        self._began_at = self._sent_at

    async def _noted(self, first: Json, patience: float | None) -> None:
        id_ = await self._connector.send(self._place, first, patience=patience)
        if not id_:
            raise TeamsRefusedError(0, "a stream without an id")
        self._id = id_
        await self._started(id_)

    def _sends(self) -> None:
        self._sent_at = self._clock()
        self._next_at = self._sent_at + EVERY_SECONDS


def _of_stream(activity: Json, kind: str, id_: str | None, sequence: int | None = None) -> Json:
    """An activity as a piece of a stream; the final one has no sequence."""
    info: dict[str, object] = {"type": "streaminfo", "streamType": kind}
    if id_ is not None:
        info["streamId"] = id_
    if sequence is not None:
        info["streamSequence"] = sequence
    return {**activity, "entities": [info, *objects_at(activity, "entities")]}
