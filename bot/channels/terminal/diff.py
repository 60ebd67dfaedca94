"""A review's edits as the lines of a diff, straight from the edits: exact, and linear in the draft's length."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from bot.core.prompts import Change, ChangedLine
from bot.core.replies import Edit

_LINE_END = re.compile(r"\r\n|\n|\r")


Span = tuple[int, int]


def diff(draft: str, edits: Sequence[Edit]) -> Iterator[ChangedLine]:
    """Yields the changed lines of `draft` with one unchanged line around them; `edits` are in order."""
    lines = list(_spans(draft))
    starts = [start for start, _ in lines]
    shown = 0
    for first, last, group in _grouped(starts, edits):
        before = max(shown, first - 1)
        if before > shown:
            yield ChangedLine(Change.GAP, "")
        yield from (ChangedLine(Change.SAME, draft[slice(*lines[i])]) for i in range(before, first))
        begin, end = lines[first][0], lines[last][1]
        yield from _marked(Change.REMOVED, draft[begin:end], [(edit.start - begin, edit.end - begin) for edit in group])
        yield from _marked(Change.ADDED, *_replaced(draft, begin, end, group))
        shown = last + 1
        if shown < len(lines) and lines[shown] != (len(draft), len(draft)):
            yield ChangedLine(Change.SAME, draft[slice(*lines[shown])])
            shown += 1
    if 0 < shown < len(lines) and lines[shown] != (len(draft), len(draft)):
        yield ChangedLine(Change.GAP, "")


def _spans(text: str) -> Iterator[Span]:
    """The lines of `text` without their ends."""
    start = 0
    for end in _LINE_END.finditer(text):
        yield start, end.start()
        start = end.end()
    yield start, len(text)


def _grouped(starts: Sequence[int], edits: Sequence[Edit]) -> Iterator[tuple[int, int, list[Edit]]]:
    """Gathers the edits of lines that are the same or follow each other, with the first and last line."""
    group: list[Edit] = []
    first = last = 0
    for edit in edits:
        begin, end = bisect_right(starts, edit.start) - 1, bisect_right(starts, edit.end) - 1
        if group and begin > last + 1:
            yield first, last, group
            group = []
        if not group:
            first = begin
        group.append(edit)
        last = end
    if group:
        yield first, last, group


def _replaced(draft: str, begin: int, end: int, edits: Sequence[Edit]) -> tuple[str, list[Span]]:
    """`draft[begin:end]` with `edits` applied, and where in it the new words are."""
    pieces: list[str] = []
    marks: list[Span] = []
    length, position = 0, begin
    for edit in edits:
        kept = draft[position : edit.start]
        length += len(kept)
        marks.append((length, length + len(edit.after)))
        length += len(edit.after)
        pieces += [kept, edit.after]
        position = edit.end
    return "".join([*pieces, draft[position:end]]), marks


def _marked(change: Change, text: str, marks: Sequence[Span]) -> Iterator[ChangedLine]:
    """The lines of `text`, each with the marks that fall into it."""
    following = 0
    for start, end in _spans(text):
        inside = []
        while following < len(marks) and marks[following][0] <= end:
            mark_start, mark_end = marks[following]
            if min(mark_end, end) > max(mark_start, start):
                inside.append((max(mark_start, start) - start, min(mark_end, end) - start))
            if mark_end > end:
                break
            following += 1
        yield ChangedLine(change, text[start:end], tuple(inside))
