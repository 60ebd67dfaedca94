"""Cuts a reply into sentences as it comes in, each with what it cites."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.engines.claude.pieces import BlockEnd, Cite, Ended, Piece, Text
from bot.knowledge.sentences import split_sentences

_LIST_MARK = re.compile(r"(?:[-*\u2022]|\d{1,2}[.)])\Z")
_LABELLED = re.compile(r"\s*(?:Say|Not|Why|Do say|Don['\u2019]t say):", re.IGNORECASE)
_ENDS = re.compile(r"[.!?\u2026][\"')\]\u2019\u201d]*\s*\Z|\n\s*\Z")
_BEGINS = re.compile(r"\s*\n|\s*[\"'(\[\u2018\u201c]*[^\W_a-z]|\s*[-*\u2022]\s")
"""How a sentence ends, and how the block after it begins that does not go on with it."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence. `lead` is the white space before it, `cites` what the blocks cite that it has a part in."""

    lead: str
    text: str
    cites: tuple[Cite, ...]


@dataclass(slots=True)
class _Block:
    """One block of the reply, by its place in the text that waits."""

    start: int
    end: int
    cites: list[Cite]


class Sentences:
    """Takes pieces and gives the sentences that are complete.

    A sentence waits for the end of the block that it ends in, since a block's citations and text come in any order, and
    for the first word of the block after it, which may go on with it.
    """

    def __init__(self) -> None:
        self._waiting = ""
        self._blocks: list[_Block] = []
        self._cites: list[Cite] = []
        self._open = ""

    def take(self, piece: Piece) -> Iterator[Sentence]:
        """Takes the next piece; yields what it completes."""
        match piece:
            case Text(text=text):
                self._open += text
                if self._is_complete():
                    yield from self._complete(is_over=True)
            case Cite():
                self._cites.append(piece)
            case BlockEnd():
                self._close_block()
                yield from self._complete(is_over=False)
            case Ended():
                self._close_block()
                yield from self._complete(is_over=True)

    @property
    def held(self) -> Sentence | None:
        """The sentence that waits, if it looks like a whole one."""
        spans = list(_spans(self._waiting)) if _ENDS.search(self._waiting) else []
        return self._sentence(0, *spans[0]) if len(spans) == 1 else None

    def _is_complete(self) -> bool:
        """Whether what waits does not go on in the open block."""
        if not self._waiting or not _BEGINS.match(self._open) or not _ENDS.search(self._waiting):
            return False
        if _LABELLED.match(self._waiting.rpartition("\n")[2]) and "\n" not in self._open.lstrip(" \t")[:1]:
            return False
        return self._waiting[-1].isspace() or self._open[0].isspace()

    def _close_block(self) -> None:
        start = len(self._waiting)
        self._waiting += self._open
        self._blocks.append(_Block(start, len(self._waiting), self._cites))
        self._open, self._cites = "", []

    def _complete(self, *, is_over: bool) -> Iterator[Sentence]:
        spans = list(_spans(self._waiting))
        if not is_over and spans and "\n" not in self._waiting[spans[-1][1] :]:
            spans.pop()
        done = 0
        for start, end in spans:
            yield self._sentence(done, start, end)
            done = end
        self._waiting = self._waiting[done:]
        self._blocks = [
            _Block(max(block.start - done, 0), block.end - done, block.cites)
            for block in self._blocks
            if block.end > done
        ]

    def _sentence(self, done: int, start: int, end: int) -> Sentence:
        """The text from `start` to `end` as a sentence; `done` is where the one before it ends."""
        cites = [cite for block in self._blocks if block.start < end and start < block.end for cite in block.cites]
        return Sentence(self._waiting[done:start], self._waiting[start:end], tuple(dict.fromkeys(cites)))


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """The places of the sentences; none goes over the end of a line. A labelled line is one, a list's mark is none."""
    position = 0
    for line in re.split(r"(\n)", text):
        if _LABELLED.match(line):
            yield position + len(line) - len(line.lstrip()), position + len(line.rstrip())
        else:
            start: int | None = None
            for offset, sentence in split_sentences(line):
                start = offset if start is None else start
                if not _LIST_MARK.match(sentence):
                    yield position + start, position + offset + len(sentence)
                    start = None
        position += len(line)
