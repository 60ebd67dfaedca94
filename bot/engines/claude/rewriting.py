"""One rewrite by a model: edits in the form of a schema, or as JSON in words where a server knows none."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from bot.core.ports import RewriteTask, Rewriting
from bot.core.replies import Fallback
from bot.engines.claude.edits import ModelEdit, listed, proposals, read_edits
from bot.engines.claude.errand import Errand
from bot.engines.claude.failures import CallFailedError
from bot.engines.claude.pieces import Piece, Text
from bot.engines.claude.requests import edits_request, json_request
from bot.phrasing.plausible import Plausibility

MAX_DRAFT = 40_000
"""Characters of a draft that is sent, about 10,000 tokens; a longer one gets the approved wording as it is."""
MAX_REPLY = 400_000
"""Characters of a reply that are read."""


class Rewriter:
    """Asks for edits, and remembers what the server was found not to know."""

    def __init__(self, plausibility: Plausibility) -> None:
        self._plausibility = plausibility
        self._knows_schemas = True

    async def rewrite(self, task: RewriteTask, errand: Errand) -> Rewriting:
        """Gives the proposed edits and the claims that nobody else has found.

        Raises:
            CallFailedError: there is no whole reply of the form that was asked for, or the draft is too long.
        """
        if len(task.draft) > MAX_DRAFT:
            raise CallFailedError(Fallback.TOO_LONG)
        found = await asyncio.to_thread(proposals, task, await self._edits(task, errand))
        likely = [one for one in found.added if await self._plausibility.may_claim(one.sentence, one.finding.row)]
        return Rewriting(
            edits=(*found.edits, *{(one.edit.start, one.edit.end): one.edit for one in reversed(likely)}.values()),
            added=tuple(one.finding for one in likely),
            doubted=tuple(one.finding for one in found.added if one not in likely),
            made=errand.made(),
        )

    async def _edits(self, task: RewriteTask, errand: Errand) -> tuple[ModelEdit, ...]:
        places = listed(task)
        if self._knows_schemas:
            try:
                return read_edits(await _text(errand.stream(edits_request(errand.prompt, task, places))))
            except CallFailedError as failure:
                if not (failure.not_understood and errand.is_foreign):
                    raise
        # The server refused the schema or paid it no heed: it is asked once more, in words.
        edits = read_edits(await _text(errand.stream(json_request(errand.prompt, task, places))))
        self._knows_schemas = False
        return edits


async def _text(pieces: AsyncGenerator[Piece, None]) -> str:
    """The whole text of a reply."""
    texts: list[str] = []
    length = 0
    async with aclosing(pieces):
        async for piece in pieces:
            if isinstance(piece, Text):
                texts.append(piece.text)
                length += len(piece.text)
                if length > MAX_REPLY:
                    raise CallFailedError(Fallback.CUT_OFF, says="it is too long to be read")
    return "".join(texts)
