"""How fast questions are answered and drafts reviewed, on the real models."""

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from uuid import uuid4

import numpy as np

from bot.app import App, build
from bot.core.lessons import Knowledge, Lesson, Passage, Sentence
from bot.core.messages import Incoming, Meant
from bot.core.replies import Review
from bot.encoder.embedder import DIMENSIONS, Embedder, Vectors
from bot.encoder.judgement import load_judgement
from bot.encoder.reader import Reader
from bot.knowledge.retrieval import HybridRetriever
from bot.settings import Settings
from tests.bench.row import Row

QUESTIONS = (
    "What is prompting?",
    "How fast does a prompt change go live, and can we undo it?",
    "wat does lora acutally change",
    "Who introduced LoRA?",
    "My buyer wants the model to know every new regulation. What do I tell her?",
    "When is a small tuned model the better choice?",
    "What do I say instead of 'LoRA makes fine-tuning easy'?",
    "How much does an H100 cost per hour?",
    "Can you recommend a restaurant?",
    "Why do fine-tuning projects stall after they go live, especially where rules keep changing every month?",
)
SENTENCES = (
    "Thanks for the good conversation on Tuesday about the intake pilot.",
    "We can train the model on your documents before the board meets.",
    "Staff keep signing in through the portal that they already use.",
    "The price stays at $4.10 for each of the 7,860 accounts until March 19.",
    "LoRA makes fine-tuning easy, so your two analysts can run it.",
)


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


def p95(durations: list[float]) -> float:
    return float(np.quantile(durations, 0.95))


async def timed(work: Callable[[], Awaitable[object]]) -> float:
    started = time.perf_counter()
    await work()
    return time.perf_counter() - started


def memory() -> str:
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"


def message(text: str, meant: Meant, thread: str = "") -> Incoming:
    return Incoming(id=uuid4().hex, person="bench", thread=thread, text=text, meant=meant)


async def ask_speed(app: App) -> Iterator[Row]:
    async def ask(question: str, thread: str) -> None:
        await app.coach.reply(message(question, Meant.QUESTION, thread))

    rows = []
    for name, threads in (("ask, warm", len(QUESTIONS) * 20), ("ask, warm, all in one thread", 1)):
        asked = enumerate(QUESTIONS * 20)
        durations = [await timed(partial(ask, question, f"{name} {number % threads}")) for number, question in asked]
        warm = durations[len(QUESTIONS) :]
        rows.append((f"{name}: median, p95", f"{milliseconds(statistics.median(warm))}, {milliseconds(p95(warm))}"))
    return iter(rows)


def email(number: int) -> str:
    """An e-mail of 25 sentences, none of which another one has: judgements are kept for a while."""
    parts = range(5 * number, 5 * number + 5)
    return "\n\n".join(" ".join(f"{sentence[:-1]} ({part})." for sentence in SENTENCES) for part in parts)


async def review_speed(app: App) -> Iterator[Row]:
    rows = []
    await app.coach.reply(message(email(-1), Meant.DRAFT))
    emails = [message(email(number), Meant.DRAFT) for number in range(40)]
    durations = [await timed(partial(app.coach.reply, each)) for each in emails]
    rows.append(
        (
            "review of 25 sentences: median, p95",
            f"{milliseconds(statistics.median(durations))}, {milliseconds(p95(durations))}",
        )
    )
    for count in (100, 1_000, 10_000):
        document = "\n\n".join(f"{SENTENCES[n % 5][:-1]} in case {n}." for n in range(count))
        started = time.perf_counter()
        reviewed = await app.coach.reply(message(document, Meant.DRAFT))
        each = (time.perf_counter() - started) / count
        found = len(reviewed.findings) if isinstance(reviewed, Review) else reviewed
        rows.append((f"review of {count:,} sentences, each", f"{milliseconds(each)} ({found} findings)"))
    return iter(rows)


class RandomVectors:
    """Stands in for embedding 100,000 passages, which takes minutes: unit vectors drawn at random."""

    def __init__(self) -> None:
        self._chance = np.random.default_rng(1)

    def embed(self, texts: Sequence[str]) -> Vectors:
        drawn = self._chance.standard_normal((len(texts), DIMENSIONS), dtype=np.float32)
        drawn /= np.linalg.norm(drawn, axis=1, keepdims=True)
        return drawn


def many_passages(knowledge: Knowledge, count: int) -> Knowledge:
    """`count` passages: the shipped lesson's own sentences, shuffled together three at a time."""
    chance = np.random.default_rng(count)
    sentences = [sentence.text for passage in knowledge.passages for sentence in passage.sentences]
    passages = tuple(
        Passage(
            lesson="many",
            section=f"Section {number // 10}",
            ordinal=number,
            sentences=tuple(Sentence(str(text), line=number + 1) for text in chance.choice(sentences, 3)),
        )
        for number in range(count)
    )
    return Knowledge(lessons=(Lesson(id="many", title="Many", order=0, sections=(), passages=passages, guide=()),))


async def growth(app: App) -> Iterator[Row]:
    rows = []
    shipped = await app.library.current()
    embedder, reader, judgement = Embedder(), Reader(), load_judgement()
    for count in (100, 1_000, 10_000, 100_000):
        knowledge = many_passages(shipped, count)
        retriever = HybridRetriever(embedder=embedder, vectors=RandomVectors(), reader=reader, judgement=judgement)
        prepared = await timed(partial(retriever.search, "warm", knowledge))
        durations = [
            await timed(partial(retriever.search, question, knowledge)) for _ in range(5) for question in QUESTIONS
        ]
        rows.append(
            (
                f"search in {count:,} passages: median, p95",
                f"{milliseconds(statistics.median(durations))}, {milliseconds(p95(durations))}; "
                f"index {prepared:.1f} s, peak memory {memory()}",
            )
        )
    return iter(rows)


def cold() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder) / "draft.txt"
        draft.write_text(" ".join(SENTENCES), encoding="utf-8")
        for name, words in (
            ("coach --help", ["--help"]),
            ("coach review, cold", ["review", str(draft)]),
            ("coach ask, cold", ["ask", QUESTIONS[0]]),
        ):
            durations = []
            for _ in range(5):
                started = time.perf_counter()
                subprocess.run([sys.executable, "-m", "bot", *words], capture_output=True, check=False)  # noqa: S603
                durations.append(time.perf_counter() - started)
            yield name, f"median {statistics.median(durations):.2f} s"


async def rows() -> Sequence[Row]:
    """Every figure, with its name."""
    with tempfile.TemporaryDirectory() as folder:
        app = build(Settings(_env_file=None, anthropic_api_key=None, coach_data_dir=Path(folder)))
        await app.open()
        try:
            figures = [
                *cold(),
                *await ask_speed(app),
                *await review_speed(app),
                ("memory so far, at the peak", memory()),
            ]
            return [*figures, *(await growth(app))]
        finally:
            await app.close()
