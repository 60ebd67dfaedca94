"""Socket Mode: Slack's requests over a connection that the coach opens."""

import asyncio
import logging
import re

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp

from bot.channels.slack.api import SlackApi, SlackAwayError

PING_SECONDS = 5.0
OPEN_SECONDS = 10.0
CLOSE_SECONDS = 2.0

_TICKET = re.compile(r"ticket=[^&'\s]+")


class Socket:
    """One connection; Slack shares events out among all that are open. The SDK opens it anew when it breaks."""

    def __init__(self, app: AsyncApp, api: SlackApi, app_token: str) -> None:
        self._app = app
        self._api = api
        self._app_token = app_token
        self._handler: AsyncSocketModeHandler | None = None

    async def open(self) -> None:
        """Connects.

        Raises:
            SlackRefusedError: the app token is no good, or Socket Mode is off.
            SlackAwayError: Slack cannot be reached.
        """
        await self.close()
        # The SDK, left to fetch the first address itself, would try for ever with a token that is no good.
        address = await self._api.socket_address(self._app_token)
        self._handler = AsyncSocketModeHandler(
            self._app,
            self._app_token,
            logger=_discreet_logger(),
            web_client=self._api.client(),
            ping_interval=PING_SECONDS,
        )
        self._handler.client.wss_uri = address
        try:
            async with asyncio.timeout(OPEN_SECONDS):  # it would try the same address, good for once, for ever
                await self._handler.connect_async()  # type: ignore[no-untyped-call]
        except TimeoutError:
            await self.close()
            raise SlackAwayError("the socket cannot be opened") from None

    async def is_open(self) -> bool:
        """Whether requests can come."""
        return self._handler is not None and await self._handler.client.is_connected()

    async def close(self) -> None:
        """Ends the connection: what comes from now on goes to other replicas, or comes again later."""
        if self._handler is None:
            return
        handler, self._handler = self._handler, None
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await handler.close_async()  # type: ignore[no-untyped-call]
        except TimeoutError:
            await handler.client.aiohttp_client_session.close()
        await asyncio.sleep(0)  # lets the SDK's cancelled tasks end


def _discreet_logger() -> logging.Logger:
    """A logger for the SDK without the ticket that a connection is opened with."""
    logger = logging.getLogger("slack_bolt.field_coach.socket")
    logger.addFilter(_without_ticket)
    return logger


def _without_ticket(record: logging.LogRecord) -> bool:
    record.msg, record.args, record.exc_info = _TICKET.sub("ticket=…", record.getMessage()), (), None
    return True
