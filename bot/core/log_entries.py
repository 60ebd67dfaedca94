"""Reads a stream of the log from its start."""

from collections.abc import AsyncIterator

from bot.core.state import Log

PAGE = 500
"""Entries read from the log at once."""


async def entries_of(log: Log, stream: str) -> AsyncIterator[str]:
    """Gives every entry that the log keeps of a stream, the oldest first; holds `PAGE` at a time.

    Raises:
        StoreAwayError: the store is away.
    """
    position = 0
    while page := await log.read(stream, after=position, limit=PAGE):
        for entry in page:
            yield entry
        position += len(page)
