"""Finds the conversation and the message that a call is about."""

from tests.slack.loopback.state import RefusedError, State
from tests.slack.loopback.workspace import BOT_USER, TEAM, Channel, Message

_HISTORY = {"channel": "channels:history", "group": "groups:history", "im": "im:history", "mpim": "mpim:history"}
_READ = {"channel": "channels:read", "group": "groups:read", "im": "im:read", "mpim": "mpim:read"}


def place(state: State, id_: str, *, to_post: bool = False) -> Channel:
    """The conversation; a person's id stands for the direct messages with them where something is posted.

    Raises:
        RefusedError: the app cannot see it, is not in it, or nothing may be posted there.
    """
    workspace = state.workspace
    user = workspace.users.get(id_)
    if to_post and user is not None:
        if user.team != TEAM or user.is_bot:
            raise RefusedError("channel_not_found")
        id_ = workspace.dm_of(id_)
    channel = workspace.channels.get(id_)
    if channel is None or (channel.kind != "channel" and BOT_USER not in channel.members):
        raise RefusedError("channel_not_found")
    if BOT_USER not in channel.members:
        raise RefusedError("not_in_channel")
    if to_post and channel.is_archived:
        raise RefusedError("is_archived")
    return channel


def own_message(state: State, channel: str, ts: str, refusal: str) -> Message:
    """A message of the app's own.

    Raises:
        RefusedError: there is none, or it is somebody else's.
    """
    message = state.workspace.message(channel, ts)
    if message is None or message.ephemeral_for is not None:
        raise RefusedError("message_not_found")
    if message.user != BOT_USER:
        raise RefusedError(refusal)
    state.expire(message)
    return message


def thread_root(state: State, channel: Channel, thread_ts: object) -> str | None:
    """The root of the thread to post in.

    Raises:
        RefusedError: there is no such message.
    """
    if not thread_ts:
        return None
    message = state.workspace.message(channel.id, str(thread_ts))
    if message is None:
        raise RefusedError("thread_not_found")
    return message.root


def may(state: State, scope: str) -> None:
    """Holds that the app has a scope.

    Raises:
        RefusedError: it has not.
    """
    if scope not in state.settings.scopes:
        raise RefusedError("missing_scope", needed=scope, provided=",".join(sorted(state.settings.scopes)))


def may_read_history(state: State, channel: Channel) -> None:
    may(state, _HISTORY[channel.kind])


def may_look_up(state: State, channel: Channel) -> None:
    may(state, _READ[channel.kind])
