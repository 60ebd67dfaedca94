"""The engine that asks Claude, and the lessons engine in its place whenever that gives no whole, clean reply."""

import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

from bot.core.ports import AnswerTask, ClaimFinder, Composed, Engine, Made, RewriteTask, Rewriting
from bot.core.prompts import Prompt
from bot.core.replies import Delta, EngineName, Fallback
from bot.encoder.embedder import Embedder
from bot.engines.claude.answering import Answerer
from bot.engines.claude.budget import Budget
from bot.engines.claude.calls import Calls
from bot.engines.claude.claimed import ClaimGuard
from bot.engines.claude.clock import Times
from bot.engines.claude.errand import Errand
from bot.engines.claude.failures import CallFailedError
from bot.engines.claude.rewriting import Rewriter
from bot.engines.claude.supported import Support
from bot.phrasing.plausible import Plausibility

_log = logging.getLogger(__name__)


class ClaudeEngine:
    """Answers and rewrites with a model; on any failure `instead` does, and the reply says why."""

    def __init__(
        self,
        *,
        calls: Calls,
        budget: Budget,
        finder: ClaimFinder,
        embedder: Embedder,
        instead: Engine,
        times: Times,
        whole_tokens: int,
    ) -> None:
        self._calls = calls
        self._budget = budget
        self._instead = instead
        self._times = times
        self._answerer = Answerer(ClaimGuard(finder), Support(embedder), whole_tokens=whole_tokens)
        self._rewriter = Rewriter(Plausibility(embedder))

    @property
    def name(self) -> EngineName:
        """`claude`."""
        return EngineName.CLAUDE

    @property
    def left_alone(self) -> Fallback | None:
        """Why the last calls failed, while none is made."""
        return self._calls.left_alone

    async def prepare(self) -> None:
        """Loads the SDK."""
        await self._calls.prepare()

    async def close(self) -> None:
        """Lets go of the connections."""
        await self._calls.close()

    async def answer(self, task: AnswerTask, prompt: Prompt, *, person: str) -> AsyncGenerator[Delta | Composed, None]:
        """Streams the answer sentence by sentence, each checked, then gives it whole.

        What retrieval finds not covered is not asked. A text that was streamed and then fell to a failure is followed
        by the whole answer of the other engine alone.
        """
        others = self._instead.answer(task, prompt, person=person)
        if not task.evidence.covered:
            async for item in others:
                yield item
            return
        errand = self._errand(prompt, person)
        has_begun = False
        try:
            async with aclosing(self._answerer.answer(task, errand)) as items:
                async for item in items:
                    has_begun = True
                    yield item
            return
        except CallFailedError as failure:
            made = self._fallen_back(failure, errand)
        async for item in others:
            if isinstance(item, Composed):
                yield replace(item, made=made)
            elif not has_begun:
                yield item

    async def rewrite(self, task: RewriteTask, prompt: Prompt, *, person: str) -> Rewriting:
        """Proposes edits in the model's words, and claims that nobody else has found."""
        errand = self._errand(prompt, person)
        try:
            return await self._rewriter.rewrite(task, errand)
        except CallFailedError as failure:
            instead = await self._instead.rewrite(task, prompt, person=person)
            return replace(instead, made=self._fallen_back(failure, errand))

    def _errand(self, prompt: Prompt, person: str) -> Errand:
        return Errand(self._calls, self._budget, self._times, prompt=prompt, person=person)

    def _fallen_back(self, failure: CallFailedError, errand: Errand) -> Made:
        _log.warning("the %s engine replies in the model's place: %s", self._instead.name, failure)
        made = errand.made(guarded=failure.reason is Fallback.GUARDED)
        return replace(made, engine=self._instead.name, fallback=failure.reason)
