"""What a person has before them of an answer of `tests.piecewise`, on whichever platform."""

import re
from collections.abc import Iterable, Sequence
from typing import Protocol

from tests.piecewise import told

_MARK = re.compile(r"In case (?P<mark>\S+) it is so")


class Shown(Protocol):
    """A message, as all platforms have it: what is to be read in it, and whether it still grows."""

    @property
    def plain(self) -> str: ...

    @property
    def streaming(self) -> bool: ...


def squeezed(text: str) -> str:
    """Text without its spaces and line breaks, which a message may put elsewhere."""
    return "".join(text.split())


def is_told_once(shown: Iterable[Shown], text: str) -> bool:
    """Whether messages show a whole answer, finished, and the line below that says who made it."""
    messages = list(shown)
    plain = squeezed(" ".join(each.plain for each in messages))
    finished = not any(each.streaming for each in messages)
    return finished and plain.count(squeezed(text)) == 1 and plain.count("Promptversion") == 1


def marks_of(shown: Iterable[Shown]) -> list[str]:
    """Which questions the messages answer, in their order."""
    return [found["mark"] for each in shown if (found := _MARK.search(each.plain))]


def assert_told_in_order(shown: Sequence[Shown], marks: Sequence[str]) -> None:
    """The messages are the whole answers to these questions, each once, in the order they were asked."""
    assert marks_of(shown) == list(marks), [(each.plain, each.streaming) for each in shown]
    assert len(shown) == len(marks), [each.plain for each in shown]
    for each, mark in zip(shown, marks, strict=True):
        assert is_told_once([each], told(mark)), (each.plain, each.streaming)
