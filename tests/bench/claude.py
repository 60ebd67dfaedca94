"""How much time the coach adds to a model's answers, with many people's streams at once.

A process of its own (`python -m tests.bench.claude`) plays the Messages API at a model's speed and notes when it wrote
each event; the clock of both processes is the machine's. Retrieval, claim finder, guard and store are the real ones.
"""

import asyncio
import json
import random
import resource
import sys
import tempfile
import time
from asyncio.subprocess import PIPE
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from os import getloadavg
from pathlib import Path

import numpy as np
from pydantic import SecretStr

from bot.app import App, build
from bot.commands.serve import SWITCH_SECONDS
from bot.core.messages import Incoming, Meant
from bot.core.replies import Answer, Delta, EngineName, Event, Status
from bot.settings import Settings
from tests.bench.row import Row
from tests.claude.asked import Asked, Body, object_in, search_results, user_texts
from tests.claude.behaviours import Cite, Pace, Reply, Text
from tests.claude.server import MessagesApi

QUESTIONS = (
    "What is prompting?",
    "How fast does a prompt change go live?",
    "When is a small tuned model the better choice?",
    "What does fine-tuning do?",
    "Why do fine-tuning projects stall after they go live?",
    "Where does prompting come from?",
)
OPENERS = ("In practice", "Put simply", "As the lesson has it", "Tell them", "In short", "In other words")
WHO = "careful busy small large public private local global cautious curious".split()
WHOM = "bank insurer hospital ministry retailer carrier brewery publisher shipyard university".split()
"""So that no two streams hold the same sentence, as no two answers of a model do."""
LEAST_WORDS, MOST_SENTENCES = 80, 8
RUNS = ((1, 0.0), (50, 5.0), (50, 1.0), (50, 0.0), (200, 0.0))
"""Streams, and the seconds over which their questions come in."""
REPEATS = 3
ALONE = 10
"""How often a single stream is measured, one after the other."""


@dataclass(slots=True)
class Stream:
    """One question's way, in seconds of `time.monotonic()`; what did not come is 0."""

    question: str
    asked: float = 0.0
    found: float = 0.0
    first: float = 0.0
    last: float = 0.0
    deltas: str = ""
    answer: Answer | None = None

    def take(self, event: Event) -> None:
        """Notes when an event came."""
        now = time.monotonic()
        match event:
            case Status():
                self.found = self.found or now
            case Delta(text=text):
                self.first = self.first or now
                self.deltas += text
            case Answer():
                self.last, self.answer = now, event

    @property
    def is_whole(self) -> bool:
        return self.answer is not None and self.answer.engine is EngineName.CLAUDE and self.answer.text == self.deltas


def long_answer(asked: Asked) -> Reply:
    """80 to 130 words in five to eight sentences, each in words of its own and with its citation."""
    chance = random.Random(question_of(asked))  # noqa: S311 - it draws examples
    lines = list(_lines(search_results(asked.body)))
    chance.shuffle(lines)
    blocks: list[Text] = []
    words = 0
    for text, cite in lines:
        if words >= LEAST_WORDS and len(blocks) >= 2 * 5:
            break
        opener, who, whom = chance.choice(OPENERS), chance.choice(WHO), chance.choice(WHOM)
        said = f"{opener}, for a {who} {whom}, {text[0].lower()}{text[1:]}"
        if words + len(said.split()) > 130 or len(blocks) >= 2 * MOST_SENTENCES:
            continue
        words += len(said.split())
        blocks += [Text(said, cites=(cite,)), Text(" ")]
    before = chance.uniform(0.3, 0.5), chance.uniform(0.1, 0.3)
    return Reply(tuple(blocks[:-1]), pace=Pace(24, *before, between=chance.uniform(0.05, 0.08)))


def _lines(results: Sequence[Body]) -> Iterator[tuple[str, Cite]]:
    for index, result in enumerate(results):
        for at, block in enumerate(result["content"]):
            text = str(block["text"])
            if 8 <= len(text.split()) <= 25 and text.endswith(".") and ": " not in text:
                yield text, (index, at, at + 1)


def question_of(asked: Asked) -> str:
    return str(next(each["question"] for each in map(object_in, user_texts(asked.body)) if "question" in each))


async def play() -> None:
    """Serves until its input ends; prints its URL, then what it wrote and when, for each question."""
    async with MessagesApi(default=long_answer) as api:
        print(api.url, flush=True)  # noqa: T201 - whoever started it reads this line
        await asyncio.to_thread(sys.stdin.read)
        written = {question_of(asked): sent.events for asked, sent in zip(api.requests, api.sent, strict=True)}
        spent = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps([written, spent.ru_utime + spent.ru_stime]))  # noqa: T201 - as above


@dataclass(frozen=True, slots=True)
class Written:
    """When the fake wrote the first text, what completes the first sentence, and the end."""

    first_text: float
    first_sentence: float
    end: float


def written(events: Sequence[tuple[str, float]]) -> Written:
    """Reads the times of one reply.

    Its first sentence is complete with the first delta of the block after it that is more than the glue between two.
    """
    deltas = [at for name, at in events if name == "content_block_delta"]
    blocks = [at for name, at in events if name == "content_block_start"]
    after_second = next(at for (name, at), _ in pairwise(events) if at >= blocks[2] and name == "content_block_delta")
    return Written(deltas[0], after_second, events[-1][1])


async def ask(app: App, stream: Stream, wait: float) -> None:
    await asyncio.sleep(wait)
    person = f"rep {stream.question}"
    incoming = Incoming(id=stream.question, person=person, thread=person, text=stream.question, meant=Meant.QUESTION)
    stream.asked = time.monotonic()
    async for event in app.coach.handle(incoming):
        stream.take(event)


async def run(folder: Path, count: int, over: float, rounds: int = 1) -> Sequence[Row]:
    """Measures `count` streams whose questions come in `over` seconds, `rounds` times one after the other."""
    fake = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.claude", stdin=PIPE, stdout=PIPE, limit=1 << 28
    )
    assert fake.stdout
    url = (await fake.stdout.readline()).decode().strip()
    app = build(
        Settings(anthropic_api_key=SecretStr("sk-test-key"), anthropic_base_url=url, coach_data_dir=folder / "state")
    )
    await app.open()
    try:
        await ask(app, Stream("What is fine-tuning?"), 0)
        chance = random.Random(count)  # noqa: S311 - it draws examples
        streams = [Stream(f"{QUESTIONS[n % len(QUESTIONS)]} ({n})") for n in range(count * rounds)]
        load = getloadavg()[0]
        spent = time.process_time()
        for start in range(0, len(streams), count):
            at_once = streams[start : start + count]
            await asyncio.gather(*(ask(app, stream, chance.uniform(0, over)) for stream in at_once))
        spent = time.process_time() - spent
    finally:
        await app.close()
    name = _named(count, over)
    told, _ = await fake.communicate(b"")
    times, fake_spent = json.loads(told)
    whole = [stream for stream in streams if stream.is_whole]
    pairs = [(stream, written(times[stream.question])) for stream in whole]
    figures = (
        ("added to the first piece", [stream.first - sent.first_sentence for stream, sent in pairs]),
        ("added to the end", [stream.last - sent.end for stream, sent in pairs]),
        ("the model's first text to our first piece", [stream.first - sent.first_text for stream, sent in pairs]),
        ("retrieval, before the request", [stream.found - stream.asked for stream in whole]),
    )
    reasons = Counter(why for why in map(_why_lost, streams) if why)
    lost = ", ".join(f"{times} {why}" for why, times in reasons.items()) or "none"
    spread = [(f"{name}: {what}", _spread(taken)) for what, taken in figures]
    rest = f"{lost}; {spent:.1f} s (the fake {fake_spent:.1f} s); {load:.1f}"
    return [*spread, (f"{name}: lost; CPU; the machine's load before", rest)]


def _why_lost(stream: Stream) -> str:
    """Why a stream is no whole answer of the model's; empty where it is."""
    if stream.is_whole:
        return ""
    if stream.answer is None:
        return "without an answer"
    if stream.answer.fallback:
        return stream.answer.fallback
    return "in pieces that are not the whole" if stream.answer.covered else "not covered"


def _named(count: int, over: float) -> str:
    if count == 1:
        return "1 stream"
    return f"{count} streams, asked " + (f"within {over:.0f} s" if over else "at once")


def _spread(seconds: Sequence[float]) -> str:
    if not seconds:
        return "none"
    median, high = np.quantile(seconds, [0.5, 0.99]) * 1000
    return f"p50 {median:.1f} ms, p99 {high:.1f} ms"


async def rows() -> Sequence[Row]:
    """Every figure, with its name."""
    figures: list[Row] = []
    sys.setswitchinterval(SWITCH_SECONDS)
    for count, over in RUNS:
        with tempfile.TemporaryDirectory() as folder:
            figures += await run(Path(folder), count, over, ALONE if count == 1 else REPEATS)
    return figures


if __name__ == "__main__":
    asyncio.run(play())
