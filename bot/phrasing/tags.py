r"""The HTML in a draft: where its tags stand, which of them belong together, and the lines it lays out.

Written by hand because `html.parser` gives line numbers that count only `\n`, not offsets, and repairs what it
reads. Each function here takes one pass over the draft, however broken its markup.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.phrasing.visible import Pair, Span

_INLINE = frozenset(
    "a abbr b big cite code del em font i ins kbd label mark s small span strike strong sub sup tt u".split()
)
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_BLOCKS = _HEADINGS | frozenset(
    """address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer form
    head header hr html li main nav ol p pre section summary table tbody td tfoot th thead tr ul""".split()
)
_VOID = frozenset("br img input link meta wbr".split())
_UNREAD = frozenset("head script style template textarea title".split())
_KNOWN = _INLINE | _BLOCKS | _VOID | _UNREAD
_LAYOUT = re.compile(
    r"<(?:!doctype|html|body|/?p|/?div|/?table|/?td|/?[uo]l|/?li|/?h[1-6])(?:\s[^<>]*)?>", re.IGNORECASE
)
_TAG = re.compile(r"<!--|<[!?][^<>]*>|<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9:-]{0,30})(?:[\s/][^<>]*)?>")

LINE_END = r"(?>\r\n|[\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029])"
_LINE_END = re.compile(LINE_END)
_BLANK_LINE = re.compile(rf"{LINE_END}(?:[ \t]*+{LINE_END})++")


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag, comment or unread element (a script, a style sheet); it has no visible text."""

    start: int
    end: int
    name: str
    closes: bool = False


class Shape(StrEnum):
    """What a line is by its markup."""

    TEXT = "text"
    ITEM = "item"
    HEADING = "heading"


@dataclass(frozen=True, slots=True)
class LaidOut:
    """One line as laid out: `draft[start:end]`, with the tags in it as `hidden`."""

    start: int
    end: int
    hidden: tuple[Span, ...] = ()
    shape: Shape = Shape.TEXT
    quoted: bool = False
    code: bool = False


def find_tags(draft: str, code: Sequence[Span]) -> tuple[tuple[Tag, ...], bool]:
    """Gives the tags outside the `code` spans, and whether HTML lays out the draft.

    In a draft that it lays out any tag counts and line ends are blanks; in any other only known tags are taken
    for markup, so that "<your name>" stays text.
    """
    outside = [match for match in _TAG.finditer(draft) if draft[match.start() - 1 : match.start()] != "`"]
    if code:
        outside = [match for match in outside if not _within(match.start(), code)]
    laid_out = sum(_LAYOUT.fullmatch(match[0]) is not None for match in outside) > 1
    tags: list[Tag] = []
    ends = _Ends(draft)
    position = 0
    for match in outside:
        if match.start() < position:
            continue
        name = (match["name"] or "!").lower()
        if not (name == "!" or name in _KNOWN or laid_out):
            continue
        end = match.end()
        if match[0] == "<!--":
            end = ends.after("-->", match.end())
            if end < 0:
                continue
        elif name in _UNREAD and not match["close"]:
            end = max(end, ends.after(f"</{name}>", end))
        tags.append(Tag(match.start(), end, name, closes=match["close"] == "/"))
        position = end
    return tuple(tags), laid_out


class _Ends:
    """Where things end, in one pass: what was once not found is not looked for again."""

    def __init__(self, draft: str) -> None:
        self._draft = draft.lower() if len(draft.lower()) == len(draft) else draft
        self._missing: set[str] = set()

    def after(self, end: str, position: int) -> int:
        found = -1 if end in self._missing else self._draft.find(end, position)
        if found < 0:
            self._missing.add(end)
            return -1
        return found + len(end)


def _within(position: int, spans: Sequence[Span]) -> bool:
    i = bisect_right(spans, position, key=lambda span: span[0]) - 1
    return i >= 0 and position < spans[i][1]


def tag_pairs(tags: Sequence[Tag]) -> Iterator[Pair]:
    """Gives the inline tags that belong together; one without its other is left out."""
    opened: list[Tag] = []
    names: Counter[str] = Counter()
    for tag in tags:
        if tag.name not in _INLINE:
            continue
        if not tag.closes:
            opened.append(tag)
            names[tag.name] += 1
            continue
        while names[tag.name]:
            last = opened.pop()
            names[last.name] -= 1
            if last.name == tag.name:
                yield Pair((last.start, last.end), (tag.start, tag.end))
                break


def lay_out(draft: str, tags: Sequence[Tag], code: Sequence[Span], *, laid_out: bool) -> Iterator[LaidOut]:
    """Gives the draft's lines in order, blank ones too; `code` spans, which are whole lines, are lines of code.

    Where a block tag stands, and where HTML source has an empty line, a blank line sets the two sides apart.
    """
    state = _State()
    start = 0
    hidden: list[Span] = []

    def line(end: int) -> LaidOut:
        return LaidOut(
            start=start,
            end=end,
            hidden=tuple(hidden),
            shape=state.shape,
            quoted=state.quoted,
            code=state.code or _within(start, code),
        )

    position = 0
    for tag in tags:
        folded = laid_out and not state.as_written
        for found in (_BLANK_LINE if folded else _LINE_END).finditer(draft, position, tag.start):
            yield line(found.start())
            start, hidden = found.end(), []
            if folded:
                yield LaidOut(start, start)
        position = tag.end
        if tag.name in _BLOCKS or tag.name == "br":
            yield line(tag.start)
            start, hidden = tag.end, []
            if tag.name != "br":
                yield LaidOut(start, start)
        else:
            hidden.append((tag.start, tag.end))
        state.take(tag)
    for found in (_BLANK_LINE if laid_out else _LINE_END).finditer(draft, position):
        yield line(found.start())
        start, hidden = found.end(), []
    yield line(len(draft))


class _State:
    """What the elements that are open at a place of the draft make of a line there."""

    def __init__(self) -> None:
        self._depth: Counter[str] = Counter()
        self.shape = Shape.TEXT
        self.quoted = False
        self.as_written = False
        self.code = False

    def take(self, tag: Tag) -> None:
        depth = self._depth
        if tag.closes:
            depth[tag.name] = max(0, depth[tag.name] - 1)
        else:
            depth[tag.name] += 1
        if tag.name == "li":
            depth["li"] = min(depth["li"], 1)
        elif tag.name in ("ul", "ol"):
            depth["li"] = 0
        if tag.name in _BLOCKS:
            for name in _HEADINGS - {tag.name}:
                depth[name] = 0
        in_heading = any(depth[name] for name in _HEADINGS)
        self.shape = Shape.HEADING if in_heading else Shape.ITEM if depth["li"] else Shape.TEXT
        self.quoted = depth["blockquote"] > 0
        self.as_written = depth["pre"] > 0
        self.code = self.as_written and (self.code or depth["code"] > 0)
