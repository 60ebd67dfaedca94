"""One draft's way: claims found, other words put in their place, the result reviewed again until it is clean."""

import time
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.core.lessons import Knowledge
from bot.core.ports import ClaimFinder, Engine, Library, Prompts, ReplacementCheck, RewriteTask, Splicer
from bot.core.replies import Edit, Finding, Review
from bot.core.tallying import tally

MAX_DRAFT = 1_000_000
"""Code points; a document of 10,000 sentences has about 800,000, a long e-mail 10,000."""

MAX_ROUNDS = 4
"""How often a rewritten draft is reviewed again; a replacement can change how the sentence after it reads."""

Place = tuple[int, int]


class ReviewDraft:
    """Reviews drafts against the guide.

    An engine only proposes. Its words stand in the place of a finding if `check` has nothing against them and the
    rewritten draft is clean there; else the approved wording itself does. So no fault of a model damages a draft.
    """

    def __init__(
        self,
        *,
        library: Library,
        finder: ClaimFinder,
        splicer: Splicer,
        engine: Engine,
        check: ReplacementCheck,
        prompts: Prompts,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._library = library
        self._finder = finder
        self._splicer = splicer
        self._engine = engine
        self._check = check
        self._prompts = prompts
        self._clock = clock

    async def __call__(self, draft: str, *, person: str) -> Review:
        """Gives the review of `draft`; `rewritten` is reviewed again, at most `MAX_ROUNDS` times, until it is clean."""
        started = self._clock()
        served = await self._prompts.serving(person)
        knowledge = await self._library.current()
        findings, notes = await self._finder.find(draft, knowledge)
        approved = await self._splicer.edits(draft, findings)
        task = RewriteTask(draft=draft, findings=findings, approved=approved, knowledge=knowledge)
        rewriting = await self._engine.rewrite(task, served.prompt, person=person)
        made = rewriting.made
        settled = await self._settled(task, rewriting.added, rewriting.edits)
        latency_ms = (self._clock() - started) * 1000
        await self._prompts.replied(served, tally(made, latency_ms, guarded=settled.guarded))
        return Review(
            draft=draft,
            findings=settled.findings,
            notes=_left(_in_order(notes, (*rewriting.doubted, *settled.doubted)), settled),
            edits=settled.edits,
            rewritten=splice(draft, settled.edits),
            engine=made.engine,
            model=made.model,
            fallback=made.fallback,
            prompt_version=served.prompt.version,
            prompt_stale=served.stale,
            latency_ms=latency_ms,
        )

    async def _settled(self, task: RewriteTask, added: Sequence[Finding], proposed: Sequence[Edit]) -> "_Settled":
        """Finds the edits that leave the draft clean, with as many of the proposed ones as may stand."""
        draft = task.draft
        proposals = {(edit.start, edit.end): edit for edit in proposed}
        findings = _in_order(task.findings, added)
        doubted: list[Finding] = []
        known = set(findings)
        guarded = False
        rounds = MAX_ROUNDS
        while True:
            approved = await self._splicer.edits(draft, findings) if findings != task.findings else task.approved
            edits = await self._chosen(approved, proposals, findings)
            if costly := [
                finding for finding in findings if finding in added and self._costs(finding, edits, approved)
            ]:
                doubted += costly
                findings = tuple(finding for finding in findings if finding not in costly)
                continue
            if not rounds:
                break
            late, unclean = await self._again(draft, edits, proposals, task.knowledge)
            if not late and not unclean:
                break
            rounds -= 1
            guarded = guarded or bool(unclean)
            proposals = {place: edit for place, edit in proposals.items() if rounds and place not in unclean}
            # Of one sentence, the finder's order stays: it decides in which order the approved wordings stand.
            new = [finding for finding in late if finding not in known]
            known.update(new)
            findings = _in_order(findings, new)
        return _Settled(findings, tuple(doubted), edits, guarded=guarded)

    def _costs(self, added: Finding, edits: Sequence[Edit], approved: Sequence[Edit]) -> bool:
        """Whether a claim that the model alone found would cost its sentence names, figures, dates or links."""
        edit = next(edit for edit in edits if edit.start <= added.start < edit.end)
        return edit in approved and self._check.loses(edit, [added.row])

    async def _chosen(
        self, approved: Sequence[Edit], proposals: Mapping[Place, Edit], findings: Sequence[Finding]
    ) -> tuple[Edit, ...]:
        """Each approved edit, or the proposed one of its place where nothing is against it."""
        chosen = []
        for safe in approved:
            edit = proposals.get((safe.start, safe.end))
            if edit is not None and edit != safe:
                rows = {finding.row: None for finding in findings if safe.start <= finding.start < safe.end}
                if await self._check.fault(edit, safe, tuple(rows)) is None:
                    chosen.append(edit)
                    continue
            chosen.append(safe)
        return tuple(chosen)

    async def _again(
        self, draft: str, edits: Sequence[Edit], proposals: Mapping[Place, Edit], knowledge: Knowledge
    ) -> tuple[list[Finding], frozenset[Place]]:
        """Reviews the rewritten draft.

        Gives the findings outside the edits, or partly so, told in the original draft's offsets, and the places of the
        proposed edits in which there is a finding, or a note.
        """
        if not edits:
            return [], frozenset()
        found, notes = await self._finder.find(splice(draft, edits), knowledge)
        late = []
        for finding in found:
            start, end = original_span(edits, finding.start, finding.end)
            if not any(edit.start <= start and end <= edit.end for edit in edits):
                late.append(replace(finding, start=start, end=end, quote=draft[start:end]))
        unclean = frozenset(
            (edit.start, edit.end)
            for edit, (start, end) in zip(edits, spliced_spans(edits), strict=True)
            if edit is proposals.get((edit.start, edit.end))
            and any(finding.start < end and start < finding.end for finding in (*found, *notes))
        )
        return late, unclean


@dataclass(frozen=True, slots=True)
class _Settled:
    """A draft's findings and its edits in force.

    `doubted` are claims that only the model found and whose sentences stay. `guarded` says that a proposed edit made a
    claim.
    """

    findings: tuple[Finding, ...]
    doubted: tuple[Finding, ...]
    edits: tuple[Edit, ...]
    guarded: bool


def _in_order(findings: Sequence[Finding], more: Sequence[Finding]) -> tuple[Finding, ...]:
    """Both in the draft's order; a sentence's row that is there already does not come twice."""
    known = {(finding.start, finding.end, finding.row) for finding in findings}
    new = [finding for finding in more if (finding.start, finding.end, finding.row) not in known]
    return tuple(sorted([*findings, *new], key=lambda finding: finding.start))


def _left(notes: Sequence[Finding], settled: _Settled) -> tuple[Finding, ...]:
    """The notes on words that stay as they are."""
    return tuple(note for note in notes if not _is_replaced(note, settled.edits))


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


def spliced_spans(edits: Sequence[Edit]) -> tuple[tuple[int, int], ...]:
    """Where each edit's replacement stands in the spliced text, as (start, end)."""
    spans = []
    shift = 0
    for edit in edits:
        start = edit.start + shift
        spans.append((start, start + len(edit.after)))
        shift += len(edit.after) - (edit.end - edit.start)
    return tuple(spans)


def original_span(edits: Sequence[Edit], start: int, end: int) -> tuple[int, int]:
    """The stretch of the draft that became `start` to `end` of the spliced text; an edit that it touches is whole."""
    shift = 0
    first = last = None
    for edit in edits:
        begins = edit.start + shift
        ends = begins + len(edit.after)
        if first is None and start < ends:
            first = start - shift if start < begins else edit.start
        if last is None and end <= ends:
            last = end - shift if end <= begins else edit.end
        shift += len(edit.after) - (edit.end - edit.start)
    return start - shift if first is None else first, end - shift if last is None else last
