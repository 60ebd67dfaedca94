"""Activities as Teams writes them, in personal chats, group chats and channels."""

from collections.abc import Sequence
from typing import Any

APP = "0c4b2f9e-93d4-4b63-9f6c-6b0e6a0f6d11"
BOT = f"28:{APP}"
TENANT = "72f988bf-86f1-41af-91ab-2d7cd011db47"
OTHER_TENANT = "0f8276ea-111b-46af-9512-79ce81d5dea1"
OID = "9da619c7-3645-413e-ab27-75baef969048"
USER = "29:1aBjVi5MwCFfhPIV03E5uDdfpBFXp_2Yz-sjrvVg12oavg96cqpE"
SERVICE = "https://smba.trafficmanager.net/emea/"
PERSONAL = "a:1pL6i0oY3C0K8oAj8AxX9OyuS5hVZ0nL"
GROUP = "19:7b1f6e3ad0f84d5f8d9a1c0f1f6f2c7e@thread.v2"
TEAM_CHANNEL = "19:253b1f341670408fb6fe51050b6e5ceb@thread.tacv2"
THREAD = f"{TEAM_CHANNEL};messageid=1485983194839"
ID = "1485983408511"
MENTION = {"type": "mention", "mentioned": {"id": BOT, "name": "Field Coach"}, "text": "<at>Field Coach</at>"}
ANN = {"type": "mention", "mentioned": {"id": "29:ann", "name": "Ann Lee"}, "text": "<at>Ann Lee</at>"}


def personal(text: str | None = "How long does a roof last?", **more: object) -> dict[str, Any]:
    """A message in a person's chat with the coach."""
    return {
        "text": text,
        "textFormat": "plain",
        "type": "message",
        "timestamp": "2026-05-07T06:01:00.1524479Z",
        "localTimestamp": "2026-05-07T08:01:00.1524479+02:00",
        "id": ID,
        "channelId": "msteams",
        "serviceUrl": SERVICE,
        "from": {"id": USER, "name": "Dana Hill", "aadObjectId": OID},
        "conversation": {"conversationType": "personal", "tenantId": TENANT, "id": PERSONAL},
        "recipient": {"id": BOT, "name": "Field Coach"},
        "entities": [
            {
                "locale": "en-US",
                "country": "US",
                "platform": "Windows",
                "timezone": "Europe/Vienna",
                "type": "clientInfo",
            }
        ],
        "channelData": {"tenant": {"id": TENANT}},
        "locale": "en-US",
        "localTimezone": "Europe/Vienna",
        **more,
    }


def group(text: str = "<at>Field Coach</at> How long does a roof last?\n", **more: object) -> dict[str, Any]:
    """A message in a group chat."""
    return {
        **personal(text),
        "conversation": {"isGroup": True, "conversationType": "groupChat", "tenantId": TENANT, "id": GROUP},
        "entities": [MENTION, *personal()["entities"]],
        **more,
    }


def channel(text: str = "<at>Field Coach</at> How long does a roof last?\n", **more: object) -> dict[str, Any]:
    """A message in the thread of a channel."""
    return {
        **group(text),
        "conversation": {"isGroup": True, "conversationType": "channel", "tenantId": TENANT, "id": THREAD},
        "channelData": {
            "teamsChannelId": TEAM_CHANNEL,
            "teamsTeamId": TEAM_CHANNEL,
            "channel": {"id": TEAM_CHANNEL},
            "team": {"id": TEAM_CHANNEL},
            "tenant": {"id": TENANT},
        },
        **more,
    }


def with_html(activity: dict[str, Any], html: str) -> dict[str, Any]:
    """The same with what Teams sends of anything formatted."""
    return {**activity, "attachments": [{"contentType": "text/html", "content": html}]}


def file(name: str = "draft.txt", **more: object) -> dict[str, Any]:
    """A file as it comes in a personal chat."""
    return {
        "contentType": "application/vnd.microsoft.teams.file.download.info",
        "contentUrl": f"https://contoso.sharepoint.com/personal/dana/Documents/{name}",
        "name": name,
        "content": {
            "downloadUrl": "https://contoso.sharepoint.com/personal/dana/_layouts/15/download.aspx?UniqueId=1&tempauth=x",
            "uniqueId": "1150D938-8870-4044-9F2C-5BBDEBA70C9D",
            "fileType": name.rpartition(".")[2],
            **more,
        },
    }


def with_files(activity: dict[str, Any], files: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The same with files, beside the HTML that then comes along."""
    html = {"contentType": "text/html", "content": '<p><attachment id="1"></attachment></p>'}
    return {**activity, "attachments": [*files, html]}


def added(**more: object) -> dict[str, Any]:
    """That the coach was added to a person's chats, as a change of members."""
    return {
        **{name: value for name, value in personal().items() if name not in ("text", "textFormat")},
        "type": "conversationUpdate",
        "id": "f:ac6b6978-89f4-47f4-a2d0-816b8c7cc578",
        "membersAdded": [{"id": BOT}],
        **more,
    }


def installed(**more: object) -> dict[str, Any]:
    """The same as news of the app's installation."""
    given = {name: value for name, value in added().items() if name != "membersAdded"}
    return {**given, "type": "installationUpdate", "id": "f:3033745319439849398", "action": "add", **more}
