"""What a person typed, from how Slack hands it over: links, mentions and entities as they were written."""

import re

from bot.channels.slack.render.escape import unescaped
from bot.channels.written import link, without_mentions

TOKEN = re.compile(r"<([^<>]*)>")
"""Slack's own: what a person types as < or > comes as an entity."""
_LINK = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def plain(text: str) -> str:
    """Gives the text of a message as its author wrote it."""
    return unescaped(TOKEN.sub(_typed, text))


def addressed(text: str, bot_user: str) -> bool:
    """Whether the text of a message, as Slack has it, mentions the coach."""
    return bool(_mention(bot_user).search(text))


def without_address(text: str, bot_user: str) -> str:
    """Gives the text of a message as its author wrote it, without the mentions of the coach."""
    return plain(without_mentions(_mention(bot_user).split(text)))


def _mention(bot_user: str) -> re.Pattern[str]:
    return re.compile(rf"<@{re.escape(bot_user)}(?:\|[^<>]*)?>")


def _typed(found: re.Match[str]) -> str:
    """What was typed where Slack has something between < and >."""
    target, _, label = found[1].partition("|")
    match target[:1]:
        case "@":
            return f"@{label.removeprefix('@') or target[1:]}"
        case "#":
            return f"#{label.removeprefix('#') or target[1:]}"
        case "!":
            return _special(target[1:], label)
    if not _LINK.match(target):
        return found[0]
    return link(target, label)


def _special(command: str, label: str) -> str:
    """A mention of many, or a date."""
    name, *arguments = command.split("^")
    if name == "date":
        return label
    return f"@{label.removeprefix('@') or (arguments[0] if arguments else name)}"
