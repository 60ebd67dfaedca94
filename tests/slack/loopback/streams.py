"""The methods chat.startStream, chat.appendStream and chat.stopStream."""

from tests.slack.loopback.arguments import needed
from tests.slack.loopback.block_rules import faults
from tests.slack.loopback.places import own_message, place, thread_root
from tests.slack.loopback.posting import MARKDOWN_MOST, TEXT_MOST, metadata_of, post, public, taken_blocks
from tests.slack.loopback.state import RefusedError, State
from tests.slack.loopback.workspace import BOT_USER, Channel, Json, Message

_OTHER_CHUNKS = frozenset(("task_update", "plan_update"))


def start(state: State, given: Json) -> Json:
    _known(state)
    id_, thread_ts = needed(given, "channel", "thread_ts")
    channel = place(state, id_, to_post=True)
    _for_somebody(state, channel, given)
    text, blocks = _appended(given)
    now = state.workspace.now()
    message = Message(
        ts=state.workspace.new_ts(),
        channel=channel.id,
        user=BOT_USER,
        thread_ts=thread_root(state, channel, thread_ts),
        streamed=text,
        blocks=blocks,
        streaming=True,
        stream_started=now,
        stream_touched=now,
    )
    post(state, message)
    return {"channel": channel.id, "ts": message.ts}


def append(state: State, given: Json) -> Json:
    message = _open_stream(state, given)
    text, blocks = _appended(given)
    if not text and not blocks:
        raise RefusedError("no_text")
    _grow(state, message, text, blocks)
    state.change(message)
    return {"channel": message.channel, "ts": message.ts}


def stop(state: State, given: Json) -> Json:
    message = _open_stream(state, given)
    text, blocks = _appended(given)
    last = given.get("blocks") or []
    if not isinstance(last, list):
        raise RefusedError("invalid_blocks_format")
    blocks = [*blocks, *taken_blocks(last)]
    metadata = metadata_of(given)
    _grow(state, message, text, blocks)
    message.streaming = False
    message.metadata = metadata or message.metadata
    state.said(message, "changed")
    state.change(message)
    return {"channel": message.channel, "ts": message.ts, "message": public(message)}


def _known(state: State) -> None:
    if not state.settings.streams:
        raise RefusedError("unknown_method")


def _for_somebody(state: State, channel: Channel, given: Json) -> None:
    """In a channel a stream is for one person, who has to be named."""
    if channel.kind == "im":
        return
    for name in ("recipient_team_id", "recipient_user_id"):
        if not given.get(name):
            raise RefusedError(f"missing_{name}")
    user = state.workspace.users.get(str(given["recipient_user_id"]))
    if user is None:
        raise RefusedError("user_not_found")
    if given["recipient_team_id"] != user.team:
        raise RefusedError("team_not_found")


def _open_stream(state: State, given: Json) -> Message:
    _known(state)
    id_, ts = needed(given, "channel", "ts")
    message = own_message(state, place(state, id_).id, ts, "message_not_owned_by_app")
    if not message.streaming:
        raise RefusedError("message_not_in_streaming_state")
    return message


def _appended(given: Json) -> tuple[str, list[Json]]:
    """Gives the text and the blocks that a call adds."""
    text, chunks = given.get("markdown_text"), given.get("chunks")
    if text is not None and chunks is not None:
        raise RefusedError("cannot_provide_both_markdown_text_and_chunks")
    if not isinstance(chunks if chunks is not None else [], list) or not isinstance(text or "", str):
        raise RefusedError("invalid_chunks")
    blocks: list[Json] = []
    for chunk in chunks or ():
        kind = chunk.get("type") if isinstance(chunk, dict) else None
        if kind == "markdown_text" and isinstance(chunk.get("text"), str):
            text = (text or "") + chunk["text"]
        elif kind == "blocks" and isinstance(chunk.get("blocks"), list):
            blocks += taken_blocks(chunk["blocks"])
        elif kind not in _OTHER_CHUNKS:
            raise RefusedError("invalid_chunks")
    if len(text or "") > MARKDOWN_MOST:
        raise RefusedError("msg_too_long")
    return text or "", blocks


def _grow(state: State, message: Message, text: str, blocks: list[Json]) -> None:
    if len(message.streamed) + len(text) > TEXT_MOST:
        raise RefusedError("msg_too_long")
    found = faults([*message.blocks, *blocks], "message")
    if found:
        raise RefusedError("invalid_blocks", messages=found)
    message.streamed += text
    message.blocks = [*message.blocks, *blocks]
    message.stream_touched = state.workspace.now()
