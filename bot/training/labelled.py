"""The labelled questions of `training/`, with the passages that retrieval offers for each."""

import json
from dataclasses import dataclass
from pathlib import Path

from bot.core.lessons import Knowledge
from bot.encoder.embedder import Embedder
from bot.knowledge.index import Candidate, LessonIndex
from bot.knowledge.lexical import stems
from bot.knowledge.parsing import parse_lesson
from bot.knowledge.retrieval import CANDIDATES


@dataclass(frozen=True)
class Question:
    """A labelled question and the passages that retrieval offers for it, best first."""

    lesson: str
    twin: bool
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
    """Reads every lesson's questions and twins, and runs the first stage of retrieval on its own lesson."""
    questions = []
    for path in sorted((data / "lessons").glob("*.md")):
        lesson = parse_lesson(path.read_bytes(), lesson=path.stem, file=path.name)
        index = LessonIndex(Knowledge(lessons=(lesson,)), embedder)
        for folder in ("questions", "twins"):
            file = data / folder / f"{path.stem}.jsonl"
            records = (
                [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.exists() else []
            )
            vectors = embedder.embed([record["question"] for record in records])
            for record, vector in zip(records, vectors, strict=True):
                candidates = index.candidates(vector, stems(record["question"]), limit=CANDIDATES)
                questions.append(
                    Question(
                        lesson=path.stem,
                        twin=folder == "twins",
                        kind=record["kind"],
                        text=record["question"],
                        gold=tuple(record["gold"]),
                        candidates=tuple(candidates),
                    )
                )
    return questions


def _same(text: str, gold: str) -> bool:
    """Whether a sentence is the labelled one; a label may be part of a sentence, or span several."""
    one, other = " ".join(text.split()), " ".join(gold.split()).strip('"')
    cell = one.split(": ", 1)[-1]
    return other in one or (len(one) > 25 and one in other) or (len(cell) > 15 and cell in other)
