"""Engines whose answers the page shows differently: in pieces, words to say set apart, in a model's place."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace

from bot.core.ports import AnswerTask, Composed, Made, RewriteTask, Rewriting
from bot.core.prompts import Prompt
from bot.core.replies import Delta, EngineName, Fallback
from tests.web.parts import QuotingEngine

MODEL = "claude-sonnet-5-5"
BY_CLAUDE = Made(EngineName.CLAUDE, model=MODEL)

TO_SAY = "We book a van a week ahead. A van holds forty boxes."
ADVICE = (
    "No, a move takes a week of notice. [1]\n- Boxes come first.\n- The van comes second. [1]\n\n"
    'Say: "We book a van a week ahead. [1] A van holds forty boxes." [1]\n'
    'Not: "We can move you tomorrow." [1]\n\n'
    "That is how they know what to expect. [1]"
)


class AdvisingEngine(QuotingEngine):
    """A model that gives prose around what to say, set apart by line breaks only, with a mark in its middle."""

    async def answer(self, task: AnswerTask, prompt: Prompt, *, person: str) -> AsyncGenerator[Delta | Composed, None]:
        """Gives the advice, on the lines that were found."""
        async for item in super().answer(task, prompt, person=person):
            if isinstance(item, Composed):
                item = replace(item, text=ADVICE if item.covered else item.text, made=BY_CLAUDE)
            yield item

    async def rewrite(self, task: RewriteTask, prompt: Prompt, *, person: str) -> Rewriting:
        """Proposes nothing that is better."""
        return replace(await super().rewrite(task, prompt, person=person), made=BY_CLAUDE)


class AbsentModel(QuotingEngine):
    """A model in whose place the lessons reply, for this reason."""

    def __init__(self, reason: Fallback) -> None:
        self._made = Made(EngineName.LESSONS, model=MODEL, fallback=reason)

    async def answer(self, task: AnswerTask, prompt: Prompt, *, person: str) -> AsyncGenerator[Delta | Composed, None]:
        """Answers with the lines themselves."""
        async for item in super().answer(task, prompt, person=person):
            yield replace(item, made=self._made) if isinstance(item, Composed) else item

    async def rewrite(self, task: RewriteTask, prompt: Prompt, *, person: str) -> Rewriting:
        """Proposes nothing."""
        return replace(await super().rewrite(task, prompt, person=person), made=self._made)


class PiecewiseEngine(QuotingEngine):
    """A model that says what it is told to, when it is told to."""

    def __init__(self) -> None:
        self.asked = 0
        self._told: asyncio.Queue[str | Made | Exception] = asyncio.Queue()

    def say(self, *pieces: str) -> None:
        """Has it say these next."""
        for piece in pieces:
            self._told.put_nowait(piece)

    def end(self, made: Made = BY_CLAUDE) -> None:
        """Has it give the answer whole: what it has said, or the lines that were found in its place."""
        self._told.put_nowait(made)

    def fail(self) -> None:
        """Has it fail in the middle."""
        self._told.put_nowait(RuntimeError("the model fell over"))

    async def answer(self, task: AnswerTask, prompt: Prompt, *, person: str) -> AsyncGenerator[Delta | Composed, None]:
        """Streams what it is told to say, then the answer."""
        self.asked += 1
        said = ""
        while isinstance(told := await self._told.get(), str):
            said += told
            yield Delta(told)
        if isinstance(told, Exception):
            raise told
        async for item in super().answer(task, prompt, person=person):
            if isinstance(item, Composed):
                item = replace(item, made=told, text=item.text if told.fallback else said)
            yield item
