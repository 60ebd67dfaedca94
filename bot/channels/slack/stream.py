"""One answer as it grows: a streamed message, or nothing until the whole text where Slack does not stream it."""

import logging
from collections.abc import Awaitable, Callable

from bot.channels.slack.api import Json, SlackApi, SlackAwayError, SlackRefusedError
from bot.channels.slack.render.escape import MarkdownPieces
from bot.channels.slack.shown import Target

EVERY_SECONDS = 0.7
"""Between two pieces that are sent: Slack takes about a hundred a minute of a workspace."""
MOST = 11_000
"""Characters sent at once; Slack takes 12,000."""

_log = logging.getLogger(__name__)

Started = Callable[[str], Awaitable[None]]
"""Is told which message it is as soon as there is one."""


class Stream:
    """A streamed message of one reply.

    Whatever goes wrong only ends the streaming: `ts` then names the message that is there, if any, and the reply is
    shown in its place by whoever holds the stream.
    """

    def __init__(
        self, api: SlackApi, target: Target, *, team: str, user: str, clock: Callable[[], float], started: Started
    ) -> None:
        self._api = api
        self._target = target
        self._reader = {"recipient_team_id": team, "recipient_user_id": user}
        self._clock = clock
        self._started = started
        self._pieces = MarkdownPieces()
        self._said = ""
        self._waiting = ""
        self._sent_at = float("-inf")
        self._is_broken = False
        self.ts: str | None = None

    @property
    def place(self) -> Json:
        """The message, as a method takes it."""
        return {"channel": self._target.channel, "ts": self.ts}

    async def append(self, text: str) -> None:
        """Shows a further piece, at once or with those that follow soon.

        Raises:
            SlackAwayError: nobody knows whether there is a message now.
        """
        self._said += text
        self._waiting += self._pieces.escape(text)
        if self._is_broken or not self._waiting or self._clock() - self._sent_at < EVERY_SECONDS:
            return
        await self._send()

    async def end(self, text: str, blocks: tuple[Json, ...], metadata: Json) -> bool:
        """Completes the message to `text` with `blocks` below; False when that cannot be, and it is broken."""
        if self.ts is None or self._is_broken or not text.startswith(self._said):
            await self.stop()
            return False
        self._waiting += self._pieces.escape(text[len(self._said) :]) + self._pieces.rest()
        if len(self._waiting) > MOST:  # more than goes along with the end: it is shown in its place
            await self.stop()
            return False
        arguments: dict[str, object] = {"channel": self._target.channel, "ts": self.ts, "metadata": metadata}
        if self._waiting:
            arguments["chunks"] = _chunks(self._waiting)
        if blocks:
            arguments["blocks"] = list(blocks)
        return await self._done("chat.stopStream", arguments, patience=None)

    async def stop(self) -> None:
        """Ends a stream whose text is not the reply; what is there is replaced later."""
        if self.ts is not None and not self._is_broken:
            await self._done("chat.stopStream", {"channel": self._target.channel, "ts": self.ts}, patience=0)
        self._is_broken = True

    async def _send(self) -> None:
        self._sent_at = self._clock()
        if self.ts is None:
            await self._start()
            return
        text = self._waiting[:MOST]
        arguments = {"channel": self._target.channel, "ts": self.ts, "chunks": _chunks(text)}
        if await self._done("chat.appendStream", arguments, patience=0):
            self._waiting = self._waiting[MOST:]

    async def _start(self) -> None:
        text = self._waiting[:MOST]
        try:
            answer = await self._api.call(
                "chat.startStream",
                {
                    "channel": self._target.channel,
                    "thread_ts": self._target.thread,
                    "chunks": _chunks(text),
                    **self._reader,
                },
                again=False,
                patience=0,
            )
        except SlackRefusedError as error:
            _log.info("the answer is posted whole: %s", error)
            self._is_broken = True
            return
        self.ts = str(answer["ts"])
        self._waiting = self._waiting[MOST:]
        await self._started(self.ts)

    async def _done(self, method: str, arguments: Json, *, patience: float | None) -> bool:
        try:
            await self._api.call(method, arguments, again=False, patience=patience)
        except SlackRefusedError as error:
            if error.retry_after is not None and patience == 0:
                self._sent_at += error.retry_after  # what waits goes along later
                return False
            _log.info("the stream broke off: %s", error)
            self._is_broken = True
            return False
        except SlackAwayError as error:
            _log.info("the stream broke off: %s", error)
            self._is_broken = True
            return False
        return True


def _chunks(text: str) -> list[Json]:
    return [{"type": "markdown_text", "text": text}]
