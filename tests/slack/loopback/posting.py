"""What every message of the app goes through, by whichever way it comes: Slack's rules and its own ids."""

import uuid

from tests.slack.loopback.block_rules import BLOCKS_MOST, MESSAGE_BLOCKS_TEXT_MOST, faults, text_total
from tests.slack.loopback.mrkdwn import spread_of
from tests.slack.loopback.state import RefusedError, State
from tests.slack.loopback.workspace import APP, BOT_ID, BOT_USER, TEAM, Json, Message, StoredFile

TEXT_MOST = 40_000
UPDATED_TEXT_MOST = 4_000
"""chat.update takes less text than chat.postMessage."""
MARKDOWN_MOST = 12_000
_METADATA_MOST = 16_384


def content(given: Json, *, most: int = TEXT_MOST) -> tuple[str, list[Json]]:
    """Gives the text and the blocks of a message that is to be posted.

    Raises:
        RefusedError: Slack would not take them.
    """
    text, blocks = given.get("text") or "", given.get("blocks") or []
    markdown = given.get("markdown_text")
    if markdown:
        if text or blocks:
            raise RefusedError("markdown_text_conflict")
        if len(str(markdown)) > MARKDOWN_MOST:
            raise RefusedError("msg_too_long")
        blocks = [{"type": "markdown", "text": str(markdown)}]
    if not isinstance(text, str):
        raise RefusedError("invalid_arguments", messages=["[ERROR] must be a string [json-pointer:/text]"])
    if not isinstance(blocks, list):
        raise RefusedError("invalid_blocks_format")
    if not text.strip() and not blocks:
        raise RefusedError("no_text")
    if len(text) > most:
        raise RefusedError("msg_too_long")
    return text, taken_blocks(blocks)


def taken_blocks(blocks: list[Json]) -> list[Json]:
    """Checks blocks of a message and gives them ids where they have none."""
    found = faults(blocks, "message")
    if found:
        raise RefusedError("invalid_blocks", messages=found)
    spread = sum(spread_of(block["text"]) if block["type"] == "markdown" else 1 for block in blocks)
    if text_total(blocks) > MESSAGE_BLOCKS_TEXT_MOST or spread > BLOCKS_MOST["message"]:
        raise RefusedError("msg_blocks_too_long")
    return with_ids(blocks)


def with_ids(blocks: list[Json]) -> list[Json]:
    """The blocks with ids of Slack's where they have none of their own."""
    return [_named({"block_id": uuid.uuid4().hex[:8], **block}) for block in blocks]


def _named(block: Json) -> Json:
    """Gives an action_id to what can be clicked and has none."""
    named = dict(block)
    for key in ("element", "accessory"):
        if isinstance(block.get(key), dict):
            named[key] = _clickable(block[key])
    if block["type"] in ("actions", "context_actions"):
        named["elements"] = [_clickable(each) for each in block["elements"]]
    return named


def _clickable(element: Json) -> Json:
    return element if element["type"] == "image" else {"action_id": uuid.uuid4().hex[:8], **element}


def metadata_of(given: Json) -> Json | None:
    """The metadata of a message, None where there is none.

    Raises:
        RefusedError: it has not Slack's form.
    """
    metadata = given.get("metadata")
    if metadata is None:
        return None
    if metadata == {}:
        return {}
    if not (
        isinstance(metadata, dict)
        and isinstance(metadata.get("event_type"), str)
        and isinstance(metadata.get("event_payload"), dict)
    ):
        raise RefusedError("invalid_metadata_format")
    if len(str(metadata)) > _METADATA_MOST:
        raise RefusedError("metadata_too_large")
    return metadata


def attached(file: StoredFile) -> Json:
    """The file as a message shows it: of one that comes through Slack Connect only the id."""
    if file.kind == "connect":
        return {"id": file.info["id"], "mode": "file_access", "file_access": "check_file_info"}
    if file.kind == "tombstone":
        return {"id": file.info["id"], "mode": "tombstone"}
    return file.info


def public(message: Message, *, with_metadata: bool = True) -> Json:
    """A message as the API and payloads show it."""
    shown: Json = {"type": "message", "user": message.user, "ts": message.ts, "text": message.text}
    if message.subtype != "file_share":  # https://github.com/slackapi/slack-api-specs/issues/62
        shown["team"] = TEAM
    if message.user == BOT_USER:
        shown |= {"bot_id": BOT_ID, "app_id": APP}
    if message.thread_ts:
        shown["thread_ts"] = message.thread_ts
    if message.blocks:
        shown["blocks"] = message.blocks
    if message.streamed:
        shown["text"] = message.text or message.streamed
        words = {"type": "rich_text_section", "elements": [{"type": "text", "text": message.streamed}]}
        shown["blocks"] = [{"type": "rich_text", "block_id": "streamed", "elements": [words]}, *message.blocks]
        shown["streaming_state"] = "in_progress" if message.streaming else "completed"
    if message.files:
        shown["files"] = [attached(each) for each in message.files]
    if message.subtype:
        shown["subtype"] = message.subtype
    if message.edited:
        shown["edited"] = {"user": message.user, "ts": message.ts}
    if with_metadata and message.metadata:
        shown["metadata"] = message.metadata
    return shown


def post(state: State, message: Message) -> Message:
    """Puts a message of the app before people; a status below its thread goes."""
    state.workspace.post(message)
    if message.ephemeral_for is None:
        state.statuses.pop((message.channel, message.root), None)
        state.said(message, "posted")
    state.change(message)
    return message
