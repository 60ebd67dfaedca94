"""The methods chat.*, streams aside."""

from tests.slack.loopback.arguments import needed
from tests.slack.loopback.places import own_message, place, thread_root
from tests.slack.loopback.posting import UPDATED_TEXT_MOST, content, metadata_of, post, public
from tests.slack.loopback.state import RefusedError, State
from tests.slack.loopback.workspace import BOT_USER, Json, Message


def post_message(state: State, given: Json) -> Json:
    (id_,) = needed(given, "channel")
    channel = place(state, id_, to_post=True)
    text, blocks = content(given)
    message = Message(
        ts=state.workspace.new_ts(),
        channel=channel.id,
        user=BOT_USER,
        text=text,
        blocks=blocks,
        thread_ts=thread_root(state, channel, given.get("thread_ts")),
        metadata=metadata_of(given) or None,
    )
    post(state, message)
    return {"channel": channel.id, "ts": message.ts, "message": public(message)}


def post_ephemeral(state: State, given: Json) -> Json:
    id_, user = needed(given, "channel", "user")
    channel = place(state, id_, to_post=True)
    text, blocks = content(given)
    if user not in channel.members:
        raise RefusedError("user_not_in_channel")
    message = Message(
        ts=state.workspace.new_ts(),
        channel=channel.id,
        user=BOT_USER,
        text=text,
        blocks=blocks,
        thread_ts=thread_root(state, channel, given.get("thread_ts")),
        ephemeral_for=user,
    )
    post(state, message)
    return {"message_ts": message.ts}


def update(state: State, given: Json) -> Json:
    id_, ts = needed(given, "channel", "ts")
    channel = place(state, id_)
    message = own_message(state, channel.id, ts, "cant_update_message")
    if message.streaming:
        raise RefusedError("streaming_state_conflict")
    text, blocks = content(given, most=UPDATED_TEXT_MOST)
    metadata = metadata_of(given)
    if message.streamed:
        message.streamed = ""  # what was streamed is replaced with what comes now
        message.blocks = []
    message.text = text
    if "blocks" in given or "markdown_text" in given:  # not given, the blocks of before stay
        message.blocks = blocks
    if metadata is not None:
        message.metadata = metadata or None
    message.edited, message.broken = True, False
    state.said(message, "changed")
    state.change(message)
    return {"channel": channel.id, "ts": ts, "text": text, "message": public(message)}


def delete(state: State, given: Json) -> Json:
    id_, ts = needed(given, "channel", "ts")
    channel = place(state, id_)
    message = own_message(state, channel.id, ts, "cant_delete_message")
    if message.streaming:
        raise RefusedError("cant_delete_message")
    message.deleted = True
    state.said(message, "deleted")
    state.change(message)
    return {"channel": channel.id, "ts": ts}


def get_permalink(state: State, given: Json) -> Json:
    id_, ts = needed(given, "channel", "message_ts")
    channel = place(state, id_)
    message = state.workspace.message(channel.id, ts)
    if message is None:
        raise RefusedError("message_not_found")
    link = f"https://example.slack.com/archives/{channel.id}/p{ts.replace('.', '')}"
    if message.thread_ts:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}
