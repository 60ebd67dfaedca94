"""The trail's entries in words."""

from bot.core.prompts import Act, TrailEntry
from bot.prompts.entries import (
    Activated,
    Denied,
    Entry,
    Evaluated,
    Move,
    Published,
    RolledBack,
    TrialEnded,
    TrialStarted,
)

MAX_NAMED = 5
"""Cases that are named one by one."""


def trail_entry(position: int, entry: Entry) -> TrailEntry:
    """Gives an entry as admins see it."""
    version, replaces, detail = _content(entry)
    return TrailEntry(
        position=position,
        act=Act(entry.kind),
        at=entry.stamp.at,
        by=entry.stamp.by,
        note=entry.stamp.note,
        version=version,
        replaces=replaces,
        detail=detail,
    )


def told(move: Move) -> str:
    """What a move did, in words that follow its author's name."""
    match move:
        case Activated(replaces=None):
            return f"made version {move.version} live"
        case Activated():
            return f"made version {move.version} live in place of version {move.replaces}"
        case TrialStarted():
            return f"gave version {move.version} to {move.share}% of the people"
        case TrialEnded():
            return f"ended the trial of version {move.version}"
        case RolledBack():
            return f"went back from version {move.replaces} to version {move.version}"


def outcome(move: Move) -> str:
    """What is so after a move, in one sentence."""
    match move:
        case Activated(replaces=None):
            return f"Version {move.version} is live."
        case Activated():
            return f"Version {move.version} is live in place of version {move.replaces}."
        case TrialStarted():
            return f"Version {move.version} serves {move.share}% of the people; version {move.live} stays live."
        case TrialEnded():
            return f"The trial of version {move.version} has ended; version {move.live} serves everybody."
        case RolledBack():
            return f"Rolled back: version {move.version} is live in place of version {move.replaces}."


def _content(entry: Entry) -> tuple[int | None, int | None, str]:
    """The version that an entry is about, the one that it replaced, and the rest in words."""
    match entry:
        case Published():
            return entry.version, None, f"from {entry.file}" if entry.file else ""
        case Activated():
            return entry.version, entry.replaces, "forced" if entry.forced else ""
        case TrialStarted():
            share = f"{entry.share}%, version {entry.live} stays live"
            return entry.version, None, f"{share}, forced" if entry.forced else share
        case TrialEnded():
            return entry.version, None, f"version {entry.live} serves everybody"
        case RolledBack():
            return entry.version, entry.replaces, ""
        case Evaluated():
            named = ", ".join(entry.failed[:MAX_NAMED])
            more = f" and {len(entry.failed) - MAX_NAMED} more" if len(entry.failed) > MAX_NAMED else ""
            failed = f"; failed: {named}{more}" if entry.failed else ""
            cases = len(entry.passed) + len(entry.failed)
            return entry.version, None, f"{len(entry.passed)} of {cases} cases passed{failed}"
        case Denied():
            return None, None, entry.tried
