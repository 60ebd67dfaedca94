"""What each reply comes to in a conversation of Teams."""

import asyncio

from bot.channels.teams.conversations import Conversation
from bot.channels.teams.ids import message_id
from bot.channels.teams.origin import Kind, Origin, Where
from bot.channels.teams.render.answer import answer_messages
from bot.channels.teams.render.help import help_messages
from bot.channels.teams.render.message import Message
from bot.channels.teams.render.reply import render_reply
from bot.channels.teams.render.review import review_messages
from bot.channels.teams.render.small import announcement
from bot.channels.teams.render.suggestions import suggested
from bot.channels.teams.render.versions import versions_messages
from bot.channels.teams.shown import AnswersShown, Rated
from bot.core.admin_commands import ActivateVersion, RollBack
from bot.core.commands import parse
from bot.core.messages import Incoming
from bot.core.open_reviews import OpenReviews
from bot.core.pending_moves import PendingMoves
from bot.core.ports import Library
from bot.core.prompts import Moved, Proposed
from bot.core.replies import Answer, Help, Reply, Review

MAX_ROUNDS = 5
"""How often a review that was just sent is shown anew when decisions come meanwhile."""


class Showing:
    """Shows replies, and keeps what later presses of their buttons need."""

    def __init__(self, *, reviews: OpenReviews, moves: PendingMoves, answers: AnswersShown, library: Library) -> None:
        self._reviews = reviews
        self._moves = moves
        self._answers = answers
        self._library = library

    async def show(self, reply: Reply, message: Incoming, origin: Origin, there: Conversation) -> None:
        """Shows the reply to a message; shown once more, it stands where it stood.

        Raises:
            PlaceGoneError: nothing can be shown there.
            TeamsRefusedError, TeamsAwayError: it could not be shown now.
        """
        match reply:
            case Review():
                await self._show_review(reply, message, there)
            case Answer():
                for id_ in await _show_parts(answer_messages(reply), there):
                    key = message_id(there.place.tenant, there.place.conversation, id_)
                    await self._answers.keep(key, Rated(message.thread, message.id), person=message.person)
            case Proposed():
                await _show_parts(versions_messages(reply, await self._pending(reply, message)), there)
            case Moved() if origin.where is Where.ANNOUNCED:
                await _show_parts((announcement(reply),), there)
            case Help(about="") if origin.kind == Kind.PERSONAL:
                await _show_parts(help_messages(reply, suggested(await self._library.current())), there)
            case _:
                await _show_parts(render_reply(reply), there)

    async def _show_review(self, review: Review, message: Incoming, there: Conversation) -> None:
        opened = await self._reviews.keep(review, message.id, person=message.person)
        shown = await asyncio.to_thread(review_messages, opened, message.id)
        await _show_parts(shown, there)
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
        """Keeps what was proposed for the press that confirms it."""
        command = parse(message.text)
        if not isinstance(command, ActivateVersion | RollBack):
            return None
        return await self._moves.keep(command, proposed, id_=message.id, person=message.person)


async def _show_parts(parts: tuple[Message, ...], there: Conversation) -> list[str]:
    """Shows the parts in their order and gives the ids of their messages."""
    return [await there.show(number, part) for number, part in enumerate(parts)]
