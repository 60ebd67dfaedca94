"""Reviews that their writers can still decide on, kept for a while; and what is learnt from the decisions."""

import hashlib
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.core.choices import Choice, Chosen, OpenReview
from bot.core.decisions import DECISIONS, Decision
from bot.core.recorded import read_record, recorded
from bot.core.replies import Refused, Review
from bot.core.state import ConflictError, Log, Record, Records, StoreAwayError

KEPT_SECONDS = 24 * 3600.0
"""How long a review stays open after the last decision, where nothing else is said."""
MAX_REASON = 500
MAX_TRIES = 10

CLOSED = Refused("This review is not kept any more: send the draft once more.")

_log = logging.getLogger(__name__)


class OpenReviews:
    """Keeps reviews and takes decisions.

    A decision is recorded by its guide row, never with the person; with the sentence only where its writer agrees.
    A review is kept for `keeps` seconds after the last decision.
    """

    def __init__(
        self,
        records: Records,
        log: Log,
        *,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
        keeps: float = KEPT_SECONDS,
    ) -> None:
        self._records = records
        self._decided = log
        self._now = now
        self._new_id = new_id
        self._keeps = keeps

    async def keep(self, review: Review, id_: str, *, person: str) -> OpenReview:
        """Opens the review of the message `id_`; one that was opened before, by an attempt that broke off, counts."""
        opened = OpenReview(review, person=person, mark=self._new_id())
        if await self._write(id_, opened, 0):
            return opened
        kept = await self._records.read(_key(id_))
        return _read(kept) if kept else opened

    async def find(self, id_: str) -> OpenReview | None:
        """Gives the review of the message `id_`; None when it is not kept any more."""
        kept = await self._records.read(_key(id_))
        return _read(kept) if kept else None

    async def decide(
        self,
        id_: str,
        place: int,
        chosen: Chosen,
        *,
        person: str,
        may_show: bool = False,
        withdraws: bool = False,
    ) -> OpenReview | Refused:
        """Notes what the writer decides about the replacement at `place` and gives the review as it is then.

        `may_show` says that the guide's owner may see the sentence; one that is replaced is never shown. `withdraws`
        says that without it an agreement to the same decision is taken back: its writer had it before them.
        """
        may_show = may_show and chosen.choice is not Choice.USE
        chosen = replace(chosen, reason=" ".join(chosen.reason.split())[:MAX_REASON], may_show=may_show)
        for _ in range(MAX_TRIES):
            kept = await self._records.read(_key(id_))
            if kept is None:
                return CLOSED
            opened = _read(kept)
            if person != opened.person:
                return Refused("Only who sent the draft can decide on it.", denied=True)
            if not 0 <= place < len(opened.review.edits):
                return CLOSED
            # Sent again it changes nothing, unless its writer agrees now and did not before, or takes that back.
            if opened.chosen.get(place) in (chosen, chosen if withdraws else replace(chosen, may_show=True)):
                return opened
            decided = replace(opened, chosen={**opened.chosen, place: chosen})
            if await self._write(id_, decided, kept.revision):
                await self._learn(decided, place)
                return decided
        return Refused("The review changed again and again meanwhile: try once more.")

    async def _write(self, id_: str, opened: OpenReview, expected: int) -> bool:
        return await self._records.write(
            _key(id_), recorded(opened), person=opened.person, expected=expected, lasts=self._keeps
        )

    async def _learn(self, decided: OpenReview, place: int) -> None:
        """Adds the decision to the log; while that is away the decision stands all the same."""
        chosen = decided.chosen[place]
        mark = decided.mark or self._new_id()  # a review that an older program opened has none
        entries = [
            recorded(
                Decision(
                    id=self._new_id(),
                    at=self._now(),
                    finding=_finding(mark, place, number),
                    lesson=finding.row.lesson,
                    row=finding.row.row,
                    dont_say=finding.row.dont_say,
                    choice=chosen.choice,
                    reason=chosen.reason,
                    text=finding.quote if chosen.may_show else None,
                    prompt_version=decided.review.prompt_version,
                    engine=decided.review.engine.value,
                )
            )
            for number, finding in enumerate(decided.findings(place))
        ]
        try:
            length = await self._decided.length(DECISIONS)
            for entry in entries:
                length = await self._append(entry, length)
        except StoreAwayError as error:
            _log.warning("a decision could not be added to the log: %s", error)

    async def _append(self, entry: str, length: int) -> int:
        for _ in range(MAX_TRIES):
            try:
                await self._decided.append(DECISIONS, entry, expected=length)
            except ConflictError as conflict:
                length = conflict.length
            else:
                return length + 1
        _log.warning("a decision could not be added to the log: others were first again and again")
        return length


def _key(id_: str) -> str:
    return f"review:{id_}"


def _finding(mark: str, place: int, number: int) -> str:
    """Tells findings apart and nothing else.

    It is made of the review's mark rather than of its message's id: a platform's ids can be tried one after the other.
    """
    return hashlib.sha256(f"{mark}|{place}|{number}".encode()).hexdigest()


def _read(kept: Record) -> OpenReview:
    return read_record(OpenReview, kept.body)
