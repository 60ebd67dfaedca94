"""Chooses the lesson sentences of an answer: the relevant ones, what they point back to, in a readable order."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.core.ports import Hit

MAX_WORDS = 140
"""An answer has at most 150 words; markers and a closing word need room."""
MAX_SENTENCES = 6
MAX_BACK = 3
"""Sentences that one pointing back may bring along."""
MIN_WORDS = 55
"""A shorter answer is filled up with the sentences around its best one."""
LEAST_RELEVANCE = 0.04
LEAST_SHARE = 0.15
"""A further sentence has at least this share of the best one's relevance."""
LEAD_SHARE = 0.3
"""A sentence before the best one of its passage has at least this share, so that the answer leads."""
_POINTS_BACK = re.compile(
    r"^(?:It|Its|They|Their|Them|This|That|These|Those|Such|He|She|Both|Neither|Either|But|And|So|Instead|However|"
    r"Then|Also|Otherwise|Nor|The (?:result|latter|former|other|same|output|tradeoff|trade-off|exception)|"
    r"For (?:this|that) reason)\b|\b(?:this|that|these|those|it|them)[.!?]$"
)


_CLOSING = "\"')]*_\N{RIGHT DOUBLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}"


@dataclass(frozen=True, slots=True)
class Chosen:
    """One sentence of an answer; `text` is the line as it stands in running text."""

    hit: Hit
    text: str


def select(hits: Sequence[Hit], *, max_words: int = MAX_WORDS) -> tuple[tuple[Chosen, ...], ...]:
    """Chooses from `hits`, best first, and gives the sentences by passage, the best passage first.

    Gives nothing when no relevant sentence has at most `max_words` words.
    """
    known = {_place(hit): hit for hit in hits}
    enough = max(LEAST_RELEVANCE, LEAST_SHARE * hits[0].relevance)
    chosen: dict[tuple[str, int, int], Hit] = {}
    for hit in hits:
        if hit is not hits[0] and (hit.relevance < enough or len(chosen) >= MAX_SENTENCES):
            break
        if _comes_before_a_better_one(hit, chosen):
            continue
        run = [one for one in _with_what_it_points_to(hit, known) if _place(one) not in chosen]
        if len(run) == 1 or not chosen or _words(chosen) + sum(map(_length, run)) <= max_words:
            for one in run:
                _take(one, chosen, max_words)
    for step in (1, 2, -1) if _place(hits[0]) in chosen else ():
        if _words(chosen) < MIN_WORDS and (near := known.get(_neighbour(hits[0], step))):
            _take(near, chosen, max_words)
    return _by_passage(chosen)


def _with_what_it_points_to(hit: Hit, known: Mapping[tuple[str, int, int], Hit]) -> list[Hit]:
    """A sentence, then those before it that it needs to be understood, nearest first."""
    run = [hit]
    while (
        len(run) <= MAX_BACK and _POINTS_BACK.search(_text(run[-1])) and (before := known.get(_neighbour(run[-1], -1)))
    ):
        run.append(before)
    return run


def _take(hit: Hit, chosen: dict[tuple[str, int, int], Hit], max_words: int) -> None:
    fits = _words(chosen) + _length(hit) <= max_words
    if fits and _is_new(hit, chosen):
        chosen[_place(hit)] = hit


def _is_new(hit: Hit, chosen: dict[tuple[str, int, int], Hit]) -> bool:
    """A row's don't-say cell is no fact, and a line that stands in two places is said once."""
    if is_dont_say(hit):
        return False
    return all(_text(hit) != _text(other) for other in chosen.values())


def is_dont_say(hit: Hit) -> bool:
    """Whether the line is what a guide row says not to say."""
    return hit.row is not None and hit.sentence == 0


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
    return text if text.rstrip(_CLOSING)[-1:] in (".", "!", "?", ":") else f"{text}."


def _text(hit: Hit) -> str:
    return hit.passage.sentences[hit.sentence].text


def _place(hit: Hit) -> tuple[str, int, int]:
    return (hit.passage.lesson, hit.passage.ordinal, hit.sentence)


def _neighbour(hit: Hit, step: int) -> tuple[str, int, int]:
    return (hit.passage.lesson, hit.passage.ordinal, hit.sentence + step)


def _words(chosen: dict[tuple[str, int, int], Hit]) -> int:
    return sum(map(_length, chosen.values()))


def _length(hit: Hit) -> int:
    return len(_text(hit).split())


def _comes_before_a_better_one(hit: Hit, chosen: dict[tuple[str, int, int], Hit]) -> bool:
    """Whether a chosen sentence later in the passage is so much more relevant that it should be read first."""
    return any(
        other.passage == hit.passage and other.sentence > hit.sentence and hit.relevance < LEAD_SHARE * other.relevance
        for other in chosen.values()
    )
