"""What an audit is given of a span of days, line by line: who did what, and never a draft, a question or an answer."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from bot.core.comments import COMMENTS, read_comment
from bot.core.decisions import DECISIONS, read_decision
from bot.core.log_entries import entries_of
from bot.core.state import DeadLetter, Inbox, Store
from bot.prompts.entries import (
    STREAM,
    Activated,
    Denied,
    Entry,
    Evaluated,
    Published,
    RolledBack,
    TrialEnded,
    TrialStarted,
    read_entry,
)

PAGE = 500
"""Messages given up that are read at once."""

Line = Mapping[str, object]
_Placed = tuple[datetime, Line]


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Days in UTC, both ends among them; None for an open end."""

    first: date | None = None
    last: date | None = None

    def hold(self, at: datetime) -> bool:
        """Whether a time is on one of them."""
        day = at.astimezone(UTC).date()
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


class Unread:
    """In the place of a line: an entry that only a newer program can read, so that nothing is left out unsaid."""


async def audit_lines(store: Store, days: Days) -> AsyncIterator[Line | Unread]:
    """Gives the lines of the versions' trail, of what writers decided and wrote, and of messages given up.

    Each kind is the oldest first. It holds a page of entries at a time.

    Raises:
        StoreAwayError: the store is away.
    """
    for stream, read in _READ.items():
        async for text in entries_of(store.log, stream):
            placed = read(text)
            if placed is None:
                yield Unread()
            elif days.hold(placed[0]):
                yield placed[1]
    async for letter in _dead_letters(store.inbox):
        at = datetime.fromtimestamp(letter.at, UTC)
        if days.hold(at):
            yield _letter_line(letter, at)


async def _dead_letters(inbox: Inbox) -> AsyncIterator[DeadLetter]:
    skip = 0
    while page := await inbox.dead(limit=PAGE, skip=skip):
        for letter in page:
            yield letter
        skip += len(page)


def _version(text: str) -> _Placed | None:
    try:
        entry = read_entry(text)
    except ValueError:
        return None
    at, by, note = entry.stamp.at, entry.stamp.by, entry.stamp.note
    return at, {"kind": "version", "at": _time(at), "by": by, "did": entry.kind, **_what(entry), "note": note}


def _what(entry: Entry) -> Line:
    """What was done; a version's text is told by its digest, `coach prompts show` has it."""
    match entry:
        case Published(version=version, digest=digest, model=model, file=file):
            return {"version": version, "digest": digest, "model": model, "file": file}
        case Activated(version=version, replaces=replaces, forced=forced):
            return {"version": version, "replaces": replaces, "forced": forced}
        case TrialStarted(version=version, share=share, live=live, forced=forced):
            return {"version": version, "share": share, "live": live, "forced": forced}
        case TrialEnded(version=version, live=live):
            return {"version": version, "live": live}
        case RolledBack(version=version, replaces=replaces):
            return {"version": version, "replaces": replaces}
        case Evaluated(version=version, engine=engine, passed=passed, failed=failed):
            return {"version": version, "engine": engine, "passed": len(passed), "failed": len(failed)}
        case Denied(tried=tried):
            return {"tried": tried}


def _decision(text: str) -> _Placed | None:
    """Without the sentence, even where its writer agreed to show it: that was to the guide's owner."""
    decision = read_decision(text)
    if decision is None:
        return None
    return decision.at, {
        "kind": "decision",
        "at": _time(decision.at),
        "lesson": decision.lesson,
        "row": decision.row,
        "dont_say": decision.dont_say,
        "choice": decision.choice.value,
        "reason": decision.reason,
        "prompt_version": decision.prompt_version,
        "engine": decision.engine,
    }


def _comment(text: str) -> _Placed | None:
    """Its length alone: people quote in it what they asked and what they were answered."""
    comment = read_comment(text)
    if comment is None:
        return None
    length = len(comment.text)
    return comment.at, {
        "kind": "comment",
        "at": _time(comment.at),
        "reaction": comment.reaction,
        "characters": length,
    }


def _letter_line(letter: DeadLetter, at: datetime) -> Line:
    return {"kind": "given up", "at": _time(at), "id": letter.id, "channel": letter.channel, "reason": letter.reason}


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


_READ: Mapping[str, Callable[[str], _Placed | None]] = {STREAM: _version, DECISIONS: _decision, COMMENTS: _comment}
"""By stream, what reads an entry of it; None for one that only a newer program can read."""
