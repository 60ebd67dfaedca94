"""Judges one unit of a draft from the guide's table alone: which claims it makes, and how surely."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.core.lessons import GuideRow
from bot.phrasing.claims import PROMISING_SIMILARITY, ClaimTable, Floats, embed_each
from bot.phrasing.overlap import Overlap, overlap
from bot.phrasing.stance import Reading, Stance, read_stance
from bot.phrasing.wording import Wording, find_run

if TYPE_CHECKING:
    from bot.encoder.embedder import Embedder

FINDING = 0.55
NOTE = 0.35
"""Confidence from which a claim is a finding, or a note. On lessons left out of the fit, 86 findings in 100 hold."""

_MAX_CHARACTERS = 1_500
"""A longer unit (no sentence is) is judged in pieces of at most this, cut at white space where there is some."""

_CLAUSE_WORDS = 4
_PROMISING_OVERLAP = 0.4
_ALIGNED = 0.45
"""Overlap from which the shared words tell where in the sentence the claim stands."""

_WHOLE, _VERBATIM, _NEARLY_VERBATIM = 0.99, 0.97, 0.9
"""Least confidence of a don't-say that is the whole text, stands in it word for word, or but for a word or two."""
_NEARLY_ORDERED, _NEARLY_DENSE = 0.95, 0.7
"""Shares from which it does so but for a word or two: of its words in order, and of the run that they make up."""

_DISPLACED_FACTOR = 0.5
"""What confidence is multiplied by when another thing has taken a word's place (`Overlap.displaced`)."""
_STANCE_FACTOR = {
    Stance.ASSERTS: 1.0,
    Stance.SUPPOSES: 0.5,
    Stance.ASKS: 0.2,
    Stance.REPORTED: 0.3,
    Stance.DENIES: 0.3,
}


@dataclass(frozen=True, slots=True)
class Features:
    """What the confidence is made of, each 0 to 1.

    `similarity` is the cosine with the don't-say of the sentence or of its nearest clause, `ordered` the weight of
    the don't-say's words that stand together in its order, `approved` the weight of the do-say's words.
    """

    similarity: float
    ordered: float
    approved: float

    @property
    def confidence(self) -> float:
        """The chance that a sentence that seems to assert the claim does.

        A logistic model with signs held to sense, fitted (L2 penalty 1.0) on the sentences that read as assertions
        among the labelled ones of 36 lessons and every third line of those lessons' own text, 1,353 in all, each
        with its nearest row. Paraphrases that share neither words nor sense with the don't-say weigh 0.15: no table
        can tell them.
        """
        near = max(self.similarity, 0.0)
        score = -3.20 + 4.48 * near**2 + 2.14 * self.ordered**2 + 1.18 * near * self.ordered - 1.86 * self.approved
        return 1.0 / (1.0 + math.exp(-score))


@dataclass(frozen=True, slots=True)
class Judgement:
    """One claim that a unit makes, with the chance that it does."""

    row: GuideRow
    confidence: float


@dataclass(slots=True)
class _Candidate:
    """One claim under a close look for one text."""

    claim: int
    similarity: float
    shared: Overlap


@dataclass(slots=True)
class _Text:
    """One text under judgement; `unit` is its place in the units that were given."""

    unit: int
    reading: Reading
    candidates: list[_Candidate]


class TableJudge:
    """Judges units by a claim table and the sentence encoder, without examples and without training."""

    def __init__(self, embedder: "Embedder") -> None:
        self._embedder = embedder

    def judge(self, units: Sequence[str], table: ClaimTable) -> list[tuple[Judgement, ...]]:
        """Gives each unit's claims from `NOTE` confidence up, the surest first; a unit is plain text."""
        judged: list[list[tuple[Judgement, Overlap]]] = [[] for _ in units]
        if not table.claims:
            return [() for _ in units]
        texts = []
        for n, unit in enumerate(units):
            for piece in _pieces(unit):
                wording = Wording(piece)
                if (verdict := self._whole(wording, table)) is not None:
                    judged[n].extend(verdict)
                elif left := table.approved.without(wording):
                    reading = Reading(wording if left == piece else Wording(left))
                    if reading.wording.words:
                        texts.append(_Text(unit=n, reading=reading, candidates=[]))
        self._match(texts, table)
        for text in texts:
            judged[text.unit].extend(_confirmed(text, table))
        return [_distinct(judgements) for judgements in judged]

    def _whole(self, wording: Wording, table: ClaimTable) -> list[tuple[Judgement, Overlap]] | None:
        """The verdict on a text that is the guide's own wording from end to end; None when it is not."""
        if table.approved.is_exact(wording):
            return []
        found = table.exact(wording)
        if found is not None:
            claim = table.claims[found]
            if "?" not in wording.tail or "?" in claim.reading.wording.tail:
                pairs = tuple((i, i) for i in range(len(wording.words)))
                return [(Judgement(row=claim.row, confidence=_WHOLE), Overlap(pairs, 1.0, 1.0, 1.0))]
        elif table.approved.is_part(wording):
            return []
        return None

    def _match(self, texts: Sequence[_Text], table: ClaimTable) -> None:
        """Fills in the texts' candidates; the texts are embedded, then the clauses that may matter."""
        similarities = table.similarities(embed_each([text.reading.wording.text for text in texts], self._embedder))
        clauses: list[tuple[_Text, str]] = []
        for text, similarity in zip(texts, similarities, strict=True):
            wording = text.reading.wording
            for n in table.candidates(wording, similarity):
                shared = overlap(wording, table.claims[n].reading.wording, table.weights)
                near = float(similarity[n])
                if near >= PROMISING_SIMILARITY or shared.ordered >= _PROMISING_OVERLAP:
                    text.candidates.append(_Candidate(claim=n, similarity=near, shared=shared))
            if text.candidates and len(wording.clauses) > 1:
                clauses.extend((text, wording.slice(run)) for run in wording.clauses if len(run) >= _CLAUSE_WORDS)
        if clauses:
            nearer = table.similarities(embed_each([clause for _, clause in clauses], self._embedder))
            for (text, _), similarity in zip(clauses, nearer, strict=True):
                _raise_similarity(text.candidates, similarity)


def _raise_similarity(candidates: Sequence[_Candidate], similarity: Floats) -> None:
    for candidate in candidates:
        candidate.similarity = max(candidate.similarity, float(similarity[candidate.claim]))


def _confirmed(text: _Text, table: ClaimTable) -> list[tuple[Judgement, Overlap]]:
    """The candidates that reach `NOTE` once the stance is read."""
    found = []
    for candidate in text.candidates:
        claim = table.claims[candidate.claim]
        confidence = _wording_confidence(text.reading.wording, candidate, table)
        if confidence < NOTE:
            continue
        pairs = candidate.shared.pairs if candidate.shared.coverage >= _ALIGNED else ()
        if candidate.shared.displaced:
            confidence *= _DISPLACED_FACTOR
        confidence *= _STANCE_FACTOR[read_stance(text.reading, claim.reading, pairs)]
        if confidence >= NOTE:
            found.append((Judgement(row=claim.row, confidence=round(confidence, 4)), candidate.shared))
    if found:
        surest = max(found, key=lambda item: item[0].confidence)
        than = next(claim for claim in table.claims if claim.row is surest[0].row).reading.wording.forms
        if table.approved.is_near(text.reading.wording, than=than):
            return []
    return found


def _wording_confidence(wording: Wording, candidate: _Candidate, table: ClaimTable) -> float:
    """The confidence that the words give, before stance."""
    claim, shared = table.claims[candidate.claim], candidate.shared
    forms = claim.reading.wording.forms
    if find_run(forms, wording.forms) >= 0:
        return _VERBATIM
    features = Features(similarity=candidate.similarity, ordered=shared.ordered, approved=0.0)
    if features.confidence >= NOTE:
        approved = overlap(wording, claim.say, table.weights).coverage
        features = replace(features, approved=approved)
    if shared.ordered >= _NEARLY_ORDERED and shared.density >= _NEARLY_DENSE:
        return max(features.confidence, _NEARLY_VERBATIM)
    return features.confidence


def _distinct(judgements: Sequence[tuple[Judgement, Overlap]]) -> tuple[Judgement, ...]:
    """The surest claim, and further ones only where they are findings that rest on other words of the unit."""
    ranked = sorted(judgements, key=lambda item: -item[0].confidence)
    kept: list[Judgement] = []
    taken: set[int] = set()
    for judgement, shared in ranked:
        places = {i for i, _ in shared.pairs}
        if kept:
            fresh = places - taken
            sure = judgement.confidence >= FINDING and shared.ordered >= _ALIGNED
            if not sure or len(fresh) * 2 <= len(places) or any(judgement.row is other.row for other in kept):
                continue
        kept.append(judgement)
        taken |= places
    return tuple(kept)


def _pieces(unit: str) -> list[str]:
    """A unit in pieces that can be judged in bounded time."""
    pieces = []
    while len(unit) > _MAX_CHARACTERS:
        cut = unit.rfind(" ", 1, _MAX_CHARACTERS)
        cut = cut if cut > 0 else _MAX_CHARACTERS
        pieces.append(unit[:cut])
        unit = unit[cut:]
    return [*pieces, unit]
