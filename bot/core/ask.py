"""One question's way: evidence from the lessons, an engine's answer, the thread remembered."""

import time
from collections.abc import AsyncIterator, Callable

from bot.core.messages import Turn
from bot.core.ports import Composed, Engine, Library, Retriever, ThreadMemory
from bot.core.replies import Answer, Delta, Status

MAX_QUESTION = 2_000
"""Code points; a longer message is a draft or a mistake, and the encoder would not read it whole."""


class Ask:
    """Answers questions from the lessons."""

    def __init__(
        self,
        *,
        library: Library,
        retriever: Retriever,
        engine: Engine,
        threads: ThreadMemory,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._library = library
        self._retriever = retriever
        self._engine = engine
        self._threads = threads
        self._clock = clock

    async def __call__(self, question: str, *, person: str, thread: str) -> AsyncIterator[Status | Delta | Answer]:
        """Streams the reply to `question`: what is being read, the text as it grows, then the answer whole."""
        started = self._clock()
        knowledge = await self._library.current()
        turns = await self._threads.recent(thread)
        evidence = await self._retriever.search(question, knowledge, turns)
        if evidence.covered:
            yield Status(f"Reading {evidence.hits[0].passage.section or evidence.hits[0].passage.lesson} …")
        composed: Composed | None = None
        async for item in self._engine.answer(evidence, knowledge, turns):
            if isinstance(item, Composed):
                composed = item
            else:
                yield item
        if composed is None:
            raise RuntimeError(f"engine {self._engine.name!r} ended without an answer")
        await self._threads.append(
            thread, Turn(person=person, question=question, answer=composed.text, covered=composed.covered)
        )
        yield Answer(
            question=question,
            text=composed.text,
            covered=composed.covered,
            citations=composed.citations,
            closest=composed.closest,
            engine=self._engine.name,
            model=composed.model,
            latency_ms=(self._clock() - started) * 1000,
        )
