"""Trials: who is given the candidate, and when it is clearly worse than the live version.

A trial ends by itself by a one-sided Fisher exact test on each of two shares: of replies that failed (the guard
refused them or another engine had to answer), and of rated replies that were rated down. It is looked at when the
candidate has 30, 60, 120, 240 ... such replies; the k-th look has the level 0.01 / (2 k (k + 1)), so that over all
looks and both shares a candidate as good as the live version is ended with a chance below 1%, however long the trial
lasts (the levels of all looks add up to 0.01: Bonferroni over a doubling schedule). A difference below
`LEAST_DIFFERENCE` is not held against a candidate, however certain it is.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, lgamma

FIRST_LOOK = 30
"""Replies of the candidate at the first look; each later look has twice as many."""
LEVEL = 0.01
LEAST_DIFFERENCE = 0.02

REPLIES, FAILED, RATED, DOWN = "replies", "failed", "rated", "down"
"""The sums that a trial keeps for each of its two versions."""


@dataclass(frozen=True, slots=True)
class Signal:
    """A share that is compared: `bad` of `of`, in words."""

    bad: str
    of: str
    words: str


SIGNALS = (
    Signal(FAILED, REPLIES, "replies failed"),
    Signal(DOWN, RATED, "rated replies were rated down"),
)


def takes_part(person: str, *, version: int, share: int) -> bool:
    """Whether `person` is among the `share` percent who are given `version`.

    The same person always is, and stays so when the share grows; another candidate meets other people.
    """
    digest = hashlib.sha256(f"{version}:{person}".encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big") % 10_000 < share * 100


def is_look(count: int) -> bool:
    """Whether the candidate's `count`-th reply is one at which the trial is looked at."""
    rounds, rest = divmod(count, FIRST_LOOK)
    return count > 0 and rest == 0 and rounds & (rounds - 1) == 0


def clearly_worse(signal: Signal, candidate: Mapping[str, int], live: Mapping[str, int]) -> str | None:
    """Says in one line in what the candidate is clearly worse; None when it is not, or not clearly."""
    bad, of = _share(signal, candidate)
    live_bad, live_of = _share(signal, live)
    if of < FIRST_LOOK or not live_of or bad / of - live_bad / live_of < LEAST_DIFFERENCE:
        return None
    look = (of // FIRST_LOOK).bit_length()
    chance = fisher_greater(bad, of, live_bad, live_of)
    if chance >= LEVEL / len(SIGNALS) / (look * (look + 1)):
        return None
    return (
        f"clearly worse: {bad} of its {of} {signal.words}, against {live_bad} of {live_of} of the live version "
        f"(one-sided Fisher exact test, p = {chance:.1g})"
    )


def _share(signal: Signal, sums: Mapping[str, int]) -> tuple[int, int]:
    """How many were bad, of how many. A rating that was lost and then taken back leaves a sum below 0, counted as 0."""
    return max(0, sums.get(signal.bad, 0)), sums.get(signal.of, 0)


def fisher_greater(bad: int, of: int, other_bad: int, other_of: int) -> float:
    """The chance of at least `bad` of `of` when all bad ones fell among `of` and `other_of` at random.

    R. A. Fisher's exact test, one-sided: the upper tail of the hypergeometric distribution.
    """
    total, all_bad = of + other_of, bad + other_bad
    whole = _log_choose(total, of)
    return min(
        1.0,
        sum(
            exp(_log_choose(all_bad, count) + _log_choose(total - all_bad, of - count) - whole)
            for count in range(bad, min(of, all_bad) + 1)
            if of - count <= total - all_bad
        ),
    )


def _log_choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
