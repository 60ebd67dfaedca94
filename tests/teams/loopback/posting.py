"""What every message of the app goes through, by whichever way it comes: Teams' rules and its own ids."""

import json

from tests.teams.loopback.card_rules import faults as card_faults
from tests.teams.loopback.entity_rules import faults as entity_faults
from tests.teams.loopback.state import RefusedError, State, Status
from tests.teams.loopback.workspace import BOT, Json, Message

MESSAGE_BYTES_MOST = 100 * 1_024
"""The most of a message, its JSON as UTF-16."""
ADAPTIVE = "application/vnd.microsoft.card.adaptive"
SUGGESTIONS_MOST = 6
_FORMATS = (None, "markdown", "plain", "xml")


def send(state: State, conversation: str, activity: Json) -> tuple[int, Json]:
    """Puts a message before people; in a channel that names no thread it begins one."""
    check(state, conversation, activity)
    there = state.workspace.conversation(conversation)
    id_ = state.workspace.new_id()
    if there is not None and there.kind == "channel" and there.id == conversation:
        conversation = f"{conversation};messageid={id_}"
    message = Message(id_, conversation, BOT, state.workspace.now())
    fill(message, activity)
    state.workspace.write(message)
    state.change(message)
    return 201, {"id": id_}


def update(state: State, conversation: str, id_: str, activity: Json) -> tuple[int, Json]:
    """Changes a message of the app's."""
    message = own(state, conversation, id_)
    stream = message.stream
    if stream is not None and stream.state == "canceled":
        raise RefusedError(403, "ContentStreamNotAllowed", "Content stream was canceled by user.")
    check(state, conversation, activity)
    fill(message, activity)
    if stream is not None:
        stream.state = "completed"
    message.edited = True
    state.change(message)
    return 200, {"id": id_}


def delete(state: State, conversation: str, id_: str) -> tuple[int, Json]:
    """Takes a message of the app's away."""
    message = own(state, conversation, id_)
    message.deleted = True
    state.change(message)
    return 200, {}


def typing(state: State, conversation: str) -> tuple[int, Json]:
    """Shows three dots."""
    state.statuses.append(Status(conversation, ""))
    return 201, {"id": state.workspace.new_id()}


def own(state: State, conversation: str, id_: str) -> Message:
    """A message of the app's.

    Raises:
        RefusedError: there is none, or it is not the app's.
    """
    message = state.workspace.message(conversation, id_)
    if message is None:
        raise RefusedError(404, "ActivityNotFoundInConversation", "Conversation not found.")
    if message.author != BOT:
        raise RefusedError(403, "NotEnoughPermissions", "The activity is not the bot's.")
    return message


def check(state: State, conversation: str, activity: Json) -> None:
    """Refuses a message that Teams would not take.

    Raises:
        RefusedError: it is too large, is none, or has a card or an entity that is wrong.
    """
    if size(activity) > MESSAGE_BYTES_MOST:
        raise RefusedError(413)
    if activity.get("type") != "message":
        raise RefusedError(400, message=f"Unknown activity type: {activity.get('type')}")
    text, attachments = activity.get("text") or "", activity.get("attachments") or []
    if not isinstance(text, str) or not isinstance(attachments, list):
        raise RefusedError(400, message="text must be a string, attachments an array")
    if not text.strip() and not attachments:
        raise RefusedError(400, message="Activity must include either text or attachments")
    if activity.get("textFormat") not in _FORMATS:
        raise RefusedError(400, message=f"Unknown textFormat: {activity['textFormat']}")
    found = [fault for number, each in enumerate(attachments) for fault in _attachment_faults(each, number)]
    found += entity_faults(activity)
    if found:
        raise RefusedError(400, message="; ".join(found))
    _note_suggestions(state, conversation, activity)


def _attachment_faults(attachment: object, number: int) -> list[str]:
    at = f"/attachments/{number}"
    if not isinstance(attachment, dict) or not attachment.get("contentType"):
        return [f"{at}: contentType is missing"]
    return card_faults(attachment.get("content"), at=f"{at}/content") if attachment["contentType"] == ADAPTIVE else []


def _note_suggestions(state: State, conversation: str, activity: Json) -> None:
    """Suggestions that Teams does not show are no error there."""
    suggested = activity.get("suggestedActions")
    if not suggested:
        return
    there, actions = state.workspace.conversation(conversation), suggested.get("actions") or []
    if there is not None and there.kind != "personal":
        state.faults.append("suggested actions are shown in personal chats only")
    if len(actions) > SUGGESTIONS_MOST:
        state.faults.append(f"no more than {SUGGESTIONS_MOST} suggested actions are shown, not {len(actions)}")
    state.faults.extend(
        f"suggested actions of type {each.get('type')} are not shown"
        for each in actions
        if each.get("type") not in ("imBack", "Action.Compose")
    )


def size(activity: Json) -> int:
    """How many bytes a message takes, as Teams counts them: UTF-16."""
    return len(json.dumps(activity, ensure_ascii=False, separators=(",", ":")).encode("utf-16-le"))


def fill(message: Message, activity: Json) -> None:
    """Makes a message what the app sent."""
    message.text = activity.get("text") or ""
    message.activity = activity
    attachments = activity.get("attachments") or []
    message.cards = [dict(each["content"]) for each in attachments if each["contentType"] == ADAPTIVE]
    message.cards_of = {}
