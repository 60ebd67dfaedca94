"""Conversations: whether the app may write there, who is in them, and new ones."""

from tests.teams.loopback import posting
from tests.teams.loopback.state import RefusedError, State
from tests.teams.loopback.workspace import TENANT, Conversation, Json, account, oid


def place(state: State, id_: str) -> Conversation:
    """The conversation that a call is about.

    Raises:
        RefusedError: there is none, or the app may not write there.
    """
    there = state.workspace.conversation(id_)
    if there is None:
        raise RefusedError(404)
    if not there.has_bot:
        raise RefusedError(403)
    if there.kind == "personal" and there.members & state.workspace.blocked:
        raise RefusedError(403, "ConversationBlockedByUser", "User blocked the conversation with the bot.")
    return there


def members(there: Conversation, member: str | None) -> tuple[int, Json]:
    """Who is in a conversation, or one of them."""
    all_ = [
        {"id": account(user), "name": user, "objectId": oid(user), "aadObjectId": oid(user), "tenantId": TENANT}
        for user in sorted(there.members)
    ]
    if member is None:
        return 200, {"members": all_}
    found = [each for each in all_ if member in (each["id"], each["aadObjectId"])]
    if not found:
        raise RefusedError(404, "MemberNotFoundInConversation", "Member not found in conversation.")
    return 200, dict(found[0])


def create(state: State, given: Json) -> tuple[int, Json]:
    """Opens the chat with a person, or begins a thread in a channel.

    Raises:
        RefusedError: there is no such person, or the app is not installed for them.
    """
    channel = ((given.get("channelData") or {}).get("channel") or {}).get("id")
    if channel is not None:
        return _thread(state, str(channel), given)
    tenant = given.get("tenantId") or ((given.get("channelData") or {}).get("tenant") or {}).get("id")
    if tenant != TENANT:
        raise RefusedError(400, "BadSyntax", "Incorrect conversation creation parameters: tenant.")
    if given.get("isGroup"):
        raise RefusedError(400, "BadSyntax", "Incorrect conversation creation parameters: isGroup.")
    named = [each.get("id") for each in given.get("members") or () if isinstance(each, dict)]
    if len(named) != 1 or named[0] not in state.workspace.people:
        raise RefusedError(400, "BadSyntax", "Invalid user identity in provided tenant")
    user = state.workspace.people[str(named[0])]
    if user not in state.workspace.installed:
        raise RefusedError(403, "ForbiddenOperationException", "Bot is not installed in user's personal scope")
    there = state.workspace.personal(user)
    answer: Json = {"id": there.id}
    if given.get("activity"):
        answer |= {"activityId": posting.send(state, there.id, given["activity"])[1]["id"]}
    return 201, answer


def _thread(state: State, channel: str, given: Json) -> tuple[int, Json]:
    there = place(state, channel)
    if there.kind != "channel" or not isinstance(given.get("activity"), dict):
        raise RefusedError(400, "BadSyntax", "Incorrect conversation creation parameters: activity.")
    id_ = str(posting.send(state, channel, given["activity"])[1]["id"])
    return 201, {"id": f"{channel};messageid={id_}", "activityId": id_}
