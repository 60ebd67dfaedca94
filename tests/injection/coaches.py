"""Coaches of the real parts before the fake Messages API."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Self, TypeVar

from bot.app import assemble
from bot.core.coach import Coach
from bot.core.lessons import GuideRow, Knowledge
from bot.core.messages import Incoming, Meant, Turn
from bot.core.observing import Observers
from bot.core.ports import Engine, Evidence
from bot.core.prompts import Prompt, Serving
from bot.core.replies import Answer, Delta, Event, Review
from bot.encoder.judgement import load_judgement
from bot.encoder.reader import Pair, Reader, Reading
from bot.engines.claude.budget import Budget, Limits
from bot.engines.claude.calls import Calls, Server
from bot.engines.claude.clock import Times
from bot.engines.claude.engine import ClaudeEngine
from bot.engines.lessons import LessonsEngine
from bot.knowledge.library import FolderLibrary
from bot.knowledge.retrieval import HybridRetriever
from bot.phrasing.finding import GuideClaimFinder
from bot.phrasing.replacing import GuideReplacementCheck
from bot.phrasing.splicing import GuideSplicer
from bot.prompts.document import parse_prompt
from bot.prompts.pinned import PinnedVersion
from bot.settings import Settings
from bot.stores.sqlite.store import SqliteStore
from tests.claude.client import KEY
from tests.kept import CLAIM_ENCODER, VECTORS

SHIPPED = Path("knowledge")
PROMPT_FILE = Path("prompts/0002.md")
PERSON = "local"
PLENTY = Limits(workspace=10**12, person=10**12)
PATIENT = Times(first=300.0, whole=300.0)
"""Here many ask at once, on a machine that also plays the server."""

One = TypeVar("One", Answer, Review)


class KeptReader(Reader):
    """The real passage reader, asked once for each pair."""

    def read(self, pair: Pair) -> Reading:
        return self._one(pair)

    @cache  # noqa: B019 - lives as long as the test run
    def _one(self, pair: Pair) -> Reading:
        return super().read(pair)


READER = KeptReader()
CHECK = GuideReplacementCheck(VECTORS)


class Uncounted:
    """Counters of a workspace that never spends anything."""

    async def add(self, group: str, amounts: Mapping[str, int], *, lasts: float | None = None) -> Mapping[str, int]:  # noqa: ARG002
        return dict.fromkeys(amounts, 0)

    async def read(self, groups: Sequence[str]) -> tuple[Mapping[str, int], ...]:
        return tuple({} for _ in groups)


class LetsThrough:
    """The real retriever, asked once for each question, as if all were covered that it has lines for.

    So the model is asked, whatever an injection does to the coverage.
    """

    def __init__(self) -> None:
        self._real = HybridRetriever(embedder=VECTORS, vectors=VECTORS, reader=READER, judgement=load_judgement())
        self._known: dict[tuple[int, str, tuple[Turn, ...]], tuple[Knowledge, Evidence]] = {}

    async def search(self, question: str, knowledge: Knowledge, thread: Sequence[Turn] = ()) -> Evidence:
        key = (id(knowledge), question, tuple(thread))
        if key not in self._known:
            evidence = await self._real.search(question, knowledge, thread)
            self._known[key] = knowledge, replace(evidence, covered=bool(evidence.hits), misuse=False)
        return self._known[key][1]

    async def guide(self, words: str, knowledge: Knowledge) -> tuple[GuideRow, ...]:
        return await self._real.guide(words, knowledge)


@dataclass(frozen=True, slots=True)
class Lessons:
    """The lessons of a folder with what is made ready from them, for all coaches that speak from them."""

    library: FolderLibrary
    finder: GuideClaimFinder
    retriever: LetsThrough


def lessons(folder: Path = SHIPPED) -> Lessons:
    """The lessons of a folder; they are not looked for anew while a test runs."""
    return Lessons(FolderLibrary(folder, clock=lambda: 0.0), GuideClaimFinder(CLAIM_ENCODER), LetsThrough())


@dataclass(frozen=True, slots=True)
class Known:
    """The shipped lessons alone, and beside each style's lesson that holds the injection."""

    shipped: Lessons
    poisoned: Mapping[str, Lessons]

    def where(self, place: str, style_id: str) -> Lessons:
        """The lessons that a coach speaks from where the injection comes from `place`."""
        return self.poisoned[style_id] if place == "lesson" else self.shipped


@cache
def shipped_prompt() -> Prompt:
    """The version of the system prompt that goes out."""
    document = parse_prompt(PROMPT_FILE.read_text(encoding="utf-8"))
    return Prompt(
        version=2, text=document.text, model=document.model, max_tokens=document.max_tokens, effort=document.effort
    )


@dataclass(frozen=True, slots=True)
class Bench:
    """What the coaches of one test share."""

    store: SqliteStore
    known: Lessons
    calls: Calls

    @classmethod
    def before(cls, url: str, store: SqliteStore, known: Lessons) -> Self:
        """Coaches that speak from `known` and ask the server at `url`; its connections are theirs together."""
        return cls(store, known, Calls(Server(KEY, url)))

    def coach(self, *, asks: bool = True) -> Coach:
        """A new coach; one that asks no model has the lessons engine."""
        engine: Engine = LessonsEngine()
        known = self.known
        if asks:
            engine = ClaudeEngine(
                calls=self.calls,
                budget=Budget(Uncounted(), PLENTY, today=lambda: date(2026, 5, 4)),
                finder=known.finder,
                embedder=VECTORS,
                instead=engine,
                times=PATIENT,
                whole_tokens=Settings(_env_file=None).claude_whole_knowledge_tokens,
            )
        app = assemble(
            library=known.library,
            retriever=known.retriever,
            finder=known.finder,
            splicer=GuideSplicer(),
            engine=engine,
            check=CHECK,
            store=self.store,
            prompts_dir=PROMPT_FILE.parent,
            admins=frozenset(),
            prices={},
            observers=Observers(),
        )
        return app.coach_of(PinnedVersion(Serving(shipped_prompt())), self.store.threads)


async def events(coach: Coach, text: str, *, meant: Meant, thread: str = "") -> list[Event]:
    """Everything that the coach gives for one message."""
    incoming = Incoming(id=f"{thread} {meant}", person=PERSON, thread=thread, text=text, meant=meant)
    return [event async for event in coach.handle(incoming)]


def the(kind: type[One], given: Sequence[Event]) -> One:
    """The reply that ends the events."""
    last = given[-1]
    assert isinstance(last, kind), last
    return last


def streamed(given: Sequence[Event]) -> str:
    """What was shown while the reply grew."""
    return "".join(event.text for event in given if isinstance(event, Delta))
