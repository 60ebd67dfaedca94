"""What has been shown of a reply so far, so that another attempt after a crash shows it once."""

import json
import logging

from bot.core.state import Records

KEPT_SECONDS = 24 * 3600.0
MAX_TRIES = 10

_log = logging.getLogger(__name__)


class Shown:
    """The messages of one reply, by where they are and which part they show; begun before anything is posted.

    It is kept under `key`. `is_again` says that an earlier attempt has begun, so that some of it may be there already.
    """

    def __init__(self, records: Records, key: str, person: str) -> None:
        self._records = records
        self._key = key
        self._person = person
        self._revision = 0
        self._messages: dict[tuple[str, int], str] = {}
        self._seen: set[int] = set()
        self.is_again = False

    async def begin(self) -> None:
        """Notes that something may be posted from now on.

        Raises:
            StoreAwayError: nobody would know of it; nothing may be posted.
        """
        await self.load()
        if self.is_again:
            await self.touch()  # what is tried for more than a day is known for as long
        else:
            await self._write()

    async def load(self) -> None:
        """Reads what is there, for who only changes it."""
        self.is_again = await self._read()

    async def touch(self) -> None:
        """Has what is known kept for as long again, as what is shown is still being changed."""
        if self.is_again:  # nothing else is to be written: whoever writes at the same time knows more
            await self._write_once()

    def shows(self, place: str, part: int) -> str | None:
        """Which message shows a part in that conversation; None when none does, as far as is known."""
        return self._messages.get((place, part))

    def found(self, place: str, part: int, message: str) -> None:
        """Learns which message shows a part, where nobody noted it."""
        self._messages.setdefault((place, part), message)

    def is_seen(self, part: int) -> bool:
        """Whether a part was shown by what can be neither found nor changed again."""
        return part in self._seen

    async def note(self, place: str, part: int, message: str) -> None:
        """Notes which message shows a part."""
        self._messages[place, part] = message
        await self._write()

    async def note_seen(self, part: int) -> None:
        """Notes that a part was shown by what can be neither found nor changed: to the asker alone, or as a file."""
        self._seen.add(part)
        await self._write()

    async def _write(self) -> None:
        """Writes what is known, with what others have noted meanwhile; what was erased meanwhile stays erased."""
        for _ in range(MAX_TRIES):
            if await self._write_once() or not await self._read():
                return
        _log.warning("what is shown could not be noted: others were first again and again")

    async def _read(self) -> bool:
        """Adds what is kept to what is known; False when nothing is."""
        record = await self._records.read(self._key)
        if record is None:
            return False
        self._revision = record.revision
        body = json.loads(record.body)
        self._messages = {(place, part): message for place, part, message in body["messages"]} | self._messages
        self._seen.update(body["seen"])
        return True

    async def _write_once(self) -> bool:
        """Writes what is known; False when there is something else than was read."""
        messages = [(place, part, message) for (place, part), message in self._messages.items()]
        body = json.dumps({"messages": messages, "seen": sorted(self._seen)})
        if not await self._records.write(
            self._key, body, person=self._person, expected=self._revision, lasts=KEPT_SECONDS
        ):
            return False
        self._revision += 1
        return True
