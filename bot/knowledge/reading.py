"""Reads what retrieval offers for one question: each line's relevance, and how likely the lessons are to answer."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bot.encoder.judgement import Judgement
from bot.encoder.reader import MAX_HEADING_TOKENS, MAX_QUESTION_TOKENS, MAX_SENTENCE_TOKENS, Pair, Reader
from bot.knowledge.doubts import doubt
from bot.knowledge.index import Candidate, features

READ_TOKENS = 460
"""Tokens read for one question; the reader takes about 0.045 ms a token on one thread."""
DOUBTED_LINES = 3
"""The best lines that are searched for what the question asks."""
RELATED_COSINE = 0.2
"""A question less like every line than this, and without a word of them, is about something else."""


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of a candidate, with its relevance, 0 to 1."""

    candidate: Candidate
    sentence: int
    relevance: float

    @property
    def text(self) -> str:
        """The sentence as the reader read it."""
        return self.candidate.block.texts[self.sentence]


class QuestionReading:
    """Reads candidates, best first, within a budget of tokens."""

    def __init__(self, reader: Reader, judgement: Judgement) -> None:
        self._reader = reader
        self._judgement = judgement

    def lines(self, question: str, candidates: Sequence[Candidate]) -> list[Line]:
        """Gives every line that was read, the most relevant first."""
        of_sentences, of_passages = features(candidates)
        left = READ_TOKENS
        lines: list[Line] = []
        for place, candidate in enumerate(candidates):
            pair = read_pair(self._reader, question, candidate)
            if lines and len(pair.ids) > left:
                continue
            left -= len(pair.ids)
            reading = self._reader.read(pair)
            passage = self._judgement.passage(reading.passage, of_passages[place])
            relevances = self._judgement.sentences(reading.sentences, of_sentences[place], passage)
            lines += [Line(candidate, number, relevance) for number, relevance in enumerate(relevances)]
        return sorted(lines, key=lambda line: -line.relevance)

    def coverage(self, question: str, lines: Sequence[Line]) -> float:
        """Gives how likely the lessons are to answer, 0 to 1; `lines` are what `lines` gave."""
        if not related([line.candidate for line in lines]):
            return 0.0
        best = min(max(lines[0].relevance, 1e-9), 1 - 1e-9)
        logit = math.log(best / (1 - best)) - doubt(question, [line.text for line in lines[:DOUBTED_LINES]])
        return 1 / (1 + math.exp(-logit))


def read_pair(reader: Reader, question: str, candidate: Candidate) -> Pair:
    """Puts a question and a candidate together as the reader was trained on them."""
    return reader.pair(
        reader.tokens(question, MAX_QUESTION_TOKENS),
        reader.tokens(candidate.block.heading, MAX_HEADING_TOKENS),
        [reader.tokens(text, MAX_SENTENCE_TOKENS) for text in candidate.block.texts],
    )


def related(candidates: Sequence[Candidate]) -> bool:
    """Whether any candidate shares a word with the question or is somewhat like it."""
    return any(candidate.words > 0 or max(candidate.cosines) >= RELATED_COSINE for candidate in candidates)
