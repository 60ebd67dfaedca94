"""The trail's entries in words."""

import pytest

from bot.core.prompts import Act
from bot.prompts.entries import Denied, Entry, Move
from bot.prompts.telling import outcome, told, trail_entry
from tests.prompts.standings import activated, ended, evaluated, published, stamp, tried, went_back


@pytest.mark.parametrize(
    ("move", "what", "now"),
    [
        (activated(1), "made version 1 live", "Version 1 is live."),
        (
            activated(2, replaces=1),
            "made version 2 live in place of version 1",
            "Version 2 is live in place of version 1.",
        ),
        (
            tried(3, 10, live=2),
            "gave version 3 to 10% of the people",
            "Version 3 serves 10% of the people; version 2 stays live.",
        ),
        (
            ended(3, live=2),
            "ended the trial of version 3",
            "The trial of version 3 has ended; version 2 serves everybody.",
        ),
        (
            went_back(1, replaces=2),
            "went back from version 2 to version 1",
            "Rolled back: version 1 is live in place of version 2.",
        ),
    ],
)
def test_a_move_is_told_as_what_was_done_and_as_what_is_so_now(move: Move, what: str, now: str) -> None:
    assert (told(move), outcome(move)) == (what, now)


@pytest.mark.parametrize(
    ("entry", "act", "version", "replaces", "detail"),
    [
        (published(1), Act.PUBLISHED, 1, None, ""),
        (published(1, file="0001.md"), Act.PUBLISHED, 1, None, "from 0001.md"),
        (activated(2, replaces=1), Act.ACTIVATED, 2, 1, ""),
        (activated(2, replaces=1, forced=True), Act.ACTIVATED, 2, 1, "forced"),
        (tried(3, 10, live=2), Act.TRIAL_STARTED, 3, None, "10%, version 2 stays live"),
        (ended(3, live=2), Act.TRIAL_ENDED, 3, None, "version 2 serves everybody"),
        (went_back(1, replaces=2), Act.ROLLED_BACK, 1, 2, ""),
        (evaluated(1, passed="ab"), Act.EVALUATED, 1, None, "2 of 2 cases passed"),
        (evaluated(1, passed="ab", failed="c"), Act.EVALUATED, 1, None, "2 of 3 cases passed; failed: c"),
        (
            evaluated(1, failed="abcdefg"),
            Act.EVALUATED,
            1,
            None,
            "0 of 7 cases passed; failed: a, b, c, d, e and 2 more",
        ),
        (Denied(stamp=stamp(), tried="activate version 2"), Act.DENIED, None, None, "activate version 2"),
    ],
)
def test_an_entry_is_shown_with_its_version_and_the_rest_in_words(
    entry: Entry, act: Act, version: int | None, replaces: int | None, detail: str
) -> None:
    line = trail_entry(7, entry)
    assert (line.position, line.at, line.by, line.note) == (7, entry.stamp.at, entry.stamp.by, entry.stamp.note)
    assert (line.act, line.version, line.replaces, line.detail) == (act, version, replaces, detail)
