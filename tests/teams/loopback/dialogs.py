"""The message extension: a dialog that opens on a message or beside the compose box, and what it leaves there."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from tests.teams.loopback import cards
from tests.teams.loopback.activities import Activities, html_of
from tests.teams.loopback.card_rules import faults as card_faults
from tests.teams.loopback.deliveries import Delivered, Deliveries
from tests.teams.loopback.posting import ADAPTIVE
from tests.teams.loopback.state import State
from tests.teams.loopback.waiting import UNREACHABLE, WRONG
from tests.teams.loopback.workspace import BOT, BOT_NAME, COMMAND, Json, Message, oid

_SIZES = ("small", "medium", "large")


@dataclass(frozen=True, slots=True)
class Dialog:
    """A dialog before a person, and the message that it was opened on."""

    user: str
    conversation: str
    title: str
    card: Json
    message: str | None = None

    @property
    def plain(self) -> str:
        """All that it says."""
        return "\n".join(filter(None, [self.title, cards.text(self.card)]))

    @property
    def buttons(self) -> list[Json]:
        """Everything that can be pressed and sends something."""
        return [each.action for each in cards.buttons(self.card)]


class Dialogs:
    """The members with the extension: one dialog, one compose box each."""

    def __init__(self, state: State, deliveries: Deliveries) -> None:
        self._state = state
        self._deliveries = deliveries
        self._activities = Activities(state)
        self.open: dict[str, Dialog] = {}
        self.composed: dict[str, Json] = {}
        self.told: list[str] = []

    async def extension(self, user: str, conversation: str, *, message: str | None = None) -> Delivered:
        """A person picks the app's action in a message's menu, or without a message beside the compose box."""
        there = self._state.workspace.conversation(conversation)
        if there is None or user not in there.members:
            raise LookupError(f"{user} is not in {conversation}")
        return await self._ask(user, conversation, message, "composeExtension/fetchTask", {})

    async def submit(
        self,
        user: str,
        title_or_data: str | Mapping[str, object],
        inputs: Mapping[str, str] | None = None,
    ) -> Delivered:
        """A person presses a button of their dialog, named by its title or by what its data has to hold."""
        dialog = self.of(user)
        title, data = (title_or_data, {}) if isinstance(title_or_data, str) else ("", title_or_data)
        _, button = cards.find([dialog.card], title, data)
        value = {"data": button.data(inputs)}
        return await self._ask(user, dialog.conversation, dialog.message, "composeExtension/submitAction", value)

    def of(self, user: str) -> Dialog:
        """The dialog that a person has open.

        Raises:
            LookupError: none is.
        """
        if user not in self.open:
            raise LookupError(f"{user} has no dialog open")
        return self.open[user]

    def close(self, user: str) -> None:
        """A person closes their dialog, which nobody is told of."""
        self.open.pop(user, None)

    async def _ask(self, user: str, conversation: str, message: str | None, name: str, more: Json) -> Delivered:
        value: Json = {
            "commandId": COMMAND,
            "commandContext": "compose" if message is None else "message",
            "requestId": uuid.uuid4().hex,
            "context": {"theme": "default"},
            **more,
        }
        if message is not None:
            value["messagePayload"] = self._payload(self._state.workspace.messages[message])
        invoke = self._activities.invoke(user, conversation, name, value)
        delivered = await self._deliveries.once(invoke, self._state.settings.invoke_seconds)
        if delivered.status != 200:
            self._state.fail(user, conversation, name, UNREACHABLE)
            return delivered
        wrong = self._follow(user, conversation, message, delivered.body)
        if wrong:
            self._state.fail(user, conversation, name, f"{WRONG} ({wrong})")
        return delivered

    def _follow(self, user: str, conversation: str, message: str | None, body: object) -> str:
        """Does what the app answered; gives what is wrong with it."""
        if body in (None, "", {}):
            self.close(user)
            self._state.change()
            return ""
        if not isinstance(body, dict):
            return "the answer is no object"
        task, result = body.get("task"), body.get("composeExtension")
        if isinstance(task, dict) and task.get("type") == "continue":
            return self._show(user, conversation, message, task.get("value"))
        if isinstance(task, dict) and task.get("type") == "message" and isinstance(task.get("value"), str):
            self.told.append(task["value"])
            self.close(user)
            self._state.change()
            return ""
        if isinstance(result, dict):
            return self._insert(user, result)
        return str(body)

    def _show(self, user: str, conversation: str, message: str | None, value: object) -> str:
        if not isinstance(value, dict):
            return "the dialog is no object"
        attached = value.get("card") or {}
        if attached.get("contentType") != ADAPTIVE:
            return "the dialog has no card"
        if not value.get("title") or any(not _is_size(value.get(side)) for side in ("height", "width")):
            return "the dialog needs a title, a height and a width"
        found = card_faults(attached.get("content"), "dialog")
        if not found:
            self.open[user] = Dialog(user, conversation, value["title"], attached["content"], message)
            self._state.change()
        return "; ".join(found)

    def _insert(self, user: str, result: Json) -> str:
        attached = result.get("attachments")
        if result.get("type") != "result" or result.get("attachmentLayout") not in ("list", "grid"):
            return "the result needs type and attachmentLayout"
        if not isinstance(attached, list) or len(attached) != 1:
            return "the compose box takes one card"
        if attached[0].get("contentType") != ADAPTIVE or not isinstance(attached[0].get("preview"), dict):
            return "the result needs an Adaptive Card and its preview"
        found = card_faults(attached[0].get("content"), "compose")
        if not found:
            self.composed[user] = attached[0]["content"]
            self.close(user)
            self._state.change()
        return "; ".join(found)

    def _payload(self, message: Message) -> Json:
        """A message as the extension gets it: Graph's form."""
        stamp = datetime.fromtimestamp(message.ts, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        person = {"userIdentityType": "aadUser", "id": oid(message.author), "displayName": message.author}
        app = {"applicationIdentityType": "bot", "id": BOT.removeprefix("28:"), "displayName": BOT_NAME}
        is_bot = message.author == BOT
        return {
            "linkToMessage": f"https://teams.microsoft.com/l/message/{message.conversation}/{message.id}",
            "id": message.id,
            "replyToId": None,
            "createdDateTime": stamp,
            "lastModifiedDateTime": None,
            "deleted": False,
            "subject": None,
            "summary": None,
            "importance": "normal",
            "locale": "en-us",
            "body": {"contentType": "html", "content": html_of(message)},
            "from": {
                "device": None,
                "conversation": None,
                "user": None if is_bot else person,
                "application": app if is_bot else None,
            },
            "reactions": [],
            "mentions": [],
            "attachments": [],
        }


def _is_size(value: object) -> bool:
    return value in _SIZES or (isinstance(value, int) and not isinstance(value, bool) and value > 0)
