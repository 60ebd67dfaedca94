"""Hybrid retrieval: words and vectors choose a few passages, the passage reader judges every sentence of them."""

import asyncio
import os
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from bot.core.lessons import GuideRow, Knowledge
from bot.core.messages import Turn
from bot.core.ports import Evidence, Hit
from bot.encoder.embedder import Embedder
from bot.encoder.judgement import Judgement
from bot.encoder.reader import Reader
from bot.knowledge.definitions import asked_to_define
from bot.knowledge.index import Block, LessonIndex
from bot.knowledge.lexical import stems
from bot.knowledge.reading import Line, QuestionReading, related
from bot.knowledge.spelling import Speller, speller
from bot.knowledge.vectors import VectorSource

Found = TypeVar("Found")

CANDIDATES = 16
MAX_LEANING = 3
"""Earlier questions that a follow-up may lean on."""
GUIDE_FIT = 0.35
"""A guide row that fits the words less than this (`LessonIndex.rows`) is not listed for them."""
SURE = 0.5
"""A question that is covered like this alone is not read again together with the thread."""
DEFINED = 1.0
"""The relevance of a section's first line when the question asks what the section's subject is."""
WORDING_COSINE = 0.55
"""A question about wording this like a don't-say is about that row: right in 97% of the guide questions of the training
lessons."""
WORDING_COVERED = 0.72
"""From this cosine the row answers, whatever the reader thinks."""
_ASKS_WORDING = re.compile(
    r"\b(?:say(?:ing)?|said|tell(?:ing)?|told|word(?:ing|ed)?|phras(?:e|ing)|describ(?:e|ing)|talk about|explain|"
    r"put (?:it|this)|answer(?:ing)?|respond(?:ing)?|response|reply(?:ing)?|instead of|claim|promise|pitch|call it)\b",
    re.IGNORECASE,
)
_OPENERS = re.compile(r"(?:and|but|so|ok(?:ay)?|then|also|what about|how about|why(?: not)?|really)\b", re.IGNORECASE)
_POINTERS = re.compile(r"\b(?:it|its|that|this|they|them|those|these|he|she|there|one)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Prepared:
    """What a knowledge snapshot is searched with."""

    index: LessonIndex
    speller: Speller


class HybridRetriever:
    """Finds evidence, off the event loop."""

    def __init__(self, *, embedder: Embedder, vectors: VectorSource, reader: Reader, judgement: Judgement) -> None:
        self._embedder = embedder
        self._vectors = vectors
        self._reader = reader
        self._judgement = judgement
        self._reading = QuestionReading(reader, judgement)
        self._prepared: OrderedDict[int, tuple[Knowledge, _Prepared]] = OrderedDict()
        self._preparing = threading.Lock()
        # One core is left to the event loop and the claim finder, whose sentences are waited for.
        self._threads = ThreadPoolExecutor(max(1, (os.cpu_count() or 2) - 1), "search")

    async def search(self, question: str, knowledge: Knowledge, thread: Sequence[Turn] = ()) -> Evidence:
        """Gives the evidence for `question`; one that leans on the thread is read together with the question before."""
        return await self._off_loop(self._search, question, knowledge, thread)

    async def guide(self, words: str, knowledge: Knowledge) -> tuple[GuideRow, ...]:
        """Gives the guide rows that fit `words`, best first; all rows in order when `words` is blank."""
        if not words.strip():
            return knowledge.guide
        return await self._off_loop(self._guide, words, knowledge)

    async def _off_loop(self, search: Callable[..., Found], *arguments: object) -> Found:
        return await asyncio.get_running_loop().run_in_executor(self._threads, search, *arguments)

    def _search(self, question: str, knowledge: Knowledge, thread: Sequence[Turn]) -> Evidence:
        prepared = self._prepare(knowledge)
        mended = prepared.speller.mend(question)
        if not thread:
            return self._read(mended, prepared.index)
        whole = prepared.speller.mend(f"{subject(thread)} {question}")
        if is_fragment(question) and (not stems(mended) or self._is_related(mended, prepared.index)):
            return self._read(whole, prepared.index)
        evidence = self._read(mended, prepared.index)
        if not evidence.hits or evidence.coverage >= SURE or evidence.misuse or not points_back(question):
            return evidence
        with_subject = self._read(whole, prepared.index)
        return with_subject if with_subject.coverage > evidence.coverage else evidence

    def _is_related(self, question: str, index: LessonIndex) -> bool:
        """Whether the question alone bears on the lessons; "thanks" after an answer does not."""
        (vector,) = self._embedder.embed([question])
        return related(index.candidates(vector, stems(question), limit=4))

    def _read(self, question: str, index: LessonIndex) -> Evidence:
        (vector,) = self._embedder.embed([question])
        misuse = self._judgement.is_misuse(vector)
        candidates = index.candidates(vector, stems(question), limit=CANDIDATES)
        if not related(candidates):
            return Evidence(question=question, hits=(), coverage=0.0, covered=False, misuse=misuse)
        lines = self._reading.lines(question, candidates)
        coverage = self._reading.coverage(question, lines)
        covered = coverage >= self._judgement.covered_from
        hits = [_hit(line) for line in lines]
        nearest = index.nearest_claim(vector)
        if opening := index.opening(asked_to_define(question)):
            covered, coverage = True, DEFINED
            hits = [*_defining(opening), *(hit for hit in hits if hit.passage != opening.passage)]
        elif nearest and _is_about_wording(question, nearest[1], covered=covered):
            block, cosine = nearest
            covered, coverage = True, max(cosine, coverage)
            row = Hit(passage=block.passage, sentence=1, relevance=max(cosine, hits[0].relevance), row=block.row)
            hits = [row, *(hit for hit in hits if hit.row != block.row)]
        return Evidence(
            question=question,
            hits=tuple(hits),
            coverage=coverage,
            covered=covered and not misuse,
            misuse=misuse,
        )

    def _guide(self, words: str, knowledge: Knowledge) -> tuple[GuideRow, ...]:
        prepared = self._prepare(knowledge)
        mended = prepared.speller.mend(words)
        (vector,) = self._embedder.embed([mended])
        found = prepared.index.rows(vector, stems(mended))
        return tuple(row for row, fit in found if fit >= GUIDE_FIT)

    def _prepare(self, knowledge: Knowledge) -> _Prepared:
        """Gives the snapshot's index, building it at most once; the two last snapshots are kept."""
        with self._preparing:
            known = self._prepared.get(id(knowledge))
            if known and known[0] is knowledge:
                return known[1]
            prepared = _Prepared(
                index=LessonIndex(knowledge, self._vectors), speller=speller(knowledge, self._reader.vocabulary())
            )
            self._prepared[id(knowledge)] = (knowledge, prepared)
            while len(self._prepared) > 2:
                self._prepared.popitem(last=False)
            return prepared


def is_fragment(question: str) -> bool:
    """Whether a question is no whole one: it opens with a conjunction, or has at most three words."""
    return len(question.split()) <= 3 or bool(_OPENERS.match(question.strip()))


def points_back(question: str) -> bool:
    """Whether a short question has a pronoun that may stand for something said before."""
    return len(question.split()) <= 12 and bool(_POINTERS.search(question))


def subject(thread: Sequence[Turn]) -> str:
    """What a follow-up is about: the last question, with those before it for as long as each leans on another."""
    asked = []
    for turn in reversed(thread[-MAX_LEANING:]):
        asked.append(turn.question)
        if not is_fragment(turn.question) and not points_back(turn.question):
            break
    return " ".join(reversed(asked))


def _is_about_wording(question: str, cosine: float, *, covered: bool) -> bool:
    """Whether a question asks how to say something that is as like a don't-say as `cosine`."""
    return cosine >= (WORDING_COSINE if covered else WORDING_COVERED) and bool(_ASKS_WORDING.search(question))


def _defining(opening: Block) -> list[Hit]:
    """The lines of a section's first block, as the answer to what its subject is."""
    relevances = [DEFINED, *[DEFINED / 3] * (len(opening.texts) - 1)]
    return [Hit(opening.passage, number, relevance) for number, relevance in enumerate(relevances)]


def _hit(line: Line) -> Hit:
    block = line.candidate.block
    return Hit(passage=block.passage, sentence=line.sentence, relevance=line.relevance, row=block.row)
