"""What one knowledge snapshot looks like to a search: blocks, their vectors and their words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.core.lessons import GuideRow, Knowledge, Passage, Sentence
from bot.encoder.embedder import DIMENSIONS, Vectors
from bot.knowledge.lexical import LexicalIndex, overlap, stems
from bot.knowledge.vectors import VectorSource

GUIDE_LABELS = ("Don't say", "Do say", "Why")
FEATURES = 6


@dataclass(frozen=True, slots=True)
class Block:
    """One passage or guide row as a search reads it: `heading` is what stands over it, `texts` its sentences."""

    passage: Passage
    row: GuideRow | None
    heading: str
    texts: tuple[str, ...]

    @property
    def text(self) -> str:
        """What the block's own vector and its words are made from."""
        section = self.passage.section
        body = " ".join(self.texts)
        return f"{section}. {body}" if section else body


def blocks(knowledge: Knowledge) -> Iterator[Block]:
    """Yields every passage, then every guide row, lesson by lesson; a row's cells are its sentences, labelled."""
    for lesson in knowledge.lessons:
        for passage in lesson.passages:
            yield Block(
                passage=passage,
                row=None,
                heading=f"{lesson.title}: {passage.section}" if passage.section else lesson.title,
                texts=tuple(sentence.text for sentence in passage.sentences),
            )
        for row in lesson.guide:
            yield Block(
                passage=row_as_passage(row),
                row=row,
                heading=f"{lesson.title}: {row.section}" if row.section else lesson.title,
                texts=tuple(f"{label}: {cell}" for label, cell in zip(GUIDE_LABELS, _cells(row), strict=False)),
            )


def row_as_passage(row: GuideRow) -> Passage:
    """A guide row's cells as the sentences of a passage."""
    return Passage(
        lesson=row.lesson,
        section=row.section,
        ordinal=-row.row,
        sentences=tuple(Sentence(text=cell, line=row.line) for cell in _cells(row)),
        period=row.period,
    )


def _cells(row: GuideRow) -> tuple[str, ...]:
    """The cells that hold something; only the last, why, may be empty."""
    return (row.dont_say, row.say, row.why) if row.why else (row.dont_say, row.say)


class LessonIndex:
    """Vectors and words of every block.

    Memory: 1,536 bytes a block and 768 bytes a sentence for the vectors, and the words' BM25 weights.
    """

    def __init__(self, knowledge: Knowledge, vectors: VectorSource) -> None:
        self.blocks = tuple(blocks(knowledge))
        texts = [block.text for block in self.blocks]
        self._lexical = LexicalIndex(texts)
        self._block_vectors = vectors.embed(texts)
        self._rows = [block for block in self.blocks if block.row is not None]
        self._claim_vectors = vectors.embed([block.passage.sentences[0].text for block in self._rows])
        self._openings: dict[frozenset[str], Block] = {}
        for block in self.blocks:
            if block.row is None and block.passage.section:
                self._openings.setdefault(frozenset(stems(block.passage.section)), block)
        starts = np.cumsum([0, *(len(block.texts) for block in self.blocks)])
        self._starts: npt.NDArray[np.int64] = starts.astype(np.int64)
        sentences = [text for block in self.blocks for text in block.texts]
        self._sentence_vectors = np.zeros((len(sentences), DIMENSIONS), dtype=np.float16)
        for start in range(0, len(sentences), 4_096):
            self._sentence_vectors[start : start + 4_096] = vectors.embed(sentences[start : start + 4_096])

    def candidates(self, vector: Vectors, question: Sequence[str], limit: int) -> "list[Candidate]":
        """Gives the `limit` blocks that fit a question best, by its vector and its stems, best first."""
        if not self.blocks:
            return []
        dense = self._block_vectors @ vector
        lexical = self._lexical.scores(question)
        pool = np.union1d(_top(dense + 0.2 * lexical, 2 * limit), _top(lexical, limit // 2))
        weights = self._lexical.weights(question)
        found = []
        for number in pool:
            sentences = self._sentence_vectors[self._starts[number] : self._starts[number + 1]].astype(np.float32)
            cosines = sentences @ vector
            words = [overlap(weights, text) for text in self.blocks[number].texts]
            found.append(
                Candidate(
                    block=self.blocks[number],
                    cosine=float(dense[number]),
                    cosines=tuple(map(float, cosines)),
                    words=overlap(weights, self.blocks[number].text),
                    sentence_words=tuple(words),
                )
            )
        found.sort(key=lambda candidate: -candidate.fit)
        return found[:limit]

    def rows(self, vector: Vectors, words: Sequence[str]) -> list[tuple[GuideRow, float]]:
        """Gives every guide row with how well it fits: its cosine and half the share of words, best first."""
        weights = self._lexical.weights(words)
        dense = self._block_vectors @ vector
        found = [
            (block.row, float(dense[number]) + 0.5 * overlap(weights, block.text))
            for number, block in enumerate(self.blocks)
            if block.row is not None
        ]
        return sorted(found, key=lambda item: -item[1])

    def opening(self, thing: frozenset[str]) -> Block | None:
        """Gives the first block of the section whose heading is `thing`, as stems, and nothing else."""
        return self._openings.get(thing) if thing else None

    def nearest_claim(self, vector: Vectors) -> tuple[Block, float] | None:
        """Gives the guide row whose don't-say is most like the question, with their cosine; None without a guide."""
        if not self._rows:
            return None
        cosines = self._claim_vectors @ vector
        best = int(cosines.argmax())
        return self._rows[best], float(cosines[best])


@dataclass(frozen=True, slots=True)
class Candidate:
    """A block that may answer a question, with how it compares: cosines and shares of the question's words."""

    block: Block
    cosine: float
    cosines: tuple[float, ...]
    words: float
    sentence_words: tuple[float, ...]

    @property
    def fit(self) -> float:
        """The first stage's score: the block's and its best sentence's cosine, and half the share of words."""
        return self.cosine + max(self.cosines) + 0.5 * self.words


def features(candidates: Sequence[Candidate]) -> "tuple[list[npt.NDArray[np.float32]], npt.NDArray[np.float32]]":
    """What the reader's heads see besides the text.

    Gives for each candidate a `(sentences, 6)` array, and one `(candidates, 6)` array for the blocks: cosine of the
    sentence (of the block's best one), cosine of the block, share of words in the sentence (in the best one), in the
    block, and both cosines less the best of all candidates.
    """
    best_sentence = max(max(candidate.cosines) for candidate in candidates)
    best_block = max(candidate.cosine for candidate in candidates)
    of_sentences, of_blocks = [], []
    for one in candidates:
        rows = [
            (cosine, one.cosine, words, one.words, cosine - best_sentence, one.cosine - best_block)
            for cosine, words in zip(one.cosines, one.sentence_words, strict=True)
        ]
        of_sentences.append(np.array(rows, dtype=np.float32))
        top = max(one.cosines)
        of_blocks.append(
            (top, one.cosine, max(one.sentence_words), one.words, top - best_sentence, one.cosine - best_block)
        )
    return of_sentences, np.array(of_blocks, dtype=np.float32)


def _top(scores: npt.NDArray[np.float32], count: int) -> npt.NDArray[np.intp]:
    if len(scores) <= count:
        return np.arange(len(scores))
    return np.argpartition(-scores, count)[:count]
