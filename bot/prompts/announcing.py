"""Sees to it that every move of versions, wherever it was made, is announced once."""

import asyncio
import logging
from contextlib import suppress

from bot.core.messages import Incoming, Meant
from bot.core.state import Inbox, Records, StoreAwayError
from bot.prompts.entries import Activated, RolledBack, TrialEnded, TrialStarted
from bot.prompts.history import History

LOOK_SECONDS = 1.0
"""How often the trail is looked at."""
AT_MOST = 50
"""Moves that are announced at one look; of more, only the newest."""
NOBODY = "announcements"
"""Whose the announcements are: no person's."""
_FOREVER = 10 * 365 * 24 * 3600.0

_log = logging.getLogger(__name__)


class Announcer:
    """Puts a message into the inbox for every move that the trail holds and nobody has announced.

    The inbox knows each by its entry's id, so that several replicas announce it once, and a worker delivers it as it
    does any reply. What happened before the first look is not announced.
    """

    def __init__(self, history: History, inbox: Inbox, records: Records, *, channel: str, origin: str) -> None:
        """Announces by messages of the front end `channel`, to where `origin` says."""
        self._history = history
        self._inbox = inbox
        self._records = records
        self._channel = channel
        self._origin = origin

    async def run(self, stop: asyncio.Event) -> None:
        """Looks again and again until `stop` is set."""
        while not stop.is_set():
            try:
                await self.look()
            except StoreAwayError as error:
                _log.info("announcements wait: %s", error)
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    await stop.wait()

    async def look(self) -> None:
        """Puts what is new into the inbox.

        Raises:
            StoreAwayError: the store is away; the next look makes up for it.
        """
        length = (await self._history.standing()).length
        key = f"announced:{self._origin}"
        record = await self._records.read(key)
        announced = int(record.body) if record else length
        if record and announced == length:
            return
        new = await self._history.entries(before=length + 1, limit=max(0, length - announced))
        moves = [found for found in new if isinstance(found[1], Activated | TrialStarted | TrialEnded | RolledBack)]
        for position, entry in reversed(moves[:AT_MOST]):
            await self._inbox.put(
                Incoming(
                    id=f"{self._channel}:announcement:{entry.stamp.id}",
                    person=NOBODY,
                    thread=f"{self._channel}:announcements",
                    text=str(position),
                    channel=self._channel,
                    meant=Meant.ANNOUNCEMENT,
                    origin=self._origin,
                )
            )
        expected = record.revision if record else 0
        await self._records.write(key, str(length), person=NOBODY, expected=expected, lasts=_FOREVER)
