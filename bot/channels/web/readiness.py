"""Whether the coach can answer now: state can be kept, a prompt version is live, the lessons load, the models run."""

import asyncio
import logging
import time
from collections.abc import Callable

from bot.core.ports import ClaimFinder, Engine, Library, Retriever
from bot.core.state import Store, StoreAwayError
from bot.prompts.history import History

RECHECK_SECONDS = 5.0
"""How long one result stands, so that a crowd of probes costs no more than one."""

_log = logging.getLogger(__name__)


class Readiness:
    """Tries what a question and a draft need, without a reply that would count in a version's figures.

    The first check loads the models.
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
        self._fault: str | None = None

    async def fault(self) -> str | None:
        """Says in one line why the coach cannot answer, or None when it can."""
        async with self._lock:
            if self._clock() - self._checked >= RECHECK_SECONDS:
                self._fault = await self._try()
                self._checked = self._clock()
            return self._fault

    async def _try(self) -> str | None:
        try:
            await self._store.check()
            if (await self._history.standing()).live is None:
                return "no version of the system prompt is live"
            knowledge = await self._library.current()
            if not knowledge.lessons:
                return "no lessons are loaded: `coach knowledge check` says why"
            title = knowledge.lessons[0].title
            await self._retriever.search(title, knowledge)
            await self._finder.find(f"{title}.", knowledge)
            await self._engine.prepare()
        except StoreAwayError as error:
            return f"the store is away: {error}"
        except Exception as error:
            _log.debug("the coach is not ready", exc_info=True)  # the reason goes to whoever asked
            return " ".join(f"{type(error).__name__}: {error}".split())
        return None
