"""How things stand: what a trail folds to, and its snapshot."""

import json

import pytest

from bot.prompts.entries import Denied, Entry, read_entry, write_entry
from bot.prompts.standing import Standing, fold, read_standing, write_standing
from tests.prompts.standings import (
    ON_TRIAL,
    TWO_LIVE,
    activated,
    ended,
    evaluated,
    published,
    stamp,
    standing_of,
    tried,
    went_back,
)

EVERYTHING: tuple[Entry, ...] = (
    published(1, file="0001.md"),
    *ON_TRIAL[1:],
    evaluated(3, passed=["a"], failed=["b"]),
    Denied(stamp=stamp("eve"), tried="roll back"),
    tried(3, 20, live=2),
    ended(3, live=2, by="auto"),
    went_back(1, replaces=2),
    activated(3, replaces=1, forced=True),
)


@pytest.mark.parametrize("entry", EVERYTHING, ids=lambda entry: entry.kind)
def test_an_entry_comes_back_from_the_log_as_it_was_written(entry: Entry) -> None:
    line = write_entry(entry)
    assert "\n" not in line
    assert read_entry(line) == entry


def test_an_entry_that_says_more_than_this_program_knows_is_read_without_it() -> None:
    line = json.dumps(json.loads(write_entry(activated(1))) | {"mood": "brave"})
    assert read_entry(line).kind == "activated"


def test_a_trail_folds_the_same_in_one_go_and_from_any_place_on() -> None:
    whole = standing_of(*EVERYTHING)
    for place in range(len(EVERYTHING) + 1):
        assert fold(standing_of(*EVERYTHING[:place]), EVERYTHING[place:]) == whole


def test_folding_leaves_the_standing_that_it_starts_from_as_it_was() -> None:
    before = standing_of(*TWO_LIVE)
    fold(before, [evaluated(1), published(4)])
    assert before == standing_of(*TWO_LIVE)


def test_a_new_trial_takes_the_place_of_another_under_a_name_of_its_own() -> None:
    standing = standing_of(*ON_TRIAL, tried(1, 10, live=2))
    assert standing.trial
    assert (standing.trial.version, standing.trial.position) == (1, len(ON_TRIAL) + 1)


def test_a_trial_that_is_started_again_after_its_end_has_another_name() -> None:
    standing = standing_of(*ON_TRIAL, ended(3, live=2), tried(3, 10, live=2))
    assert standing.trial
    assert standing.trial.position == len(ON_TRIAL) + 2


def test_a_snapshot_comes_back_as_it_was_kept() -> None:
    for place in range(len(EVERYTHING) + 1):
        standing = standing_of(*EVERYTHING[:place])
        assert read_standing(write_standing(standing)) == standing


@pytest.mark.parametrize(
    "body",
    [
        "",
        "no JSON",
        "[]",
        write_standing(Standing(fold=0)),
        write_standing(Standing(fold=2)),
        write_standing(standing_of(*TWO_LIVE)).replace('"live":2', '"live":"two"'),
    ],
)
def test_a_snapshot_of_another_program_is_not_used(body: str) -> None:
    assert read_standing(body) is None
