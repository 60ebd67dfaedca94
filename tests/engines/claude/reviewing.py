"""Whole reviews over the lessons that ship, with the real finder, splicer and check, by what a model replies."""

import json
from collections.abc import Iterator, Sequence
from functools import cache

from bot.core.lessons import Knowledge
from bot.core.prompts import Serving
from bot.core.replies import Review
from bot.core.review import ReviewDraft, splice
from bot.engines.claude.engine import ClaudeEngine
from bot.phrasing.replacing import GuideReplacementCheck
from bot.phrasing.splicing import GuideSplicer
from bot.prompts.pinned import PinnedVersion
from tests.claude.behaviours import Json
from tests.engines.claude.asking import PROMPT
from tests.engines.claude.knowing import Overlooking, embedder, finder, shipped

TRAIN = "We can train the model on your documents."
EASY = "LoRA makes fine-tuning easy."
SAFE = "Fine-tuning shapes how the model responds, not what it knows — for knowledge, we use retrieval"
FLUENT = "Fine-tuning shapes how the model responds, not what it knows; for knowledge, we use retrieval"
"""Two ways to say what the guide says in place of `TRAIN`: its own, and one that the check lets a model say."""
UNFOUND = "Hand us your PDFs and the network will memorise them."
"""A claim of the guide's first row that the finder of a review overlooks."""
Quoted = tuple[str, int, str]
"""A quote, the number of a guide row, and a replacement."""


class Shipped:
    """The lessons that ship, as a library."""

    async def current(self) -> Knowledge:
        return shipped()


@cache
def check() -> GuideReplacementCheck:
    return GuideReplacementCheck(embedder())


def proposing(*edits: Quoted) -> Json:
    """A model's reply with these edits."""
    lesson = shipped().lessons[0].id
    listed = [{"quote": quote, "row": f"{lesson}/{row}", "replacement": words} for quote, row, words in edits]
    return Json(json.dumps({"edits": listed}))


async def review(engine: ClaudeEngine, draft: str) -> Review:
    """Reviews a draft; whatever the model has said, only what is flagged may have changed."""
    reviewing = ReviewDraft(
        library=Shipped(),
        finder=Overlooking(finder(), UNFOUND),
        splicer=GuideSplicer(),
        engine=engine,
        check=check(),
        prompts=PinnedVersion(Serving(PROMPT)),
    )
    reviewed = await reviewing(draft, person="ann")
    assert reviewed.draft == draft
    assert reviewed.rewritten == splice(draft, reviewed.edits)
    flagged = {place for finding in reviewed.findings for place in range(finding.start, finding.end)}
    assert not [draft[place] for place in _edited(reviewed) if place not in flagged and not draft[place].isspace()]
    return reviewed


async def claims_left(reviewed: Review) -> Sequence[str]:
    """What the finder finds in the rewritten draft."""
    found, _ = await finder().find(reviewed.rewritten, shipped())
    return [finding.quote for finding in found]


def _edited(reviewed: Review) -> Iterator[int]:
    return (place for edit in reviewed.edits for place in range(edit.start, edit.end))
