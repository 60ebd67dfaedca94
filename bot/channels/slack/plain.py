"""What a person typed, from how Slack hands it over: links, mentions and entities as they were written."""

import re

from bot.channels.slack.render.escape import unescaped

TOKEN = re.compile(r"<([^<>]*)>")
"""Slack's own: what a person types as < or > comes as an entity."""
_SCHEME = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
_LINK = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_BEFORE = " \t\r\n"
_STOPS = (",", ".", "?", "!", ";", ":")


def plain(text: str) -> str:
    """Gives the text of a message as its author wrote it."""
    return unescaped(TOKEN.sub(_typed, text))


def addressed(text: str, bot_user: str) -> bool:
    """Whether the text of a message, as Slack has it, mentions the coach."""
    return bool(_mention(bot_user).search(text))


def without_address(text: str, bot_user: str) -> str:
    """Gives the text of a message as its author wrote it, without the mentions of the coach.

    A comma or a colon goes with the mention that it belongs to: "@coach, why?" and "why, @coach?" both give "why?".
    """
    first, *others = _mention(bot_user).split(text)
    kept = [first]
    is_begun = bool(first.strip())
    for piece in others:
        kept[-1], after = _joined(kept[-1], piece) if is_begun else ("", _begun(piece))
        is_begun = is_begun or bool(after.strip())
        kept.append(after)
    return plain("".join(kept))


def _mention(bot_user: str) -> re.Pattern[str]:
    return re.compile(rf"<@{re.escape(bot_user)}(?:\|[^<>]*)?>")


def _begun(after: str) -> str:
    """The text behind a mention that opens the message."""
    text = after.lstrip(_BEFORE)
    return text[1:].lstrip(_BEFORE) if text.startswith((",", ":")) else text


def _joined(before: str, after: str) -> tuple[str, str]:
    """The texts on both sides of a mention that the message goes on around."""
    kept = before.rstrip(" \t")
    if kept.endswith("\n"):
        return kept, _begun(after) if after.strip() else after
    ends = not after.strip() or after.lstrip(" \t").startswith(_STOPS)
    return kept.removesuffix(",").rstrip(" \t") if ends else kept, after if after[:1].isspace() or ends else f" {after}"


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


def link(url: str, label: str) -> str:
    """Gives a link as its author wrote it: a typed address as it was typed, behind other words after them.

    Both are in Slack's own form, and so is what comes of them.
    """
    if url.startswith("tel:"):
        return label or url.removeprefix("tel:")
    address = url.removeprefix("mailto:")
    if not label:
        return address
    return label if _bare(label) == _bare(url) else f"{label} ({address})"


def _bare(url: str) -> str:
    return _SCHEME.sub("", unescaped(url), count=1).rstrip("/").casefold()
