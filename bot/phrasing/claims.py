"""The guide's don't-say column as it is matched: wordings, vectors, word weights, and the likeliest rows of a text."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, MutableMapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from bot.core.lessons import GuideRow
from bot.encoder.certainty import fingerprint
from bot.encoder.claim_encoder import Floats, InContext
from bot.encoder.embedder import DIMENSIONS
from bot.knowledge.sentences import split_sentences
from bot.phrasing.approved import ApprovedWording
from bot.phrasing.overlap import Weights
from bot.phrasing.wording import FUNCTION_WORDS, Wording

if TYPE_CHECKING:
    from bot.encoder.claim_encoder import ClaimEncoder

_QUOTED = re.compile(r'"([^"]+)"|\u201c([^\u201d]+)\u201d')
_CANDIDATES = 4
"""Rows looked at closely for each of the two orders, by the encoder and by shared words."""

_PROMISING_LOG_ODDS = -4.0
_PROMISING_SHARE = 0.25
"""Log-odds, or share of a claim's weight found among a text's stems, from which a close look is worth it."""


@dataclass(frozen=True, slots=True, eq=False)
class Claim:
    """One wording of one row's don't-say, with the row's do-say beside it.

    `learned` says that the encoder has seen examples of the row.
    """

    row: GuideRow
    wording: Wording
    say: Wording
    learned: bool


class ClaimTable:
    """All claims of a guide."""

    def __init__(
        self,
        rows: Sequence[GuideRow],
        encoder: "ClaimEncoder",
        learned: frozenset[str],
        kept: MutableMapping[str, Floats],
    ) -> None:
        """Prepares `rows`; `learned` are the fingerprints of the don't-says that the encoder has seen examples of.

        `kept` holds the vectors of earlier tables' wordings and is brought up to date with this one.
        """
        self.claims = tuple(
            Claim(row=row, wording=wording, say=say, learned=is_learned)
            for row in rows
            for say, is_learned in ((Wording(row.say), fingerprint(Wording(row.dont_say).forms) in learned),)
            for wording in _claimed(row.dont_say)
        )
        self.approved = ApprovedWording(row.say for row in rows)
        self.weights = _weights(rows)
        self._exact: dict[tuple[str, ...], int] = {}
        for n, claim in enumerate(self.claims):
            self._exact.setdefault(claim.wording.forms, n)
        texts = [claim.wording.text for claim in self.claims]
        missing = [text for text in dict.fromkeys(texts) if text not in kept]
        kept.update(zip(missing, encoder.read([InContext(text) for text in missing]).vectors, strict=True))
        for text in kept.keys() - set(texts):
            del kept[text]
        vectors = [kept[text] for text in texts]
        self.vectors = np.stack(vectors) if vectors else np.zeros((0, DIMENSIONS), dtype=np.float32)
        self._postings = self._posted()

    def _posted(self) -> dict[str, tuple[npt.NDArray[np.intp], Floats]]:
        """For each stem, the claims that hold it and its share of each claim's weight."""
        shares: dict[str, dict[int, float]] = defaultdict(dict)
        for n, claim in enumerate(self.claims):
            words = claim.wording.words
            total = sum(map(self.weights.of, words))
            for word in words:
                share = shares[word.stem]
                share[n] = share.get(n, 0.0) + self.weights.of(word) / total
        return {
            stem: (np.fromiter(held, dtype=np.intp), np.fromiter(held.values(), dtype=np.float32))
            for stem, held in shares.items()
        }

    def exact(self, wording: Wording) -> int | None:
        """The claim that the whole text is, word for word."""
        return self._exact.get(wording.forms)

    def candidates(self, wording: Wording, logits: Floats) -> tuple[int, ...]:
        """The claims worth a close look for one text, in the guide's order; `logits` has the encoder's for each."""
        shared = np.zeros(len(self.claims), dtype=np.float32)
        for stem in {word.stem for word in wording.words}:
            if stem in self._postings:
                held, shares = self._postings[stem]
                shared[held] += shares
        likeliest = {n for n in _highest(logits) if logits[n] >= _PROMISING_LOG_ODDS}
        return tuple(sorted(likeliest | {n for n in _highest(shared) if shared[n] >= _PROMISING_SHARE}))


def _highest(values: Floats) -> list[int]:
    """Where the highest values stand; of equals, the first."""
    if len(values) <= _CANDIDATES:
        return list(range(len(values)))
    floor = np.partition(values, -_CANDIDATES)[-_CANDIDATES]
    above = np.flatnonzero(values > floor)
    return [*above.tolist(), *np.flatnonzero(values == floor)[: _CANDIDATES - len(above)].tolist()]


def _claimed(dont_say: str) -> Iterator[Wording]:
    """The wordings of a don't-say cell: several quoted ones, or the whole and each sentence that says something."""
    quoted = [first or second for first, second in _QUOTED.findall(dont_say)]
    texts = quoted if len(quoted) > 1 else [dont_say, *(sentence for _, sentence in split_sentences(dont_say))]
    seen = set()
    for text in texts:
        wording = Wording(text)
        telling = sum(form not in FUNCTION_WORDS for form in wording.forms) > 1 or text is texts[0]
        if telling and wording.words and wording.forms not in seen:
            seen.add(wording.forms)
            yield wording


def _weights(rows: Sequence[GuideRow]) -> Weights:
    cells = [cell for row in rows for cell in (row.dont_say, row.say, row.why)]
    frequency = Counter(stem for cell in cells for stem in {word.stem for word in Wording(cell).words})
    return Weights(frequency, len(cells))
