"""The action "Review phrasing", on a message and in the compose box: a dialog that shows the review."""

import asyncio
import hashlib

from bot.channels.teams.fields import Json
from bot.channels.teams.ids import CHANNEL, request_id
from bot.channels.teams.invokes.answers import Body
from bot.channels.teams.invokes.pressed import Pressed
from bot.channels.teams.invokes.reviews import decided_by
from bot.channels.teams.origin import Origin, Where
from bot.channels.teams.parts import Parts
from bot.channels.teams.render.dialog import (
    PASTE_FIRST,
    TITLE,
    TOO_LONG,
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
SOON_SECONDS, LOOK_SECONDS = 0.1, 0.25
"""Between the first look and the second, and between all others."""

_DIGITS = 32
_CHOICES = {"use": Choice.USE, "keep": Choice.KEEP, "unmeant": Choice.NOT_MEANT}


async def fetch(parts: Parts, pressed: Pressed, activity: Json) -> Body:
    """Opens the dialog: with the review of the message it was opened on, else with a form to paste a draft into."""
    text = shared_payload(activity)
    if not text.strip():
        return dialog(TITLE, form_card())
    return await _reviewed(parts, pressed, text)


async def submit(parts: Parts, pressed: Pressed) -> Body:
    """Goes on with what was pressed in the dialog."""
    act, id_ = pressed.text("act"), pressed.text("review")
    if act == "review":
        text = pressed.text("draft")
        return await _reviewed(parts, pressed, text) if text.strip() else dialog(TITLE, form_card(PASTE_FIRST))
    if act not in ("show", "insert", *_CHOICES):
        return dialog(TITLE, form_card())
    if not _is_own(pressed, id_):  # whatever it is, nothing of it is looked up
        return told(CLOSED.reason)
    match act:
        case "show":
            return await _waited(parts, id_)
        case "insert":
            return await _inserted(parts, id_)
        case _:
            return await _decided(parts, pressed, _CHOICES[act], id_)


def _dialog_id(pressed: Pressed, request: str) -> str:
    """The message of a person's dialog: whose it is stands in it, so that nobody else can ask for its outcome.

    Ids outlive `forget me`: the person stands there as a digest, which is another for every request.
    """
    whose = hashlib.sha256(f"{pressed.person}|{request}".encode()).hexdigest()[:_DIGITS]
    return request_id(pressed.place.tenant, "dialog", f"{request}/{whose}")


def _is_own(pressed: Pressed, id_: str) -> bool:
    """Whether an id is of a dialog that this person opened."""
    request, _, _ = id_.removeprefix(request_id(pressed.place.tenant, "dialog", "")).rpartition("/")
    return id_ == _dialog_id(pressed, request)


async def _reviewed(parts: Parts, pressed: Pressed, text: str) -> Body:
    """Has a draft reviewed as any other message, and waits for it."""
    id_ = _dialog_id(pressed, f"{pressed.place.conversation}/{pressed.id}")
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
    return await _waited(parts, id_)


async def _waited(parts: Parts, id_: str) -> Body:
    """Waits a moment for a review; the dialog asks again after that."""
    until, pause = parts.clock() + WAIT_SECONDS, SOON_SECONDS
    while True:
        if (opened := await parts.reviews.find(id_)) is not None:
            return _shown(opened, id_)
        outcome = await parts.inbox.outcome(id_)
        if outcome is None:
            return told(CLOSED.reason)
        if outcome.ended and await parts.reviews.find(id_) is None:
            return told(outcome.reply or CLOSED.reason)
        if parts.clock() >= until:
            return dialog(TITLE, waiting_card(id_))
        await asyncio.sleep(pause)
        pause = LOOK_SECONDS


async def _decided(parts: Parts, pressed: Pressed, choice: Choice, id_: str) -> Body:
    place = pressed.number("place")
    decided = await decided_by(parts, pressed, choice, id_, -1 if place is None else place)
    return told(decided.reason) if isinstance(decided, Refused) else _shown(decided, id_)


async def _inserted(parts: Parts, id_: str) -> Body:
    """Puts the draft as decided into the message; one that has grown too long meanwhile stays here."""
    opened = await parts.reviews.find(id_)
    if opened is None:
        return told(CLOSED.reason)
    made = result_card(opened)
    return inserted(made) if made else told(TOO_LONG)


def _shown(opened: OpenReview, id_: str) -> Body:
    return dialog(TITLE, review_card(opened, id_))


def told(text: str) -> Body:
    """A dialog that says something and goes no further."""
    return dialog(TITLE, told_card(text))
