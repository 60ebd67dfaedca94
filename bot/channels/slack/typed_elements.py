"""The elements inside a person's rich text, each in Slack's own form: mentions between < and >, the rest escaped.

https://docs.slack.dev/reference/block-kit/block-elements/rich-text-section-element lists them.
"""

import re
from collections.abc import Mapping
from typing import Any

from bot.channels.written import link

Json = Mapping[str, Any]

_WORDS = {"text": "text", "date": "fallback", "color": "value"}
"""Where an element has its words."""
_MENTIONS = {"user": ("@", "user_id"), "usergroup": ("!subteam^", "usergroup_id"), "channel": ("#", "channel_id")}
"""What a mention of each kind begins with, and where an element has whom it mentions."""
_MANY = ("here", "channel", "everyone")
_ID = re.compile(r"[A-Z0-9]{1,40}")
_EMOJI = re.compile(r"[0-9a-f]{2,6}(?:-[0-9a-f]{2,6}){0,15}", re.IGNORECASE)
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


class UnknownError(Exception):
    """Slack's composer makes nothing like it."""


def typed_element(element: Json, tokens: Mapping[str, str]) -> str:
    """Gives what was typed for an element; `tokens` are the message's mentions with their labels, by what they name.

    Raises:
        UnknownError: it is none that is known.
    """
    kind = _string(element, "type")
    if kind in _WORDS:
        return _escaped(_string(element, _WORDS[kind]))
    if kind in _MENTIONS:
        sign, name = _MENTIONS[kind]
        return _token(f"{sign}{_id(element, name)}", tokens)
    match kind:
        case "link":
            label = _string(element, "text") if element.get("text") is not None else ""
            return link(_escaped(_string(element, "url")), _escaped(label))
        case "emoji":
            return _escaped(_emoji(element))
        case "broadcast" if element.get("range") in _MANY:
            return _token(f"!{element['range']}", tokens)
        case "team":
            return f"@{_id(element, 'team_id')}"
    raise UnknownError


def _token(target: str, tokens: Mapping[str, str]) -> str:
    return tokens.get(target, f"<{target}>")


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES)


def _string(element: Json, name: str) -> str:
    value = element.get(name)
    if not isinstance(value, str):
        raise UnknownError
    return value


def _id(element: Json, name: str) -> str:
    value = _string(element, name)
    if not _ID.fullmatch(value):
        raise UnknownError
    return value


def _emoji(element: Json) -> str:
    """The emoji itself where it is one of Unicode's, else its name: the workspace's own ones are pictures."""
    unicode = element.get("unicode")
    if isinstance(unicode, str) and _EMOJI.fullmatch(unicode):
        points = [int(each, 16) for each in unicode.split("-")]
        if all(point <= 0x10FFFF and not 0xD800 <= point <= 0xDFFF for point in points):
            return "".join(map(chr, points))
    return f":{_string(element, 'name')}:"
