"""The message that somebody calls the coach's message extension on, as text to review."""

import json
from collections.abc import Iterator, Mapping

from bot.channels.teams.fields import Json, object_at, objects_at, text_at
from bot.channels.teams.mentions import Mentions
from bot.channels.teams.plain import from_html
from bot.channels.teams.rendition import seen

_FORWARDED = "originalMessageContent"
"""Where a forwarded message has what it forwards, as HTML."""
_TEXT_FIELDS = ("title", "subtitle", "text")
_BUTTONS = ("actions", "buttons", "selectAction", "tap")


def shared_payload(activity: Json) -> str:
    """Gives what a message says, as its author wrote it; the texts of what is attached to it where it says nothing.

    "" where the extension was not called on a message, or on one without text.
    """
    payload = object_at(activity, "value", "messagePayload")
    said = _body(payload)
    if said.strip():
        return said
    return "\n\n".join(text for each in objects_at(payload, "attachments") if (text := _attached(each)))


def _body(payload: Json) -> str:
    content = text_at(payload, "body", "content")
    if text_at(payload, "body", "contentType").casefold() == "html":
        return from_html(content, Mentions()) or ""
    return seen(content)


def _attached(attachment: Json) -> str:
    content = attachment.get("content")
    if text_at(attachment, "contentType").lower().startswith("text/html"):
        return from_html(text_at(attachment, "content"), Mentions()) or ""
    if isinstance(content, str):
        try:
            content = json.loads(content)
        except (ValueError, RecursionError):
            return ""
    return "\n".join(_texts(content))


def _texts(card: object) -> Iterator[str]:
    """Yields the texts of a card in the order that they are shown in."""
    waiting = [card]
    while waiting:
        found = waiting.pop()
        if isinstance(found, list | tuple):
            waiting.extend(reversed(found))
        elif isinstance(found, Mapping):
            yield from (seen(text) for name in _TEXT_FIELDS if (text := text_at(found, name).strip()))
            if forwarded := from_html(text_at(found, _FORWARDED), Mentions()):
                yield forwarded
            waiting.extend(reversed([each for name, each in found.items() if name not in _BUTTONS]))
