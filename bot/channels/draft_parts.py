"""Cuts a draft into parts that stay the same parts whatever is decided about its replacements."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from bot.channels.split import split
from bot.core.choices import OpenReview
from bot.core.replies import Edit

MAX_DRAFT = 12_000
"""Characters of the longest draft that is shown as text."""
USUAL_PART = 5_000
"""Characters of a part, each replacement counted at the longer of what it replaces and what it puts there."""
MAX_PART = 9_000
"""Characters of a part that a single replacement makes longer than usual."""
MAX_PARTS = 6
"""Of a draft that is shown as text."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a draft is shown as text, in characters, and in how many parts."""

    draft: int = MAX_DRAFT
    usual: int = USUAL_PART
    part: int = MAX_PART
    parts: int = MAX_PARTS


USUAL = Limits()

_STANDS_FOR_EDIT = "x"
"""Is no place to cut at."""

_Span = tuple[int, int]


def rewritten_parts(opened: OpenReview, limits: Limits = USUAL) -> tuple[str, ...] | None:
    """Gives the draft as decided in parts that joined are all of it; None when it is too long to be shown as text.

    How many there are, and which words of the draft each is of, does not depend on the decisions.
    """
    draft, edits = opened.review.draft, opened.review.edits
    if len(draft) > limits.draft:
        return None
    cuts = _cuts(draft, edits, limits)
    if cuts is None:
        return None
    text = opened.rewritten
    places = [0, *(_whole_break(text, cut + _shift(opened, cut)) for cut in cuts), len(text)]
    return tuple(text[start:end] for start, end in pairwise(places))


def _cuts(draft: str, edits: Sequence[Edit], limits: Limits) -> list[int] | None:
    """Where the draft is cut: outside the replacements, at the end of a paragraph or a line where it can be.

    None when there would be too many parts, or one too long whatever the cuts.
    """
    widths = [max(len(edit.before), len(edit.after)) for edit in edits]
    growth = list(accumulate((width - len(edit.before) for width, edit in zip(widths, edits, strict=True)), initial=0))
    spans = [(edit.start + growth[i], edit.start + growth[i] + widths[i]) for i, edit in enumerate(edits)]
    if len(draft) + growth[-1] > limits.parts * limits.usual:
        return None
    ends = [0, *_ends(_widest(draft, edits, widths), spans, limits.usual)]
    if len(ends) - 1 > limits.parts or any(end - start > limits.part for start, end in pairwise(ends)):
        return None
    return [end - growth[bisect_right(spans, end, key=lambda span: span[1])] for end in ends[1:-1]]


def _widest(draft: str, edits: Sequence[Edit], widths: Sequence[int]) -> str:
    """The draft with each replacement blanked out as long as it may get."""
    pieces = []
    position = 0
    for edit, width in zip(edits, widths, strict=True):
        pieces += [draft[position : edit.start], _STANDS_FOR_EDIT * width]
        position = edit.end
    return "".join([*pieces, draft[position:]])


def _ends(text: str, spans: Sequence[_Span], usual: int) -> Iterator[int]:
    """Where the parts of a text end that are not cut within any of the spans."""
    start = 0
    while len(text) - start > usual:
        end = start + len(split(text[start:], usual)[0])
        for first, last in spans:
            if first < end < last:
                end = first if first > start else last
        yield end
        start = end
    if start < len(text):
        yield len(text)


def _shift(opened: OpenReview, place: int) -> int:
    """How much further back a place of the draft lies once it is rewritten."""
    return sum(len(edit.after) - len(edit.before) for edit in opened.edits if edit.end <= place)


def _whole_break(text: str, place: int) -> int:
    """The place, or the next one where it would tear a line break of two characters apart."""
    return place + 1 if text[place - 1 : place + 1] == "\r\n" else place
