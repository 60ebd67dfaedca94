"""What people think of an answer, by the thumbs that Teams puts below it."""

import json

from bot.channels.teams.fields import Json, object_at, text_at, whole
from bot.channels.teams.ids import message_id, record_id, request_id
from bot.channels.teams.invokes.answers import NOTHING, Body
from bot.channels.teams.invokes.pressed import Pressed
from bot.channels.teams.parts import Parts
from bot.core.messages import Reaction

AGAIN_SECONDS = 3600.0
"""For how long a request that comes again is known."""

_REACTIONS: dict[str, Reaction] = {"like": "up", "dislike": "down"}


async def rate(parts: Parts, pressed: Pressed, activity: Json) -> Body:
    """Notes a reaction and what was written to it; Teams has nowhere to show an objection.

    In a group everybody sees the thumbs: the asker's is a figure, what is written with anybody's is kept.
    """
    given = object_at(activity, "value", "actionValue")
    reaction = _REACTIONS.get(text_at(given, "reaction"))
    rated = await parts.answers.find(message_id(pressed.place.tenant, pressed.place.conversation, pressed.message))
    if reaction is None or rated is None:
        return NOTHING
    await parts.coach.react(rated.thread, rated.question, person=pressed.person, reaction=reaction)
    if (text := _written(given.get("feedback"))) and await _is_new(parts, pressed):
        await parts.comments.add(reaction, text)
    return NOTHING


async def _is_new(parts: Parts, pressed: Pressed) -> bool:
    """Whether the request came for the first time: Teams sends one again that it heard nothing of."""
    key = record_id("rated", request_id(pressed.place.tenant, "feedback", pressed.id))
    return await parts.records.write(key, "", person=pressed.person, expected=0, lasts=AGAIN_SECONDS)


def _written(feedback: object) -> str:
    """The words of `{"feedbackText": …}`, which comes as JSON in a text."""
    try:
        body = json.loads(feedback) if isinstance(feedback, str) else feedback
    except ValueError:
        return ""
    text = body.get("feedbackText") if isinstance(body, dict) else None
    return whole(text).strip() if isinstance(text, str) else ""
