"""Splits long text at sensible places."""

import re
import unicodedata
from collections.abc import Iterator

ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"

_PLACES = tuple(
    map(
        re.compile,
        (
            r"\n\r?\n[\r\n]*",  # between paragraphs
            r"\n",  # between lines
            r"[.!?\u2026][\"'\u201d\u2019)\]]{0,3}\s",  # between sentences
            r"\s",  # between words
        ),
    )
)
_LEAST = 4
"""A part is at least this fraction of what it may be: a heading does not stand alone for the sake of its paragraph."""
_BACK = 64
"""How far to look back for a place that tears no character apart."""
_JOINER = "\N{ZERO WIDTH JOINER}"
_FLAGS = range(0x1F1E6, 0x1F200)
_TONES = range(0x1F3FB, 0x1F400)
_HIGH, _LOW = range(0xD800, 0xDC00), range(0xDC00, 0xE000)


def split(text: str, limit: int) -> tuple[str, ...]:
    """Gives parts of at most `limit` characters that joined are `text`; none for no text.

    A part ends after a paragraph, else after a line, a sentence, a word, else within a word.
    """
    if limit < 1:
        raise ValueError(f"limit must be at least 1, not {limit}")
    return tuple(_split(text, limit))


def shortened(text: str, limit: int) -> str:
    """The text, or its beginning and an ellipsis where it is longer than `limit` characters."""
    if len(text) <= limit:
        return text
    return text[: _end(text, 0, limit - 1)].rstrip() + ELLIPSIS


def _split(text: str, limit: int) -> Iterator[str]:
    start = 0
    while len(text) - start > limit:
        end = _end(text, start, limit)
        yield text[start:end]
        start = end
    if start < len(text):
        yield text[start:]


def _end(text: str, start: int, limit: int) -> int:
    """Where a part ends that begins at `start`."""
    least = start + limit // _LEAST
    for place in _PLACES:
        ends = [found.end() for found in place.finditer(text, start, start + limit)]
        if ends and ends[-1] > least:
            return ends[-1]
    return _within_word(text, start, start + limit)


def _within_word(text: str, start: int, end: int) -> int:
    for place in range(end, max(start, end - _BACK), -1):
        if not _tears(text, place):
            return place
    return max(end, start + 1)


def _tears(text: str, place: int) -> bool:
    """Whether what stands before and after `place` is one character to a reader."""
    before, after = text[place - 1], text[place]
    return (
        unicodedata.category(after).startswith("M")
        or _JOINER in (before, after)
        or ord(after) in _TONES
        or (ord(before) in _HIGH and ord(after) in _LOW)
        or (ord(after) in _FLAGS and _flags_before(text, place) % 2 == 1)
    )


def _flags_before(text: str, place: int) -> int:
    """Letters of flags right before `place`: two make a flag."""
    count = 0
    while count < min(place, _BACK) and ord(text[place - 1 - count]) in _FLAGS:
        count += 1
    return count
