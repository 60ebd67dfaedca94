"""Judgements of a guide's claims that were made lately, kept so that a unit is not judged again."""

import hashlib
from collections.abc import Callable, Sequence
from threading import Lock

from bot.encoder.claim_encoder import InContext
from bot.phrasing.judging import Judgement

RECENT = 4_096
"""Units kept, under hashes: drafts are reviewed again as rewritten, answers judged as a whole."""

Judge = Callable[[Sequence[InContext]], Sequence[tuple[Judgement, ...]]]
"""Gives the judgements of each unit, one after the other."""


class RecentJudgements:
    """Judges units by one guide; safe to use from several threads."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._recent: dict[bytes, tuple[Judgement, ...]] = {}
        self._lock = Lock()

    def of(self, units: Sequence[InContext]) -> list[tuple[Judgement, ...]]:
        """Gives each unit's judgements."""
        keys = [_key(unit) for unit in units]
        with self._lock:
            known = {key: self._recent[key] for key in keys if key in self._recent}
        unknown = {key: unit for key, unit in zip(keys, units, strict=True) if key not in known}
        judged = dict(zip(unknown, self._judge(list(unknown.values())), strict=True))
        with self._lock:
            self._recent.update(judged)
            while len(self._recent) > RECENT:
                del self._recent[next(iter(self._recent))]
        return [(known | judged)[key] for key in keys]


def _key(unit: InContext) -> bytes:
    return hashlib.sha256("\0".join(unit).encode("utf-8", "surrogatepass")).digest()
