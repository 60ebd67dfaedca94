"""Marks such as [3] in a plain reply as citations, for servers that know none."""

import re
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing

from bot.engines.claude.pieces import BlockEnd, Cite, Ended, Piece, Text

_MARKS = re.compile(r"(?:[ \t]*\[\d{1,4}(?:[ \t]*,[ \t]*\d{1,4})*\])+(?=[ \t]*[^ \t\[])")
"""Marks with something behind them: until then another may follow."""
_NUMBER = re.compile(r"\d+")


async def by_marks(
    pieces: AsyncGenerator[Piece, None], cite: Callable[[int], Cite | None]
) -> AsyncGenerator[Piece, None]:
    """Passes on a reply with a block for each run of text up to its marks; `cite` says what a mark stands for."""
    async with aclosing(pieces):
        async for piece in _by_marks(pieces, cite):
            yield piece


async def _by_marks(pieces: AsyncIterator[Piece], cite: Callable[[int], Cite | None]) -> AsyncIterator[Piece]:
    waiting = ""
    async for piece in pieces:
        if isinstance(piece, Text):
            waiting += piece.text
        elif isinstance(piece, Ended):
            waiting += "\n"  # so that the last marks have something behind them
        while found := _MARKS.search(waiting):
            yield Text(waiting[: found.start()])
            for number in _NUMBER.findall(found[0]):
                if cited := cite(int(number)):
                    yield cited
            yield BlockEnd()
            waiting = waiting[found.end() :]
        if isinstance(piece, Ended):
            yield Text(waiting)
            yield BlockEnd()
            yield piece
