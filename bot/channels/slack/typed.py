"""What a person typed into Slack's composer, without the marks that formatting leaves in a message's `text`.

A message has its words twice. `text` has them in mrkdwn: bold comes as `*bold*`, a list as "• ", code in backticks, and
nothing tells these marks from typed ones. `blocks` has them as they were typed, in one `rich_text` block, "the output
of the Slack client's WYSIWYG message composer, so all messages sent by end-users will have this format"
(https://docs.slack.dev/reference/block-kit/blocks/rich-text-block).

The composer ends a section that something follows with a newline; an item, a quote and a code block end their line
without one, and a blank line behind them opens the next section. What is not exactly this is read from `text`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from bot.channels.slack.plain import TOKEN, plain
from bot.channels.slack.typed_elements import Json, UnknownError, typed_element
from bot.core.commands import ReviewCommand, parse

MOST_ELEMENTS = 10_000
"""Elements of one message that are read; Slack's longest text has fewer, unless each letter has a format of its own."""

_DEEPEST = 8
_HIGHEST = 1_000_000
"""Levels and first numbers of lists; the composer gives no more."""
_INDENT = "    "
_MENTION = re.compile(r"<@[^<>]*>")


def words_of(message: Json) -> str:
    """Gives the words of an event or a message as its author typed them."""
    return plain(source_of(message))


def source_of(message: Json) -> str:
    """Gives the same in Slack's own form: mentions between < and >, what was typed escaped, no marks of formatting."""
    text = message.get("text")
    text = text if isinstance(text, str) else ""
    try:
        return _Composed(text).read(message.get("blocks")) or text
    except UnknownError:
        return text


class _Stretch(NamedTuple):
    """The text of a section, a list, a quote or a code block, in Slack's own form."""

    text: str
    is_quoted: bool


class _Composed:
    """Reads the block that the composer made of one message; `text` has labels that the block lacks."""

    def __init__(self, text: str) -> None:
        self._tokens = {found[1].partition("|")[0]: found[0] for found in TOKEN.finditer(text)}
        self._left = MOST_ELEMENTS

    def read(self, blocks: object) -> str:
        """Gives the whole text.

        Raises:
            UnknownError: the composer makes no such blocks.
        """
        if not isinstance(blocks, list) or len(blocks) != 1:
            raise UnknownError
        (block,) = self._objects(blocks)
        if block.get("type") != "rich_text":
            raise UnknownError
        return _together([self._stretch(each) for each in self._elements(block)])

    def _stretch(self, block: Json) -> _Stretch:
        kind = block.get("type")
        # A list or a code block with a border stands in a quote.
        is_quoted = kind == "rich_text_quote" or block.get("border") == 1
        if kind == "rich_text_list":
            return _Stretch("\n".join(self._items(block)), is_quoted)
        if kind in ("rich_text_section", "rich_text_quote", "rich_text_preformatted"):
            return _Stretch(self._inline(block), is_quoted)
        raise UnknownError

    def _items(self, block: Json) -> Iterator[str]:
        """The lines of a list, as they are written where there are no lists."""
        indent = _INDENT * _number(block.get("indent"), _DEEPEST)
        first = 1 + _number(block.get("offset"), _HIGHEST)
        style = block.get("style")
        if style not in ("bullet", "ordered"):
            raise UnknownError
        for number, item in enumerate(self._elements(block), first):
            if item.get("type") != "rich_text_section":
                raise UnknownError
            lead = indent + ("- " if style == "bullet" else f"{number}. ")
            start, *others = self._inline(item).split("\n")
            yield lead + start
            for line in others:
                yield " " * len(lead) + line if line else ""

    def _inline(self, block: Json) -> str:
        return "".join(typed_element(each, self._tokens) for each in self._elements(block))

    def _elements(self, block: Json) -> Sequence[Json]:
        return self._objects(block.get("elements"))

    def _objects(self, values: object) -> Sequence[Json]:
        if not isinstance(values, list):
            raise UnknownError
        self._left -= len(values)
        if self._left < 0 or not all(isinstance(each, Mapping) for each in values):
            raise UnknownError
        return values


def _together(stretches: Sequence[_Stretch]) -> str:
    """One text of all: a quote has the marks with which it was typed, or which its e-mail gave it.

    A quote that is all there is, or all that is to be reviewed, is the writer's own text, only set off: it has none.
    """
    outside = "".join(each.text for each in stretches if not each.is_quoted)
    is_set_off = _asks_for_nothing_else(_MENTION.sub(" ", outside))
    pieces: list[str] = []
    for text, is_quoted in stretches:
        if not text:
            continue
        if pieces and not pieces[-1].endswith("\n"):
            pieces.append("\n")
        pieces.append(_quoted(text) if is_quoted and not is_set_off else text)
    return "".join(pieces)


def _asks_for_nothing_else(outside: str) -> bool:
    if not outside.strip():
        return True
    read = parse(outside)
    return isinstance(read, ReviewCommand) and not read.draft.strip()


def _quoted(text: str) -> str:
    return "\n".join(f"&gt; {line}" if line else "&gt;" for line in text.split("\n"))


def _number(value: object, most: int) -> int:
    if value is None:
        return 0
    if not isinstance(value, int) or not 0 <= value <= most:
        raise UnknownError
    return value
