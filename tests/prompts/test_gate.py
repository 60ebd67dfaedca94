"""The gate: a case that passed and now fails holds a version back, whatever the average says."""

import pytest

from bot.core.admin_commands import ActivateVersion, RollBack
from bot.prompts import decisions
from bot.prompts.entries import Activated, RolledBack, TrialStarted
from bot.prompts.gate import cautions, regressed, regressions
from bot.prompts.refusal import Refusal
from bot.prompts.standing import Standing
from tests.prompts.standings import TWO_LIVE, evaluated, stamp, standing_of

LIVE_PASSES = evaluated(2, passed=["a", "b", "c"], failed=["d"])
REGRESSES = standing_of(*TWO_LIVE, LIVE_PASSES, evaluated(3, passed=["b", "d"], failed=["a", "c"]))
BETTER = standing_of(*TWO_LIVE, LIVE_PASSES, evaluated(3, passed=["a", "b", "c"], failed=["d", "e"]))
CLOSED = "Version 3 fails 2 cases that version 2 passes: a, c. To activate it all the same, add --force and say why."


def activate(standing: Standing, *, share: int | None = None, force: bool = False) -> object:
    return decisions.activation(standing, ActivateVersion(number=3, note="", share=share, force=force), stamp())


@pytest.mark.parametrize("share", [None, 10])
def test_a_version_that_fails_what_the_live_one_passes_is_neither_made_live_nor_tried(share: int | None) -> None:
    with pytest.raises(Refusal) as caught:
        activate(REGRESSES, share=share)
    assert str(caught.value) == CLOSED


def test_with_force_it_is_and_the_trail_says_so() -> None:
    made_live, tried = activate(REGRESSES, force=True), activate(REGRESSES, share=10, force=True)
    assert isinstance(made_live, Activated)
    assert isinstance(tried, TrialStarted)
    assert made_live.forced
    assert tried.forced


def test_rolling_back_is_never_held_back() -> None:
    assert isinstance(decisions.rolling_back(REGRESSES, RollBack(note="", to=3), stamp()), RolledBack)


def test_failing_what_the_live_one_fails_too_or_does_not_know_is_no_regression() -> None:
    assert isinstance(activate(BETTER), Activated)


@pytest.mark.parametrize(
    ("measured", "caution"),
    [
        ([], "Version 3 has not been evaluated: coach eval --prompt 3"),
        (
            [evaluated(3, failed=["a"])],
            "Version 2 has not been evaluated, so nothing can be compared: coach eval --prompt 2",
        ),
        (
            [LIVE_PASSES, evaluated(3, failed=["a"], basis="other")],
            "Versions 3 and 2 were evaluated on other lessons, cases or engines, so nothing can be compared: "
            "coach eval --prompt 3, coach eval --prompt 2",
        ),
        (
            [LIVE_PASSES, evaluated(3, failed=["a"], engine="lessons")],
            "Versions 3 and 2 were evaluated on other lessons, cases or engines, so nothing can be compared: "
            "coach eval --prompt 3, coach eval --prompt 2",
        ),
        ([LIVE_PASSES, evaluated(3, failed=["a"])], "Version 3 fails a case that version 2 passes: a."),
        ([LIVE_PASSES, evaluated(3, failed=["d"])], None),
    ],
)
def test_what_cannot_be_compared_is_let_through_with_a_caution(measured: list[object], caution: str | None) -> None:
    standing = standing_of(*TWO_LIVE, *measured)  # type: ignore[arg-type]
    candidate, live = standing.versions[3], standing.versions[2]
    assert cautions(candidate, live) == ((caution,) if caution else ())
    if not regressions(candidate, live):
        assert isinstance(activate(standing), Activated)


def test_the_newest_evaluation_counts() -> None:
    again = standing_of(*TWO_LIVE, LIVE_PASSES, evaluated(3, failed=["a"]), evaluated(3, passed=["a"]))
    assert isinstance(activate(again), Activated)


def test_the_first_version_is_not_held_back_by_what_is_not_live() -> None:
    assert cautions(REGRESSES.versions[3], None) == ()
    assert regressions(REGRESSES.versions[3], None) == ()


def test_many_cases_are_counted_and_the_first_five_named() -> None:
    cases = tuple("abcdefg")
    candidate, live = REGRESSES.versions[3], REGRESSES.versions[2]
    assert (
        regressed(candidate, live, cases) == "Version 3 fails 7 cases that version 2 passes: a, b, c, d, e and 2 more."
    )
