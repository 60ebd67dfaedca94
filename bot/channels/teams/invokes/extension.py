"""The action "Review phrasing", on a message and in the compose box: a dialog that shows the review."""

import asyncio

from bot.channels.teams.fields import Json
from bot.channels.teams.ids import CHANNEL, request_id
from bot.channels.teams.invokes.answers import Body
from bot.channels.teams.invokes.pressed import Pressed
from bot.channels.teams.invokes.reviews import decided_by
from bot.channels.teams.origin import Origin, Where
from bot.channels.teams.parts import Parts
from bot.channels.teams.render.dialog import (
    TITLE,
    dialog,
    form_card,
    inserted,
    result_card,
    review_card,
    told_card,
    waiting_card,
)
from bot.channels.teams.shared_message import shared_payload
from bot.core.choices import Choice, OpenReview
from bot.core.messages import Incoming, Meant
from bot.core.open_reviews import CLOSED
from bot.core.replies import Refused

WAIT_SECONDS = 3.5
"""How long a dialog waits for its review: Teams gives up after five seconds."""
LOOK_SECONDS = 0.05

_CHOICES = {"use": Choice.USE, "keep": Choice.KEEP, "unmeant": Choice.NOT_MEANT}


async def fetch(parts: Parts, pressed: Pressed, activity: Json) -> Body:
    """Opens the dialog: with the review of the message it was opened on, else with a form to paste a draft into."""
    text = shared_payload(activity)
    if not text.strip():
        return dialog(TITLE, form_card(""))
    return await _reviewed(parts, pressed, text)


async def submit(parts: Parts, pressed: Pressed) -> Body:
    """Goes on with what was pressed in the dialog."""
    match pressed.text("act"):
        case "review":
            text = pressed.text("draft")
            return await _reviewed(parts, pressed, text) if text.strip() else dialog(TITLE, form_card(""))
        case "show":
            return await _waited(parts, pressed, pressed.text("review"))
        case "insert":
            opened = await _own(parts, pressed)
            return inserted(result_card(opened)) if opened else told(CLOSED.reason)
        case act if act in _CHOICES:
            return await _decided(parts, pressed, _CHOICES[act])
        case _:
            return dialog(TITLE, form_card(""))


async def _reviewed(parts: Parts, pressed: Pressed, text: str) -> Body:
    """Has a draft reviewed as any other message, and waits for it."""
    id_ = request_id(pressed.place.tenant, "dialog", f"{pressed.place.conversation}/{pressed.id}")
    origin = Origin(where=Where.DIALOG, tenant=pressed.place.tenant, user=pressed.place.user)
    message = Incoming(
        id=id_,
        person=pressed.person,
        thread=id_,
        text=text,
        channel=CHANNEL,
        meant=Meant.DRAFT,
        origin=origin.text(),
    )
    await parts.put(message)
    return await _waited(parts, pressed, id_)


async def _waited(parts: Parts, pressed: Pressed, id_: str) -> Body:
    """Waits a moment for a review; the dialog asks again after that."""
    until = parts.clock() + WAIT_SECONDS
    while True:
        if (opened := await parts.reviews.find(id_)) is not None:
            return _shown(opened, id_, pressed)
        outcome = await parts.inbox.outcome(id_)
        if outcome is None:
            return told(CLOSED.reason)
        if outcome.ended and await parts.reviews.find(id_) is None:
            return told(outcome.reply or CLOSED.reason)
        if parts.clock() >= until:
            return dialog(TITLE, waiting_card(id_))
        await asyncio.sleep(LOOK_SECONDS)


async def _decided(parts: Parts, pressed: Pressed, choice: Choice) -> Body:
    id_, place = pressed.text("review"), pressed.number("place")
    decided = await decided_by(parts, pressed, choice, id_, -1 if place is None else place)
    return told(decided.reason) if isinstance(decided, Refused) else _shown(decided, id_, pressed)


async def _own(parts: Parts, pressed: Pressed) -> OpenReview | None:
    opened = await parts.reviews.find(pressed.text("review"))
    return opened if opened is not None and opened.person == pressed.person else None


def _shown(opened: OpenReview, id_: str, pressed: Pressed) -> Body:
    if opened.person != pressed.person:
        return told(CLOSED.reason)
    return dialog(TITLE, review_card(opened, id_, can_insert=True))


def told(text: str) -> Body:
    """A dialog that says something and goes no further."""
    return dialog(TITLE, told_card(text))
