"""Recognises approved wording, so that what the guide says to say is never flagged, whatever else it contains."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz, process

from bot.knowledge.sentences import split_sentences
from bot.phrasing.wording import Wording

_RUN = 3
"""Words by which a wording is looked up inside a longer one, and the fewest that can be found there."""

_PART = 4
"""Words that a piece of approved wording must have to be known by itself."""

_LONG_PART = 8
"""Words that a piece must have to be known by itself with a slip of the pen."""

_NEAR = 92.0
"""Similarity of two wordings (rapidfuzz ratio, 0 to 100) from which one is the other with a slip of the pen."""

_END_MARK = re.compile(r"[\"')\]]*([.!?]+)")


class ApprovedWording:
    """The guide's do-say cells, whole and sentence by sentence."""

    def __init__(self, says: Iterable[str]) -> None:
        forms: dict[tuple[str, ...], None] = {}
        for say in says:
            for text in (say, *(sentence for _, sentence in split_sentences(say))):
                forms[Wording(text).forms] = None
        forms.pop((), None)
        self._wordings = tuple(forms)
        self._exact = frozenset(forms)
        self._joined = tuple(" ".join(wording) for wording in forms)
        self._places: dict[tuple[str, ...], list[tuple[int, int]]] = defaultdict(list)
        for n, wording in enumerate(self._wordings):
            for i in range(len(wording) - _RUN + 1):
                self._places[wording[i : i + _RUN]].append((n, i))

    def is_exact(self, wording: Wording) -> bool:
        """Whether the text is a do-say cell or one of its sentences, but for case and punctuation."""
        return wording.forms in self._exact

    def is_part(self, wording: Wording) -> bool:
        """Whether the text is a piece, four words or longer, of a do-say cell."""
        forms = wording.forms
        if len(forms) < _PART:
            return False
        return any(self._wordings[n][i : i + len(forms)] == forms for n, i in self._places.get(forms[:_RUN], ()))

    def is_near(self, wording: Wording, *, than: Sequence[str]) -> bool:
        """Whether the text is a do-say cell, or a long piece of one, but for a typo or two.

        It must be nearer to that than to the forms `than`.
        """
        text = " ".join(wording.forms)
        found = process.extractOne(text, self._joined, scorer=fuzz.ratio, score_cutoff=_NEAR)
        if found is None and len(wording.forms) >= _LONG_PART:
            longer = [joined for joined in self._joined if len(joined) >= len(text)]
            found = process.extractOne(text, longer, scorer=fuzz.partial_ratio, score_cutoff=_NEAR)
        return found is not None and found[1] > fuzz.ratio(text, " ".join(than))

    def without(self, wording: Wording) -> str:
        """Gives what of the text is no approved wording, with end marks; `;` parts the pieces on both sides of it."""
        forms = wording.forms
        approved = bytearray(len(forms))
        for start in range(len(forms) - _RUN + 1):
            for n, i in self._places.get(forms[start : start + _RUN], ()):
                size = len(self._wordings[n])
                if i == 0 and size >= _PART and forms[start : start + size] == self._wordings[n]:
                    approved[start : start + size] = b"\x01" * size
        if not any(approved):
            return wording.text
        starts = [i for i in range(len(forms)) if not approved[i] and (i == 0 or approved[i - 1])]
        stops = [next((i for i in range(start, len(forms)) if approved[i]), len(forms)) for start in starts]
        return "; ".join(_with_mark(wording, range(start, stop)) for start, stop in zip(starts, stops, strict=True))


def _with_mark(wording: Wording, words: range) -> str:
    """A run of words with its end mark: without it a question would read as an assertion."""
    mark = _END_MARK.match(wording.text, wording.words[words.stop - 1].end)
    return wording.slice(words) + (mark[1] if mark else "")
