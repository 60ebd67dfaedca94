"""Chooses the lesson sentences of an answer: the relevant ones, what they point back to, in a readable order."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.ports import Hit

MAX_WORDS = 140
"""An answer has at most 150 words; markers and a closing word need room."""
MAX_SENTENCES = 6
MIN_WORDS = 45
"""A shorter answer is filled up with the sentences around its best one."""
LEAST_RELEVANCE = 0.04
LEAST_SHARE = 0.12
"""A further sentence has at least this share of the best one's relevance."""
_POINTS_BACK = re.compile(
    r"(?:It|Its|They|Their|Them|This|That|These|Those|Such|He|She|Both|Neither|Either|But|And|So|Instead|However|"
    r"Then|Also|Otherwise|Nor|The (?:result|latter|former|other|same|output|tradeoff|trade-off|exception)|"
    r"For (?:this|that) reason)\b"
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """One sentence of an answer; `text` is the line as it stands in running text."""

    hit: Hit
    text: str


def select(hits: Sequence[Hit], *, max_words: int = MAX_WORDS) -> tuple[tuple[Chosen, ...], ...]:
    """Chooses from `hits`, best first, and gives the sentences by passage, the best passage first.

    Gives nothing when not even the best sentence has at most `max_words` words.
    """
    known = {_place(hit): hit for hit in hits}
    enough = max(LEAST_RELEVANCE, LEAST_SHARE * hits[0].relevance)
    chosen: dict[tuple[str, int, int], Hit] = {}
    for hit in hits:
        if chosen and (hit.relevance < enough or len(chosen) >= MAX_SENTENCES):
            break
        _take(hit, chosen, max_words)
        if _POINTS_BACK.match(_text(hit)) and (before := known.get(_neighbour(hit, -1))):
            _take(before, chosen, max_words)
    for step in (1, 2, -1):
        if _words(chosen) < MIN_WORDS and (near := known.get(_neighbour(hits[0], step))):
            _take(near, chosen, max_words)
    return _by_passage(chosen)


def _take(hit: Hit, chosen: dict[tuple[str, int, int], Hit], max_words: int) -> None:
    fits = _words(chosen) + len(_text(hit).split()) <= max_words
    if fits and _is_new(hit, chosen):
        chosen[_place(hit)] = hit


def _is_new(hit: Hit, chosen: dict[tuple[str, int, int], Hit]) -> bool:
    """A row's don't-say cell is no fact, and a line that stands in two places is said once."""
    if hit.row is not None and hit.sentence == 0:
        return False
    return all(_text(hit) != _text(other) for other in chosen.values())


def _by_passage(chosen: dict[tuple[str, int, int], Hit]) -> tuple[tuple[Chosen, ...], ...]:
    passages: dict[tuple[str, int], list[Hit]] = {}
    for hit in sorted(chosen.values(), key=lambda hit: -hit.relevance):
        passages.setdefault((hit.passage.lesson, hit.passage.ordinal), []).append(hit)
    return tuple(
        tuple(Chosen(hit=hit, text=_line(hit)) for hit in sorted(group, key=lambda hit: hit.sentence))
        for group in passages.values()
    )


def _line(hit: Hit) -> str:
    """A cell of the guide has no full stop of its own; in running text it gets one."""
    text = _text(hit)
    return text if text[-1:] in ".!?:" else f"{text}."


def _text(hit: Hit) -> str:
    return hit.passage.sentences[hit.sentence].text


def _place(hit: Hit) -> tuple[str, int, int]:
    return (hit.passage.lesson, hit.passage.ordinal, hit.sentence)


def _neighbour(hit: Hit, step: int) -> tuple[str, int, int]:
    return (hit.passage.lesson, hit.passage.ordinal, hit.sentence + step)


def _words(chosen: dict[tuple[str, int, int], Hit]) -> int:
    return sum(len(_text(hit).split()) for hit in chosen.values())
