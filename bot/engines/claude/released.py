"""An answer as it is released: each sentence judged, its citations as marks, approved wording in place of a claim."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.lessons import GuideRow
from bot.core.ports import AnswerTask
from bot.core.replies import Citation
from bot.engines.claude.claimed import ClaimGuard, shows_dont_say
from bot.engines.claude.corpus import Corpus, Line
from bot.engines.claude.grounded import Secret, brings_in, is_verdict, plain, restates
from bot.engines.claude.sentences import Sentence
from bot.engines.claude.supported import Support
from bot.knowledge.index import row_as_passage
from bot.knowledge.lexical import stems

MAX_WORDS = 150
"""Words of an answer, which a rep reads in twenty to thirty seconds; what follows is left out."""
MAX_LINES = 3
"""Lines that are shown of one citation, those that share most words with the sentence."""
NEAREST = 3
"""Hits of a question that say whether it is about a guide row."""
MAX_SENTENCE = 2_000
"""Characters; a longer one is longer than an answer, and would take seconds to judge."""


_MARKS = re.compile(r" (?:\[\d+\])+")


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A sentence without a citation; `breaks` are the line breaks before it."""

    text: str
    breaks: int


@dataclass(frozen=True, slots=True)
class _Judged:
    """What a sentence comes to: what a reader sees of it, the lines it rests on, the rows whose don't-say it makes.

    `is_sound` says that it brings nothing in and that its lines, if it has any, support it.
    """

    text: str
    lines: Sequence[Line] = ()
    rows: Sequence[GuideRow] = ()
    is_sound: bool = True


class Release:
    """Collects the answer. Nothing is released before its first sentence that cites a line of the lessons.

    A sentence that cites nothing waits for the next one that does: what was cited by then decides whether it says
    anything new.
    """

    def __init__(self, task: AnswerTask, sent: Corpus, secret: Secret, guard: ClaimGuard, support: Support) -> None:
        self._task = task
        self._sent = sent
        self._secret = secret
        self._guard = guard
        self._support = support
        self._pieces: list[str] = []
        self._waiting: list[_Waiting] = []
        self._lines: dict[Line, int] = {}
        self._corrected: set[GuideRow] = set()
        self._words = 0
        self._breaks = 0
        self._ahead: tuple[Sentence, asyncio.Task[_Judged]] | None = None
        self.guarded = False

    @property
    def text(self) -> str:
        """What has been released."""
        return "".join(self._pieces)

    @property
    def words(self) -> str:
        """The same without the marks."""
        return _MARKS.sub("", self.text)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """What it rests on; empty as long as nothing is released."""
        return tuple(line.citation(n) for line, n in self._lines.items())

    async def take(self, sentence: Sentence) -> str:
        """Judges the next sentence and gives the text to release now, which may be nothing, or what has waited."""
        self._breaks = max(self._breaks, sentence.lead.count("\n"))
        judged = await self._foreseen(sentence)
        if not judged.is_sound or self._secret.is_told(judged.text):
            self.guarded = True
            return ""
        if not judged.lines:
            if judged.text:
                self._waiting.append(_Waiting(judged.text, self._breaks))
                self._breaks = 0
            return ""
        if judged.rows:  # a yes to what is corrected would make the claim
            self._waiting = [one for one in self._waiting if not is_verdict(one.text)]
        breaks, self._breaks = self._breaks, 0
        before = await self._waited([_approved(row) for row in judged.rows] or judged.lines)
        if judged.rows:
            return before + self._correct(judged.rows)
        return before + self._add(judged.text, judged.lines, breaks)

    def foresee(self, sentence: Sentence) -> None:
        """Judges a sentence that will most likely come next, while it waits to be whole."""
        self.stop()
        self._ahead = (sentence, asyncio.create_task(self._judge(sentence)))

    def stop(self) -> None:
        """Gives up what was foreseen."""
        if self._ahead:
            self._ahead[1].cancel()
            self._ahead = None

    async def _foreseen(self, sentence: Sentence) -> _Judged:
        if self._ahead and self._ahead[0] == sentence:
            (_, judging), self._ahead = self._ahead, None
            return await judging
        return await self._judge(sentence)

    async def _judge(self, sentence: Sentence) -> _Judged:
        """Judges a sentence by itself; one that cites nothing is judged with what is cited after it."""
        if len(sentence.text) > MAX_SENTENCE:
            return _Judged("", is_sound=False)
        text = plain(sentence.text)
        if not any(map(str.isalnum, text)):
            return _Judged("")
        lines = self._cited(sentence, text)
        if not lines:
            return _Judged(text)
        passages = [line.passage.text for line in lines]
        if brings_in(text, passages) or not await self._support.holds(text, [line.text for line in lines], passages):
            return _Judged(text, is_sound=False)
        return _Judged(text, lines, await self._guard.claims(text, self._task.knowledge))

    async def end(self) -> str:
        """Judges what has waited until the end."""
        return await self._waited(()) if self._lines else ""

    def _cited(self, sentence: Sentence, text: str) -> list[Line]:
        """The lines that the sentence rests on, of those it cites; a don't-say supports nothing but its own refusal."""
        lines = [line for cite in sentence.cites for line in _nearest(text, self._sent.cited(cite))]
        if not shows_dont_say(text):
            lines = [line for line in lines if not line.is_dont_say]
        return list(dict.fromkeys(lines))

    async def _waited(self, lines: Sequence[Line]) -> str:
        """Releases what has waited and says nothing beyond the lines cited so far and `lines`."""
        waiting, self._waiting = self._waiting, []
        known = [line.text for line in (*self._lines, *lines)]
        pieces = []
        for one in waiting:
            says_nothing_new = self._is_mere_verdict(one.text) or restates(one.text, known, self._task.question)
            if not says_nothing_new or brings_in(one.text, known):
                self._breaks = max(self._breaks, one.breaks)  # what comes next begins where this would have
            elif rows := await self._guard.claims(one.text, self._task.knowledge):
                pieces.append(self._correct(rows))
            else:
                pieces.append(self._add(one.text, (), one.breaks))
        return "".join(pieces)

    def _is_mere_verdict(self, text: str) -> bool:
        """Whether it says yes or no to a question that is not about a guide row: there that could make the claim."""
        return is_verdict(text) and not any(hit.row for hit in self._task.evidence.hits[:NEAREST])

    def _correct(self, rows: Sequence[GuideRow]) -> str:
        """The approved wordings in a sentence's place, set apart as what to say."""
        self.guarded = True
        new = [row for row in rows if row not in self._corrected]
        self._corrected.update(new)
        said = "".join(self._add(f'Say: "{row.say}"', [_approved(row)], 2) for row in new)
        self._breaks = 2
        return said

    def _add(self, text: str, lines: Sequence[Line], breaks: int) -> str:
        """Adds a sentence to the answer, as long as there is room."""
        self._words += len(text.split())
        if self._words > MAX_WORDS:
            return ""
        marks = "".join(f"[{self._lines.setdefault(line, len(self._lines) + 1)}]" for line in lines)
        lead = ("\n" * min(max(breaks, self._breaks), 2) or " ") if self._pieces else ""
        self._breaks = 0
        piece = f"{lead}{text} {marks}" if marks else f"{lead}{text}"
        self._pieces.append(piece)
        self._secret.released(text)
        return piece


def _nearest(text: str, lines: Sequence[Line]) -> list[Line]:
    """At most `MAX_LINES` of the lines, in their order."""
    said = set(stems(text))
    best = sorted(lines, key=lambda line: -len(said & set(stems(line.text))))[:MAX_LINES]
    return [line for line in lines if line in best]


def _approved(row: GuideRow) -> Line:
    """The row's approved wording as a line."""
    return Line(row_as_passage(row), 1, row)
