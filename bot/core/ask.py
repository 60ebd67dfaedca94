"""One question's way: evidence from the lessons, an engine's answer, the thread remembered."""

import logging
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from bot.core.messages import Turn
from bot.core.ports import AnswerTask, Composed, Engine, Library, Prompts, Retriever
from bot.core.replies import Answer, Delta, Status
from bot.core.state import StoreAwayError, ThreadMemory
from bot.core.tallying import tally

MAX_QUESTION = 2_000
"""Code points; a longer message is a draft or a mistake, and the encoder would not read it whole."""

_log = logging.getLogger(__name__)


class Ask:
    """Answers questions from the lessons."""

    def __init__(
        self,
        *,
        library: Library,
        retriever: Retriever,
        engine: Engine,
        threads: ThreadMemory,
        prompts: Prompts,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._library = library
        self._retriever = retriever
        self._engine = engine
        self._threads = threads
        self._prompts = prompts
        self._clock = clock

    async def __call__(
        self, question: str, *, id_: str, person: str, thread: str
    ) -> AsyncGenerator[Status | Delta | Answer, None]:
        """Streams the reply to `question`: what is being read, the text as it grows, then the answer whole."""
        started = self._clock()
        served = await self._prompts.serving(person)
        knowledge = await self._library.current()
        turns = await self._recent(thread, id_)
        evidence = await self._retriever.search(question, knowledge, turns)
        if evidence.covered:
            yield Status(f"Reading {evidence.hits[0].passage.section or evidence.hits[0].passage.lesson} …")
        composed: Composed | None = None
        task = AnswerTask(question=question, evidence=evidence, knowledge=knowledge, thread=turns)
        async with aclosing(self._engine.answer(task, served.prompt, person=person)) as items:
            async for item in items:
                if isinstance(item, Composed):
                    composed = item
                else:
                    yield item
        if composed is None:
            raise RuntimeError(f"engine {self._engine.name!r} ended without an answer")
        if thread:
            turn = Turn(
                id=id_,
                person=person,
                question=question,
                answer=composed.text,
                covered=composed.covered,
                prompt_version=served.prompt.version,
                trial=served.trial,
            )
            await self._remember(thread, turn)
        latency_ms = (self._clock() - started) * 1000
        made = composed.made
        await self._prompts.replied(served, tally(made, latency_ms))
        yield Answer(
            id=id_,
            question=question,
            text=composed.text,
            covered=composed.covered,
            citations=composed.citations,
            closest=composed.closest,
            engine=made.engine,
            model=made.model,
            prompt_version=served.prompt.version,
            prompt_stale=served.stale,
            latency_ms=latency_ms,
            fallback=made.fallback,
        )

    async def _recent(self, thread: str, id_: str) -> tuple[Turn, ...]:
        """The turns before the message `id_`; none without a thread, or while the store is away."""
        try:
            said = await self._threads.recent(thread) if thread else ()
        except StoreAwayError as error:
            _log.warning("a question is answered without what was said before: %s", error)
            return ()
        # A message that is taken up again after a crash must not follow up on itself.
        return tuple(turn for turn in said if turn.id != id_)

    async def _remember(self, thread: str, turn: Turn) -> None:
        """Keeps the turn; while the store is away the answer is not held back for it."""
        try:
            await self._threads.append(thread, turn)
        except StoreAwayError as error:
            _log.warning("an answer is not remembered: %s", error)
