"""The lessons as they are sent to the model, and the way back from what it cites to their lines."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from bot.core.lessons import GuideRow, Knowledge, Passage
from bot.core.ports import Evidence
from bot.core.replies import Citation
from bot.engines.claude.pieces import CHARACTERS_A_TOKEN, Cite
from bot.knowledge.index import GUIDE_LABELS, blocks

MAX_PASSAGES = 12
"""Passages sent of a knowledge base that is too large to be sent whole."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a lesson as it was sent: sentence `number` of a passage, or a cell of a guide row."""

    passage: Passage
    number: int
    row: GuideRow | None

    @property
    def text(self) -> str:
        """The line as it stands in the lesson."""
        return self.passage.sentences[self.number].text

    @property
    def sent(self) -> str:
        """The line as the model is given it: a guide row's cell says which it is."""
        return self.text if self.row is None else f"{GUIDE_LABELS[self.number]}: {self.text}"

    @property
    def is_dont_say(self) -> bool:
        """Whether it is what a row says not to say, which supports nothing."""
        return self.row is not None and self.number == 0

    def citation(self, n: int) -> Citation:
        """The line as citation `n` of an answer."""
        sentence = self.passage.sentences[self.number]
        return Citation(
            n=n, lesson=self.passage.lesson, section=self.passage.section, quote=sentence.text, line=sentence.line
        )


@dataclass(frozen=True)
class Corpus:
    """What is sent of the lessons: passages and guide rows, in order. `whole` says that nothing is left out."""

    sources: tuple[tuple[Line, ...], ...]
    titles: tuple[str, ...]
    whole: bool

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Every line, in order."""
        return tuple(line for source in self.sources for line in source)

    @cached_property
    def text(self) -> str:
        """All that was sent, as one text."""
        return "\n".join(line.sent for line in self.lines)

    def search_results(self) -> list[dict[str, object]]:
        """Gives `search_result` blocks, a line a text block: the smallest thing that can be cited."""
        return [
            {
                "type": "search_result",
                "source": _source(source[0]),
                "title": title,
                "content": [{"type": "text", "text": line.sent} for line in source],
                "citations": {"enabled": True},
            }
            for source, title in zip(self.sources, self.titles, strict=True)
        ]

    def numbered(self) -> list[dict[str, object]]:
        """Gives the lines as data, numbered from 1."""
        return [
            {"n": n, "section": line.passage.section or line.passage.lesson, "text": line.sent}
            for n, line in enumerate(self.lines, 1)
        ]

    def cited(self, cite: Cite) -> tuple[Line, ...]:
        """Gives the lines that a citation names; none when it names no such lines, or quotes other words."""
        if not 0 <= cite.result < len(self.sources):
            return ()
        source = self.sources[cite.result]
        if not 0 <= cite.start < cite.end <= len(source):
            return ()
        lines = source[cite.start : cite.end]
        return lines if _squeezed(line.sent for line in lines) == _squeezed([cite.text]) else ()

    def marked(self, n: int) -> Cite | None:
        """The citation that the mark `[n]` stands for, None when there is no such line."""
        for result, source in enumerate(self.sources):
            if 1 <= n <= len(source):
                return Cite(result=result, start=n - 1, end=n, text=source[n - 1].sent)
            n -= len(source)
        return None


def corpus(evidence: Evidence, knowledge: Knowledge, *, whole_tokens: int) -> Corpus:
    """Gives the whole knowledge base in its own order if it has at most about `whole_tokens`, else what was found."""
    return _whole(knowledge, whole_tokens) or _found(evidence)


def _whole(knowledge: Knowledge, tokens: int) -> Corpus | None:
    room = tokens * CHARACTERS_A_TOKEN
    sources: list[tuple[Line, ...]] = []
    titles: list[str] = []
    for block in blocks(knowledge):
        room -= len(block.heading) + sum(map(len, block.texts))
        if room < 0:
            return None
        sources.append(tuple(Line(block.passage, number, block.row) for number in range(len(block.texts))))
        titles.append(block.heading)
    return Corpus(tuple(sources), tuple(titles), whole=True)


def _found(evidence: Evidence) -> Corpus:
    """The passages of the best hits, the best first, each whole."""
    found: dict[tuple[str, int], tuple[Line, ...]] = {}
    for hit in evidence.hits:
        place = (hit.passage.lesson, hit.passage.ordinal)
        if place not in found and len(found) < MAX_PASSAGES:
            found[place] = tuple(Line(hit.passage, number, hit.row) for number in range(len(hit.passage.sentences)))
    return Corpus(tuple(found.values()), tuple(_title(source[0]) for source in found.values()), whole=False)


def _title(line: Line) -> str:
    return line.passage.section or line.passage.lesson


def _source(line: Line) -> str:
    where = f"row-{line.row.row}" if line.row else str(line.passage.ordinal)
    return f"lesson:{line.passage.lesson}#{where}"


def _squeezed(texts: Iterable[str]) -> str:
    """The texts one after the other without white space, which servers join in different ways."""
    return "".join("".join(text.split()) for text in texts)
