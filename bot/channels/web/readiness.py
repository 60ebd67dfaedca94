"""Whether the coach can answer now: state can be kept, a prompt version is live, the lessons load, the models run."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.core.lessons import Knowledge
from bot.core.ports import ClaimFinder, Engine, Library, Retriever
from bot.core.replies import EngineName
from bot.core.state import Store, StoreAwayError
from bot.prompts.history import History

RECHECK_SECONDS = 5.0
"""How long one result stands, so that a crowd of probes costs no more than one."""
RECHECK_SOON_SECONDS = 1.0
"""The same while something is wrong, or the store has failed somebody since."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Part:
    """How one part is: its state, what is wrong with it in words that anybody may read, and in its own."""

    state: str
    fault: str | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """Whether the coach can answer: `reason` says why not, and `parts` how each part is.

    Both may be read by anybody. `detail` may name a file or a host, for the log and whoever starts the server.
    """

    reason: str | None
    parts: Mapping[str, str]
    detail: str = ""


UNKNOWN = Part("unknown")
"""A part that cannot be looked at, because of another."""


class Readiness:
    """Tries what a question and a draft need, without a reply that would count in a version's figures.

    The first check loads the models. A model that is asked over the network is not tried: without it the lessons
    engine replies.
    """

    def __init__(
        self,
        *,
        library: Library,
        retriever: Retriever,
        finder: ClaimFinder,
        engine: Engine,
        store: Store,
        history: History,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._library = library
        self._retriever = retriever
        self._finder = finder
        self._engine = engine
        self._store = store
        self._history = history
        self._clock = clock
        self._lock = asyncio.Lock()
        self._checked = float("-inf")
        self._failures = 0
        self._report = Report(None, {})
        self._told: str | None = None

    async def report(self) -> Report:
        """Says how things are; what has changed is logged."""
        report = await self.first()
        if report.reason != self._told:
            self._told = report.reason
            if report.reason:
                _log.warning("not ready: %s", report.detail)
            else:
                _log.info("ready again")
        return report

    async def fault(self) -> str | None:
        """Says why the coach cannot answer, or None when it can; what has changed is logged."""
        return (await self.report()).reason

    async def first(self) -> Report:
        """As `report`, for who tells its details; nothing is logged."""
        async with self._lock:
            if self._clock() - self._checked >= self._stands:
                self._report = await self._look()
                self._failures = self._store.failures
                self._checked = self._clock()
            return self._report

    @property
    def _stands(self) -> float:
        """For how many seconds the last report counts."""
        is_well = self._report.reason is None and self._store.failures == self._failures
        return RECHECK_SECONDS if is_well else RECHECK_SOON_SECONDS

    async def _look(self) -> Report:
        store = await self._looked_at_store()
        prompt = UNKNOWN if store.fault else await self._looked_at_prompt()
        knowledge, lessons = await self._looked_at_knowledge()
        parts = {
            "store": store,
            "prompt": prompt,
            "knowledge": lessons,
            "model": await self._looked_at_model(knowledge) if knowledge else UNKNOWN,
        }
        faults = [part for part in parts.values() if part.fault]
        return Report(
            reason=faults[0].fault if faults else None,
            parts={name: part.state for name, part in parts.items()},
            detail="; ".join(" ".join(f"{part.fault}: {part.detail}".split()) for part in faults),
        )

    async def _looked_at_store(self) -> Part:
        try:
            await self._store.check()
        except StoreAwayError as error:
            return Part("away", "the store is away", str(error))
        except Exception as error:
            return _failed("the store fails", error)
        return Part("ok")

    async def _looked_at_prompt(self) -> Part:
        try:
            live = (await self._history.standing()).live
        except StoreAwayError as error:
            return Part("unknown", "the store is away", str(error))
        except Exception as error:
            return _failed("the versions of the system prompt cannot be read", error)
        if live is None:
            mend = "put one into the prompts folder, or `coach prompts activate` one"
            return Part("none is live", "no version of the system prompt is live", mend)
        return Part("ok")

    async def _looked_at_knowledge(self) -> tuple[Knowledge | None, Part]:
        try:
            knowledge = await self._library.current()
        except Exception as error:
            return None, _failed("the lessons cannot be read", error)
        if not knowledge.lessons:
            return None, Part("no lessons", "no lessons are loaded", "`coach knowledge check` says why")
        return knowledge, Part("ok")

    async def _looked_at_model(self, knowledge: Knowledge) -> Part:
        title = knowledge.lessons[0].title
        try:
            await self._retriever.search(title, knowledge)
            await self._finder.find(f"{title}.", knowledge)
            await self._engine.prepare()
        except Exception as error:
            return _failed("a model cannot be loaded", error)
        name, why = self._engine.name, self._engine.left_alone
        return Part(f"{EngineName.LESSONS}, {name} left alone: {why}" if why else name)


def _failed(what: str, error: Exception) -> Part:
    """A part that failed in an unforeseen way; its own words are for the log alone."""
    fault = f"{what}: {type(error).__name__}"
    return Part(fault, fault, str(error))
