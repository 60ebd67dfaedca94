"""Activities as Teams writes them, to be delivered to the app."""

import html
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import quote

from tests.teams.loopback.state import State
from tests.teams.loopback.workspace import (
    APP_ID,
    BOT,
    BOT_NAME,
    TEAM,
    TENANT,
    Conversation,
    Json,
    Message,
    Upload,
    account,
    oid,
)

_FILE = "application/vnd.microsoft.teams.file.download.info"
_CLIENT = {"locale": "en-US", "country": "US", "platform": "Web", "timezone": "America/New_York", "type": "clientInfo"}
_MENTION = '<span itemtype="http://schema.skype.com/Mention" itemscope="" itemid="0">{}</span>&nbsp;'


class Activities:
    """Makes the activities of one tenant."""

    def __init__(self, state: State) -> None:
        self._state = state

    def message(self, message: Message, *, mention: bool) -> Json:
        """What a person wrote; the text is as they typed it, the formatting comes beside it as HTML."""
        there = self._there(message.conversation)
        entities: list[Json] = []
        text = message.text
        if mention:
            tag = f"<at>{BOT_NAME}</at>"
            text = f"{tag} {text}"
            entities.append({"mentioned": {"id": BOT, "name": BOT_NAME}, "text": tag, "type": "mention"})
        attachments = [self._attached(message.author, each) for each in message.files if there.kind == "personal"]
        attachments.append({"contentType": "text/html", "content": html_of(message, mention=mention)})
        return {
            **self._base("message", message.author, message.conversation, id_=message.id),
            "text": text,
            "textFormat": "plain",
            "attachments": attachments,
            "entities": [*entities, dict(_CLIENT)],
        }

    def changed(self, message: Message, event: str) -> Json:
        """A message was edited ("editMessage") or taken away ("softDeleteMessage")."""
        kind = "messageUpdate" if event == "editMessage" else "messageDelete"
        activity = self._base(kind, message.author, message.conversation, id_=message.id)
        activity["channelData"]["eventType"] = event
        if kind == "messageUpdate":
            activity |= {"text": message.text, "textFormat": "plain"}
        return activity

    def reaction(self, user: str, message: Message, kind: str) -> Json:
        """A person put a reaction under a message."""
        activity = self._base("messageReaction", user, message.conversation, id_=f"f:{uuid.uuid4()}")
        return {**activity, "reactionsAdded": [{"type": kind}], "replyToId": message.id}

    def installed(self, user: str, conversation: Conversation, action: str) -> Json:
        """The app was added ("add") or removed ("remove")."""
        activity = self._base("installationUpdate", user, conversation.id, id_=f"f:{uuid.uuid4()}")
        activity["channelData"]["source"] = {"name": "message"}
        return {**activity, "action": action, "from": {"id": account(user), "aadObjectId": oid(user)}}

    def joined(self, user: str, conversation: Conversation) -> Json:
        """The app is in a conversation now."""
        activity = self._base("conversationUpdate", user, conversation.id, id_=f"f:{uuid.uuid4()}")
        return {
            **activity,
            "from": {"id": account(user), "aadObjectId": oid(user)},
            "membersAdded": [{"id": BOT}],
        }

    def invoke(self, user: str, conversation: str, name: str, value: object, *, reply_to: str | None = None) -> Json:
        """Something that a person waits for."""
        activity = self._base("invoke", user, conversation, id_=f"f:{uuid.uuid4()}")
        is_extension = name.startswith("composeExtension/")
        activity["channelData"]["source"] = {"name": "compose" if is_extension else "message"}
        if reply_to is not None:
            activity |= {"replyToId": reply_to}
            activity["channelData"]["legacy"] = {"replyToId": f"1:1{reply_to}"}
        return {**activity, "name": name, "value": value, "entities": [dict(_CLIENT)]}

    def _base(self, kind: str, user: str, conversation: str, *, id_: str) -> Json:
        there, now = self._there(conversation), self._state.workspace.now()
        stamp = datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        about: Json = {"conversationType": there.kind, "tenantId": TENANT, "id": conversation}
        data: Json = {"tenant": {"id": TENANT}}
        if there.kind != "personal":
            about = {"isGroup": True, **about}
        if there.kind == "channel":
            data = {
                "teamsChannelId": there.id,
                "teamsTeamId": TEAM,
                "channel": {"id": there.id},
                "team": {"id": TEAM},
                **data,
            }
        return {
            "type": kind,
            "timestamp": stamp,
            "localTimestamp": stamp,
            "id": id_,
            "channelId": "msteams",
            "serviceUrl": self._state.service_url,
            "from": {"id": account(user), "name": user, "aadObjectId": oid(user)},
            "conversation": about,
            "recipient": {"id": BOT, "name": BOT_NAME},
            "channelData": data,
            "locale": "en-US",
            "localTimezone": "America/New_York",
        }

    def _attached(self, user: str, file: Upload) -> Json:
        site = f"https://contoso-my.sharepoint.com/personal/{user}/Documents/Microsoft Teams Chat Files"
        unique = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{APP_ID}/{file.name}"))
        return {
            "contentType": _FILE,
            "content": {
                "downloadUrl": file.url or f"{self._state.url}/files/{quote(file.name)}",
                "uniqueId": unique,
                "fileType": file.name.rpartition(".")[2] if "." in file.name else "",
            },
            "contentUrl": f"{site}/{file.name}",
            "name": file.name,
        }

    def _there(self, conversation: str) -> Conversation:
        there = self._state.workspace.conversation(conversation)
        if there is None:
            raise LookupError(f"there is no conversation {conversation}")
        return there


def html_of(message: Message, *, mention: bool = False) -> str:
    """A message as the composer formats it."""
    opening = _MENTION.format(html.escape(BOT_NAME, quote=False)) if mention else ""
    if message.html:
        return f"{opening}{message.html}"
    lines: Sequence[str] = html.escape(message.text, quote=False).split("\n")
    return "".join(f"<p>{opening if not number else ''}{line or '&nbsp;'}</p>" for number, line in enumerate(lines))
