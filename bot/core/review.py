"""One draft's way: claims found, approved wording put in their place, the result reviewed again until it is clean."""

import time
from bisect import bisect_left
from collections.abc import Callable, Sequence

from bot.core.lessons import Knowledge
from bot.core.ports import ClaimFinder, Engine, Library
from bot.core.replies import Edit, Finding, Review

MAX_DRAFT = 1_000_000
"""Code points; a document of 10,000 sentences has about 800,000, a long e-mail 10,000."""

MAX_ROUNDS = 4
"""How often a rewritten draft is reviewed again; a replacement can change how the sentence after it reads."""


class ReviewDraft:
    """Reviews drafts against the guide."""

    def __init__(
        self,
        *,
        library: Library,
        finder: ClaimFinder,
        engine: Engine,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._library = library
        self._finder = finder
        self._engine = engine
        self._clock = clock

    async def __call__(self, draft: str) -> Review:
        """Gives the review of `draft`; `rewritten` is reviewed again, at most `MAX_ROUNDS` times, until it is clean."""
        started = self._clock()
        knowledge = await self._library.current()
        findings, notes = await self._finder.find(draft, knowledge)
        edits = await self._engine.rewrite(draft, findings)
        known = set(findings)
        for _ in range(MAX_ROUNDS):
            late = await self._late_findings(draft, edits, knowledge)
            if not late:
                break
            # Of one sentence, the finder's order stays: it decides in which order the approved wordings stand.
            new = [finding for finding in late if finding not in known]
            findings = tuple(sorted([*findings, *new], key=lambda finding: finding.start))
            known.update(new)
            edits = await self._engine.rewrite(draft, findings)
        return Review(
            draft=draft,
            findings=findings,
            notes=tuple(note for note in notes if not _is_replaced(note, edits)),
            edits=edits,
            rewritten=splice(draft, edits),
            engine=self._engine.name,
            latency_ms=(self._clock() - started) * 1000,
        )

    async def _late_findings(self, draft: str, edits: Sequence[Edit], knowledge: Knowledge) -> tuple[Finding, ...]:
        """Findings of the rewritten draft that lie outside the edits, told in the original draft's offsets."""
        if not edits:
            return ()
        found, _ = await self._finder.find(splice(draft, edits), knowledge)
        late = []
        for finding in found:
            start = original_offset(edits, finding.start)
            end = original_offset(edits, finding.end)
            if start is not None and end is not None and draft[start:end] == finding.quote:
                late.append(
                    Finding(row=finding.row, start=start, end=end, quote=finding.quote, confidence=finding.confidence)
                )
        return tuple(late)


def _is_replaced(note: Finding, edits: Sequence[Edit]) -> bool:
    """Whether an edit takes away any of the words that a note is about."""
    behind = bisect_left(edits, note.end, key=lambda edit: edit.start)
    return behind > 0 and edits[behind - 1].end > note.start


def splice(draft: str, edits: Sequence[Edit]) -> str:
    """Applies `edits` (in order, not overlapping) to `draft`; every other character stays.

    Raises:
        ValueError: an edit's `before` is not what the draft holds there, or edits overlap.
    """
    pieces = []
    position = 0
    for edit in edits:
        if edit.start < position or draft[edit.start : edit.end] != edit.before:
            raise ValueError(f"edit {edit.start}-{edit.end} does not fit the draft at {position}")
        pieces += [draft[position : edit.start], edit.after]
        position = edit.end
    return "".join([*pieces, draft[position:]])


def original_offset(edits: Sequence[Edit], offset: int) -> int | None:
    """Where an offset of the spliced text lies in the draft, or None when it lies inside a replacement."""
    shift = 0
    for edit in edits:
        start = edit.start + shift
        end = start + len(edit.after)
        if offset <= start:
            break
        if offset < end:
            return None
        shift += len(edit.after) - (edit.end - edit.start)
    return offset - shift
