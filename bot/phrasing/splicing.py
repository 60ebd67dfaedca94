"""Puts approved wording into a draft: one edit for each stretch that makes a claim, and not a character beside it."""

import asyncio
import html
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.core.lessons import GuideRow
from bot.core.replies import Edit, Finding
from bot.phrasing.tags import LINE_END
from bot.phrasing.units import Kind, layout
from bot.phrasing.visible import Span

_FIRST_WORD = re.compile(r"\W*(?P<word>[^\W\d_]+(?:['\u2019-][^\W\d_]+)*)")
_LOWER_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_ORDINARY = frozenset(
    """a an the this that these those it its we you your our they their he she in on at by for from with without to of
    if when where what why how who which while once after before there here not no only any every each all some most
    as so but and or both either is are can could will would should do does please instead rather""".split()
)
"""First words of a sentence that take their capital from standing there."""

_CLOSERS = "\"')]}\u2019\u201d\u00bb"
_LINE_BELOW = re.compile(rf"[^\w\r\n<]{{0,40}}(?:<br[^<>]{{0,40}}>|{LINE_END})[ \t]*(?![\s<])")
_STRAY = re.compile(r"\s+[*_~]{1,3}\Z")
_END_MARKS = ".!?\u2026;:,\u3002\uff01\uff1f"


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A stretch to replace, the numbers of the first unit in it and of the first one after it, and its rows."""

    start: int
    end: int
    first: int
    after: int
    rows: tuple[GuideRow, ...]

    def joined(self, other: "_Stretch") -> "_Stretch":
        """This stretch and a later one that overlaps or follows it, as one."""
        return _Stretch(
            start=self.start,
            end=max(self.end, other.end),
            first=self.first,
            after=max(self.after, other.after),
            rows=(*self.rows, *(row for row in other.rows if row not in self.rows)),
        )


def edits(draft: str, findings: Sequence[Finding]) -> tuple[Edit, ...]:
    """Gives the edits, in order and without overlap, that put `row.say` in the place of every finding.

    A stretch with several findings gets the wording of each row once, in the order of the places and then of
    `findings`. Neighbouring stretches of one paragraph that share a row are replaced as one, so that nothing is said
    twice in a row. A replacement keeps the stretch's case, end punctuation and emphasis; in a draft with HTML it is
    escaped.

    Raises:
        ValueError: a finding's place is empty or lies outside the draft.
    """
    if not findings:
        return ()
    for finding in findings:
        if not 0 <= finding.start < finding.end <= len(draft):
            raise ValueError(f"finding {finding.start}-{finding.end} is no place in a draft of {len(draft)} characters")
    return tuple(_Splicer(draft, findings).edits())


class GuideSplicer:
    """Makes those edits off the event loop."""

    async def edits(self, draft: str, findings: Sequence[Finding]) -> tuple[Edit, ...]:
        """Gives the edits as `edits` does."""
        return await asyncio.to_thread(edits, draft, findings) if findings else ()


class _Splicer:
    """Replaces stretches of one draft."""

    def __init__(self, draft: str, findings: Sequence[Finding]) -> None:
        laid = layout(draft)
        self._draft = draft
        self._units = laid.units
        self._blocks = laid.blocks
        self._markup = laid.markup
        self._opened_at = {pair.opening[0]: pair for pair in laid.pairs}
        self._marks = sorted(
            [(pair.opening, pair.closing, True) for pair in laid.pairs]
            + [(pair.closing, pair.opening, False) for pair in laid.pairs]
        )
        self._mark_starts = [mark[0] for mark, _, _ in self._marks]
        self._stretches = tuple(self._joined(self._located(findings)))
        self._stretch_starts = [stretch.start for stretch in self._stretches]

    def edits(self) -> Iterator[Edit]:
        """Gives the edits in order."""
        for stretch in self._stretches:
            opening, closing, inner = self._kept_marks(stretch)
            after = opening + self._wording(stretch, inner) + closing
            start, end = stretch.start, stretch.end
            before, behind = self._torn_marks(stretch)
            if before:
                while self._draft[start - 1 : start].isspace():
                    start -= 1
                after = before + self._draft[start : stretch.start] + after
            if behind:
                while self._draft[end : end + 1].isspace():
                    end += 1
                after = after + self._draft[stretch.end : end] + behind
            after += self._stray_marks(stretch)
            yield Edit(start=start, end=end, before=self._draft[start:end], after=after)

    def _located(self, findings: Sequence[Finding]) -> Iterator[_Stretch]:
        """The findings in the draft's order, each with the whole of the units that it touches."""
        starts = [unit.start for unit in self._units]
        ends = [unit.end for unit in self._units]
        for finding in sorted(findings, key=lambda finding: finding.start):
            first = bisect_right(ends, finding.start)
            after = max(first, bisect_left(starts, finding.end))
            touched = first < after
            yield _Stretch(
                start=min(finding.start, starts[first]) if touched else finding.start,
                end=max(finding.end, ends[after - 1]) if touched else finding.end,
                first=first,
                after=after,
                rows=(finding.row,),
            )

    def _joined(self, located: Iterable[_Stretch]) -> Iterator[_Stretch]:
        """Overlapping stretches as one, then neighbours that would say the same."""
        apart: list[_Stretch] = []
        for stretch in located:
            if apart and stretch.start < apart[-1].end:
                apart[-1] = apart[-1].joined(stretch)
            else:
                apart.append(stretch)
        pending: _Stretch | None = None
        for stretch in apart:
            if pending and self._repeats(pending, stretch):
                pending = pending.joined(stretch)
                continue
            if pending:
                yield pending
            pending = stretch
        if pending:
            yield pending

    def _repeats(self, stretch: _Stretch, following: _Stretch) -> bool:
        """Whether two stretches of one paragraph share a row and have nothing but white space between them."""
        if stretch.after != following.first or not stretch.first < stretch.after or following.first == following.after:
            return False
        return (
            self._blocks[following.first - 1] == self._blocks[following.first]
            and not self._draft[stretch.end : following.start].strip()
            and any(row in stretch.rows for row in following.rows)
        )

    def _kept_marks(self, stretch: _Stretch) -> tuple[str, str, Span]:
        """The marks around the whole of a stretch, opening and closing, and what is inside them.

        End punctuation after the closing mark does not count: a replacement brings its own.
        """
        opening, closing = "", ""
        start, end = stretch.start, stretch.end
        while pair := self._opened_at.get(start):
            behind = self._draft[pair.closing[1] : end]
            if pair.closing[1] > end or behind.strip(_END_MARKS):
                break
            opening += self._draft[slice(*pair.opening)]
            closing = self._draft[slice(*pair.closing)] + closing
            start, end = pair.opening[1], pair.closing[0]
        return opening, closing, (start, end)

    def _torn_marks(self, stretch: _Stretch) -> tuple[str, str]:
        """The marks to put back before and behind a stretch, since it takes away only one of two.

        Where both go, in different stretches, neither is put back.
        """
        before, behind = "", ""
        first = bisect_left(self._mark_starts, stretch.start)
        last = bisect_left(self._mark_starts, stretch.end)
        for mark, other, opens in self._marks[first:last]:
            if stretch.start <= other[0] < stretch.end or self._is_replaced(other[0]):
                continue
            if opens:
                behind += self._draft[slice(*mark)]
            else:
                before += self._draft[slice(*mark)]
        return before, behind

    def _stray_marks(self, stretch: _Stretch) -> str:
        """The marks that end a stretch and pair with nothing: without them what follows would touch the wording."""
        stray = _STRAY.search(self._draft, stretch.start, stretch.end)
        if stray is None or any(stray.start() < mark[1] and mark[0] < stray.end() for mark, _, _ in self._marks):
            return ""
        return stray[0]

    def _is_replaced(self, position: int) -> bool:
        i = bisect_right(self._stretch_starts, position) - 1
        return i >= 0 and position < self._stretches[i].end

    def _wording(self, stretch: _Stretch, inner: Span) -> str:
        """The approved wordings of a stretch's rows as they stand in its place."""
        units = self._units[stretch.first : stretch.after]
        written = units[0].text if units else self._draft[slice(*inner)]
        says = [_capital(_told(row.say), row, written if n == 0 else "A") for n, row in enumerate(stretch.rows)]
        says = list(dict.fromkeys(says))
        end = self._end(stretch, units[-1].text if units else written, units[-1].kind if units else Kind.SENTENCE)
        if len(says) > 1 and not end:
            end = "."
        text = " ".join([*(_ended(say, ".") for say in says[:-1]), _ended(says[-1], end)])
        return html.escape(text, quote=False) if self._markup else text

    def _end(self, stretch: _Stretch, written: str, kind: Kind) -> str:
        """The end punctuation of a replacement that is no question: the stretch's own, calmed down."""
        mark = written.rstrip(_CLOSERS)[-1:] or "."
        goes_on = (
            stretch.first < stretch.after < len(self._units)
            and self._blocks[stretch.after - 1] == self._blocks[stretch.after]
        )
        if mark in (";", ",") and kind is Kind.ITEM and not goes_on:
            return mark
        touched = kind is Kind.SENTENCE and _LINE_BELOW.match(self._draft, stretch.end)
        return "." if mark in _END_MARKS or goes_on or touched else ""


def _told(say: str) -> str:
    """An approved wording on one line, without the end punctuation that depends on its place."""
    told = " ".join(say.split())
    return told if _asks(told) else told.rstrip(_END_MARKS)


def _asks(said: str) -> bool:
    return said.rstrip(_CLOSERS).endswith("?")


def _ended(said: str, end: str) -> str:
    """Adds end punctuation, unless the wording has its own."""
    return said if said.rstrip(_CLOSERS)[-1:] in (".", "!", "?") else said + end


def _capital(say: str, row: GuideRow, written: str) -> str:
    """Gives `say` the capital or small first letter that `written` has, where its first word is no name."""
    found = _FIRST_WORD.match(say)
    if not found:
        return say
    start, end = found.span("word")
    word = found["word"]
    first = next((char for char in written if char.isalnum()), "A")
    if not first.islower():
        return say[:start] + (word[0].upper() + word[1:] if word.islower() else word) + say[end:]
    ordinary = word.lower() in _ORDINARY or word.lower() in _LOWER_WORD.findall(" ".join((say, row.dont_say, row.why)))
    return say[:start] + word.lower() + say[end:] if ordinary and word[1:] == word[1:].lower() else say
