"""The places that a reply can be brought to: a conversation, where messages can be changed, or one person's eyes."""

import asyncio
import logging
from typing import Protocol

from bot.channels.shown import Shown
from bot.channels.slack.api import FOREIGN, Json, SlackApi, SlackAwayError, SlackRefusedError
from bot.channels.slack.origin import Origin, Where
from bot.channels.slack.render.escape import mrkdwn
from bot.channels.slack.render.message import Message, spoken
from bot.channels.slack.shown import Target, find_posted, metadata

KINDNESS_SECONDS = 0.8
"""Less than the second within which Slack is to have its acknowledgement."""

_GONE = frozenset(
    {
        "channel_not_found",
        "is_archived",
        "not_in_channel",
        "restricted_action",
        "restricted_action_thread_locked",
        "thread_not_found",
        "user_not_in_channel",
        "used_url",
        "expired_url",
        "no_permission",
        FOREIGN,
    }
)
_LOST = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
_STREAMS = "streaming_state_conflict"
_UNFIT = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long"})
_PLAIN = {"unfurl_links": False, "unfurl_media": False}

_log = logging.getLogger(__name__)


class PlaceGoneError(Exception):
    """The coach cannot speak there any more; the person's direct messages are always left."""


class Destination(Protocol):
    """Where a reply is shown."""

    async def show(self, part: int, message: Message) -> None:
        """Shows the part of the reply that counts `part` from 0, once however often it is asked to.

        Raises:
            PlaceGoneError: nothing can be shown there.
            SlackRefusedError, SlackAwayError: it could not be shown now.
        """
        ...


class Conversation:
    """Messages for all who are in a conversation; what an earlier attempt showed is replaced."""

    def __init__(self, api: SlackApi, target: Target, shown: Shown, *, message: str, after: str, bot_user: str) -> None:
        self.target = target
        self._api = api
        self._shown = shown
        self._message = message
        self._after = after
        self._bot_user = bot_user
        self._has_searched = False

    @property
    def is_direct(self) -> bool:
        """Whether nobody but one person and the coach is there."""
        return self.target.channel.startswith("D")

    async def show(self, part: int, message: Message) -> None:
        """Posts the part, or puts it in the place of what is there of it."""
        if self._shown.is_seen(part):
            return
        await self._find()
        known = self._shown.shows(self.target.channel, part)
        arguments: dict[str, object] = {"channel": self.target.channel, "metadata": metadata(self._message, part)}
        if known is not None and await self._replaced({**arguments, "ts": known}, message):
            return
        if self.target.thread:
            arguments["thread_ts"] = self.target.thread
        answer = await _fitting(self._api, "chat.postMessage", {**arguments, **_PLAIN}, message, again=False)
        await self._shown.note(self.target.channel, part, str(answer["ts"]))

    async def _end_stream(self, place: Json) -> None:
        try:
            await self._api.call("chat.stopStream", place, again=True)
        except SlackRefusedError as error:
            if error.retry_after is not None:
                raise
            _log.info("a stream had ended by itself: %s", error)

    async def _find(self) -> None:
        """Looks once for what an earlier attempt posted."""
        if self._has_searched or not self._shown.is_again:
            return
        await find_posted(
            self._shown, self._api, self.target, message=self._message, after=self._after, bot_user=self._bot_user
        )
        self._has_searched = True

    async def _replaced(self, arguments: Json, message: Message, *, still_streams: bool = False) -> bool:
        """Puts a message in the place of another; False when that is not there any more."""
        place = {"channel": arguments["channel"], "ts": arguments["ts"]}
        try:
            await _fitting(self._api, "chat.update", arguments, message, again=True)
        except SlackRefusedError as error:
            if error.code == _STREAMS and not still_streams:  # its stream broke off, and Slack takes no update before
                await self._end_stream(place)
                return await self._replaced(arguments, message, still_streams=True)
            if error.code in _UNFIT:  # even its words alone are more than an update takes
                await self._api.call("chat.delete", place, again=True)
            elif error.code not in _LOST:
                raise
            return False
        return True


class Aside:
    """Messages that only the asker sees. They cannot be changed or looked for, so a part is noted once it is shown."""

    def __init__(self, api: SlackApi, origin: Origin, shown: Shown) -> None:
        self._api = api
        self._origin = origin
        self._shown = shown

    async def show(self, part: int, message: Message) -> None:
        """Shows the part, unless it is known to have been shown."""
        if self._shown.is_seen(part):
            return
        if self._origin.where is Where.COMMAND:
            await self._respond(message)
        else:
            arguments: dict[str, object] = {"channel": self._origin.channel, "user": self._origin.user, **_PLAIN}
            if self._origin.thread != self._origin.ts:
                arguments["thread_ts"] = self._origin.thread
            await _fitting(self._api, "chat.postEphemeral", arguments, message, again=False)
        await self._shown.note_seen(part)

    async def _respond(self, message: Message) -> None:
        """Sends the reply to a command; it stands where the command was written, even where the coach is no member."""
        body = {"response_type": "ephemeral", "text": message.text, "blocks": list(message.blocks), **_PLAIN}
        try:
            await self._api.respond(self._origin.response_url, body)
        except SlackRefusedError as error:
            if error.retry_after is not None:
                raise
            # Whatever it is that it does not take: the person's direct messages are left.
            _log.info("a response URL is not taken: %s", error.code)
            raise PlaceGoneError(error.code) from None


async def _fitting(api: SlackApi, method: str, arguments: Json, message: Message, *, again: bool) -> Json:
    """Calls with the message's blocks, or with their words alone where Slack does not take the blocks."""
    shown = {**arguments, "text": message.text, "blocks": list(message.blocks)}
    try:
        return await api.call(method, shown, again=again)
    except SlackRefusedError as error:
        if error.code in _GONE:
            raise PlaceGoneError(error.code) from None
        if error.code not in _UNFIT:
            raise
        _log.error("Slack does not take the blocks of a reply (%s): it is shown without", error.code)
    return await api.call(method, {**arguments, "text": mrkdwn(spoken(message.blocks)), "blocks": []}, again=again)


async def quietly(api: SlackApi, method: str, arguments: Json) -> bool:
    """Calls what is only a kindness, and says whether it was done: it may take a moment, and is not tried again."""
    try:
        async with asyncio.timeout(KINDNESS_SECONDS):
            await api.call(method, arguments, again=False, patience=0)
    except (SlackRefusedError, SlackAwayError, TimeoutError) as error:
        _log.info("%s was left out: %s", method, error)
        return False
    return True


async def say_status(api: SlackApi, origin: Origin, text: str) -> bool:
    """Shows below a message what the coach is doing, until something is said there or two minutes have passed.

    False when Slack did not take it.
    """
    arguments = {"channel_id": origin.channel, "thread_ts": origin.thread, "status": text}
    return await quietly(api, "assistant.threads.setStatus", arguments)
