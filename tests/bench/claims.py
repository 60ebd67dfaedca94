"""How well and how fast don't-say claims are found: by the claim finder, by one cosine threshold, by a term linter.

All three judge the same sentences, which nothing was fitted on but the cosine's threshold: it is the best one for them.
"""

import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.app import build
from bot.core.lessons import GuideRow, Knowledge
from bot.core.ports import ClaimFinder
from bot.encoder.embedder import Embedder
from bot.settings import Settings
from tests.bench.answers import SENTENCES, milliseconds
from tests.bench.guides import of_size, shipped
from tests.bench.labelled import Labelled, read
from tests.bench.linter import MissingError, lint
from tests.bench.row import Row
from tests.bench.scoring import Judged, best_threshold, by_stance, precision, recall, right_rows
from tests.bench.terms import terms

LESSON = Path("knowledge/fine-tuning-and-prompting.md")
HELD_OUT = Path("training/held-out/fine-tuning-and-prompting.jsonl")
SIZES = ((1, 10), (1, 100), (1, 1_000), (10, 10), (100, 10))
"""Lessons and the rows of each; the first is the smallest."""
GROWTH_SENTENCES = 200


@dataclass(frozen=True, slots=True)
class Way:
    """One way to find claims: what it flagged, and its time."""

    name: str
    judged: tuple[Judged, ...]
    time: str


def new_finder(folder: str) -> ClaimFinder:
    """Gives the product's finder with nothing kept from before."""
    return build(Settings(_env_file=None, anthropic_api_key=None, coach_data_dir=Path(folder))).finder


async def seconds(finder: ClaimFinder, draft: str, knowledge: Knowledge) -> float:
    started = time.perf_counter()
    await finder.find(draft, knowledge)
    return time.perf_counter() - started


async def by_finder(finder: ClaimFinder, sentences: Sequence[Labelled], knowledge: Knowledge) -> Way:
    await finder.find(" ".join(SENTENCES), knowledge)
    judged = []
    started = time.perf_counter()
    for sentence in sentences:
        findings, _ = await finder.find(sentence.draft, knowledge)
        rows = frozenset(one.row.row for one in findings if sentence.holds(one.start, one.end))
        judged.append(Judged(sentence, rows))
    each = (time.perf_counter() - started) / len(sentences)
    return Way("claim finder", tuple(judged), milliseconds(each))


def by_cosine(sentences: Sequence[Labelled], guide: Sequence[GuideRow]) -> Way:
    embedder = Embedder()
    dont_says = embedder.embed([row.dont_say for row in guide])
    started = time.perf_counter()
    cosines = [(dont_says @ embedder.embed([sentence.text])[0]) for sentence in sentences]
    each = (time.perf_counter() - started) / len(sentences)
    threshold = best_threshold([float(one.max()) for one in cosines], [bool(one.rows) for one in sentences])
    judged = (
        Judged(sentence, frozenset({guide[one.argmax()].row} if float(one.max()) >= threshold else ()))
        for sentence, one in zip(sentences, cosines, strict=True)
    )
    return Way(f"cosine from {threshold:.3f}, the best F1 on these very sentences", tuple(judged), milliseconds(each))


def by_linter(sentences: Sequence[Labelled], guide: Sequence[GuideRow]) -> Way:
    looked_for = terms(guide)
    linted = lint(sentences, looked_for)
    each = milliseconds(linted.seconds / len(sentences))
    return Way(
        f"textlint, {len(looked_for)} terms",
        tuple(Judged(sentence, rows) for sentence, rows in zip(sentences, linted.rows, strict=True)),
        f"{each}, after a start of {linted.start_up:.1f} s",
    )


def compared(ways: Sequence[Way]) -> Sequence[Row]:
    """Gives each figure for one way after the other."""

    def right(way: Way) -> str:
        share, more = right_rows(way.judged)
        return f"{share}, and {more} wrong rows"

    def flagged(way: Way) -> str:
        shares = by_stance(way.judged)
        return ", ".join(f"{stance} {share.part} of {share.whole}" for stance, share in shares.items())

    figures = (
        ("precision", lambda way: str(precision(way.judged))),
        ("recall", lambda way: str(recall(way.judged))),
        ("right row of the hits", right),
        ("wrongly flagged", flagged),
        ("a sentence", lambda way: way.time),
    )
    return [(f"{name}: {way.name}", figure(way)) for name, figure in figures for way in ways]


async def growth(folder: str, document: str, count: int) -> Sequence[Row]:
    """How long a sentence of the document's `count` takes with more rows and more lessons.

    Each size has a finder of its own, warm on another guide; the document is judged as one draft.
    """
    rows, smallest = [], 0.0
    for lessons, of_each in SIZES:
        finder, knowledge = new_finder(folder), of_size(lessons, of_each)
        await finder.find(" ".join(SENTENCES), Knowledge(lessons=(shipped(LESSON),)))
        prepared = await seconds(finder, " ".join(SENTENCES), knowledge)
        each = await seconds(finder, document, knowledge) / count
        smallest = smallest or each
        name = f"a sentence of {count}, {lessons:,} lesson{'s' if lessons > 1 else ''} of {of_each:,} rows"
        figure = f"{milliseconds(each)}, {each / smallest:.2f} of the first; table and 5 sentences: {prepared:.2f} s"
        rows.append((name, figure))
    return rows


async def rows() -> Sequence[Row]:
    """Every figure, with its name."""
    sentences = read(HELD_OUT.read_text(encoding="utf-8").splitlines())
    texts = [sentence.text for sentence in sentences]
    knowledge = Knowledge(lessons=(shipped(LESSON),))
    missing: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        ways = [await by_finder(new_finder(folder), sentences, knowledge), by_cosine(sentences, knowledge.guide)]
        try:
            ways.append(by_linter(sentences, knowledge.guide))
        except MissingError as error:
            missing.append(("textlint", str(error)))
        finder = new_finder(folder)
        await finder.find(" ".join(SENTENCES), knowledge)
        batch = len(texts) / await seconds(finder, "\n\n".join(texts), knowledge)
        return [
            *compared(ways),
            *missing,
            (f"claim finder, {len(texts):,} sentences as one draft", f"{batch:,.0f} sentences a second"),
            *await growth(folder, "\n\n".join(texts[:GROWTH_SENTENCES]), min(GROWTH_SENTENCES, len(texts))),
        ]
