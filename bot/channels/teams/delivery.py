"""Brings replies to Teams: signs of life at once, the answer as it grows, each reply once whatever breaks."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable

from bot.channels.shown import Shown
from bot.channels.teams.calls import TeamsAwayError, TeamsRefusedError
from bot.channels.teams.connector import Connector
from bot.channels.teams.conversations import Conversation, PlaceGoneError, quietly
from bot.channels.teams.ids import message_id
from bot.channels.teams.origin import Kind, Origin, Where, read_origin
from bot.channels.teams.places import Place, place_of
from bot.channels.teams.render.answer import answer_messages, streamed
from bot.channels.teams.render.help import help_messages
from bot.channels.teams.render.message import Message
from bot.channels.teams.render.reply import render_reply
from bot.channels.teams.render.review import review_messages
from bot.channels.teams.render.small import announcement, cannot_write_to_you, placed_elsewhere
from bot.channels.teams.render.suggestions import suggested
from bot.channels.teams.render.versions import versions_messages
from bot.channels.teams.shown import AnswersShown, Rated, shown_of
from bot.channels.teams.stream import Stream
from bot.channels.words import failure
from bot.core.admin_commands import ActivateVersion, RollBack
from bot.core.commands import parse
from bot.core.messages import Incoming
from bot.core.open_reviews import OpenReviews
from bot.core.pending_moves import PendingMoves
from bot.core.ports import Library
from bot.core.prompts import Moved, Proposed
from bot.core.replies import Answer, Delta, Event, Failed, Help, Refused, Reply, Review, Status
from bot.core.state import Records
from bot.core.worker import PlatformAwayError

LAST = 1_000
"""A part behind all others."""
MAX_ROUNDS = 5
"""How often a review that was just sent is shown anew when decisions come meanwhile."""
_TYPING = {"type": "typing"}

_log = logging.getLogger(__name__)


class TeamsDelivery:
    """The worker's end of Teams' messages; a `bot.core.worker.Delivery`. Announcements go by `service_url`."""

    def __init__(
        self,
        connector: Connector,
        *,
        records: Records,
        reviews: OpenReviews,
        moves: PendingMoves,
        answers: AnswersShown,
        library: Library,
        announces_as: Place,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._connector = connector
        self._records = records
        self._reviews = reviews
        self._moves = moves
        self._answers = answers
        self._library = library
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
            raise PlatformAwayError(f"nothing can be said in the conversation ({gone})") from None
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
        try:
            place = await self._place(origin)
        except PlaceGoneError:
            await self._conversation(place_of(origin), shown).show(0, cannot_write_to_you())
            return
        there = self._conversation(place, shown)
        stream = self._stream(place, shown) if origin.kind == Kind.PERSONAL or origin.where is Where.DIRECT else None
        reply = await self._watched(events, place, stream)
        is_elsewhere = origin.where is Where.DIRECT and origin.conversation not in ("", place.conversation)
        try:
            await self._show(reply, message, origin, there, stream, shown)
        except PlaceGoneError:
            if not is_elsewhere:
                raise
            # The chat is there, but its person does not let the coach write in it.
            await self._conversation(place_of(origin), shown).show(0, cannot_write_to_you())
            return
        if is_elsewhere:
            try:
                await self._conversation(place_of(origin), shown).show(0, placed_elsewhere())
            except PlaceGoneError as gone:  # the reply is there all the same
                _log.info("nobody is told where their reply is: %s", gone)

    async def _place(self, origin: Origin) -> Place:
        """Where the reply goes.

        Raises:
            PlaceGoneError: the person cannot be written to alone.
        """
        if origin.where is Where.ANNOUNCED:
            return Place(
                service_url=self._announces_as.service_url,
                tenant=self._announces_as.tenant,
                conversation=origin.conversation,
                user="",
                bot=self._announces_as.bot,
            )
        place = place_of(origin)
        if origin.where is Where.HERE or origin.kind == Kind.PERSONAL:
            return place
        try:
            chat = await self._connector.open_chat(place)
        except TeamsRefusedError as error:
            if error.retry_after is not None:
                raise
            raise PlaceGoneError(error.code) from None
        return Place(place.service_url, place.tenant, chat, place.user, place.bot)

    def _conversation(self, place: Place, shown: Shown) -> Conversation:
        return Conversation(self._connector, place, shown)

    def _stream(self, place: Place, shown: Shown) -> Stream:
        async def started(id_: str) -> None:
            await shown.note(place.conversation, 0, id_)

        known = shown.shows(place.conversation, 0)
        return Stream(self._connector, place, clock=self._clock, started=started, id_=known)

    async def _watched(self, events: AsyncIterator[Event], place: Place, stream: Stream | None) -> Reply:
        """Shows signs of life until the reply is there."""
        reply: Reply | None = None
        text = ""
        is_typing = False
        async for event in events:
            match event:
                case Status(text=doing) if stream is not None and not text:
                    await stream.status(doing)
                case Status() if stream is None and not is_typing:
                    is_typing = True
                    await quietly(self._connector, place, _TYPING)
                case Delta(text=piece) if stream is not None:
                    text += piece
                    await stream.grow(streamed(text))
                case Status() | Delta():
                    pass
                case _:
                    reply = event
        if reply is None:
            raise RuntimeError("the coach ended without a reply")
        return reply

    async def _show(
        self,
        reply: Reply,
        message: Incoming,
        origin: Origin,
        there: Conversation,
        stream: Stream | None,
        shown: Shown,
    ) -> None:
        if stream is not None and not stream.is_there and not isinstance(reply, Answer | Review):
            stream = None  # a short reply of which nothing was streamed need not be
        match reply:
            case Review():
                await self._show_review(reply, message, there, stream)
            case Answer():
                for id_ in await self._show_parts(answer_messages(reply), there, stream):
                    key = message_id(there.place.tenant, there.place.conversation, id_)
                    await self._answers.keep(key, Rated(message.thread, message.id), person=message.person)
            case Proposed():
                await self._show_parts(versions_messages(reply, await self._pending(reply, message)), there, stream)
            case Moved() if origin.where is Where.ANNOUNCED:
                await self._show_parts((announcement(reply),), there, stream)
            case Help() if origin.kind == Kind.PERSONAL:
                begin_with = suggested(await self._library.current())
                await self._show_parts(help_messages(reply, begin_with), there, stream)
            case Failed() if shown.shows(there.place.conversation, 1):
                # A reply of several messages is there in part: that the coach failed in the end comes after it.
                await there.show(LAST, render_reply(reply)[0])
            case _:
                await self._show_parts(render_reply(reply), there, stream)

    async def _show_parts(self, parts: tuple[Message, ...], there: Conversation, stream: Stream | None) -> list[str]:
        """Shows the parts, the first one as what the stream comes to, and gives the ids of the messages."""
        return [
            await (there.complete(stream, part) if stream is not None and not number else there.show(number, part))
            for number, part in enumerate(parts)
        ]

    async def _show_review(self, review: Review, message: Incoming, there: Conversation, stream: Stream | None) -> None:
        opened = await self._reviews.keep(review, message.id, person=message.person)
        shown = await asyncio.to_thread(review_messages, opened, message.id)
        await self._show_parts(shown, there, stream)
        for _ in range(MAX_ROUNDS):  # what was decided on the first messages while the last were on their way
            now = await self._reviews.find(message.id)
            if now is None or now == opened:
                break
            opened, before = now, shown
            shown = await asyncio.to_thread(review_messages, now, message.id)
            for number, (old, new) in enumerate(zip(before, shown, strict=True)):
                if new != old:
                    await there.show(number, new)

    async def _pending(self, proposed: Proposed, message: Incoming) -> str | None:
        """Keeps what was proposed for the click that confirms it."""
        command = parse(message.text)
        if not isinstance(command, ActivateVersion | RollBack):
            return None
        return await self._moves.keep(command, proposed, id_=message.id, person=message.person)
