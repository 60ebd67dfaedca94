"""The guard: whether a sentence of an answer makes a don't-say claim itself, in its own voice or in the rep's mouth."""

import re
from collections.abc import Iterator

from bot.core.lessons import GuideRow, Knowledge
from bot.core.ports import ClaimFinder

_QUOTED = re.compile(
    r'"([^"\n]+)"|\u201c([^\u201d\n]+)\u201d|(?<!\w)\'([^\'\n]+)\'(?!\w)|\u2018([^\u2019\n]+)\u2019(?!\w)'
)
_TOLD = re.compile(
    r"\b(?:sa(?:y|id)|t(?:ell|old)|wr[io]te|written|answer|repl(?:y|ied)|explain|claim|promise|assure|pitch|position"
    r"|mention|state|confirm|agree|add)(?:ing|e?s|e?d)?\b(?:\s+[\w'\u2019]+){0,4}?\s+that\s+(?P<told>[^\"\u201c\n]+)",
    re.IGNORECASE,
)
_AFTER_COLON = re.compile(r":\s+(?P<told>[^\"\u201c\n:]+)")
_LABEL = re.compile(
    r"\s*(?:[-*\u2022]\s*)?(?:do\s+)?(?:say|write|tell\s+\w+(?:\s+\w+)?|reply|answer)\s*:\s*", re.IGNORECASE
)
_REFUSAL = (
    r"\b(?:not(?!\s+only)|never|don['\u2019]t|doesn['\u2019]t|cannot|can['\u2019]t|won['\u2019]t|isn['\u2019]t|avoid\w*"
    r"|instead\s+of|rather\s+than|stop|drop|skip|without|refrain\w*|wrong|false|myth|misconception|mistake\w*"
    r"|off[- ]message|off[- ]limits)\b"
)
_SHOWN = re.compile(rf"{_REFUSAL}(?:(?!\bbut\b)[^.!?:;\n]){{0,60}}(?:say\s*)?:?\s*\Z", re.IGNORECASE)
_REFUSES = re.compile(_REFUSAL, re.IGNORECASE)
_GOES_ON = re.compile(r"\s*(?:,|or|nor|and|/)*(?:\s+(?:or|nor|and))?\s*\Z", re.IGNORECASE)
_REFUTED = re.compile(
    r"[^\"\u201c\n]{0,60}?\b(?:wrong|false|incorrect|misleading|myth|misconception|mistake|off[- ]message|to\s+avoid"
    r"|not\s+to\s+say|don['\u2019]t[- ]say|not\s+(?:true|right|so|what))\b",
    re.IGNORECASE,
)
_LEAST_WORDS = 4
"""Words of a quotation, or of what is told, from which it is a claim and not a term."""


class ClaimGuard:
    """Judges sentences by the claim finder."""

    def __init__(self, finder: ClaimFinder) -> None:
        self._finder = finder

    async def claims(self, sentence: str, knowledge: Knowledge) -> tuple[GuideRow, ...]:
        """Gives the rows whose don't-say the sentence makes; a claim that is shown as what not to say is none."""
        rows: dict[GuideRow, None] = {}
        for text in dict.fromkeys(_claimed(sentence)):
            findings, _ = await self._finder.find(text, knowledge)
            rows.update(dict.fromkeys(finding.row for finding in findings))
        return tuple(rows)


def shows_dont_say(sentence: str) -> bool:
    """Whether the sentence speaks against something, so that it may rest on a don't-say."""
    return _REFUSES.search(sentence) is not None


def _claimed(sentence: str) -> Iterator[str]:
    """What the sentence can be held to: itself, and the words that it puts into somebody's mouth approvingly."""
    yield _LABEL.sub("", sentence, count=1) if _LABEL.match(sentence) else sentence
    yield from _quoted(sentence)
    for pattern in (_TOLD, _AFTER_COLON):
        for found in pattern.finditer(sentence):
            is_shown = _SHOWN.search(sentence, 0, found.start("told")) or _SHOWN.search(sentence, 0, found.start())
            if len(found["told"].split()) >= _LEAST_WORDS and not is_shown:
                yield found["told"]


def _quoted(sentence: str) -> Iterator[str]:
    end, was_shown = 0, False
    for found in _QUOTED.finditer(sentence):
        words = next(filter(None, found.groups()))
        between = sentence[end : found.start()]
        was_shown = (
            _SHOWN.search(between) is not None
            or (was_shown and _GOES_ON.match(between) is not None)
            or _REFUTED.match(sentence, found.end()) is not None
        )
        end = found.end()
        if len(words.split()) >= _LEAST_WORDS and not was_shown:
            yield words
