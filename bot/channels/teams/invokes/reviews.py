"""Buttons of a review: what is decided is kept, then shown in the card that was pressed and in all that follow it."""

import asyncio
import logging
from collections.abc import Sequence

from bot.channels.teams.calls import TeamsAwayError, TeamsRefusedError
from bot.channels.teams.invokes.answers import Body, card, line
from bot.channels.teams.invokes.pressed import Pressed
from bot.channels.teams.parts import Parts
from bot.channels.teams.render.choices import KEEP, UNMEANT, USE, reason_id, show_id
from bot.channels.teams.render.message import Message, activity, said
from bot.channels.teams.render.review import messages_about, review_messages
from bot.channels.teams.shown import shown_of
from bot.core.choices import Choice, Chosen, OpenReview
from bot.core.open_reviews import CLOSED
from bot.core.replies import Refused

MAX_ROUNDS = 5
"""How often the messages are shown anew when decisions come meanwhile."""
NOT_FOLLOWED = (
    "Your choice is noted, but this review is too old for all of its messages to show it: "
    "send the draft once more for a new one."
)
CHOICES = {USE: Choice.USE, KEEP: Choice.KEEP, UNMEANT: Choice.NOT_MEANT}
"""What the verbs of the buttons decide."""

_log = logging.getLogger(__name__)


async def decide(parts: Parts, pressed: Pressed) -> Body:
    """Takes a decision and gives the card as it is then."""
    id_, place, part = pressed.text("review"), pressed.number("place"), pressed.number("part")
    if place is None or part is None:
        return line(CLOSED.reason)
    decided = await decided_by(parts, pressed, CHOICES[pressed.verb], id_, place)
    if isinstance(decided, Refused):
        return line(decided.reason)
    shown = await asyncio.to_thread(review_messages, decided, id_)
    parts.chores.start("a review could not be shown as decided", _refresh(parts, pressed, id_, place, decided, shown))
    if part >= len(shown) or not shown[part].cards:
        return line(CLOSED.reason)
    return card(shown[part].cards[0])


async def decided_by(parts: Parts, pressed: Pressed, choice: Choice, id_: str, place: int) -> OpenReview | Refused:
    """Notes what the person who pressed a button decides about one replacement."""
    is_kept = choice is Choice.KEEP
    chosen = Chosen(choice, pressed.text(reason_id(place)) if is_kept else "")
    may_show = is_kept and pressed.is_set(show_id(place))
    return await parts.reviews.decide(id_, place, chosen, person=pressed.person, may_show=may_show)


async def _refresh(
    parts: Parts, pressed: Pressed, id_: str, place: int, decided: OpenReview, messages: Sequence[Message]
) -> None:
    """Puts the messages that the decision is about in the place of what is there, for every device to show.

    `messages` are those of the review as `decided`. Who pressed is told where nobody knows any more which are there.
    """
    showing: OpenReview | None = None
    for _ in range(MAX_ROUNDS):
        opened = await parts.reviews.find(id_)
        if opened is None or opened == showing:
            return
        # Two presses at once show it at once: whoever is last to show sees whether there is something newer.
        showing = opened
        shown = shown_of(parts.records, id_, pressed.person)
        await shown.load()
        if not shown.is_again:
            await parts.connector.send(pressed.place, activity(said(NOT_FOLLOWED)[0]))
            return
        await shown.touch()
        rendered = messages if opened == decided else None
        for number, message in await asyncio.to_thread(_about, opened, id_, place, rendered):
            if known := shown.shows(pressed.place.conversation, number):
                await _update(parts, pressed, known, message)


async def _update(parts: Parts, pressed: Pressed, id_: str, message: Message) -> None:
    """Changes a message; one that cannot be changed keeps no other from it."""
    try:
        await parts.updates.put(parts.connector, pressed.place, id_, activity(message))
    except (TeamsRefusedError, TeamsAwayError) as error:
        _log.warning("a message of a review could not be shown as decided: %s", error)


def _about(opened: OpenReview, id_: str, place: int, rendered: Sequence[Message] | None) -> list[tuple[int, Message]]:
    """Renders what is not yet: off the event loop, as there may be many."""
    return list(messages_about(opened, id_, place, rendered or review_messages(opened, id_)))
