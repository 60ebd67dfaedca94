"""Messages of the coach's in a conversation: each part of a reply once, and changed in its place."""

import logging
from collections.abc import Coroutine, Mapping

from bot.channels.shown import Shown
from bot.channels.teams.calls import TeamsAwayError, TeamsRefusedError
from bot.channels.teams.connector import Connector
from bot.channels.teams.places import Place
from bot.channels.teams.render.message import Message, activity
from bot.channels.teams.stream import Stream

_FORBIDDEN, _MISSING = 403, 404

_log = logging.getLogger(__name__)


class PlaceGoneError(Exception):
    """The coach cannot speak there: the app was removed, or never was there."""


class Conversation:
    """Where a reply is shown; what an earlier attempt showed of it is replaced."""

    def __init__(self, connector: Connector, place: Place, shown: Shown) -> None:
        self.place = place
        self._connector = connector
        self._shown = shown

    async def show(self, part: int, message: Message) -> str:
        """Sends the part of the reply that counts `part` from 0, or puts it in the place of what is there of it.

        Gives the id of the message that shows it.

        Raises:
            PlaceGoneError: nothing can be shown there.
            TeamsRefusedError, TeamsAwayError: it could not be shown now.
        """
        written = activity(message)
        known = self._shown.shows(self.place.conversation, part)
        if known is not None and await self._replaced(known, written):
            return known
        id_ = await _speaking(self._connector.send(self.place, written))
        await self._shown.note(self.place.conversation, part, id_)
        return id_

    async def complete(self, stream: Stream, message: Message) -> str:
        """Shows the first part as what its stream comes to, and gives the id of the message.

        Raises:
            PlaceGoneError, TeamsRefusedError, TeamsAwayError: as in `show`.
        """
        id_ = await _speaking(stream.end(activity(message)))
        await self._shown.note(self.place.conversation, 0, id_)
        return id_

    async def _replaced(self, id_: str, written: Mapping[str, object]) -> bool:
        """Puts a message in the place of another; False when that is not there any more."""
        try:
            await self._connector.update(self.place, id_, written)
        except TeamsRefusedError as error:
            if error.status not in (_FORBIDDEN, _MISSING):
                raise
            return False
        return True


async def _speaking(sending: Coroutine[object, object, str]) -> str:
    try:
        return await sending
    except TeamsRefusedError as error:
        if error.status in (_FORBIDDEN, _MISSING):
            raise PlaceGoneError(error.code) from None
        raise


async def quietly(connector: Connector, place: Place, written: Mapping[str, object]) -> None:
    """Sends what is only a kindness; a failure costs nothing but it."""
    try:
        await connector.send(place, written, patience=0)
    except (TeamsRefusedError, TeamsAwayError) as error:
        _log.info("something was left out: %s", error)
