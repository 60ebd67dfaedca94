"""Short ways to make trails and what they fold to, without a store."""

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime

from bot.prompts.document import parse_prompt
from bot.prompts.entries import Activated, Entry, Evaluated, Published, RolledBack, Stamp, TrialEnded, TrialStarted
from bot.prompts.standing import Standing, fold
from tests.prompts.replicas import prompt_file

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)

_ids = itertools.count(1)


def stamp(by: str = "ann", note: str = "why") -> Stamp:
    return Stamp(id=f"stamp-{next(_ids)}", at=AT, by=by, note=note)


def published(number: int, *, file: str | None = None) -> Published:
    document = parse_prompt(prompt_file(f"Rule {number}."))
    return Published(
        stamp=stamp(),
        version=number,
        source=document.source,
        digest=document.digest,
        model=document.model,
        max_tokens=document.max_tokens,
        effort=document.effort,
        file=file,
    )


def activated(number: int, *, replaces: int | None = None, by: str = "ann", forced: bool = False) -> Activated:
    return Activated(stamp=stamp(by), version=number, replaces=replaces, forced=forced)


def tried(number: int, share: int, *, live: int, by: str = "ann") -> TrialStarted:
    return TrialStarted(stamp=stamp(by), version=number, share=share, live=live)


def ended(number: int, *, live: int, by: str = "ann") -> TrialEnded:
    return TrialEnded(stamp=stamp(by), version=number, live=live)


def went_back(number: int, *, replaces: int, by: str = "ann") -> RolledBack:
    return RolledBack(stamp=stamp(by), version=number, replaces=replaces)


def evaluated(
    number: int, *, passed: Sequence[str] = (), failed: Sequence[str] = (), engine: str = "claude", basis: str = "one"
) -> Evaluated:
    return Evaluated(
        stamp=stamp(note=""),
        version=number,
        engine=engine,
        basis=basis,
        passed=tuple(passed),
        failed=tuple(failed),
    )


def standing_of(*entries: Entry) -> Standing:
    return fold(Standing(), entries)


THREE = (published(1), published(2), published(3))
"""Three versions, none live."""
TWO_LIVE = (*THREE, activated(1), activated(2, replaces=1))
"""Version 2 is live and 1 was before it."""
ON_TRIAL = (*TWO_LIVE, tried(3, 10, live=2))
"""Version 3 serves a tenth beside version 2."""
