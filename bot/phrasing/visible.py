"""Text as a reader sees it, in plain characters, with the place in the draft of each of them."""

import html
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

ADDRESS = "\ue000"
"""Stands for each character of a link or e-mail address, which a sentence needs but no model reads."""

Span = tuple[int, int]

_SPECIAL = re.compile(
    r"(?>\r\n|[^\x20-\x7e]|&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});)",
)
_LINE_ENDS = frozenset("\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029")
_PLAIN = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc\u02b9\u2032\u00b4\u2039\u203a\uff07", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\u300c\u300d\uff02", '"'),
    **dict.fromkeys("\u2014\u2015\u2e3a\u2e3b", " - "),
    **dict.fromkeys("\u00ae\u00a9\u2122\u2120", ""),
    "\u2212": "-",
    ADDRESS: "\N{REPLACEMENT CHARACTER}",
}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two marks that belong together, as places in a text: `**` and `**`, `<b>` and `</b>`, `[` and `](…)`."""

    opening: Span
    closing: Span


@dataclass(frozen=True, slots=True)
class Visible:
    r"""A stretch of a draft as its reader sees it.

    `text[i]` was written as `draft[starts[i]:ends[i]]`; one written character (an ellipsis, a dash) can show as
    several. Line ends show as `\n`, any other white space as a blank.
    """

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def part(self, start: int, end: int) -> "Visible":
        """The stretch from character `start` up to `end` of `text`."""
        return Visible(self.text[start:end], self.starts[start:end], self.ends[start:end])

    def without(self, hidden: Sequence[Span], addresses: Sequence[Span]) -> "Visible":
        """The stretch without the spans of `text` that are `hidden`, and with `ADDRESS` for those of `addresses`.

        No two of them overlap.
        """
        text: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        position = 0
        masked = frozenset(addresses)
        for start, end in sorted([*hidden, *addresses]):
            text.append(self.text[position:start])
            starts += self.starts[position:start]
            ends += self.ends[position:start]
            if (start, end) in masked:
                text.append(ADDRESS * (end - start))
                starts += self.starts[start:end]
                ends += self.ends[start:end]
            position = end
        text.append(self.text[position:])
        starts += self.starts[position:]
        ends += self.ends[position:]
        return Visible("".join(text), starts, ends)


def visible(draft: str, start: int, end: int, hidden: Sequence[Span] = ()) -> Visible:
    """Reads `draft[start:end]` without the `hidden` spans, which are in order and apart."""
    text: list[str] = []
    starts: list[int] = []
    ends: list[int] = []

    def take(first: int, last: int) -> None:
        text.append(draft[first:last])
        starts.extend(range(first, last))
        ends.extend(range(first + 1, last + 1))

    position = start
    for hidden_start, hidden_end in [*hidden, (end, end)]:
        for special in _SPECIAL.finditer(draft, position, hidden_start):
            take(position, special.start())
            position = special.end()
            shown = _plain(special[0])
            text.append(shown)
            starts.extend([special.start()] * len(shown))
            ends.extend([position] * len(shown))
        take(position, hidden_start)
        position = hidden_end
    return Visible("".join(text), starts, ends)


def joined(lines: Sequence[Visible]) -> Visible:
    """Joins lines by a line end each, which stands for everything between them in the draft."""
    lines = [line for line in lines if line.text]
    text: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for line in lines:
        if text:
            text.append("\n")
            starts.append(ends[-1])
            ends.append(line.starts[0])
        text.append(line.text)
        starts += line.starts
        ends += line.ends
    return Visible("".join(text), starts, ends)


@lru_cache(maxsize=4_096)
def _plain(written: str) -> str:
    """What one character or HTML entity shows as."""
    if written[0] == "&":
        decoded = html.unescape(written)
        return written if decoded == written else "".join(map(_plain, decoded))
    if written in _PLAIN:
        return _PLAIN[written]
    if written[0] in _LINE_ENDS:
        return "\n"
    if " " <= written <= "~":
        return written
    category = unicodedata.category(written)
    if category in ("Zs", "Cc", "Zl", "Zp"):
        return " "
    if category == "Pd":
        return "-"
    if category == "Cf" or "\ufe00" <= written <= "\ufe0f":
        return ""
    if category == "Cs":
        return "\N{REPLACEMENT CHARACTER}"
    return "".join(" " if char.isspace() else char for char in unicodedata.normalize("NFKC", written))
