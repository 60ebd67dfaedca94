"""Brings replies to Teams: signs of life at once, the answer as it grows, each reply once whatever breaks."""

import logging
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

from bot.channels.shown import Shown
from bot.channels.teams import names
from bot.channels.teams.calls import TeamsAwayError, TeamsRefusedError
from bot.channels.teams.connector import Connector
from bot.channels.teams.conversations import Conversation, PlaceGoneError
from bot.channels.teams.origin import Kind, Origin, Where, read_origin
from bot.channels.teams.places import Place, place_of
from bot.channels.teams.render.answer import streamed
from bot.channels.teams.render.reply import render_reply
from bot.channels.teams.render.small import cannot_write_to_you, placed_elsewhere
from bot.channels.teams.showing import Showing
from bot.channels.teams.shown import shown_of
from bot.channels.words import failure
from bot.core.messages import Incoming
from bot.core.open_reviews import OpenReviews
from bot.core.replies import Delta, Event, Failed, Refused, Reply, Review, Status
from bot.core.state import Records
from bot.core.worker import PlatformAwayError

LAST = 1_000
"""A part behind all others."""

_log = logging.getLogger(__name__)


class TeamsDelivery:
    """The worker's end of Teams' messages; a `bot.core.worker.Delivery`.

    `announces_as` is how a conversation is reached that no message came from.
    """

    def __init__(
        self,
        connector: Connector,
        showing: Showing,
        *,
        records: Records,
        reviews: OpenReviews,
        announces_as: Place,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._connector = connector
        self._showing = showing
        self._records = records
        self._reviews = reviews
        self._announces_as = announces_as
        self._clock = clock

    async def deliver(self, message: Incoming, events: AsyncIterator[Event]) -> str | None:
        """Shows the reply where the message belongs.

        What a dialog waits for is kept: a review among those that are open, else as the outcome why there is none.
        """
        origin = read_origin(message.origin)
        try:
            if origin.where is Where.DIALOG:
                return await self._keep(message, events)
            await self._deliver(message, origin, events)
        except TeamsAwayError as error:
            raise PlatformAwayError(str(error)) from None
        except PlaceGoneError as gone:
            says = f"nothing can be said in the conversation ({gone}): add Field Coach to it"
            raise PlatformAwayError(says) from None
        except TeamsRefusedError as error:
            if error.retry_after is None:
                raise
            raise PlatformAwayError(str(error), again_in=error.retry_after) from None
        return None

    async def ended(self, message: Incoming) -> None:
        """Nobody in this process waits for it."""

    async def _keep(self, message: Incoming, events: AsyncIterator[Event]) -> str | None:
        reply = [event async for event in events if not isinstance(event, Status | Delta)][-1]
        match reply:
            case Review():
                await self._reviews.keep(reply, message.id, person=message.person)
                return None
            case Refused():
                return reply.reason
            case Failed():
                return failure(reply)
            case _:  # no draft comes to it
                return None

    async def _deliver(self, message: Incoming, origin: Origin, events: AsyncIterator[Event]) -> None:
        shown = shown_of(self._records, message.id, message.person)
        await shown.begin()
        here = self._conversation(place_of(origin), shown, is_personal=origin.kind == Kind.PERSONAL)
        there = here
        try:
            there = await self._there(origin, here, shown)
            await there.probe()
            await self._show(await self._watched(events, there), message, origin, there, shown)
        except PlaceGoneError:
            if origin.where is not Where.DIRECT or origin.kind == Kind.PERSONAL:
                raise
            await here.show(0, cannot_write_to_you())
            return
        if there is not here and origin.where is Where.DIRECT:
            try:
                await here.show(0, placed_elsewhere())
            except PlaceGoneError as gone:  # the reply is there all the same
                _log.info("nobody is told where their reply is: %s", gone)

    async def _there(self, origin: Origin, here: Conversation, shown: Shown) -> Conversation:
        """Where the reply goes.

        Raises:
            PlaceGoneError: the person cannot be written to alone.
        """
        if origin.where is Where.ANNOUNCED:
            place = replace(self._announces_as, conversation=origin.conversation)
            return self._conversation(place, shown, is_personal=False)
        if origin.where is Where.HERE or origin.kind == Kind.PERSONAL:
            return here
        try:
            chat = await self._connector.open_chat(here.place)
        except TeamsRefusedError as error:
            if error.retry_after is not None:
                raise
            raise PlaceGoneError(error.code) from None
        return self._conversation(replace(here.place, conversation=chat), shown, is_personal=True)

    def _conversation(self, place: Place, shown: Shown, *, is_personal: bool) -> Conversation:
        return Conversation(self._connector, place, shown, is_personal=is_personal, clock=self._clock)

    async def _watched(self, events: AsyncIterator[Event], there: Conversation) -> Reply:
        """Shows signs of life until the reply is there."""
        reply: Reply | None = None
        text = ""
        async for event in events:
            match event:
                case Status(text=doing):
                    if not text:
                        await there.status(doing)
                case Delta(text=piece):
                    text += piece
                    if there.is_growing:
                        await there.grow(streamed(text))
                case _:
                    reply = event
        if reply is None:
            raise RuntimeError("the coach ended without a reply")
        return reply

    async def _show(self, reply: Reply, message: Incoming, origin: Origin, there: Conversation, shown: Shown) -> None:
        if isinstance(reply, Failed) and shown.shows(there.place.conversation, 1):
            # A reply of several messages is there in part: that the coach failed in the end comes after it.
            await there.show(LAST, render_reply(reply)[0])
        else:
            await self._showing.show(await names.known(self._records, reply), message, origin, there)
