"""The units of a draft: the sentences, list items and headings that are judged, and replaced, one by one."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.phrasing.anatomy import anatomy
from bot.phrasing.blocks import Kind, blocks
from bot.phrasing.marks import find_marks
from bot.phrasing.sentences import sentence_spans
from bot.phrasing.visible import ADDRESS, Pair, Span, Visible

__all__ = ["Kind", "Layout", "Unit", "layout", "units"]


@dataclass(frozen=True, slots=True)
class Unit:
    """One stretch of a draft that an approved wording can take the place of.

    `draft[start:end]` is a sentence with its end punctuation, the words of a list item after its bullet and label,
    or a heading's words; emphasis marks, links and code around or inside it are whole. `text` is what it says, in
    plain characters on one line, without marks and addresses. `before` is the `text` of the unit before it, for the
    first unit of a list item that of the unit before the list; "" for the first one.
    """

    start: int
    end: int
    text: str
    before: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Layout:
    """A draft's units with what a replacement must keep in order.

    `blocks[i]` numbers the block that `units[i]` stands in, `pairs` are all marks that belong together, as places in
    the draft, and `markup` says that the draft holds HTML tags.
    """

    units: tuple[Unit, ...]
    blocks: tuple[int, ...]
    pairs: tuple[Pair, ...]
    markup: bool


_LABEL = re.compile(r"(?P<label>[^\s:.!?;][^:.!?;\n]{0,48}?)\s*:\s+(?=\S)")
_DASH_LABEL = re.compile(r"(?P<label>[^\s:.!?;][^:.!?;\n]{0,48}?)\s*:?\s+-+\s+(?=\S)")
_POSTSCRIPT = re.compile(r"p\.?\s?(?:p\.?\s?)?s\b[.:,]?\s*-*\s*", re.IGNORECASE)
_LABEL_WORDS = 5
_LABEL_LONGEST = 80
_ASKING = frozenset("what how why when where who which".split())
_SAYING = frozenset(
    """i we you it he she they this that there is are was were be can can't could will won't would should shall may
    might must do does did don't have has had let please think remember note know say tell see make""".split()
)
_LEADING = frozenset("\"'([{$#@~<\u00bf\u00a1\u20ac\u00a3\u00a5" + ADDRESS)
_CLOSERS = {"(": ")", "[": "]", "{": "}", '"': '"', "'": "'"}
_ELIDED = re.compile(r"'(?:tis|twas|til|em|cause|bout|n|\d\ds?)\b", re.IGNORECASE)
_LAYERS = 8
"""Brackets and quotes around a sentence that are looked through."""

_NUMBER_ALONE = re.compile(r"\(?\d{1,3}[.)]")
_JOINED_DASHES = re.compile(r"(?<=\w)-{2,}(?=\w)")
_GAP_LEFT = re.compile(r"\(\s*\)|\[\s*\]|\s+(?=[.,;:!?)](?:\s|\Z))")
_COMPOSED = 10_000
"""Characters of a text up to which combining marks are composed, which takes quadratic time in long runs of them."""


def units(draft: str) -> tuple[Unit, ...]:
    """Gives the units of `draft` in order; they never overlap. Any text will do; time is linear in its length.

    Greetings, signatures, mail headers, quoted messages and fenced code have none.
    """
    return layout(draft).units


def layout(draft: str) -> Layout:
    """Gives the units of `draft` with the marks around them."""
    parts = anatomy(draft)
    found: list[Unit] = []
    places: list[int] = []
    around = _Around(parts.pairs)
    previous = lead_in = ""
    kind: Kind | None = None
    for number, block in enumerate(blocks(parts.lines)):
        if block.kind is not Kind.ITEM or kind is not Kind.ITEM:
            lead_in = previous
        before, kind = lead_in if block.kind is Kind.ITEM else previous, block.kind
        marks = find_marks(block.shown.text)
        shown = block.shown.without(marks.hidden, marks.addresses)
        around.add(_in_draft(pair, block.shown) for pair in marks.pairs)
        for start, end in _stretches(shown, block.kind, around):
            text = _said(shown.text[start:end])
            if not any(map(str.isalnum, text)) or _NUMBER_ALONE.fullmatch(text):
                continue
            first, last = around.widened(shown.starts[start], shown.ends[end - 1])
            found.append(Unit(first, last, text, before, block.kind))
            places.append(number)
            before = previous = text
    return Layout(tuple(found), tuple(places), around.pairs, parts.markup)


def _in_draft(pair: Pair, shown: Visible) -> Pair:
    opening, closing = ((shown.starts[start], shown.ends[end - 1]) for start, end in (pair.opening, pair.closing))
    return Pair(opening, closing)


class _Around:
    """The marks of a draft, looked up by what they touch."""

    def __init__(self, pairs: Iterable[Pair]) -> None:
        self._pairs: list[Pair] = []
        self._opening: dict[int, Pair] = {}
        self._closing: dict[int, Pair] = {}
        self.add(pairs)

    def add(self, pairs: Iterable[Pair]) -> None:
        """Takes in more marks."""
        for pair in pairs:
            self._pairs.append(pair)
            self._opening[pair.opening[1]] = pair
            self._closing[pair.closing[0]] = pair

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """All marks in order."""
        return tuple(sorted(self._pairs, key=lambda pair: pair.opening))

    def widened(self, start: int, end: int) -> Span:
        """A stretch of the draft with the marks that touch it and would lose their other one, or hold nothing else."""
        while True:
            if (pair := self._closing.get(end)) and start <= pair.opening[1]:
                start, end = min(start, pair.opening[0]), pair.closing[1]
            elif (pair := self._opening.get(start)) and pair.closing[1] <= end:
                start = pair.opening[0]
            else:
                return start, end

    def sets_apart(self, start: int, end: int) -> bool:
        """Whether a mark opens right before `start` and closes by `end`."""
        pair = self._opening.get(start)
        return pair is not None and pair.closing[1] <= end


def _stretches(shown: Visible, kind: Kind, around: _Around) -> Iterator[Span]:
    """The units of a block as spans of what is shown of it."""
    for number, (start, end) in enumerate(sentence_spans(shown.text)):
        if number == 0 and kind is not Kind.HEADING:
            start += _label_length(shown, start, end, kind, around)
        start, end = _own(shown.text, start, end)
        if start < end:
            yield start, end


def _label_length(shown: Visible, start: int, end: int, kind: Kind, around: _Around) -> int:
    """The length of the label at the start of an item, of a bold one or a "P.S." at the start of a paragraph, or 0."""
    if postscript := _POSTSCRIPT.match(shown.text, start, end):
        return postscript.end() - start
    for pattern in (_LABEL, _DASH_LABEL):
        label = pattern.match(shown.text, start, min(end, start + _LABEL_LONGEST))
        if label and around.sets_apart(shown.starts[start], shown.starts[label.end()]):
            return label.end() - start
    label = _LABEL.match(shown.text, start, min(end, start + _LABEL_LONGEST))
    if label and kind is Kind.ITEM:
        words = label["label"].lower().split()
        told = len(words) > 1 and words[0] not in _ASKING and not _SAYING.isdisjoint(words)
        if len(words) <= _LABEL_WORDS and not told:
            return label.end() - start
    return 0


def _own(text: str, start: int, end: int) -> Span:
    """A sentence without the symbols before and after it and the brackets and quotes that are not its own."""
    for _ in range(_LAYERS):
        start, end = _without_symbols(text, start, end)
        inner = _unwrapped(text, start, end)
        if inner == (start, end):
            break
        start, end = inner
    return start, end


def _without_symbols(text: str, start: int, end: int) -> Span:
    while start < end and not (text[start].isalnum() or text[start] in _LEADING or _starts_number(text, start, end)):
        start += 1
    while end > start and (text[end - 1].isspace() or unicodedata.category(text[end - 1]) in ("So", "Sk")):
        end -= 1
    return start, end


def _starts_number(text: str, start: int, end: int) -> bool:
    """Whether "-5", "+49" or ".NET" starts there."""
    return text[start] in "+-." and start + 1 < end and text[start + 1].isalnum()


def _unwrapped(text: str, start: int, end: int) -> Span:
    """One layer of brackets or quotes off: those around the whole, and one whose other is not in the sentence."""
    if start >= end:
        return start, end
    closer = _CLOSERS.get(text[start])
    if closer:
        stop = _closing(text, start, end, closer)
        if stop < 0:
            return (start, end) if _ELIDED.match(text, start) else (start + 1, end)
        if not text[stop + 1 : end].strip(".,;:!?"):
            return start + 1, stop
    last = text[end - 1]
    if last in ")]}":
        opener = "([{"[")]}".index(last)]
        if text.count(opener, start, end) < text.count(last, start, end):
            return start, end - 1
    elif last == '"':
        return start, end - text.count('"', start, end) % 2
    elif last == "'" and text[end - 2 : end - 1] in (".", "!", "?", ",") and text.find(" '", start, end) < 0:
        return start, end - 1
    return start, end


def _closing(text: str, start: int, end: int, closer: str) -> int:
    """Where what opens at `start` is closed, or -1."""
    if closer == text[start]:
        position = text.find(closer, start + 1, end)
        while closer == "'" and 0 <= position < end - 1 and text[position + 1].isalnum():
            position = text.find(closer, position + 1, end)
        return position
    depth = 0
    for position in range(start, end):
        depth += (text[position] == text[start]) - (text[position] == closer)
        if depth == 0:
            return position
    return -1


def _said(text: str) -> str:
    """What a stretch says, on one line, without addresses and the gaps they leave."""
    if ADDRESS in text:
        text = _GAP_LEFT.sub("", text.replace(ADDRESS, ""))
    text = " ".join(_JOINED_DASHES.sub(" - ", text).split())
    return unicodedata.normalize("NFC", text) if len(text) < _COMPOSED else text
