"""Messages of the coach's in a conversation: each part of a reply once, and changed in its place."""

import logging
from collections.abc import Callable, Coroutine, Mapping

from bot.channels.shown import Shown
from bot.channels.teams.calls import TeamsAwayError, TeamsRefusedError
from bot.channels.teams.connector import Connector
from bot.channels.teams.landing import landed
from bot.channels.teams.places import Place
from bot.channels.teams.render.message import Message, activity
from bot.channels.teams.stream import Stream

GONE = frozenset({403, 404})
"""Statuses of what is not there, or not for the coach."""
_TYPING = {"type": "typing"}

_log = logging.getLogger(__name__)


class PlaceGoneError(Exception):
    """The coach cannot speak there: the app was removed or blocked, or never was there."""


class Conversation:
    """Where a reply is shown; what an earlier attempt showed of it is completed, or replaced.

    In a personal chat each part with a text is a stream: its id is noted before its message is sent, so that the
    message stands there once. Any other part whose sending broke off unheard may come twice: nobody can ask Teams what
    is there.
    """

    def __init__(
        self, connector: Connector, place: Place, shown: Shown, *, is_personal: bool, clock: Callable[[], float]
    ) -> None:
        self.place = place
        self._connector = connector
        self._shown = shown
        self._is_personal = is_personal
        self._clock = clock
        self._streams: dict[int, Stream] = {}
        self._is_typing = False
        self._whole: set[int] = set()

    async def probe(self) -> None:
        """Finds out, where an earlier attempt came to nothing, whether anything can be said before it is composed.

        Raises:
            PlaceGoneError, TeamsRefusedError, TeamsAwayError: it cannot.
        """
        if self._shown.is_again:
            await _speaking(self._connector.send(self.place, _TYPING, patience=0))

    async def status(self, text: str) -> None:
        """Says what the coach is doing; where nothing is streamed, that it is doing something."""
        if self._is_personal:
            await self._stream(0).status(text)
        elif not self._is_typing:
            self._is_typing = True
            try:
                await self._connector.send(self.place, _TYPING, patience=0)
            except (TeamsRefusedError, TeamsAwayError) as error:  # it is only a kindness
                _log.info("nobody is told that the coach is at work: %s", error)

    @property
    def is_growing(self) -> bool:
        """Whether the text so far is to be shown now."""
        return self._is_personal and self._stream(0).is_due

    async def grow(self, text: str) -> None:
        """Shows the text so far, as Markdown."""
        await self._stream(0).grow(text)

    async def show(self, part: int, message: Message) -> str:
        """Shows the part of the reply that counts `part` from 0, in the place of what is there of it.

        Gives the id of the message that shows it.

        Raises:
            PlaceGoneError: nothing can be shown there.
            TeamsRefusedError, TeamsAwayError: it could not be shown now.
        """
        written = activity(message)
        # A stream ends in a text; that it may carry suggestions nobody says.
        streams = self._is_personal and bool(message.text) and not message.suggestions
        if not streams or part in self._whole:
            known = self._shown.shows(self.place.conversation, part)
            if known is not None and await self._replaced(known, written):
                return known
        sending = self._stream(part).end(written) if streams else self._connector.send(self.place, written)
        id_ = await landed(self._noted(part, sending))
        self._whole.add(part)
        return id_

    def _stream(self, part: int) -> Stream:
        if part not in self._streams:

            async def started(id_: str) -> None:
                await self._shown.note(self.place.conversation, part, id_)

            known = self._shown.shows(self.place.conversation, part)
            self._streams[part] = Stream(self._connector, self.place, clock=self._clock, started=started, id_=known)
        return self._streams[part]

    async def _noted(self, part: int, sending: Coroutine[object, object, str]) -> str:
        id_ = await _speaking(sending)
        if id_ and id_ != self._shown.shows(self.place.conversation, part):
            await self._shown.note(self.place.conversation, part, id_)
        return id_

    async def _replaced(self, id_: str, written: Mapping[str, object]) -> bool:
        """Puts a message in the place of another; False when that is not there any more."""
        try:
            await self._connector.update(self.place, id_, written)
        except TeamsRefusedError as error:
            if error.status not in GONE:
                raise
            return False
        return True


async def _speaking(sending: Coroutine[object, object, str]) -> str:
    try:
        return await sending
    except TeamsRefusedError as error:
        if error.status in GONE:
            raise PlaceGoneError(error.code) from None
        raise
