"""The methods conversations.*, users.* and reactions.*."""

from tests.slack.loopback.arguments import flag, needed
from tests.slack.loopback.places import may, may_look_up, may_read_history, place
from tests.slack.loopback.posting import public
from tests.slack.loopback.state import RefusedError, State
from tests.slack.loopback.workspace import BOT_USER, TEAM, Channel, Json, Message

_PAGE = 100
_PAGE_MOST = 1_000


def open_(state: State, given: Json) -> Json:
    users = given.get("users")
    if given.get("channel"):
        return {"channel": {"id": place(state, str(given["channel"])).id}}
    names = users if isinstance(users, list) else [each for each in str(users or "").split(",") if each]
    if not names:
        raise RefusedError("users_list_not_supplied")
    if any(each not in state.workspace.users for each in names):
        raise RefusedError("user_not_found")
    if len(names) > 1:
        may(state, "mpim:write")
        members = {*names, BOT_USER}
        for channel in state.workspace.channels.values():
            if channel.kind == "mpim" and channel.members == members:
                return {"channel": {"id": channel.id}}
        created = state.workspace.add_channel(Channel(state.workspace.new_id("G"), "mpim", members=members))
        return {"channel": {"id": created.id}}
    if state.workspace.users[names[0]].is_bot:
        raise RefusedError("cannot_dm_bot")
    known = f"D{names[0]}" in state.workspace.channels
    id_ = state.workspace.dm_of(names[0])
    return {"channel": {"id": id_}, **({"no_op": True, "already_open": True} if known else {})}


def info(state: State, given: Json) -> Json:
    (id_,) = needed(given, "channel")
    channel = place_to_look_at(state, id_)
    may_look_up(state, channel)
    shown: Json = {
        "id": channel.id,
        "name": channel.name,
        "is_channel": channel.kind == "channel",
        "is_group": channel.kind == "group",
        "is_im": channel.kind == "im",
        "is_mpim": channel.kind == "mpim",
        "is_private": channel.kind != "channel",
        "is_archived": channel.is_archived,
        "is_ext_shared": channel.is_ext_shared,
        "is_member": BOT_USER in channel.members,
        "context_team_id": TEAM,
    }
    if channel.kind == "im":
        shown["user"] = next(iter(channel.members - {BOT_USER}))
    return {"channel": shown}


def place_to_look_at(state: State, id_: str) -> Channel:
    """A conversation that the app need not be in, as long as it is public."""
    channel = state.workspace.channels.get(id_)
    if channel is None or (channel.kind != "channel" and BOT_USER not in channel.members):
        raise RefusedError("channel_not_found")
    return channel


def replies(state: State, given: Json) -> Json:
    id_, ts = needed(given, "channel", "ts")
    channel = place(state, id_)
    may_read_history(state, channel)
    root = state.workspace.message(channel.id, ts)
    if root is None:
        raise RefusedError("thread_not_found")
    thread = [each for each in _shared(state, channel) if root.root in (each.ts, each.thread_ts)]
    return _page(given, thread)


def history(state: State, given: Json) -> Json:
    (id_,) = needed(given, "channel")
    channel = place(state, id_)
    may_read_history(state, channel)
    return _page(given, [each for each in reversed(_shared(state, channel)) if not each.thread_ts])


def users_info(state: State, given: Json) -> Json:
    (id_,) = needed(given, "user")
    user = state.workspace.users.get(id_)
    if user is None:
        raise RefusedError("user_not_found")
    return {
        "user": {
            "id": user.id,
            "team_id": user.team,
            "name": user.name,
            "deleted": False,
            "is_bot": user.is_bot,
            "is_restricted": user.is_restricted,
            "is_stranger": user.team != TEAM,
            "profile": {"display_name": user.name, "real_name": user.name, "team": user.team},
        }
    }


def react(state: State, given: Json) -> Json:
    id_, ts, _ = needed(given, "channel", "timestamp", "name")
    if state.workspace.message(place(state, id_).id, ts) is None:
        raise RefusedError("message_not_found")
    return {}


def _shared(state: State, channel: Channel) -> list[Message]:
    """What all who are there see."""
    every = state.workspace.messages[channel.id].values()
    return [each for each in every if not each.deleted and each.ephemeral_for is None]


def _page(given: Json, found: list[Message]) -> Json:
    oldest, latest = float(given.get("oldest") or 0), float(given.get("latest") or 1e12)
    inclusive = flag(given, "inclusive")
    within = [
        each for each in found if oldest < float(each.ts) < latest or (inclusive and float(each.ts) in (oldest, latest))
    ]
    first = int(given.get("cursor") or 0)
    most = min(int(given.get("limit") or _PAGE), _PAGE_MOST)
    page, more = within[first : first + most], len(within) > first + most
    with_metadata = flag(given, "include_all_metadata")
    answer: Json = {"messages": [public(each, with_metadata=with_metadata) for each in page], "has_more": more}
    if more:
        answer["response_metadata"] = {"next_cursor": str(first + most)}
    return answer
