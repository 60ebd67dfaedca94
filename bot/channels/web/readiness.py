"""Whether the coach can answer now: the lessons load and the models run."""

import asyncio
import logging
import time
from collections.abc import Callable

from bot.core.coach import Coach
from bot.core.ports import Library, Retriever
from bot.core.replies import Review

RECHECK_SECONDS = 5.0
"""How long one result stands, so that a crowd of probes costs no more than one."""

_log = logging.getLogger(__name__)


class Readiness:
    """Tries what a question and a draft need. The first check loads the models."""

    def __init__(
        self,
        *,
        coach: Coach,
        library: Library,
        retriever: Retriever,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._coach = coach
        self._library = library
        self._retriever = retriever
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
            knowledge = await self._library.current()
            if not knowledge.lessons:
                return "no lessons are loaded: `coach knowledge check` says why"
            title = knowledge.lessons[0].title
            await self._retriever.search(title, knowledge)
            reviewed = await self._coach.review(f"{title}.")
        except Exception as error:
            _log.debug("the coach is not ready", exc_info=True)  # the reason goes to whoever asked
            return " ".join(f"{type(error).__name__}: {error}".split())
        return None if isinstance(reviewed, Review) else "a draft cannot be reviewed"
