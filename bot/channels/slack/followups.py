"""Remembers who has addressed the coach in which thread, so that a follow-up there needs no new mention."""

from bot.channels.slack.ids import record_id
from bot.core.state import Records

KEPT_SECONDS = 24 * 3600.0
"""After the last mention."""


class FollowUps:
    """Threads of channels in which somebody has addressed the coach."""

    def __init__(self, records: Records) -> None:
        self._records = records

    async def note(self, conversation: str, person: str) -> None:
        """Notes that `person` has addressed the coach in a thread; the note lasts from the last time on."""
        key = _key(conversation)
        record = await self._records.read(key)
        expected = record.revision if record else 0
        await self._records.write(key, "", person=person, expected=expected, lasts=KEPT_SECONDS)

    async def has(self, conversation: str) -> bool:
        """Whether that was noted."""
        return await self._records.read(_key(conversation)) is not None


def _key(conversation: str) -> str:
    return record_id("addressed", conversation)
