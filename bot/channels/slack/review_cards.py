"""The messages of a review, brought up to date after each decision."""

import asyncio

from bot.channels.slack.clicking import Click
from bot.channels.slack.ids import user_of
from bot.channels.slack.parts import Parts
from bot.channels.slack.render.escape import mrkdwn
from bot.channels.slack.render.message import Message
from bot.channels.slack.render.review import DRAFT_FILE, messages_about
from bot.channels.slack.shown import Target, metadata, shown_of
from bot.core.choices import OpenReview
from bot.core.open_reviews import CLOSED

MAX_ROUNDS = 5
"""How often the messages are shown anew when decisions come meanwhile."""
NOT_SHOWN = "Your choice is noted, but this review is too old to show it: send the draft once more for a new one."


class ReviewCards:
    """Shows what stands of a review."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def refresh(self, id_: str, place: int, person: str, channel: str, thread: str = "") -> None:
        """Shows what is decided about one place, in the review's own messages.

        Where nobody knows any more which these are, `person` is told so in the thread, or the channel, of the click.
        """
        where = Target(channel, thread)
        self._parts.chores.start("a review could not be shown as decided", self._refresh(id_, place, person, where))

    def send_draft(self, click: Click) -> None:
        """Sends the rewritten draft, as decided by now, as a file."""
        self._parts.chores.start("a draft could not be sent", self._send(click))

    async def _refresh(self, id_: str, place: int, person: str, where: Target) -> None:
        showing: OpenReview | None = None
        for _ in range(MAX_ROUNDS):
            opened = await self._parts.reviews.find(id_)
            if opened is None or opened == showing:
                return
            # Two clicks at once show it at once: whoever is last to show sees whether there is something newer.
            showing = opened
            shown = shown_of(self._parts.records, id_, person)
            await shown.load()
            if not shown.is_again:
                await self._tell(person, where, NOT_SHOWN)
                return
            await shown.touch()
            for number, message in await asyncio.to_thread(_about, opened, id_, place):
                if (ts := shown.shows(where.channel, number)) is None:
                    continue
                arguments = {
                    "channel": where.channel,
                    "ts": ts,
                    "text": message.text,
                    "blocks": list(message.blocks),
                    "metadata": metadata(id_, number),
                }
                await self._parts.api.call("chat.update", arguments, again=True)

    async def _send(self, click: Click) -> None:
        opened = await self._parts.reviews.find(click.value)
        if opened is None or opened.person != click.person:
            click.tell(self._parts, CLOSED.reason)
            return
        await self._parts.files.send(DRAFT_FILE, opened.rewritten, Target(click.channel, click.thread))

    async def _tell(self, person: str, where: Target, text: str) -> None:
        arguments = {"channel": where.channel, "user": user_of(person), "text": mrkdwn(text)}
        if where.thread:
            arguments["thread_ts"] = where.thread
        await self._parts.api.call("chat.postEphemeral", arguments, again=True)


def _about(opened: OpenReview, id_: str, place: int) -> list[tuple[int, Message]]:
    """Renders them all: off the event loop, as there may be many."""
    return list(messages_about(opened, id_, place))
