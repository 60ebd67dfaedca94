"""Judges one unit of a draft by the guide: which claims it makes in its context, and how surely."""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.lessons import GuideRow
from bot.encoder.certainty import Certainty, Evidence
from bot.encoder.claim_encoder import Floats, InContext
from bot.phrasing.claims import ClaimTable
from bot.phrasing.overlap import Overlap, overlap
from bot.phrasing.stance import Reading, Stance, read_stance
from bot.phrasing.wording import Wording, find_run

if TYPE_CHECKING:
    from bot.encoder.claim_encoder import ClaimEncoder

FINDING = 0.55
NOTE = 0.25
"""Confidence from which a claim is a finding, or a note; the first has the best F1 on the sentences that the confidence
is fitted on."""

SECOND = 0.35
"""Share of its lesson's odds from which a row that is not the likeliest is claimed as well."""

_SLIGHT = 0.1
"""Odds beside the likeliest row of its lesson from which a row is looked at further."""

_MAX_CHARACTERS = 480
"""A longer unit is judged in pieces of at most this, cut at white space where there is some: more is not read."""

_LEAST_WORDS = 3
"""Words of a unit that may make a claim with nothing beside it."""

_WHOLE = 0.99
"""Confidence of a don't-say that is the whole unit."""

_ALIGNED = 0.45
"""Share of a don't-say's words from which they tell where in the sentence the claim stands."""

_NEAR, _DOUBTED = 0.75, 0.3
"""Share of a don't-say's words, in order, from which what denies, asks or reports them is read well from the words.

Such a sentence gets a note at most, whatever the encoder takes it for; so does one in which another thing has taken a
word's place (`Overlap.displaced`). Where a row without examples stands word for word the encoder decides."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """One claim that a unit makes, with the chance that it does."""

    row: GuideRow
    confidence: float


@dataclass(frozen=True, slots=True)
class Weighed:
    """A row that a unit may claim, and what speaks for it.

    `share` is its part of its lesson's odds, `learned` says that the encoder had examples of it, `places` are the words
    of the unit that the don't-say has too, `displaced` says that another thing has taken one's place.
    """

    row: GuideRow
    evidence: Evidence
    share: float
    learned: bool
    places: frozenset[int]
    displaced: bool


@dataclass(frozen=True, slots=True)
class _Text:
    """One text under judgement; `unit` is its place in the units that were given."""

    unit: int
    wording: Wording
    read: InContext


class GuideJudge:
    """Judges units by a claim table and the claim encoder."""

    def __init__(self, encoder: "ClaimEncoder", certainty: Certainty) -> None:
        self._encoder = encoder
        self._certainty = certainty

    def judge(self, units: Sequence[InContext], table: ClaimTable) -> list[tuple[Judgement, ...]]:
        """Gives each unit's claims from `NOTE` confidence up, the surest first; a unit is plain text."""
        judged: list[list[tuple[Judgement, Weighed | None]]] = [[] for _ in units]
        texts = []
        for n, unit in enumerate(units if table.claims else ()):
            for piece in _pieces(unit):
                wording = Wording(piece.text)
                if (verdict := _whole(wording, piece, table)) is not None:
                    judged[n].extend((judgement, None) for judgement in verdict)
                elif text := _text(n, piece, wording, table):
                    texts.append(text)
        for text, weighed in zip(texts, self._weighed(texts, table), strict=True):
            judged[text.unit].extend(self._confirmed(text, weighed, table))
        return [_distinct(judgements) for judgements in judged]

    def weigh(self, unit: InContext, table: ClaimTable) -> tuple[Weighed, ...] | None:
        """Gives what speaks for which rows in a unit, before it is weighted; None where the guide's wording decides."""
        wording = Wording(unit.text)
        if _whole(wording, unit, table) is not None:
            return None
        text = _text(0, unit, wording, table)
        return self._weighed([text], table)[0] if text else None

    def _weighed(self, texts: Sequence[_Text], table: ClaimTable) -> list[tuple[Weighed, ...]]:
        said = self._encoder.read([text.read for text in texts])
        return [
            tuple(_weigh(text.wording, logits, table))
            for text, logits in zip(texts, said.logits(table.vectors), strict=True)
        ]

    def _confirmed(
        self, text: _Text, weighed: Sequence[Weighed], table: ClaimTable
    ) -> Iterator[tuple[Judgement, Weighed]]:
        """Yields what reaches `NOTE`, unless the text is approved wording with a slip of the pen."""
        found = []
        for one in weighed:
            confidence = self._confidence(one)
            if confidence >= NOTE and _stands(one, weighed):
                found.append((Judgement(row=one.row, confidence=round(confidence, 4)), one))
        if found:
            surest = max(found, key=lambda item: item[0].confidence)[0].row
            if not table.approved.is_near(text.wording, than=Wording(surest.dont_say).forms):
                yield from found

    def _confidence(self, weighed: Weighed) -> float:
        evidence = weighed.evidence
        sure = (
            self._certainty.learned_row(evidence.log_odds) if weighed.learned else self._certainty.table_row(evidence)
        )
        turned = evidence.turned and evidence.ordered >= _NEAR and (weighed.learned or not evidence.verbatim)
        return min(sure, _DOUBTED) if turned or weighed.displaced else sure


def _stands(one: Weighed, weighed: Sequence[Weighed]) -> bool:
    """Whether a row is claimed if any of its lesson is: it is likely enough, or stands there word for word."""
    highest = max(other.share for other in weighed if other.row.lesson == one.row.lesson)
    return one.evidence.verbatim or one.share >= min(SECOND, highest)


def _text(unit: int, piece: InContext, wording: Wording, table: ClaimTable) -> _Text | None:
    """What is left to judge of a piece without the approved wording in it."""
    left = table.approved.without(wording)
    if not left:
        return None
    if left != piece.text:
        piece, wording = piece._replace(text=left), Wording(left)
    says_something = len(wording.words) >= _LEAST_WORDS or (wording.words and (piece.before or piece.after))
    return _Text(unit=unit, wording=wording, read=piece) if says_something else None


def _whole(wording: Wording, piece: InContext, table: ClaimTable) -> list[Judgement] | None:
    """The verdict on a text that is the guide's own wording from end to end; None when it is not.

    A don't-say with something beside it that may turn it ("Three myths:", "That's wrong.") is left to the encoder.
    """
    if table.approved.is_exact(wording):
        return []
    found = table.exact(wording)
    if found is not None:
        if piece.before or piece.after:
            return None
        claim = table.claims[found]
        if "?" not in wording.tail or "?" in claim.wording.tail:
            return [Judgement(row=claim.row, confidence=_WHOLE)]
    elif table.approved.is_part(wording):
        return []
    return None


def _weigh(wording: Wording, logits: Floats, table: ClaimTable) -> Iterator[Weighed]:
    """Weighs the rows that come into question, lesson by lesson; of a row's several wordings the likeliest counts."""
    rows: dict[str, dict[GuideRow, int]] = defaultdict(dict)
    for n in table.candidates(wording, logits):
        claim = table.claims[n]
        best = rows[claim.row.lesson].setdefault(claim.row, n)
        if logits[n] > logits[best]:
            rows[claim.row.lesson][claim.row] = n
    for of_lesson in rows.values():
        highest = max(float(logits[n]) for n in of_lesson.values())
        odds = {row: math.exp(float(logits[n]) - highest) for row, n in of_lesson.items()}
        log_odds = highest + math.log(sum(odds.values()))
        for row, n in of_lesson.items():
            claim = table.claims[n]
            verbatim = find_run(claim.wording.forms, wording.forms) >= 0
            if not verbatim and odds[row] < _SLIGHT:
                continue
            shared = overlap(wording, claim.wording, table.weights)
            yield Weighed(
                row=row,
                evidence=Evidence(
                    log_odds=log_odds,
                    ordered=shared.ordered,
                    approved=overlap(wording, claim.say, table.weights).coverage,
                    verbatim=verbatim,
                    turned=_is_turned(Reading(wording), Reading(claim.wording), shared),
                ),
                share=odds[row] / sum(odds.values()),
                learned=claim.learned,
                places=frozenset(i for i, _ in shared.pairs),
                displaced=shared.displaced,
            )


def _is_turned(sentence: Reading, claim: Reading, shared: Overlap) -> bool:
    pairs = shared.pairs if shared.coverage >= _ALIGNED else ()
    return read_stance(sentence, claim, pairs) is not Stance.ASSERTS


def _distinct(judgements: Sequence[tuple[Judgement, Weighed | None]]) -> tuple[Judgement, ...]:
    """The surest claim, and further ones: of its lesson, or findings that rest on other words of the unit.

    Two lessons may warn of the same thing: the sentence is then replaced once.
    """
    ranked = sorted(judgements, key=lambda item: -item[0].confidence)
    kept: list[Judgement] = []
    taken: set[int] = set()
    for judgement, weighed in ranked:
        places = weighed.places if weighed else frozenset()
        if any(judgement.row is other.row for other in kept):
            continue
        if kept and judgement.row.lesson != kept[0].row.lesson:
            apart = len(places - taken) * 2 > len(places)
            if judgement.confidence < FINDING or not apart or not weighed or weighed.evidence.ordered < _ALIGNED:
                continue
        kept.append(judgement)
        taken |= places
    return tuple(kept)


def _pieces(unit: InContext) -> list[InContext]:
    """A unit in pieces that are read whole; the first with what stands before, the last with what stands after."""
    pieces: list[str] = []
    text = unit.text
    while len(text) > _MAX_CHARACTERS:
        cut = text.rfind(" ", 1, _MAX_CHARACTERS)
        cut = cut if cut > 0 else _MAX_CHARACTERS
        pieces.append(text[:cut])
        text = text[cut:]
    pieces.append(text)
    last = len(pieces) - 1
    return [
        InContext(text=piece, before="" if n else unit.before, after="" if n < last else unit.after)
        for n, piece in enumerate(pieces)
    ]
