"""What a person reads of a reply that the lessons engine made in Claude's place."""

from dataclasses import replace

import pytest

from bot.channels.words import fell_back, why
from bot.core.replies import Answer, Fallback, Review
from tests.evaluation.replies import answer, finding, review
from tests.terminal.printing import printed

DRAFT = "This roof never leaks."
SLOW = "Claude took too long, so this is in the lessons' own words."
ANSWER = replace(answer("Every autumn. [1]"), fallback=Fallback.SLOW)
REVIEW = replace(review(DRAFT, finding(DRAFT, DRAFT, row=1)), fallback=Fallback.BUSY)
CLEAN = replace(review("It is red."), fallback=Fallback.TOO_LONG)


@pytest.mark.parametrize("reason", Fallback)
def test_each_reason_is_a_clause_of_its_own_that_begins_a_sentence(reason: Fallback) -> None:
    assert why(reason)[0].isupper()
    assert why(reason)[-1] not in ".:;"
    assert len({why(other) for other in Fallback}) == len(Fallback)


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (ANSWER, SLOW),
        (REVIEW, "Claude takes no more requests right now, so the approved wording stands as it is."),
        (CLEAN, "The draft is too long for Claude, so the draft was checked without it."),
        (replace(ANSWER, fallback=None), None),
    ],
)
def test_a_reply_says_why_and_what_follows_for_it(reply: Answer | Review, told: str | None) -> None:
    assert fell_back(reply) == told


@pytest.mark.parametrize("reply", [ANSWER, REVIEW, CLEAN])
def test_it_is_the_last_line_dimmed_and_plain_in_a_pipe(reply: Answer | Review) -> None:
    line = fell_back(reply)
    assert printed(reply, piped=True).endswith(f"\n\n{line}\n")
    assert printed(reply, colour=True, width=120).endswith(f"\n\n\x1b[2m{line}\x1b[0m\n")


def test_the_last_known_version_is_told_before_it() -> None:
    shown = printed(replace(ANSWER, prompt_stale=True), piped=True)
    assert shown.splitlines()[-3:] == [
        "",
        "The coach's store is away: version 1 of the system prompt, the last one known, served this.",
        SLOW,
    ]
