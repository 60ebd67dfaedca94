"""What an act comes to as things stand, and the one line with which each other one is refused."""

from dataclasses import replace

import pytest

from bot.core.admin_commands import ActivateVersion, RollBack
from bot.prompts import decisions
from bot.prompts.decisions import MAX_VERSIONS, Unchanged
from bot.prompts.document import PromptDocument, parse_prompt
from bot.prompts.entries import Activated, RolledBack, TrialEnded, TrialStarted
from bot.prompts.refusal import Refusal
from bot.prompts.standing import Standing
from tests.prompts.replicas import prompt_file
from tests.prompts.standings import (
    ON_TRIAL,
    THREE,
    TWO_LIVE,
    activated,
    ended,
    evaluated,
    published,
    stamp,
    standing_of,
    went_back,
)

NOTHING = Standing()


def document(rule: str) -> PromptDocument:
    return parse_prompt(prompt_file(rule))


def activate(
    standing: Standing, number: int, *, share: int | None = None, force: bool = False
) -> Activated | TrialStarted | TrialEnded | Unchanged:
    command = ActivateVersion(number=number, note="why", share=share, force=force)
    return decisions.activation(standing, command, stamp())


def roll_back(standing: Standing, to: int | None = None) -> RolledBack | TrialEnded | Unchanged:
    return decisions.rolling_back(standing, RollBack(note="why", to=to), stamp())


def test_a_new_version_has_the_next_number() -> None:
    assert decisions.publication(NOTHING, document("Rule 1."), stamp()).version == 1
    assert decisions.publication(standing_of(*THREE), document("Rule 4."), stamp()).version == 4
    assert decisions.publication(standing_of(published(7)), document("Rule 8."), stamp()).version == 8


def test_the_very_same_text_is_no_new_version() -> None:
    with pytest.raises(
        Refusal, match=r"^Version 2 is this very text already: activate that one, or change the file\.$"
    ):
        decisions.publication(standing_of(*THREE), document("Rule 2."), stamp())


def test_there_are_not_more_versions_than_can_be_kept() -> None:
    one = published(1)
    full = standing_of(*(replace(one, version=number, digest=f"{number}") for number in range(1, MAX_VERSIONS + 1)))
    with pytest.raises(Refusal, match=r"^There are 10,000 versions, which is as many as are kept\.$"):
        decisions.publication(full, document("One more."), stamp())


@pytest.mark.parametrize("note", ["", "  \n\t"])
def test_a_reason_is_asked_for(note: str) -> None:
    with pytest.raises(Refusal, match=r"^Say why, for the trail: rollback \[N\] REASON$"):
        decisions.require_note(note, usage="rollback [N] REASON")


def test_a_reason_is_kept_on_one_line_whatever_it_holds() -> None:
    assert decisions.require_note(" a\n\n b\u2028c\td ", usage="") == "a b c d"
    assert decisions.require_note("half a \ud83d pair", usage="") == "half a ? pair"
    assert decisions.require_note("x" * 500, usage="") == "x" * 500


def test_a_reason_as_long_as_a_page_is_refused() -> None:
    with pytest.raises(Refusal, match=r"^The reason has 501 characters; at most 500 are kept\.$"):
        decisions.require_note("x" * 501, usage="")


def test_a_version_that_is_not_there_is_refused_and_the_newest_is_named() -> None:
    with pytest.raises(Refusal, match=r"^There is no version 4; the newest is 3\.$"):
        activate(standing_of(*THREE), 4)
    with pytest.raises(Refusal, match=r"^No version is published yet: coach prompts publish FILE --note REASON$"):
        activate(NOTHING, 1)


def test_an_activation_says_what_it_replaces() -> None:
    first = activate(standing_of(*THREE), 2)
    assert isinstance(first, Activated)
    assert (first.version, first.replaces, first.forced) == (2, None, False)
    second = activate(standing_of(*TWO_LIVE), 3)
    assert isinstance(second, Activated)
    assert (second.version, second.replaces) == (3, 2)


def test_activating_the_live_version_changes_nothing() -> None:
    assert activate(standing_of(*TWO_LIVE), 2) == Unchanged("Version 2 is live already. Nothing changed.")


def test_activating_the_live_version_ends_a_trial_beside_it() -> None:
    end = activate(standing_of(*ON_TRIAL), 2)
    assert isinstance(end, TrialEnded)
    assert (end.version, end.live) == (3, 2)


def test_activating_the_version_on_trial_makes_it_live_for_all() -> None:
    entry = activate(standing_of(*ON_TRIAL), 3)
    assert isinstance(entry, Activated)
    after = standing_of(*ON_TRIAL, entry)
    assert (after.live, after.previous, after.trial) == (3, 2, None)


def test_a_trial_says_its_share_and_what_stays_live() -> None:
    trial = activate(standing_of(*TWO_LIVE), 3, share=10)
    assert isinstance(trial, TrialStarted)
    assert (trial.version, trial.share, trial.live) == (3, 10, 2)


@pytest.mark.parametrize("share", [0, 100, 999])
def test_a_trial_of_nobody_or_of_all_is_refused(share: int) -> None:
    line = f"A trial's share is 1 to 99 percent, not {share}; leave --share out to make it live for all."
    with pytest.raises(Refusal) as caught:
        activate(standing_of(*TWO_LIVE), 3, share=share)
    assert str(caught.value) == line


def test_a_trial_needs_another_live_version() -> None:
    with pytest.raises(Refusal, match=r"^Version 2 is the live one: try another version beside it\.$"):
        activate(standing_of(*TWO_LIVE), 2, share=10)
    with pytest.raises(Refusal, match=r"^No version is live to try another beside: activate one without --share\.$"):
        activate(standing_of(*THREE), 2, share=10)


def test_a_trial_of_the_same_share_changes_nothing_and_of_another_goes_on() -> None:
    assert activate(standing_of(*ON_TRIAL), 3, share=10) == Unchanged(
        "Version 3 has 10% of the people already. Nothing changed."
    )
    wider = activate(standing_of(*ON_TRIAL), 3, share=20)
    assert isinstance(wider, TrialStarted)
    before, after = standing_of(*ON_TRIAL).trial, standing_of(*ON_TRIAL, wider).trial
    assert before
    assert after
    assert (after.share, after.position) == (20, before.position)


def test_rolling_back_goes_to_the_version_before_and_can_be_rolled_back() -> None:
    entry = roll_back(standing_of(*TWO_LIVE))
    assert isinstance(entry, RolledBack)
    assert (entry.version, entry.replaces) == (1, 2)
    again = roll_back(standing_of(*TWO_LIVE, entry))
    assert isinstance(again, RolledBack)
    assert (again.version, again.replaces) == (2, 1)


def test_rolling_back_goes_to_any_named_version() -> None:
    entry = roll_back(standing_of(*TWO_LIVE), 3)
    assert isinstance(entry, RolledBack)
    assert (entry.version, entry.replaces) == (3, 2)


def test_rolling_back_during_a_trial_ends_it_and_leaves_the_live_version() -> None:
    entry = roll_back(standing_of(*ON_TRIAL))
    assert isinstance(entry, TrialEnded)
    assert (entry.version, entry.live) == (3, 2)
    after = roll_back(standing_of(*ON_TRIAL, entry))
    assert isinstance(after, RolledBack)
    assert after.version == 1


def test_rolling_back_to_a_named_version_during_a_trial_ends_it_too() -> None:
    entry = roll_back(standing_of(*ON_TRIAL), 1)
    assert isinstance(entry, RolledBack)
    after = standing_of(*ON_TRIAL, entry)
    assert (after.live, after.previous, after.trial) == (1, 2, None)


def test_rolling_back_to_the_live_version_changes_nothing_or_ends_a_trial() -> None:
    assert roll_back(standing_of(*TWO_LIVE), 2) == Unchanged("Version 2 is live already. Nothing changed.")
    assert isinstance(roll_back(standing_of(*ON_TRIAL), 2), TrialEnded)


def test_with_nothing_to_go_back_to_a_rollback_is_refused() -> None:
    nothing_before = r"^No other version was live before: there is nothing to go back to\.$"
    with pytest.raises(Refusal, match=nothing_before):
        roll_back(standing_of(*THREE, activated(1)))
    with pytest.raises(Refusal, match=nothing_before):
        roll_back(standing_of(*THREE), 1)
    with pytest.raises(Refusal, match=r"^There is no version 9; the newest is 3\.$"):
        roll_back(standing_of(*TWO_LIVE), 9)


def test_only_the_trial_that_is_meant_is_ended_automatically() -> None:
    standing = standing_of(*ON_TRIAL)
    assert isinstance(decisions.automatic_end(standing, len(ON_TRIAL), stamp("auto")), TrialEnded)
    assert isinstance(decisions.automatic_end(standing, len(ON_TRIAL) - 1, stamp("auto")), Unchanged)
    over = standing_of(*ON_TRIAL, ended(3, live=2))
    assert isinstance(decisions.automatic_end(over, len(ON_TRIAL), stamp("auto")), Unchanged)


def test_what_was_decided_before_the_last_move_is_refused_and_names_who_made_it() -> None:
    standing = standing_of(*TWO_LIVE, went_back(1, replaces=2, by="bob"), published(4))
    with pytest.raises(
        Refusal,
        match=r"^Not done: bob went back from version 2 to version 1 meanwhile\. Look at `prompts` and decide anew\.$",
    ):
        decisions.require_current(standing, len(TWO_LIVE))
    decisions.require_current(standing, len(TWO_LIVE) + 1)


def test_versions_and_evaluations_since_do_not_outdate_a_decision() -> None:
    decisions.require_current(standing_of(*TWO_LIVE, published(4), evaluated(2)), len(TWO_LIVE))


def test_what_was_decided_on_a_longer_trail_than_there_is_is_refused() -> None:
    with pytest.raises(Refusal, match=r"^Not done: these are other versions than you looked at\."):
        decisions.require_current(standing_of(*TWO_LIVE), len(TWO_LIVE) + 1)


def test_an_evaluation_of_no_version_is_refused() -> None:
    with pytest.raises(Refusal, match=r"^There is no version 9; the newest is 3\.$"):
        decisions.evaluation(standing_of(*THREE), evaluated(9))
