"""Words as the lexical half of retrieval sees them: stemmed, without the words that carry no subject."""

import math
import re
import threading
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from bm25s import BM25
    from Stemmer import Stemmer

_WORD = re.compile(r"[a-z0-9]+")


class _Words(threading.local):
    """The stemmer, one a thread because PyStemmer's are not to be shared, and the words it passes over."""

    @cached_property
    def stemmer(self) -> "Stemmer":
        from Stemmer import Stemmer

        return Stemmer("english")

    @cached_property
    def passed_over(self) -> frozenset[str]:
        from bm25s.stopwords import STOPWORDS_EN_PLUS

        return frozenset(STOPWORDS_EN_PLUS)


_words = _Words()


def stems(text: str) -> list[str]:
    """Gives the stems of the words that carry a subject, in order, repeats kept."""
    words = _WORD.findall(text.lower())
    stemmed: list[str] = _words.stemmer.stemWords([word for word in words if word not in _words.passed_over])
    return stemmed


class LexicalIndex:
    """BM25 over passages (library bm25s), and how rare each word is."""

    def __init__(self, texts: Iterable[str]) -> None:
        documents = [stems(text) for text in texts]
        self._count = len(documents)
        self._frequency: dict[str, int] = {}
        for document in documents:
            for word in set(document):
                self._frequency[word] = self._frequency.get(word, 0) + 1
        self._bm25 = _index(documents)

    def scores(self, question: Sequence[str]) -> npt.NDArray[np.float32]:
        """Gives each passage's BM25 score for the question's stems, as a share of the best one's (0 to 1)."""
        known = [word for word in question if word in self._frequency]
        if self._bm25 is None or not known:
            return np.zeros(self._count, dtype=np.float32)
        scores = np.asarray(self._bm25.get_scores(known), dtype=np.float32)
        best = float(scores.max())
        return scores / best if best > 0 else scores

    def weights(self, question: Sequence[str]) -> Mapping[str, float]:
        """Gives each of the question's stems its share of the question's rarity; the shares add up to 1."""
        rarity = {word: math.log((self._count + 1) / (self._frequency.get(word, 0) + 0.5)) for word in set(question)}
        total = sum(rarity.values())
        return {word: value / total for word, value in rarity.items()} if total > 0 else {}


def overlap(weights: Mapping[str, float], text: str) -> float:
    """Which share of a question's weighted stems `text` holds, 0 to 1."""
    held = set(stems(text))
    return sum(weight for word, weight in weights.items() if word in held)


def _index(documents: list[list[str]]) -> "BM25 | None":
    if not any(documents):
        return None
    import bm25s

    index = bm25s.BM25()
    index.index(documents, show_progress=False)
    return index
