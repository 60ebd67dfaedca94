"""What people wrote when they rated an answer."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.core.messages import Reaction
from bot.core.recorded import read_record, recorded
from bot.core.state import ConflictError, Log

COMMENTS = "comments"
"""The log's stream of them."""
MAX_TEXT = 2_000
MAX_TRIES = 10

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """What somebody wrote about an answer; nothing in it says who, or which answer."""

    id: str
    at: datetime
    reaction: Reaction
    text: str


class Comments:
    """Keeps what is written, in the order it came."""

    def __init__(self, log: Log, *, now: Callable[[], datetime], new_id: Callable[[], str]) -> None:
        self._log = log
        self._now = now
        self._new_id = new_id

    async def add(self, reaction: Reaction, text: str) -> None:
        """Keeps a comment on one line, at most `MAX_TEXT` characters of it.

        Where others are first `MAX_TRIES` times it is lost, which is logged.

        Raises:
            StoreAwayError: it may not be kept.
        """
        comment = Comment(id=self._new_id(), at=self._now(), reaction=reaction, text=" ".join(text.split())[:MAX_TEXT])
        length = await self._log.length(COMMENTS)
        for _ in range(MAX_TRIES):
            try:
                await self._log.append(COMMENTS, recorded(comment), expected=length)
            except ConflictError as conflict:
                length = conflict.length
            else:
                return
        _log.warning("a comment could not be kept: others were first again and again")


def read_comment(entry: str) -> Comment | None:
    """Gives the comment of an entry; None for one that only a newer program understands."""
    try:
        return read_record(Comment, entry)
    except ValueError:
        return None
