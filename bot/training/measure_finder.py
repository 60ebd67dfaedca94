"""Measures the claim finder on the labelled sentences of `training/claims`: `python -m bot.training.measure_finder`."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.core.lessons import GuideRow, Knowledge
from bot.encoder.embedder import Embedder
from bot.knowledge.lexical import stems
from bot.knowledge.parsing import parse_lesson
from bot.phrasing.finding import GuideClaimFinder

DATA = Path("training")
CARD = Path("docs/finder.md")
NEAR, CLOSE = 0.75, 0.5
"""A claim that holds this share of its don't-say's word stems is near-verbatim, or close; below it is far."""


@dataclass(frozen=True)
class Judged:
    """One labelled sentence and the rows it was flagged for."""

    held_out: bool
    stance: str
    likeness: str
    row: int | None
    flagged: tuple[int, ...]


async def judge(finder: GuideClaimFinder) -> Sequence[Judged]:
    """Reviews every labelled sentence as a draft of its own, after the sentence before it where it has one."""
    judged = []
    for path in sorted((DATA / "lessons").glob("*.md")):
        lesson = parse_lesson(path.read_bytes(), lesson=path.stem, file=path.name)
        knowledge = Knowledge(lessons=(lesson,))
        for line in (DATA / "claims" / f"{path.stem}.jsonl").read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            before = f"{record['before']} " if record.get("before") else ""
            findings, _ = await finder.find(before + record["text"], knowledge)
            judged.append(
                Judged(
                    held_out=path.stem.startswith("eval-"),
                    stance=record["stance"],
                    likeness=_likeness(record["text"], record["row"], lesson.guide),
                    row=record["row"],
                    flagged=tuple(finding.row.row for finding in findings if finding.end > len(before)),
                )
            )
    return judged


def _likeness(text: str, row: int | None, guide: Sequence[GuideRow]) -> str:
    if row is None:
        return ""
    wanted = set(stems(guide[row - 1].dont_say))
    share = len(wanted & set(stems(text))) / max(1, len(wanted))
    return "near" if share >= NEAR else "close" if share >= CLOSE else "far"


def card(judged: Sequence[Judged]) -> str:
    """Writes the table: flagged of all, for each kind of sentence, on the lessons of the fit and on the others."""
    lines = [
        "# The claim finder, from a guide's table alone",
        "",
        "What the finder flags in the labelled sentences of `training/claims`, by `make measure-finder`. Its weights",
        "were fitted on thirty of the lessons in the first column. The second column's lessons are by another hand and",
        "were not fitted on, but their figures were looked at while the finder was built. Claims are graded by the",
        f"share of the don't-say's words they hold: near from {NEAR:.0%}, close from {CLOSE:.0%}.",
        "",
        "| sentences | 35 lessons | 5 held-out lessons |",
        "|---|---|---|",
    ]
    for name, cells in _rows(judged):
        lines.append(f"| {name} | {cells[0]} | {cells[1]} |")
    return "\n".join(lines) + "\n"


def _rows(judged: Sequence[Judged]) -> Iterator[tuple[str, list[str]]]:
    for likeness in ("near", "close", "far"):
        yield (
            f"asserts, {likeness}: found, right row",
            [
                _found([one for one in judged if one.held_out is held_out and one.stance == "asserts"], likeness)
                for held_out in (False, True)
            ],
        )
    for stance in ("denies", "asks", "reported", "approved", "other"):
        cells = []
        for held_out in (False, True):
            of_stance = [one for one in judged if one.held_out is held_out and one.stance == stance]
            cells.append(f"{sum(bool(one.flagged) for one in of_stance)} of {len(of_stance)}")
        yield f"{stance}: wrongly flagged", cells


def _found(asserting: Sequence[Judged], likeness: str) -> str:
    counted = Counter(one.row in one.flagged for one in asserting if one.likeness == likeness)
    return f"{counted[True]} of {counted.total()}"


def main() -> None:
    """Measures, and writes the card."""
    CARD.parent.mkdir(parents=True, exist_ok=True)
    CARD.write_text(card(asyncio.run(judge(GuideClaimFinder(Embedder())))), encoding="utf-8")


if __name__ == "__main__":
    main()
