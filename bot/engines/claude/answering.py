"""One answer of a model: asked with citations, or by marks where a server knows none, and released as it stands up."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

from bot.core.ports import AnswerTask, Composed
from bot.core.replies import Delta, Fallback
from bot.engines.claude.claimed import ClaimGuard
from bot.engines.claude.corpus import Corpus, corpus
from bot.engines.claude.errand import Errand
from bot.engines.claude.failures import CallFailedError
from bot.engines.claude.grounded import Secret
from bot.engines.claude.marks import by_marks
from bot.engines.claude.pieces import BlockEnd, Piece, Text
from bot.engines.claude.released import Release
from bot.engines.claude.requests import answer_request, marks_request
from bot.engines.claude.sentences import Sentences
from bot.engines.claude.supported import Support
from bot.engines.lessons import not_covered

MAX_ANSWER = 20_000
"""Characters that are read; an answer has about a thousand."""


class Answerer:
    """Asks for answers, and remembers what the server was found not to know."""

    def __init__(self, guard: ClaimGuard, support: Support, *, whole_tokens: int) -> None:
        self._guard = guard
        self._support = support
        self._whole_tokens = whole_tokens
        self._cites, self._has_cited = True, False

    async def answer(self, task: AnswerTask, errand: Errand) -> AsyncGenerator[Delta | Composed, None]:
        """Streams what may be released, then gives the answer whole.

        Raises:
            CallFailedError: there is no whole answer, or it makes a don't-say claim after all.
        """
        sent = corpus(task.evidence, task.knowledge, whole_tokens=self._whole_tokens)
        if self._cites:
            release = self._release(task, errand, sent)
            request = answer_request(errand.prompt, sent, task.thread, task.question)
            try:
                async with aclosing(_released(_bounded(errand.stream(request)), release)) as texts:
                    async for text in texts:
                        yield Delta(text)
            except CallFailedError as failure:
                if not (failure.not_understood and errand.is_foreign):
                    raise
            else:
                self._has_cited = self._has_cited or bool(release.citations)
                if self._has_cited or not errand.is_foreign:
                    yield await self._composed(release, task, errand)
                    return
        # The server refused the citations or left them out: it is asked once more, without them.
        release = self._release(task, errand, sent)
        request = marks_request(errand.prompt, sent, task.thread, task.question)
        pieces = by_marks(_bounded(errand.stream(request)), sent.marked)
        async with aclosing(_released(pieces, release)) as texts:
            async for text in texts:
                yield Delta(text)
        self._cites = self._has_cited or not release.citations
        yield await self._composed(release, task, errand)

    def _release(self, task: AnswerTask, errand: Errand, sent: Corpus) -> Release:
        return Release(task, sent, Secret(errand.prompt.text, sent.text), self._guard, self._support)

    async def _composed(self, release: Release, task: AnswerTask, errand: Errand) -> Composed:
        """The answer as a whole; one that cites nothing says nothing that may be taken for the lessons' word."""
        made = errand.made(guarded=release.guarded)
        if not release.citations:
            return replace(not_covered(task.evidence, task.knowledge), made=made)
        # Once more as a whole: what two sentences say together was not seen one by one.
        if await self._guard.claims(release.words, task.knowledge):
            raise CallFailedError(Fallback.GUARDED)
        return Composed(text=release.text, covered=True, citations=release.citations, made=made)


async def _released(pieces: AsyncGenerator[Piece, None], release: Release) -> AsyncGenerator[str, None]:
    """Passes on what may be released of a reply."""
    sentences = Sentences()
    try:
        async with aclosing(pieces):
            async for piece in pieces:
                for sentence in sentences.take(piece):
                    if text := await release.take(sentence):
                        yield text
                if isinstance(piece, BlockEnd) and (held := sentences.held) is not None:
                    release.foresee(held)
    finally:
        release.stop()
    if text := await release.end():
        yield text


async def _bounded(pieces: AsyncGenerator[Piece, None]) -> AsyncGenerator[Piece, None]:
    """Passes on a reply.

    Raises:
        CallFailedError: it writes much more than an answer.
    """
    length = 0
    async with aclosing(pieces):
        async for piece in pieces:
            length += len(piece.text) if isinstance(piece, Text) else 0
            if length > MAX_ANSWER:
                raise CallFailedError(Fallback.CUT_OFF, says="it is too long to be an answer")
            yield piece
