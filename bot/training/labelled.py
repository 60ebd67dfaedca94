"""The labelled questions of `training/`, with the passages that retrieval offers for each."""

import json
from dataclasses import dataclass
from pathlib import Path

from bot.core.lessons import Knowledge
from bot.encoder.embedder import Embedder
from bot.encoder.reader import MAX_HEADING_TOKENS, MAX_QUESTION_TOKENS, MAX_SENTENCE_TOKENS, Pair, Reader
from bot.knowledge.index import Candidate, LessonIndex
from bot.knowledge.lexical import stems
from bot.knowledge.parsing import parse_lesson
from bot.knowledge.retrieval import CANDIDATES


@dataclass(frozen=True)
class Question:
    """A labelled question and the passages that retrieval offers for it, best first."""

    lesson: str
    kind: str
    text: str
    gold: tuple[str, ...]
    candidates: tuple[Candidate, ...]

    @property
    def answerable(self) -> bool:
        """Whether its lesson answers it."""
        return self.kind == "answerable"

    def gold_sentences(self, candidate: Candidate) -> list[bool]:
        """Which sentences of a candidate are labelled as answering."""
        return [any(_same(text, gold) for gold in self.gold) for text in candidate.block.texts]


def load(data: Path, embedder: Embedder) -> list[Question]:
    """Reads every lesson's questions and runs the first stage of retrieval on its own lesson."""
    questions = []
    for path in sorted((data / "lessons").glob("*.md")):
        lesson = parse_lesson(path.read_bytes(), lesson=path.stem, file=path.name)
        index = LessonIndex(Knowledge(lessons=(lesson,)), embedder)
        lines = (data / "questions" / f"{path.stem}.jsonl").read_text(encoding="utf-8").splitlines()
        records = [json.loads(line) for line in lines]
        vectors = embedder.embed([record["question"] for record in records])
        for record, vector in zip(records, vectors, strict=True):
            candidates = index.candidates(vector, stems(record["question"]), limit=CANDIDATES)
            questions.append(
                Question(
                    lesson=path.stem,
                    kind=record["kind"],
                    text=record["question"],
                    gold=tuple(record["gold"]),
                    candidates=tuple(candidates),
                )
            )
    return questions


def read_pair(reader: Reader, question: str, candidate: Candidate) -> Pair:
    """The pair as the retriever makes it."""
    return reader.pair(
        reader.tokens(question, MAX_QUESTION_TOKENS),
        reader.tokens(candidate.block.heading, MAX_HEADING_TOKENS),
        [reader.tokens(text, MAX_SENTENCE_TOKENS) for text in candidate.block.texts],
    )


def _same(text: str, gold: str) -> bool:
    """Whether a sentence is the labelled one; a label may be part of a sentence, or span several."""
    one, other = " ".join(text.split()), " ".join(gold.split()).strip('"')
    cell = one.split(": ", 1)[-1]
    return other in one or (len(one) > 25 and one in other) or (len(cell) > 15 and cell in other)
