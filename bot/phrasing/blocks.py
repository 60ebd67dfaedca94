"""The rep's lines as blocks: paragraphs (hard-wrapped or not), list items, table cells, headings."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.phrasing.anatomy import Line, Part
from bot.phrasing.tags import Shape
from bot.phrasing.visible import Visible, joined


class Kind(StrEnum):
    """What a block is, and so what each unit in it is a piece of."""

    SENTENCE = "sentence"
    ITEM = "item"
    HEADING = "heading"


@dataclass(frozen=True, slots=True)
class Block:
    """One block: what is shown of it, with its inline marks, without bullet, number and heading marks."""

    kind: Kind
    shown: Visible


_BULLET = re.compile(
    r"""\s*(?:
        (?:[-*+o]|[\u2022\u2023\u25e6\u25aa\u25ab\u25cf\u25cb\u25a0\u25a1\u25c6\u25c7\u25ba\u25b6\u27a2\u27a4\u2794]
          |[\u2192\u21d2\u2713\u2714\u2611\u2610\u2705\u274c\u00b7\u2043\u2219\uf0b7\u00a7])(?P<gap>\s+)
        | \(?(?P<number>\d{1,3})[.)]\s+
        | (?:\(?[A-Za-z]\)|\(?[ivx]{1,4}\)|\([IVX]{1,4}\))\s+
    )(?:\[[ xX]\]\s+)?""",
    re.VERBOSE,
)
_HASHES = re.compile(r"\s*#{1,6}\s+")
_CLOSING_HASHES = re.compile(r"\s+#+\s*\Z")
_BOLD_LINE = re.compile(r"\s*(\*\*|__)(?P<words>[^*_]{1,100})\1:?\s*")
_LABEL_LINE = re.compile(r"\s*[A-Z][^:.!?;,\n]{0,40}:\s+\S")
_CELL_BORDER = re.compile(r"(?<!\\)\|")
_SENTENCE_END = re.compile(r"[.!?][\"')\]*_]{0,4}\s*\Z")

_LEANING_ON = re.compile(
    r"(?<![\w'])(?:a|an|the|this|your|our|their|its|my|of|on|in|at|to|for|with|from|by|and|or|but|as|that|which|it|we|you"
    r"|they|is|are|was|can|could|will|would|should|not)\Z",
    re.IGNORECASE,
)
"""The ends of lines that lean on the word after them."""
_TITLE = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Prof|St)\.\Z")
"""Abbreviations that a name follows."""
_LEANING_BACK = re.compile(r"(?:of|on|in|at|to|for|with|from|by|and|or|than|as|that|which|who|into|over|is|are|was)\b")
_WRAP = 62
"""Columns from which a line counts as full, whatever the paragraph's other lines are: mail is wrapped at 72 or 76."""
_NARROW = 60
"""Columns up to which no mail client wraps: lines as short as that end where their writer ended them."""
_UNWRAPPED = 100
"""Columns from which a line was not wrapped by a mail client, and tells nothing about the others."""


def blocks(lines: Sequence[Line]) -> Iterator[Block]:
    """Gives the blocks of the body and subject lines, in order."""
    run: list[Line] = []
    for line in lines:
        part = Part.BODY if line.part is Part.RULE and "|" in line.shown.text else line.part
        if part not in (Part.BODY, Part.SUBJECT):
            yield from _Run(run).blocks()
            run = []
            continue
        if run and line.shape is not run[-1].shape:
            yield from _Run(run).blocks()
            run = []
        run.append(line)
    yield from _Run(run).blocks()


class _Run:
    """Lines with no blank line between them."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._texts = [line.shown.text for line in lines]
        self._width = _width(self._texts)
        self._chat = bool(lines) and self._texts[0].lstrip()[:1].islower()
        self._table = any(map(_is_table_rule, self._texts))
        self._labels = [_LABEL_LINE.match(text[:80]) is not None for text in self._texts]

    def blocks(self) -> Iterator[Block]:
        """Gives the blocks that the lines make."""
        if self._lines and self._lines[0].shape is Shape.HEADING:
            yield Block(Kind.HEADING, joined([line.shown for line in self._lines]))
            return
        open_block: list[Visible] = []
        kind = Kind.SENTENCE
        number = 0
        for i, line in enumerate(self._lines):
            bullet = self._bullet(i, number)
            alone = list(self._blocks_of_one_line(i))
            if open_block and not (bullet or alone or self._is_labelled(i)) and self._goes_on(i):
                open_block.append(line.shown)
                continue
            if open_block:
                yield Block(kind, joined(open_block))
            yield from alone
            open_block = [] if alone else [line.shown.part(bullet.end() if bullet else 0, len(line.shown.text))]
            is_item = bullet or self._is_labelled(i) or line.shape is Shape.ITEM
            kind = Kind.ITEM if is_item else Kind.SENTENCE
            number = int(bullet["number"] or 0) if bullet else number
        if open_block:
            yield Block(kind, joined(open_block))

    def _blocks_of_one_line(self, i: int) -> Iterator[Block]:
        """The blocks of a table row or of a heading; none for any other line."""
        shown = self._lines[i].shown
        text = shown.text
        if "|" in text and (self._table or (text.lstrip()[0] == "|" and text.count("|") > 1)):
            yield from _cells(shown)
        elif _HASHES.match(text[:40]) or _is_bold_line(text):
            yield Block(Kind.HEADING, _heading_words(shown))

    def _is_labelled(self, i: int) -> bool:
        """Whether the line is one of several labelled ones, which make a list without bullets."""
        return self._labels[i] and any(self._labels[max(0, i - 1) : i] + self._labels[i + 1 : i + 2])

    def _bullet(self, i: int, number: int) -> re.Match[str] | None:
        """The bullet or number of line `i`, unless it is a dash or a number that was wrapped there.

        `number` is that of the item before.
        """
        text = self._texts[i]
        found = _BULLET.match(text[:80])
        if not found:
            return None
        mark = text.lstrip()[0]
        if mark == "o" and len(found["gap"]) < 2:
            return None
        before = self._texts[i - 1] if i else ""
        if not before or _SENTENCE_END.search(before[-8:]) or before.rstrip()[-1:] in (":", ";"):
            return found
        if found["number"]:
            return found if int(found["number"]) in (1, number + 1) else None
        if mark == "-" and text[found.end() : found.end() + 1].islower():
            beside = self._texts[i - 1 : i] + self._texts[i + 1 : i + 2]
            return found if any(other[:80].lstrip()[:2] == "- " for other in beside) else None
        return found

    def _goes_on(self, i: int) -> bool:
        """Whether a paragraph goes on over the start of line `i`, rather than a new line being meant.

        It does where the first word had no room on the line before, and where one side is no end or start of a
        sentence; in a chat, which starts lower-case, a lower-case start tells nothing.
        """
        before = self._texts[i - 1].rstrip()
        words = self._texts[i][:80].split(maxsplit=1)
        if not words or not before:
            return False
        full = len(before) + 1 + len(words[0]) > self._width
        lower = words[0][0].islower()
        if _TITLE.search(before[-8:]):
            return True
        if _SENTENCE_END.search(before[-8:]):
            return full or self._texts[i][0].isspace()
        if before[-1] in ":,(-":
            return before[-1] != ":" or (full and lower)
        if full or _LEANING_ON.search(before[-12:]):
            return True
        leans_back = 2 * len(before) > self._width or _LEANING_BACK.match(words[0]) is not None
        return lower and not self._chat and leans_back


def _is_table_rule(text: str) -> bool:
    return "|" in text and "-" in text and not text.strip("|-: \t\n")


def _width(texts: Sequence[str]) -> int:
    """The column up to which the lines are filled, as far as they tell; the last line of a paragraph does not."""
    lengths = [len(text) for text in texts[:-1] if len(text) <= _UNWRAPPED]
    return min(_WRAP, max(_NARROW, max(lengths, default=_WRAP)))


def _is_bold_line(text: str) -> bool:
    """Whether a line is all bold and no sentence, as a heading is."""
    found = _BOLD_LINE.fullmatch(text) if len(text) < 120 else None
    return found is not None and found["words"].rstrip()[-1] not in ".!?"


def _heading_words(shown: Visible) -> Visible:
    hashes = _HASHES.match(shown.text[:40])
    start = hashes.end() if hashes else 0
    closing = _CLOSING_HASHES.search(shown.text, max(start, len(shown.text) - 40)) if hashes else None
    return shown.part(start, closing.start() if closing else len(shown.text))


def _cells(shown: Visible) -> Iterator[Block]:
    start = 0
    for border in [*_CELL_BORDER.finditer(shown.text), None]:
        end = border.start() if border else len(shown.text)
        if shown.text[start:end].strip():
            yield Block(Kind.ITEM, shown.part(start, end))
        start = border.end() if border else end
