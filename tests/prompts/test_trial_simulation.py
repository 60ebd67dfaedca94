"""Trials simulated: a candidate as good as the live version is hardly ever ended, a bad one nearly always, and soon."""

from collections import Counter
from statistics import median

import numpy as np
import pytest

from bot.prompts.trial import FAILED, FIRST_LOOK, REPLIES, SIGNALS, clearly_worse

TRIALS = 2_000
CANDIDATE_REPLIES = 2_000
FAILURES = SIGNALS[0]
LOOKS = [FIRST_LOOK * 2**doubled for doubled in range(20) if FIRST_LOOK * 2**doubled <= CANDIDATE_REPLIES]


def simulated(*, bad: float, live_bad: float, share: float = 0.1) -> list[int | None]:
    """The candidate's replies when each trial is ended; None for one that is not within `CANDIDATE_REPLIES`."""
    random = np.random.default_rng(1)
    since = np.diff([0, *LOOKS])
    others = np.round(since * (1 - share) / share).astype(int)
    failed = random.binomial(since, bad, size=(TRIALS, len(LOOKS))).cumsum(axis=1).tolist()
    live_failed = random.binomial(others, live_bad, size=(TRIALS, len(LOOKS))).cumsum(axis=1).tolist()
    live_replies = others.cumsum().tolist()
    return [
        next(
            (
                replies
                for replies, candidate, live, of in zip(LOOKS, *trial, live_replies, strict=True)
                if clearly_worse(FAILURES, {FAILED: candidate, REPLIES: replies}, {FAILED: live, REPLIES: of})
            ),
            None,
        )
        for trial in zip(failed, live_failed, strict=True)
    ]


@pytest.mark.parametrize("share", [0.1, 0.5])
@pytest.mark.parametrize("bad", [0.05, 0.3])
def test_a_candidate_as_good_as_the_live_version_is_ended_in_less_than_one_trial_of_a_hundred(
    bad: float, share: float
) -> None:
    ended = [replies for replies in simulated(bad=bad, live_bad=bad, share=share) if replies is not None]
    assert len(ended) < TRIALS / 100


def test_a_candidate_of_which_30_of_100_replies_fail_against_5_is_ended_after_30_or_60_replies() -> None:
    ended = [replies for replies in simulated(bad=0.3, live_bad=0.05) if replies is not None]
    assert len(ended) == TRIALS
    assert median(ended) == 30
    assert Counter(ended)[30] + Counter(ended)[60] > 0.95 * TRIALS


def test_a_candidate_of_which_10_of_100_replies_fail_against_5_is_ended_after_some_hundred_replies() -> None:
    ended = [replies for replies in simulated(bad=0.1, live_bad=0.05) if replies is not None]
    assert len(ended) > 0.95 * TRIALS
    assert median(ended) in (240, 480)
