"""Whatever a draft looks like, its review changes nothing outside the edits, and the result reviews clean.

The finder is the real one; what its encoder reads is kept, so that ten thousand drafts take minutes and not hours.
"""

import asyncio
from functools import partial

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.core.lessons import Knowledge
from bot.core.replies import Review
from bot.core.review import ReviewDraft
from bot.engines.lessons import LessonsEngine
from bot.knowledge.parsing import parse_lesson
from bot.phrasing.finding import GuideClaimFinder
from bot.phrasing.replacing import GuideReplacementCheck
from bot.phrasing.splicing import GuideSplicer
from tests.core.pinned import PINNED
from tests.kept import CLAIM_ENCODER, VECTORS

DRAFTS = 10_000
BEES = """# Bees

| Don't say | Do say | Why it matters |
|---|---|---|
| "Bees look after themselves" | "Bees need an inspection every week in spring" | Sets the workload straight |
| "Our honey never crystallises" | "All real honey crystallises; warming it gently clears it" | Keeps a promise |
| "You need your own hive" | "What do you want from bees — honey, or pollination?" | Finds the need first |
"""
CLAIMS = (
    "Bees look after themselves.",
    "our honey NEVER crystallises!",
    "You need your own hive",
    "Frankly, bees look after themselves, so you can travel, and our honey never crystallises.",
)
HARMLESS = (
    "Hi Ann,",
    "Thanks for the call on May 3 at 10:30 a.m., it cost $4.10.",
    "Bees do not look after themselves.",
    "Do bees look after themselves?",
    "A rival may tell you that bees look after themselves.",
    "All real honey crystallises; warming it gently clears it.",
    "See https://example.com/a?b=c#d or write to ann@example.com",
    "```",
    "> bees look after themselves",
    "On Mon, Feb 3, Ann wrote:",
    "<p>Bees look after themselves.</p>",
    "<b>",
    "| a | b |",
    "Best,",
    "Lee",
    "-- ",
    "Sent from my iPhone",
    "",
    "   ",
)
BULLETS = ("", "", "- ", "* ", "1. ", "• ", "- Scope: ", "## ", "> ", "**", "  ")
ENDS = ("\n", "\r\n", "\n\n", "\r", " ", "\u2028", "")


class OneLesson:
    """A library that never changes."""

    knowledge = Knowledge(lessons=(parse_lesson(BEES.encode(), lesson="bees", file="bees.md"),))

    async def current(self) -> Knowledge:
        return self.knowledge


REVIEW = partial(
    ReviewDraft(
        library=OneLesson(),
        finder=GuideClaimFinder(CLAIM_ENCODER),
        splicer=GuideSplicer(),
        engine=LessonsEngine(),
        check=GuideReplacementCheck(VECTORS),
        prompts=PINNED,
    ),
    person="local",
)

pieces = st.one_of(st.sampled_from(CLAIMS), st.sampled_from(HARMLESS), st.text(max_size=12))
drafts = st.lists(st.tuples(st.sampled_from(BULLETS), pieces, st.sampled_from(ENDS)), min_size=1, max_size=9).map(
    lambda lines: "".join(part for line in lines for part in line)
)


def unchanged_outside_edits(review: Review) -> bool:
    position, rest = 0, review.rewritten
    for edit in review.edits:
        kept = review.draft[position : edit.start]
        if not rest.startswith(kept + edit.after):
            return False
        rest = rest[len(kept + edit.after) :]
        position = edit.end
    return rest == review.draft[position:]


@settings(max_examples=DRAFTS, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(drafts)
@example("Bees look after themselves. **-- \nDo bees look after themselves?\n")
def test_any_draft_is_changed_only_in_its_edits_and_then_reviews_clean(draft: str) -> None:
    review = asyncio.run(REVIEW(draft))
    assert unchanged_outside_edits(review)
    assert all(review.draft[edit.start : edit.end] == edit.before for edit in review.edits)
    assert all(
        any(edit.start <= finding.start and finding.end <= edit.end for edit in review.edits)
        for finding in review.findings
    )
    again = asyncio.run(REVIEW(review.rewritten))
    assert again.findings == ()
    assert again.rewritten == review.rewritten
