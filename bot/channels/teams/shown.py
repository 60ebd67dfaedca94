"""What has been shown of a reply in Teams, and whose answer a message there is."""

import json
from dataclasses import dataclass

from bot.channels.shown import Shown
from bot.channels.teams.ids import record_id
from bot.core.state import Records

RATED_SECONDS = 7 * 24 * 3600.0
"""How long it is known which answer a message shows, and what is written with its thumbs is kept.

The thumbs themselves count no longer than the answer's thread is remembered.
"""


def shown_of(records: Records, message: str, person: str) -> Shown:
    """What has been shown of the reply to a message."""
    return Shown(records, record_id("shown", message), person)


@dataclass(frozen=True, slots=True)
class Rated:
    """The answer that a message of the coach's shows: the thread it is in and the question's message."""

    thread: str
    question: str


class AnswersShown:
    """Remembers which answer each message shows: Teams names only the message that is rated."""

    def __init__(self, records: Records) -> None:
        self._records = records

    async def keep(self, message: str, rated: Rated, *, person: str) -> None:
        """Notes that the coach's message `message` shows the answer."""
        body = json.dumps([rated.thread, rated.question])
        await self._records.write(_key(message), body, person=person, expected=0, lasts=RATED_SECONDS)

    async def find(self, message: str) -> Rated | None:
        """Gives the answer that a message shows; None when it shows none, or it is not known any more."""
        kept = await self._records.read(_key(message))
        return Rated(*json.loads(kept.body)) if kept else None


def _key(message: str) -> str:
    return record_id("answer", message)
