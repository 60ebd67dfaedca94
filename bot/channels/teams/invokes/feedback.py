"""What people think of an answer, by the thumbs that Teams puts below it."""

import json

from bot.channels.teams.fields import Json, object_at, text_at
from bot.channels.teams.ids import message_id
from bot.channels.teams.invokes.answers import NOTHING, Body
from bot.channels.teams.invokes.pressed import Pressed
from bot.channels.teams.parts import Parts
from bot.core.messages import Reaction
from bot.core.replies import Refused

_REACTIONS: dict[str, Reaction] = {"like": "up", "dislike": "down"}


async def rate(parts: Parts, pressed: Pressed, activity: Json) -> Body:
    """Notes a reaction and what was written to it; Teams has nowhere to show an objection."""
    given = object_at(activity, "value", "actionValue")
    reaction = _REACTIONS.get(text_at(given, "reaction"))
    rated = await parts.answers.find(message_id(pressed.place.tenant, pressed.place.conversation, pressed.message))
    if reaction is None or rated is None:
        return NOTHING
    noted = await parts.coach.react(rated.thread, rated.question, person=pressed.person, reaction=reaction)
    if not isinstance(noted, Refused) and (text := _written(given.get("feedback"))):
        await parts.comments.add(reaction, text)
    return NOTHING


def _written(feedback: object) -> str:
    """The words of `{"feedbackText": …}`, which comes as JSON in a text."""
    try:
        body = json.loads(feedback) if isinstance(feedback, str) else feedback
    except ValueError:
        return ""
    text = body.get("feedbackText") if isinstance(body, dict) else None
    return text.strip() if isinstance(text, str) else ""
