"""Mends typos in a question: unknown words are replaced by the lessons' or the language's nearest known word."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.core.lessons import Knowledge

_WORD = re.compile(r"[^\W\d_]+(?:['\N{RIGHT SINGLE QUOTATION MARK}][^\W\d_]+)*")
_MIN_LETTERS = 4
"""Shorter words have too many neighbours to mend safely."""
_MAX_WORDS = 60
"""Unknown words mended in one question; a question has fewer, a paste of noise has more."""


@dataclass(frozen=True, slots=True)
class Speller:
    """Knows words in two circles: the lessons' own, preferred, and common English.

    Common English is the whole-word part of the encoder's WordPiece vocabulary, about 20,000 words by frequency.
    """

    lesson_words: Mapping[str, int]
    english: frozenset[str]
    _by_length: Mapping[int, tuple[str, ...]] = field(init=False)

    def __post_init__(self) -> None:
        by_length: dict[int, list[str]] = {}
        for word in self.lesson_words:
            by_length.setdefault(len(word), []).append(word)
        object.__setattr__(self, "_by_length", {length: tuple(words) for length, words in by_length.items()})

    def mend(self, question: str) -> str:
        """Gives `question` with its misspelt words mended; all else stays to the character."""
        mended = 0

        def replacement(match: re.Match[str]) -> str:
            nonlocal mended
            word = match.group().lower()
            if mended >= _MAX_WORDS or len(word) < _MIN_LETTERS or not word.isascii() or self._knows(word):
                return match.group()
            mended += 1
            return self._nearest(word) or match.group()

        return _WORD.sub(replacement, question)

    def _knows(self, word: str) -> bool:
        return word in self.lesson_words or word in self.english or "'" in word

    def _nearest(self, word: str) -> str | None:
        from rapidfuzz import process
        from rapidfuzz.distance import DamerauLevenshtein

        edits = 1 if len(word) < 8 else 2
        candidates = [
            known
            for length in range(len(word) - edits, len(word) + edits + 1)
            for known in self._by_length.get(length, ())
            if known[0] == word[0] or known[:2] == word[1::-1]
        ]
        near = process.extract(
            word, candidates, scorer=DamerauLevenshtein.distance, score_cutoff=edits, limit=8, processor=None
        )
        if not near:
            return None
        return min(near, key=lambda found: (found[1], -self.lesson_words[found[0]], found[0]))[0]


def speller(knowledge: Knowledge, english: Iterable[str]) -> Speller:
    """Builds the speller of a knowledge snapshot."""
    counts: dict[str, int] = {}
    texts = [sentence.text for passage in knowledge.passages for sentence in passage.sentences]
    texts += [cell for row in knowledge.guide for cell in (row.dont_say, row.say, row.why)]
    for text in texts:
        for match in _WORD.finditer(text):
            word = match.group().lower()
            counts[word] = counts.get(word, 0) + 1
    return Speller(lesson_words=counts, english=frozenset(english))
