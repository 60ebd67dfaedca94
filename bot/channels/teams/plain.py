"""What a person typed, from how Teams hands it over."""

import re

from bot.channels.teams.fields import Json, objects_at, text_at
from bot.channels.teams.mentions import MARK, Mentions
from bot.channels.teams.rendition import UnreadableHtmlError, read_html, seen
from bot.channels.written import without_mentions

_HTML = "text/html"
_QUOTED = re.compile(r"<quoted\b[^<>]*>\s*")
"""Where a reply has what it replies to."""


def typed(activity: Json, mentions: Mentions) -> str:
    """Gives the text of a message as its author wrote it, without the mentions of the coach.

    It is read from the message's HTML where it has one; its plain text may have lost the line breaks.
    """
    html = next((found for each in objects_at(activity, "attachments") if (found := _rendition(each))), "")
    if html and (text := from_html(html, mentions)):
        return text
    text = _QUOTED.sub("", text_at(activity, "text").replace(MARK, ""))
    return _finished(seen(mentions.written_in(text).replace("&nbsp;", " ")))


def from_html(html: str, mentions: Mentions) -> str | None:
    """Gives the text of a message's HTML in the same way; None where it cannot be read."""
    try:
        return _finished(read_html(html.replace(MARK, ""), mentions.writer()))
    except UnreadableHtmlError:
        return None


def _finished(text: str) -> str:
    return without_mentions(text.split(MARK))


def _rendition(attachment: Json) -> str:
    return text_at(attachment, "content") if text_at(attachment, "contentType").lower().startswith(_HTML) else ""
