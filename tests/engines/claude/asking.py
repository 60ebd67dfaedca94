"""The real engine before the server that plays the Messages API, over one small lesson, and what it says."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date

from bot.core.lessons import Knowledge
from bot.core.messages import Turn
from bot.core.observing import Observer
from bot.core.ports import AnswerTask, ClaimFinder, Composed
from bot.core.prompts import Prompt
from bot.core.replies import Delta
from bot.core.state import Counters
from bot.engines.claude.budget import Budget, Limits
from bot.engines.claude.calls import ALONE_SECONDS, Calls, Server
from bot.engines.claude.clock import Times
from bot.engines.claude.engine import ClaudeEngine
from bot.engines.lessons import LessonsEngine
from bot.knowledge.parsing import parse_lesson
from tests.claude.behaviours import Reply, Text
from tests.claude.client import KEY
from tests.engines.claude.knowing import embedder
from tests.fakes import LESSON, ExactClaimFinder, ExactWordRetriever

KNOWLEDGE = Knowledge((parse_lesson(LESSON.encode(), lesson="roof-care", file="roof-care.md"),))
"""Sent whole, its sources are: the roof's years, the gutters' two sentences, the guide's two rows."""
YEARS = "A roof lasts thirty years when its gutters are kept clear."
CLEAR, LEAVES = "Clear the gutters every autumn.", "Leaves hold water against the eaves."
NEVER_LEAKS, TEN_YEARS = "This roof never leaks", "This roof is guaranteed for ten years"
QUESTION = "When do I clear the gutters?"
PROMPT = Prompt(
    version=1,
    text="## Answering\n\nAlways answer the rep from the lessons alone, plainly and in the lessons' own words.",
    model="claude-sonnet-5-5",
    max_tokens=500,
    effort="low",
)
AMPLE = Limits(workspace=10**9, person=10**9)
PATIENT = Times(first=10.0, whole=20.0)
"""More than anything here takes, unless a test is about time."""

YEARS_CITED = Text(YEARS, cites=((0, 0, 1),))
CLEAR_CITED = Text(CLEAR, cites=((1, 0, 1),))
GOOD = Reply((CLEAR_CITED, Text(" "), Text(LEAVES, cites=((1, 1, 2),))))


class CountersHere:
    """Sums in this process."""

    def __init__(self) -> None:
        self.sums: dict[str, dict[str, int]] = {}

    async def add(self, group: str, amounts: Mapping[str, int], *, lasts: float | None = None) -> Mapping[str, int]:
        del lasts
        kept = self.sums.setdefault(group, {})
        for name, amount in amounts.items():
            kept[name] = kept.get(name, 0) + amount
        return {name: kept[name] for name in amounts}

    async def read(self, groups: Sequence[str]) -> tuple[Mapping[str, int], ...]:
        return tuple(self.sums.get(group, {}) for group in groups)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What an engine is made of, where it is not the usual."""

    times: Times = PATIENT
    limits: Limits = AMPLE
    whole_tokens: int = 25_000
    alone_seconds: float = ALONE_SECONDS
    finder: ClaimFinder = field(default_factory=ExactClaimFinder)
    counters: Counters = field(default_factory=CountersHere)
    day: date = date(2026, 3, 1)
    observer: Observer | None = None


USUAL = Setting()


@asynccontextmanager
async def engine_of(setting: Setting = USUAL, *, gateway: str | None = None) -> AsyncIterator[ClaudeEngine]:
    """An engine before a gateway; without one, before what it takes for Anthropic's own, at ANTHROPIC_BASE_URL."""
    engine = ClaudeEngine(
        calls=Calls(Server(KEY, gateway), observer=setting.observer, alone_seconds=setting.alone_seconds),
        budget=Budget(setting.counters, setting.limits, today=lambda: setting.day),
        finder=setting.finder,
        embedder=embedder(),
        instead=LessonsEngine(),
        times=setting.times,
        whole_tokens=setting.whole_tokens,
    )
    await engine.prepare()
    try:
        yield engine
    finally:
        await engine.close()


@dataclass(frozen=True, slots=True)
class Said:
    """What came of a question: the pieces that were streamed, then the one whole answer."""

    deltas: tuple[str, ...]
    composed: Composed

    @property
    def streamed(self) -> str:
        return "".join(self.deltas)


async def ask(
    engine: ClaudeEngine,
    question: str = QUESTION,
    *,
    thread: tuple[Turn, ...] = (),
    person: str = "ann",
    knowledge: Knowledge = KNOWLEDGE,
    prompt: Prompt = PROMPT,
) -> Said:
    """Asks; the whole answer must come exactly once, and last."""
    evidence = await ExactWordRetriever().search(question, knowledge, thread)
    task = AnswerTask(question=question, evidence=evidence, knowledge=knowledge, thread=thread)
    items = [item async for item in engine.answer(task, prompt, person=person)]
    *before, last = items
    assert isinstance(last, Composed)
    deltas = tuple(item.text for item in before if isinstance(item, Delta))
    assert len(deltas) == len(before)
    return Said(deltas, last)


def turn(number: int, *, question: str = "gutters?", answer: str = CLEAR) -> Turn:
    """One earlier turn of a thread."""
    return Turn(id=str(number), person="ann", question=question, answer=answer, covered=True)
