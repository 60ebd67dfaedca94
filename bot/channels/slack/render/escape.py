"""Makes text from people, lessons and models harmless where Slack reads markup."""

import re

from bot.channels.visible import visible

_SPECIAL = re.compile("[&<>]")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_ENTITY = re.compile("&(?:amp|lt|gt);")
_CHARACTERS = {entity: character for character, entity in _ENTITIES.items()}


def mrkdwn(text: str) -> str:
    """Escapes plain text for Slack's mrkdwn and for a message's `text`: no mention, link or command comes of it."""
    return _SPECIAL.sub(_entity, visible(text))


def unescaped(text: str) -> str:
    """The plain text that `mrkdwn` escaped: each entity is decoded once."""
    return _ENTITY.sub(lambda found: _CHARACTERS[found[0]], text)


def is_plain(text: str) -> bool:
    """Whether Markdown shows a text as it is written, so that nothing depends on how Slack reads what is escaped."""
    return not _READ_OTHERWISE.search(text)


_READ_OTHERWISE = re.compile(
    r"[\\`*_~|<>&#]|://|www\.|@|^(?: {4}|\t|[ ]{0,3}(?:[-+=]|\d{1,9}[.)]\s))|\[(?!\d{1,3}\](?![(:]))|(?<!\d)\]",
    re.MULTILINE | re.ASCII,
)


class MarkdownPieces:
    """Escapes a plain text that comes in pieces for `markdown_text`: cut as it may be, the same comes of it.

    No mention, link, image, code or HTML can come of it; bare addresses stay, they show where they lead. A citation's
    mark such as [1] is the only thing that stays in brackets. Lines end where they ended.
    """

    def __init__(self) -> None:
        self._held = ""

    def escape(self, piece: str) -> str:
        """Gives what can be shown now; the rest of the piece comes with the next one."""
        text = self._held + piece
        undecided = _UNDECIDED.search(text)
        settled = undecided.start() if undecided else len(text)
        self._held = text[settled:]
        return _escaped(text[:settled])

    def rest(self) -> str:
        """Gives what was still held back."""
        held, self._held = self._held, ""
        return _escaped(held)


_UNDECIDED = re.compile(r"(?:\[\d{0,3}\]?|\r)\Z", re.ASCII)
"""The beginning of a mark, a mark that may be followed by what makes a link of it, half a line break."""
_MARKUP = re.compile(r"(?P<mark>\[\d{1,3}\])(?P<target>[(:])?|(?P<sign>[\\`~*\[\]])|(?P<special>[&<>])|\n", re.ASCII)


def _escaped(text: str) -> str:
    return _MARKUP.sub(_inert, visible(text))


def _inert(found: re.Match[str]) -> str:
    if mark := found["mark"]:
        return mark if found["target"] is None else f"{mark}\\{found['target']}"
    if sign := found["sign"]:
        return f"\\{sign}"
    return _ENTITIES[found["special"]] if found["special"] else _HARD_BREAK


_HARD_BREAK = "  \n"
"""Without the spaces Markdown would run two lines together."""


def _entity(found: re.Match[str]) -> str:
    return _ENTITIES[found[0]]
