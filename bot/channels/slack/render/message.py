"""A message of Slack: blocks within its limits, and the words that stand for them in a notification."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.channels.slack.render.escape import mrkdwn, unescaped
from bot.channels.split import shortened

Block = Mapping[str, object]
"""A Block Kit block as plain JSON values."""

MAX_BLOCKS = 50
MAX_CHARACTERS = 10_000
"""Of all texts of a message's blocks together: Slack was seen to refuse 11,341, and does not say what it takes."""
MAX_FALLBACK = 3_000

_SILENT = frozenset({"actions", "context_actions", "divider"})


@dataclass(frozen=True, slots=True)
class Message:
    """One message; `text`, escaped, is what a notification shows and a screen reader reads."""

    text: str
    blocks: tuple[Block, ...]


def messages(blocks: Iterable[Block], *, text: str | None = None) -> tuple[Message, ...]:
    """Puts blocks into as few messages as hold them, in order, none if there are none.

    `text` is what the first one's notification says, not escaped yet; without it, and for the others, their own words.
    """
    return tuple(
        Message(fallback(text if text and not number else spoken(page)), page)
        for number, page in enumerate(_pages(blocks))
    )


def fallback(text: str) -> str:
    """What a notification says, escaped and never empty."""
    escaped = mrkdwn(shortened(text.strip() or "Field Coach", MAX_FALLBACK))
    return escaped if len(escaped) <= MAX_FALLBACK else mrkdwn(shortened(text.strip(), MAX_FALLBACK // len("&amp;")))


def spoken(blocks: Iterable[Block]) -> str:
    """The words that blocks show, without their buttons, as plain text."""
    return "\n".join(" ".join(_words(block)).strip() for block in blocks if block["type"] not in _SILENT)


def characters(block: object) -> int:
    """How many characters of text a block holds, its buttons' labels included."""
    if isinstance(block, Mapping):
        return sum(
            len(value) if key == "text" and isinstance(value, str) else characters(value)
            for key, value in block.items()
        )
    return sum(map(characters, block)) if isinstance(block, list | tuple) else 0


def _pages(blocks: Iterable[Block]) -> Iterator[tuple[Block, ...]]:
    page: list[Block] = []
    room = MAX_CHARACTERS
    for block in blocks:
        size = characters(block)
        if page and (len(page) == MAX_BLOCKS or size > room):
            yield tuple(page)
            page, room = [], MAX_CHARACTERS
        page.append(block)
        room -= size
    if page:
        yield tuple(page)


def _words(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        text = value.get("text")
        if isinstance(text, str):
            yield unescaped(text) if value.get("type") == "mrkdwn" else text
        elif value.get("type") == "rich_text_section":
            yield "".join(_words(value["elements"]))
        else:
            yield from _words(text)
            yield from _words(value.get("fields"))
            yield from _words(value.get("elements"))
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _words(each)
