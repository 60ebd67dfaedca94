"""Makes text from people, lessons and models harmless where Teams reads Markdown."""

import re
from collections.abc import Callable, Iterator

from bot.channels.split import split
from bot.channels.visible import visible

MAX_TEXT = 16_000
"""Characters of a message's text, escaped."""
BREAK, PARAGRAPH = "  \n", "\n\n"
"""End a line and a paragraph: without the spaces Markdown would run two lines together."""

_USUAL = 12_000
_DENSE = 2_500
"""Characters of a part that nearly all have to be escaped: an entity has five."""
_TAB = 4
_MARKUP = re.compile(
    r"(?P<mark>\[\d{1,3}\])(?P<target>[(:])?|(?P<address>https?://[^\s<>\[\]]+)|(?P<sign>[\\`*_~\[\]{}|])|[&<>]",
    re.ASCII,
)
_SIGN = re.compile(r"[\\`*~{}|&]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_LEADING = re.compile(r"[#+=-]|\d{1,9}(?=[.)])", re.ASCII)
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_SPACE = "\N{NO-BREAK SPACE}"


def escaped(text: str) -> str:
    """Gives Markdown that shows exactly `text`, its lines and their indentation kept.

    No emphasis, list, link, mention or HTML can come of it. Bare addresses stay, they show where they lead, and so does
    a citation's mark such as [1]. More than one blank line is shown as one.
    """
    return BREAK.join(map(escaped_line, visible(text).split("\n")))


def escaped_line(line: str) -> str:
    """The same for what is visible of a single line."""
    words = line.strip()
    if not words:
        return ""
    spaces = _kept(line[: len(line) - len(line.lstrip())].expandtabs(_TAB))
    begins = _LEADING.match(words)
    if begins is None:
        return spaces + _inline(words)
    number = begins[0] if begins[0].isdecimal() else ""
    return f"{spaces}{number}\\{words[len(number)]}{_inline(words[len(number) + 1 :])}"


def escaped_words(text: str) -> str:
    """The same as a single line, runs of spaces and breaks as one space: what can stand within other text."""
    return escaped_line(" ".join(visible(text).split()))


def bold(text: str) -> str:
    """Words that stand out, such as a label."""
    words = escaped_words(text)
    return f"**{words}**" if words else ""


def parts(text: str, shown: Callable[[str], str] = escaped) -> tuple[str, ...]:
    """Splits plain text at sensible places, so that each part fits a message as it is `shown`."""
    return tuple(_parts(text, shown))


def texts(blocks: Iterator[str]) -> tuple[str, ...]:
    """Puts blocks of Markdown, none longer than a message's text, into as few texts as hold them, in order.

    Blank ones are left out.
    """
    pages: list[str] = []
    for block in filter(str.strip, blocks):
        if pages and len(pages[-1]) + len(PARAGRAPH) + len(block) <= MAX_TEXT:
            pages[-1] += PARAGRAPH + block
        else:
            pages.append(block)
    return tuple(pages)


def _parts(text: str, shown: Callable[[str], str]) -> Iterator[str]:
    for part in split(text, _USUAL):
        yield from (part,) if len(shown(part)) <= MAX_TEXT else split(part, _DENSE)


def _kept(indent: str) -> str:
    """Spaces that stay: a paragraph that began with the character itself would be stripped of it."""
    spaces = indent.replace(" ", _SPACE)
    return f"&#{ord(spaces[0])};{spaces[1:]}" if spaces else ""


def _inline(words: str) -> str:
    return _MARKUP.sub(_inert, words)


def _inert(found: re.Match[str]) -> str:
    if mark := found["mark"]:
        return mark if found["target"] is None else f"{mark}\\{found['target']}"
    if address := found["address"]:
        return _SIGN.sub(_inert_sign, address)
    return _inert_sign(found)


def _inert_sign(found: re.Match[str]) -> str:
    return _ENTITIES.get(found[0]) or f"\\{found[0]}"
