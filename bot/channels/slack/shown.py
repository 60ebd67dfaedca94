"""Messages of the coach's in Slack: where they are posted, whose reply each shows, and how those are found again."""

import logging
from dataclasses import dataclass

from bot.channels.shown import Shown
from bot.channels.slack.api import Json, SlackApi, SlackRefusedError
from bot.channels.slack.ids import record_id
from bot.core.state import Records

EVENT_TYPE = "field_coach_reply"
LOOKED_THROUGH = 100
"""Messages of a thread that are searched for one of an earlier attempt."""

_log = logging.getLogger(__name__)


def metadata(message: str, part: int) -> Json:
    """What a posted message carries, so that it can be found again: whose reply it is a part of."""
    return {"event_type": EVENT_TYPE, "event_payload": {"message": message, "part": part}}


def shown_of(records: Records, message: str, person: str) -> Shown:
    """What has been shown of the reply to a message."""
    return Shown(records, record_id("shown", message), person)


@dataclass(frozen=True, slots=True)
class Target:
    """A place that messages are posted to; `thread` is the root of a thread, or empty."""

    channel: str
    thread: str = ""


async def find_posted(shown: Shown, api: SlackApi, target: Target, *, message: str, after: str, bot_user: str) -> None:
    """Looks for what an earlier attempt to answer `message` posted without living to note it."""
    for posted in await _history(api, target, after=after):
        if posted.get("user") != bot_user or posted.get("files"):  # a file of a review's carries no metadata
            continue
        payload = (posted.get("metadata") or {}).get("event_payload") or {}
        # A stream carries its metadata from its end on: in a thread, whose messages are answered in order, one without
        # any is of the attempt that broke off.
        part = payload.get("part") if payload.get("message") == message else None if payload else 0
        if isinstance(part, int) and (payload or target.thread):
            shown.found(target.channel, part, posted["ts"])


async def _history(api: SlackApi, target: Target, *, after: str) -> list[Json]:
    """The messages of a thread or a conversation behind `after`; none where Slack does not give them.

    Raises:
        SlackRefusedError: it asks to be asked later.
        SlackAwayError: it cannot be reached.
    """
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
        if error.retry_after is not None:
            raise
        _log.warning("earlier attempts cannot be looked for: %s", error)
        return []
    messages = answer.get("messages")
    return list(messages) if isinstance(messages, list) else []
