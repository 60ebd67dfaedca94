"""Brings replies to Slack: a status at once, the answer as it grows, each reply once whatever breaks in between."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable

from bot.channels.shown import Shown
from bot.channels.slack.api import SlackApi, SlackAwayError, SlackRefusedError
from bot.channels.slack.destinations import Aside, Conversation, Destination, PlaceGoneError, quietly, say_status
from bot.channels.slack.origin import Origin, Where, is_open, read_origin
from bot.channels.slack.render.answer import answer_blocks, answer_messages
from bot.channels.slack.render.escape import is_plain
from bot.channels.slack.render.reply import render_reply
from bot.channels.slack.render.review import ReviewMessages, review_messages
from bot.channels.slack.render.small import in_direct_messages
from bot.channels.slack.render.versions import announcement, versions_messages
from bot.channels.slack.render.views import told
from bot.channels.slack.review_files import ReviewFiles
from bot.channels.slack.shown import Target, metadata, shown_of
from bot.channels.slack.sources import Sources
from bot.channels.slack.stream import Stream
from bot.channels.slack.workspace import Workspace
from bot.core.admin_commands import ActivateVersion, RollBack
from bot.core.choices import OpenReview
from bot.core.commands import parse
from bot.core.messages import Incoming
from bot.core.open_reviews import OpenReviews
from bot.core.pending_moves import PendingMoves
from bot.core.prompts import Moved, Proposed
from bot.core.replies import Answer, Delta, Event, Failed, Reply, Review, Status
from bot.core.state import Records
from bot.core.worker import PlatformAwayError

LAST = 1_000
"""A part behind all others."""
MAX_ROUNDS = 5
"""How often a review that was just posted is shown anew when decisions come meanwhile."""


class SlackDelivery:
    """The worker's end of Slack's messages; a `bot.core.worker.Delivery`."""

    def __init__(
        self,
        api: SlackApi,
        workspace: Callable[[], Workspace],
        *,
        records: Records,
        reviews: OpenReviews,
        moves: PendingMoves,
        sources: Sources,
        files: ReviewFiles,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._api = api
        self._workspace = workspace
        self._records = records
        self._reviews = reviews
        self._moves = moves
        self._sources = sources
        self._files = files
        self._clock = clock

    async def deliver(self, message: Incoming, events: AsyncIterator[Event]) -> None:
        """Shows the reply where the message belongs; nothing is kept as its outcome, Slack has it."""
        try:
            await self._deliver(message, read_origin(message.origin), events)
        except SlackAwayError as error:
            raise PlatformAwayError(str(error)) from None
        except SlackRefusedError as error:
            if error.retry_after is None:
                raise
            raise PlatformAwayError(str(error), again_in=error.retry_after) from None

    async def _deliver(self, message: Incoming, origin: Origin, events: AsyncIterator[Event]) -> None:
        shown = shown_of(self._records, message.id, message.person)
        await shown.begin()
        self._workspace()
        if shown.is_again:  # while Slack is away, nothing is composed that cannot be shown
            await self._api.workspace(patience=0)
        reply, stream = await self._watched(events, origin, shown)
        if origin.quiet and not (isinstance(reply, Answer) and reply.covered):
            return
        if stream is not None and isinstance(reply, Answer) and await self._ended(stream, reply, message):
            return
        try:
            await self._show(reply, message, origin, await self._destination(origin, message, shown), shown)
        except PlaceGoneError as gone:
            if origin.where is Where.ANNOUNCED:
                raise PlatformAwayError(f"nothing can be said in {origin.channel} ({gone}): invite the coach") from None
            await self._show(reply, message, origin, await self._direct(origin, message, shown), shown)
        if origin.view:
            view = told("Done", "It is in your direct messages with the coach.")
            await quietly(self._api, "views.update", {"external_id": origin.view, "view": view})

    async def ended(self, message: Incoming) -> None:
        """Nobody in this process waits for it."""

    async def _watched(self, events: AsyncIterator[Event], origin: Origin, shown: Shown) -> tuple[Reply, Stream | None]:
        """Shows signs of life until the reply is there."""
        stream: Stream | None = None
        reply: Reply | None = None
        is_seen = is_open(origin)
        async for event in events:
            match event:
                case Status(text=text):
                    if is_seen:
                        await say_status(self._api, origin, text)
                case Delta(text=text):
                    if is_seen and not shown.is_again:
                        stream = stream or self._stream(origin, shown)
                        await stream.append(text)
                case _:
                    reply = event
        if reply is None:
            raise RuntimeError("the coach ended without a reply")
        return reply, stream

    def _stream(self, origin: Origin, shown: Shown) -> Stream:
        return Stream(
            self._api,
            Target(origin.channel, origin.thread),
            team=origin.team,
            user=origin.user,
            clock=self._clock,
            started=lambda ts: shown.note(origin.channel, 0, ts),
        )

    async def _ended(self, stream: Stream, answer: Answer, message: Incoming) -> bool:
        """Completes the streamed message.

        Streamed text is Markdown to Slack. One that may come out other than it is written is then put as it looks
        where nothing is streamed, if Slack lets it.
        """
        sources = await self._sources.keep(answer, message)
        known = metadata(message.id, 0)
        blocks = answer_blocks(answer, sources=sources, thread=message.thread)
        if not await stream.end(answer.text, blocks, known):
            return False
        first, *more = answer_messages(answer, sources=sources, thread=message.thread)
        if not is_plain(answer.text) and not more:
            shown = {"text": first.text, "blocks": list(first.blocks), "metadata": known}
            await quietly(self._api, "chat.update", {**stream.place, **shown})
        return True

    async def _show(
        self, reply: Reply, message: Incoming, origin: Origin, destination: Destination, shown: Shown
    ) -> None:
        match reply:
            case Review():
                await self._show_review(reply, message, origin, destination, shown)
                return
            case Answer():
                sources = await self._sources.keep(reply, message)
                parts = answer_messages(reply, sources=sources, thread=message.thread)
            case Proposed():
                parts = versions_messages(reply, await self._pending(reply, message))
            case Moved() if origin.where is Where.ANNOUNCED:
                parts = (announcement(reply),)
            case _:
                parts = render_reply(reply)
        # What the asker alone has seen stays there: that the coach failed in the end comes after it.
        first = LAST if isinstance(reply, Failed) and (isinstance(destination, Aside) or shown.is_seen(0)) else 0
        for number, part in enumerate(parts, first):
            await destination.show(number, part)

    async def _show_review(
        self, review: Review, message: Incoming, origin: Origin, destination: Destination, shown: Shown
    ) -> None:
        """A review is its writer's alone: asked for elsewhere, it comes as a direct message."""
        opened = await self._reviews.keep(review, message.id, person=message.person)
        place = destination if isinstance(destination, Conversation) and destination.is_direct else None
        place = place or await self._direct(origin, message, shown)
        rendered = await asyncio.to_thread(review_messages, opened, message.id)
        for number, part in enumerate(rendered.messages):
            await place.show(number, part)
        rendered = await self._catch_up(message.id, opened, rendered, place)
        for number, (name, text) in enumerate(rendered.files, len(rendered.messages) + 1):
            if not shown.is_seen(number):
                await self._files.send(name, text, place.target)
                await shown.note_seen(number)
        if isinstance(destination, Aside):
            await destination.show(len(rendered.messages), in_direct_messages())

    async def _catch_up(
        self, id_: str, shown: OpenReview, rendered: ReviewMessages, place: Conversation
    ) -> ReviewMessages:
        """Shows what was decided on the first messages while the last ones were on their way."""
        for _ in range(MAX_ROUNDS):
            now = await self._reviews.find(id_)
            if now is None or now == shown:
                break
            shown, before = now, rendered
            rendered = await asyncio.to_thread(review_messages, now, id_)
            for number, (old, new) in enumerate(zip(before.messages, rendered.messages, strict=True)):
                if new != old:
                    await place.show(number, new)
        return rendered

    async def _pending(self, proposed: Proposed, message: Incoming) -> str | None:
        """Keeps what was proposed for the click that confirms it."""
        command = parse(message.text)
        if not isinstance(command, ActivateVersion | RollBack):
            return None
        return await self._moves.keep(command, proposed, id_=message.id, person=message.person)

    async def _destination(self, origin: Origin, message: Incoming, shown: Shown) -> Destination:
        match origin.where:
            case Where.ASIDE | Where.COMMAND:
                return Aside(self._api, origin, shown)
            case Where.DIRECT:
                return await self._direct(origin, message, shown)
            case Where.THREAD | Where.ANNOUNCED:
                return self._conversation(Target(origin.channel, origin.thread), message, shown, after=origin.ts)

    async def _direct(self, origin: Origin, message: Incoming, shown: Shown) -> Conversation:
        """The person's direct messages with the coach."""
        opened = await self._api.call("conversations.open", {"users": origin.user}, again=True)
        return self._conversation(Target(str(opened["channel"]["id"])), message, shown, after="")

    def _conversation(self, target: Target, message: Incoming, shown: Shown, *, after: str) -> Conversation:
        bot_user = self._workspace().bot_user
        return Conversation(self._api, target, shown, message=message.id, after=after, bot_user=bot_user)
