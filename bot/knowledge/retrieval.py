"""Hybrid retrieval: words and vectors choose a few passages, the passage reader judges every sentence of them."""

import asyncio
import re
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.lessons import GuideRow, Knowledge
from bot.core.messages import Turn
from bot.core.ports import Evidence, Hit
from bot.encoder.embedder import Embedder
from bot.encoder.judgement import Judgement
from bot.encoder.reader import (
    MAX_HEADING_TOKENS,
    MAX_QUESTION_TOKENS,
    MAX_SENTENCE_TOKENS,
    Reader,
)
from bot.knowledge.index import Candidate, LessonIndex, features
from bot.knowledge.lexical import stems
from bot.knowledge.spelling import Speller, speller
from bot.knowledge.vectors import VectorSource

CANDIDATES = 16
READ_TOKENS = 480
"""Tokens read for one question; the reader takes about 0.045 ms a token on one thread."""
GUIDE_COSINE = 0.35
"""A guide row less like the words than this is not listed for them."""
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
    """Finds evidence. The work is done in threads, one search at a time for each knowledge snapshot being prepared."""

    def __init__(self, *, embedder: Embedder, vectors: VectorSource, reader: Reader, judgement: Judgement) -> None:
        self._embedder = embedder
        self._vectors = vectors
        self._reader = reader
        self._judgement = judgement
        self._prepared: OrderedDict[int, tuple[Knowledge, _Prepared]] = OrderedDict()
        self._preparing = threading.Lock()

    async def search(self, question: str, knowledge: Knowledge, thread: Sequence[Turn] = ()) -> Evidence:
        """Gives the evidence for `question`; one that leans on the thread is read together with the question before."""
        return await asyncio.to_thread(self._search, question, knowledge, thread)

    async def guide(self, words: str, knowledge: Knowledge) -> tuple[GuideRow, ...]:
        """Gives the guide rows that fit `words`, best first; all rows in order when `words` is blank."""
        if not words.strip():
            return knowledge.guide
        return await asyncio.to_thread(self._guide, words, knowledge)

    def _search(self, question: str, knowledge: Knowledge, thread: Sequence[Turn]) -> Evidence:
        prepared = self._prepare(knowledge)
        mended = prepared.speller.mend(question)
        evidence = self._read(mended, prepared.index)
        if thread and leans_on_thread(question) and not evidence.misuse:
            whole = self._read(prepared.speller.mend(f"{thread[-1].question} {question}"), prepared.index)
            if whole.coverage > evidence.coverage or not evidence.covered:
                return whole
        return evidence

    def _read(self, question: str, index: LessonIndex) -> Evidence:
        (vector,) = self._embedder.embed([question])
        misuse = self._judgement.is_misuse(vector)
        candidates = index.candidates(vector, stems(question), limit=CANDIDATES)
        if not candidates:
            return Evidence(question=question, hits=(), coverage=0.0, covered=False, misuse=misuse)
        of_sentences, of_passages = features(candidates)
        tokens = self._reader.tokens(question, MAX_QUESTION_TOKENS)
        hits: list[Hit] = []
        left = READ_TOKENS
        for place, candidate in enumerate(candidates):
            pair = self._reader.pair(
                tokens,
                self._reader.tokens(candidate.block.heading, MAX_HEADING_TOKENS),
                [self._reader.tokens(text, MAX_SENTENCE_TOKENS) for text in candidate.block.texts],
            )
            if hits and len(pair.ids) > left:
                continue
            left -= len(pair.ids)
            reading = self._reader.read(pair)
            passage = self._judgement.passage(reading.passage, of_passages[place])
            relevances = self._judgement.sentences(reading.sentences, of_sentences[place], passage)
            hits += [_hit(candidate, number, relevance) for number, relevance in enumerate(relevances)]
        hits.sort(key=lambda hit: -hit.relevance)
        covered = hits[0].relevance >= self._judgement.covered_from
        nearest = index.nearest_claim(vector)
        if (
            nearest
            and nearest[1] >= (WORDING_COSINE if covered else WORDING_COVERED)
            and _ASKS_WORDING.search(question)
        ):
            block, cosine = nearest
            covered = True
            hits = [
                Hit(passage=block.passage, sentence=1, relevance=max(cosine, hits[0].relevance), row=block.row),
                *(hit for hit in hits if hit.row != block.row),
            ]
        return Evidence(
            question=question,
            hits=tuple(hits),
            coverage=hits[0].relevance,
            covered=covered and not misuse,
            misuse=misuse,
            wording=hits[0].row is not None,
        )

    def _guide(self, words: str, knowledge: Knowledge) -> tuple[GuideRow, ...]:
        prepared = self._prepare(knowledge)
        mended = prepared.speller.mend(words)
        (vector,) = self._embedder.embed([mended])
        found = prepared.index.rows(vector, stems(mended))
        return tuple(row for row, fit in found if fit >= GUIDE_COSINE)

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


def leans_on_thread(question: str) -> bool:
    """Whether a question cannot be understood alone: it opens with a conjunction, points back, or is a fragment."""
    words = question.split()
    return bool(
        len(words) <= 3 or _OPENERS.match(question.strip()) or (len(words) <= 12 and _POINTERS.search(question))
    )


def _hit(candidate: Candidate, sentence: int, relevance: float) -> Hit:
    return Hit(passage=candidate.block.passage, sentence=sentence, relevance=relevance, row=candidate.block.row)
