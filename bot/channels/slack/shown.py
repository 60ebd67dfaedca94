"""What has been shown of a reply so far, so that another attempt after a crash shows it once."""

import json
import logging
from dataclasses import dataclass

from bot.channels.slack.api import Json, SlackApi, SlackRefusedError
from bot.channels.slack.ids import record_id
from bot.core.state import Records

KEPT_SECONDS = 24 * 3600.0
MAX_TRIES = 10
EVENT_TYPE = "field_coach_reply"
LOOKED_THROUGH = 100
"""Messages of a thread that are searched for one of an earlier attempt."""

_log = logging.getLogger(__name__)


def metadata(message: str, part: int) -> Json:
    """What a posted message carries, so that it can be found again: whose reply it is a part of."""
    return {"event_type": EVENT_TYPE, "event_payload": {"message": message, "part": part}}


@dataclass(frozen=True, slots=True)
class Target:
    """A place that messages are posted to; `thread` is the root of a thread, or empty."""

    channel: str
    thread: str = ""


class Shown:
    """The messages of one reply, by where they are and which part they show; begun before anything is posted.

    `is_again` says that an earlier attempt has begun, so that some of it may be there already.
    """

    def __init__(self, records: Records, message: str, person: str) -> None:
        self._records = records
        self._key = record_id("shown", message)
        self._message = message
        self._person = person
        self._revision = 0
        self._messages: dict[tuple[str, int], str] = {}
        self._seen: set[int] = set()
        self._searched: set[str] = set()
        self.is_again = False

    async def begin(self) -> None:
        """Notes that something may be posted from now on.

        Raises:
            StoreAwayError: nobody would know of it; nothing may be posted.
        """
        await self.load()
        if not self.is_again:
            await self._write()

    async def load(self) -> None:
        """Reads what is there, for who only changes it."""
        self.is_again = await self._read()

    async def touch(self) -> None:
        """Has what is known kept for as long again, as what is shown is still being changed."""
        if self.is_again:  # nothing else is to be written: whoever writes at the same time knows more
            await self._write_once()

    def ts(self, channel: str, part: int) -> str | None:
        """Which message shows a part there; None when none does, as far as is known."""
        return self._messages.get((channel, part))

    def is_seen(self, part: int) -> bool:
        """Whether a part was shown by what can be neither found nor changed again."""
        return part in self._seen

    async def note(self, channel: str, part: int, ts: str) -> None:
        """Notes which message shows a part."""
        self._messages[channel, part] = ts
        await self._write()

    async def note_seen(self, part: int) -> None:
        """Notes that a part was shown by what can be neither found nor changed: to the asker alone, or as a file."""
        self._seen.add(part)
        await self._write()

    async def find(self, api: SlackApi, target: Target, *, after: str, bot_user: str) -> None:
        """Looks for what an earlier attempt posted without living to note it."""
        if not self.is_again or target.channel in self._searched:
            return
        self._searched.add(target.channel)
        for message in await _history(api, target, after=after):
            if message.get("user") != bot_user or message.get("files"):  # a file of a review's carries no metadata
                continue
            payload = (message.get("metadata") or {}).get("event_payload") or {}
            # A stream carries its metadata from its end on: in a thread, whose messages are answered in order, one
            # without any is of the attempt that broke off.
            part = payload.get("part") if payload.get("message") == self._message else None if payload else 0
            if isinstance(part, int) and (payload or target.thread):
                self._messages.setdefault((target.channel, part), message["ts"])

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
        self._messages = {(channel, part): ts for channel, part, ts in body["messages"]} | self._messages
        self._seen.update(body["seen"])
        return True

    async def _write_once(self) -> bool:
        """Writes what is known; False when there is something else than was read."""
        messages = [(channel, part, ts) for (channel, part), ts in self._messages.items()]
        body = json.dumps({"messages": messages, "seen": sorted(self._seen)})
        if not await self._records.write(
            self._key, body, person=self._person, expected=self._revision, lasts=KEPT_SECONDS
        ):
            return False
        self._revision += 1
        return True


async def _history(api: SlackApi, target: Target, *, after: str) -> list[Json]:
    """The messages of a thread or a conversation behind `after`; none where Slack does not give them."""
    arguments: dict[str, object] = {
        "channel": target.channel,
        "oldest": after,
        "limit": LOOKED_THROUGH,
        "include_all_metadata": True,
    }
    method = "conversations.history"
    if target.thread:
        method = "conversations.replies"
        arguments["ts"] = target.thread
    try:
        answer = await api.call(method, arguments, again=True)
    except SlackRefusedError as error:
        _log.warning("earlier attempts cannot be looked for: %s", error)
        return []
    messages = answer.get("messages")
    return list(messages) if isinstance(messages, list) else []
