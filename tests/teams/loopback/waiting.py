"""What people do that they wait for: press a button of a card, say what they think of an answer."""

import json
from collections.abc import Mapping

from tests.teams.loopback import cards
from tests.teams.loopback.activities import Activities
from tests.teams.loopback.card_rules import faults as card_faults
from tests.teams.loopback.deliveries import Delivered, Deliveries
from tests.teams.loopback.posting import ADAPTIVE
from tests.teams.loopback.seen import cards_for
from tests.teams.loopback.state import State
from tests.teams.loopback.workspace import Json, Message

TOLD = "application/vnd.microsoft.activity.message"
UNREACHABLE = "Unable to reach app. Please try again."
WRONG = "Something went wrong. Please try again."


class Waiting:
    """The members again, whose acts here are answered within seconds or fail before their eyes."""

    def __init__(self, state: State, deliveries: Deliveries) -> None:
        self._state = state
        self._deliveries = deliveries
        self._activities = Activities(state)
        self.told: list[str] = []

    async def press(
        self,
        user: str,
        activity_id: str,
        verb_or_title: str,
        inputs: Mapping[str, str] | None = None,
        data: Mapping[str, object] | None = None,
    ) -> Delivered:
        """A person presses a button in a message's card.

        `inputs` is what they filled in before, `data` what the button's own data has to hold, where several are alike.
        The card that the app answers with takes the pressed one's place before this person.
        """
        message = self._message(user, activity_id)
        shown = cards_for(message, user)
        number, button = cards.find(shown, verb_or_title, data)
        action: Json = {name: button.action[name] for name in ("type", "id", "title", "verb") if name in button.action}
        action["data"] = button.data(inputs)
        return await self.press_raw(user, message, {"action": action, "trigger": "manual"}, number)

    async def press_raw(self, user: str, message: Message, value: Json, number: int = 0) -> Delivered:
        """Sends any `adaptiveCard/action` about the card of this number."""
        there = message.conversation
        invoke = self._activities.invoke(user, there, "adaptiveCard/action", value, reply_to=message.id)
        delivered = await self._deliveries.once(invoke, self._state.settings.invoke_seconds)
        if delivered.status != 200:
            self._state.fail(user, there, "adaptiveCard/action", UNREACHABLE)
            return delivered
        wrong = self._follow(user, message, number, delivered.body)
        if wrong:
            self._state.fail(user, there, "adaptiveCard/action", f"{WRONG} ({wrong})")
        return delivered

    async def react(self, user: str, activity_id: str, reaction: str, text: str = "") -> Delivered:
        """A person says that an answer was good ("like") or not ("dislike"), and why."""
        message = self._message(user, activity_id)
        loop = message.activity.get("channelData") or {}
        if not (loop.get("feedbackLoop") or loop.get("feedbackLoopEnabled")):
            raise LookupError(f"{activity_id} has no feedback buttons")
        given = {"reaction": reaction, "feedback": json.dumps({"feedbackText": text})}
        value = {"actionName": "feedback", "actionValue": given}
        there = message.conversation
        invoke = self._activities.invoke(user, there, "message/submitAction", value, reply_to=message.id)
        delivered = await self._deliveries.once(invoke, self._state.settings.invoke_seconds)
        if delivered.status != 200 or delivered.body != {}:
            self._state.fail(user, there, "message/submitAction", UNREACHABLE)
        return delivered

    async def invoke(
        self,
        user: str,
        conversation: str,
        name: str,
        value: object,
        *,
        reply_to: str | None = None,
        tenant: str | None = None,
    ) -> Delivered:
        """Sends any invoke and gives the answer, whatever it is."""
        invoke = self._activities.invoke(user, conversation, name, value, reply_to=reply_to)
        if tenant is not None:
            invoke["from"]["tenantId"] = tenant
        return await self._deliveries.once(invoke, self._state.settings.invoke_seconds)

    def _follow(self, user: str, message: Message, number: int, body: object) -> str:
        """Does what the app answered; gives what is wrong with it."""
        if not isinstance(body, dict):
            return "the answer is no object"
        status, kind, value = body.get("statusCode"), body.get("type"), body.get("value")
        if kind == ADAPTIVE and status == 200:
            found = card_faults(value)
            if found or not isinstance(value, dict):
                return "; ".join(found)
            shown = list(cards_for(message, user))
            shown[number] = value
            message.cards_of[user] = shown
            self._state.change(message)
            return ""
        if kind == TOLD and status == 200 and isinstance(value, str) and value:
            self.told.append(value)
            self._state.change()
            return ""
        return str(body)

    def _message(self, user: str, activity_id: str) -> Message:
        message = self._state.workspace.messages[activity_id]
        there = self._state.workspace.conversation(message.conversation)
        if message.deleted or there is None or user not in there.members:
            raise LookupError(f"{user} does not see {activity_id}")
        return message
