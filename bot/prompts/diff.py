"""What changes from one version to another: lines by difflib, and in a changed line the words."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from bot.core.prompts import Change, ChangedLine

CONTEXT = 1
"""Unchanged lines shown on either side of a change; a heading above it is shown as well, once."""
ALIKE = 0.5
"""The share of words that two lines have in common from which the one is a new wording of the other."""

MAX_PAIRS = 1_000_000
"""Pairs of words that are compared in one run of changes; a longer run is shown as removed and added."""
MAX_PIECES = 500
"""Words, spaces and marks of a line whose words are compared: the time grows with the square."""

_PIECE = re.compile(r"\s+|\w+|[^\w\s]")

Marks = tuple[tuple[int, int], ...]


def compare(old: str, new: str) -> tuple[ChangedLine, ...]:
    """Gives the lines that change from `old` to `new`, with their surroundings; none when the texts are equal."""
    before, after = old.splitlines(), new.splitlines()
    matcher = SequenceMatcher(None, before, after)
    shown: list[ChangedLine] = []
    reached = 0
    for group in matcher.get_grouped_opcodes(CONTEXT):
        first = group[0][1]
        heading = _heading(before, first)
        if heading is not None and heading >= reached:
            shown += [ChangedLine(Change.GAP, ""), ChangedLine(Change.SAME, before[heading])]
            reached = heading + 1
        if first > reached:
            shown.append(ChangedLine(Change.GAP, ""))
        for tag, old_from, old_to, new_from, new_to in group:
            if tag == "equal":
                shown += [ChangedLine(Change.SAME, line) for line in before[old_from:old_to]]
            else:
                shown += _changed(before[old_from:old_to], after[new_from:new_to])
        reached = group[-1][2]
    return tuple(_without_double_gaps(shown))


def _heading(lines: Sequence[str], first: int) -> int | None:
    """The index of the heading that line `first` stands under, None when it is one itself or there is none."""
    if first < len(lines) and lines[first].startswith("#"):
        return None
    return next((index for index in range(min(first, len(lines)) - 1, -1, -1) if lines[index].startswith("#")), None)


def _changed(removed: Sequence[str], added: Sequence[str]) -> Iterator[ChangedLine]:
    """A run of changed lines: those that are a new wording of each other stand together, their words marked."""
    if _length(removed) * _length(added) > MAX_PAIRS:
        yield from (ChangedLine(Change.REMOVED, line) for line in removed)
        yield from (ChangedLine(Change.ADDED, line) for line in added)
        return
    done = 0
    for line in removed:
        match = max(range(done, len(added)), key=lambda index: _likeness(line, added[index]), default=None)
        if match is None or _likeness(line, added[match]) < ALIKE:
            yield ChangedLine(Change.REMOVED, line)
            continue
        yield from (ChangedLine(Change.ADDED, new) for new in added[done:match])
        old_marks, new_marks = _marks(line, added[match])
        yield ChangedLine(Change.REMOVED, line, old_marks)
        yield ChangedLine(Change.ADDED, added[match], new_marks)
        done = match + 1
    yield from (ChangedLine(Change.ADDED, new) for new in added[done:])


def _length(lines: Sequence[str]) -> int:
    """Words in all; that it is a line of its own costs as much as ten."""
    return sum(10 + len(_words(line)) for line in lines)


def _likeness(old: str, new: str) -> float:
    """The share of words that two lines have in common in the same order, 0 to 1; spaces and marks do not count."""
    before, after = _words(old), _words(new)
    if max(len(before), len(after)) > MAX_PIECES:
        return 0.0
    return SequenceMatcher(None, before, after, autojunk=False).ratio()


def _marks(old: str, new: str) -> tuple[Marks, Marks]:
    """The parts of each line that the other lacks."""
    before, after = _pieces(old), _pieces(new)
    if max(len(before), len(after)) > MAX_PIECES:
        return (), ()
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    changes = [code for code in matcher.get_opcodes() if code[0] != "equal"]
    return (
        tuple(_part(before, start, end) for _, start, end, _, _ in changes if end > start),
        tuple(_part(after, start, end) for _, _, _, start, end in changes if end > start),
    )


def _part(pieces: Sequence[str], start: int, end: int) -> tuple[int, int]:
    offset = sum(map(len, pieces[:start]))
    return offset, offset + sum(map(len, pieces[start:end]))


def _pieces(line: str) -> list[str]:
    return _PIECE.findall(line)


def _words(line: str) -> list[str]:
    return [piece for piece in _pieces(line) if piece[0].isalnum()]


def _without_double_gaps(lines: Sequence[ChangedLine]) -> Iterator[ChangedLine]:
    for number, line in enumerate(lines):
        if line.change is Change.GAP and (number == 0 or lines[number - 1].change is Change.GAP):
            continue
        yield line
