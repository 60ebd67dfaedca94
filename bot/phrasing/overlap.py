"""How much of one wording stands in another: words matched by stem, by a typo's distance or by a shortened form."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from bot.phrasing.wording import FUNCTION_WORDS, Word, Wording

_TYPO_CREDIT = 0.85
_SHORT_FORM_CREDIT = 0.7
_FUNCTION_WEIGHT = 0.15
_GAP_COST = 0.02
"""What a foreign word inside the matched run costs, in shares of the wording: a claim's words stand together."""


class Weights:
    """How telling each stem is, from how many of the guide's cells hold it (inverse document frequency, 0 to 1).

    Function words of English count `_FUNCTION_WEIGHT` of that.
    """

    def __init__(self, frequency: Mapping[str, int], cells: int) -> None:
        self._frequency = frequency
        self._cells = max(cells, 1)

    def of(self, word: Word) -> float:
        """Gives the word's weight, above 0."""
        rarity = 1.0 - 0.7 * math.sqrt(self._frequency.get(word.stem, 0) / self._cells)
        return rarity * (_FUNCTION_WEIGHT if word.form in FUNCTION_WORDS else 1.0)


@dataclass(frozen=True, slots=True)
class Overlap:
    """Where and how far a wording is found in a text.

    `pairs` are (place in the text, place in the wording), in the text's order. `coverage`, 0 to 1, is the weight of
    the wording's words found together; `ordered` the same for those in the wording's own order; `density` the share
    of the run's weight in the text that belongs to the wording. `displaced` says that another thing has taken a
    word's place and the word turns up out of order: "train your staff on the document model" for "train the model on
    your documents".
    """

    pairs: tuple[tuple[int, int], ...] = ()
    coverage: float = 0.0
    ordered: float = 0.0
    density: float = 0.0
    displaced: bool = False


NOTHING = Overlap()


def overlap(text: Wording, wanted: Wording, weights: Weights) -> Overlap:
    """Finds the run of `text` that holds most of `wanted`."""
    worth = [weights.of(word) for word in wanted.words]
    total = sum(worth)
    if not total:
        return NOTHING
    matches = [
        (i, j, credit * worth[j])
        for i, word in enumerate(text.words)
        for j, other in enumerate(wanted.words)
        if (credit := _credit(word, other))
    ]
    if not any(wanted.words[j].form not in FUNCTION_WORDS for _, j, _ in matches):
        return NOTHING
    chosen = _best_run(matches, total)
    pairs = tuple((i, j) for i, j, _ in chosen)
    first, last = pairs[0][0], pairs[-1][0]
    run = sum(weights.of(word) for word in text.words[first : last + 1])
    matched = sum(weight for _, _, weight in chosen)
    return Overlap(
        pairs=pairs,
        coverage=matched / total,
        ordered=_in_order(chosen) / total,
        density=min(1.0, matched / run) if run else 0.0,
        displaced=_displaced(text, wanted, pairs),
    )


def _credit(word: Word, other: Word) -> float:
    if word.stem == other.stem:
        return 1.0
    a, b = word.form, other.form
    if min(len(a), len(b)) < 3 or a in FUNCTION_WORDS or b in FUNCTION_WORDS or not (a[0].isalpha() and b[0].isalpha()):
        return 0.0
    if a[0] != b[0] and a[1] != b[1]:
        return 0.0
    short, long = sorted((word.stem, other.stem), key=len)
    if len(short) >= 3 and len(long) - len(short) >= 3 and long.startswith(short):
        return _SHORT_FORM_CREDIT
    allowed = 2 if len(b) >= 8 else 1 if len(b) >= 5 else 0
    if allowed and abs(len(a) - len(b)) <= allowed and OSA.distance(a, b, score_cutoff=allowed) <= allowed:
        return _TYPO_CREDIT
    return 0.0


def _best_run(matches: Sequence[tuple[int, int, float]], total: float) -> list[tuple[int, int, float]]:
    """The matches of the run with the most of the wording for its length; each wanted word counts once.

    Runs start at any match and grow to the right: quadratic in the matches, of which a sentence has few; in a text
    that repeats itself the start is tried at the first hundred only.
    """
    best: list[tuple[int, int, float]] = []
    best_value = -1.0
    for a in range(min(len(matches), 100)):
        taken: dict[int, tuple[int, int, float]] = {}
        used: set[int] = set()
        value = 0.0
        previous = matches[a][0]
        for match in matches[a : a + 100]:
            i, j, weight = match
            if j in taken or i in used:
                continue
            value += weight / total - _GAP_COST * max(0, i - previous - 1)
            previous = i
            taken[j] = match
            used.add(i)
            if value > best_value + 1e-9:
                best_value = value
                best = list(taken.values())
    return best


def _in_order(chosen: Sequence[tuple[int, int, float]]) -> float:
    """The heaviest chain of matches that ascend in both texts."""
    reached: list[float] = []
    for n, (i, j, weight) in enumerate(chosen):
        before = [reached[m] for m in range(n) if chosen[m][0] < i and chosen[m][1] < j]
        reached.append(weight + max(before, default=0.0))
    return max(reached, default=0.0)


def _displaced(text: Wording, wanted: Wording, pairs: Sequence[tuple[int, int]]) -> bool:
    """Whether a content word's next one in `wanted` comes late in `text`, behind a foreign one and out of order."""
    found = {j: i for i, j in pairs}
    telling = [j for j, word in enumerate(wanted.words) if word.form not in FUNCTION_WORDS]
    if any(j not in found for j in telling):
        return False
    matched = set(found.values())
    for n, j in enumerate(telling[:-2]):
        here, following = found[j], found[telling[n + 1]]
        late = any(here < found[later] < following for later in telling[n + 2 :])
        successor = next((i for i in range(here + 1, len(text.words)) if _tells(text.words[i])), here)
        if late and successor not in matched:
            return True
    return False


def _tells(word: Word) -> bool:
    return word.form not in FUNCTION_WORDS
