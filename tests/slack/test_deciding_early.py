"""Decisions on the first messages of a review while the others are still on their way."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.piecewise import Piecewise
from tests.slack.loopback.seen import Seen
from tests.slack.loopback.server import Slack
from tests.slack.serving import Served
from tests.slack.test_reviewing import FIRST_KEPT, keep, rewritten
from tests.slack.under_fire import be_quick, ended, under_fire
from tests.slack.watching import DRAFT, REWRITTEN, said

DM = "DU1"
POSTING = "chat.postMessage"
LAST_KEPT = REWRITTEN.replace("This roof is guaranteed for ten years.", "This roof never leaks.")


@pytest.fixture
async def coached(slack: Slack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Served]:
    be_quick(monkeypatch)
    async with under_fire(slack, tmp_path, Piecewise()) as coached:
        yield coached


async def begun(slack: Slack, draft: str) -> Seen:
    """Has a draft reviewed, of which only the first message can be posted until `heal`; gives it."""
    slack.fail(POSTING)  # the first goes well
    slack.fail(POSTING, 10_000, retry_after=0.05)
    slack.dm_of("U1")
    await slack.say("U1", DM, f"review {draft}")
    await slack.until(lambda: sum(not call.answer["ok"] for call in slack.calls if call.method == POSTING) >= 2)
    return said(slack, "U1", DM)[0]


def updates(slack: Slack) -> int:
    return sum(call.method == "chat.update" for call in slack.calls)


async def decide(slack: Slack, card: Seen, action: str, index: int) -> None:
    """Clicks, and waits until the card shows it."""
    before = updates(slack)
    await slack.click("U1", DM, card.ts, action, index=index)
    await slack.until(lambda: updates(slack) > before)


@pytest.mark.parametrize(("index", "draft"), [(0, FIRST_KEPT), (1, LAST_KEPT)])
async def test_the_draft_follows_a_decision_that_came_before_it(coached: Served, index: int, draft: str) -> None:
    slack = coached.slack
    card = await begun(slack, DRAFT)
    await decide(slack, card, "review.unmeant", index)
    assert rewritten(slack) == ""
    slack.heal()
    await slack.until(lambda: rewritten(slack) == draft)
    assert (await ended(coached)).dead == 0
    assert rewritten(slack) == draft
    assert len(said(slack, "U1", DM)) == 2


async def test_the_draft_follows_several_decisions_that_came_before_it_and_one_that_was_taken_back(
    coached: Served,
) -> None:
    slack = coached.slack
    card = await begun(slack, DRAFT)
    await decide(slack, card, "review.unmeant", 0)
    before = updates(slack)
    await keep(slack, card, 1, "as agreed")
    await slack.until(lambda: updates(slack) > before)
    await decide(slack, said(slack, "U1", DM)[0], "review.use", 0)
    slack.heal()
    await slack.until(lambda: rewritten(slack) == LAST_KEPT)
    assert (await ended(coached)).dead == 0
    assert rewritten(slack) == LAST_KEPT


async def test_a_draft_follows_decisions_that_came_before_it_though_it_is_shown_only_at_a_second_attempt(
    slack: Slack, coached: Served
) -> None:
    card = await begun(slack, DRAFT)
    await decide(slack, card, "review.unmeant", 0)
    slack.heal()
    slack.fail(POSTING, drop=True)
    await slack.until(lambda: rewritten(slack) == FIRST_KEPT)
    assert (await ended(coached)).dead == 0
    assert rewritten(slack) == FIRST_KEPT


async def test_the_file_of_a_long_draft_follows_a_decision_that_came_before_it(coached: Served) -> None:
    """The message above it says that it follows the choices up to when it is sent."""
    slack = coached.slack
    long = "\n\n".join(f"Paragraph {number} is about the roof and nothing else." for number in range(1_600))
    card = await begun(slack, f"{DRAFT}\n\n{long}")
    await decide(slack, card, "review.unmeant", 0)
    slack.heal()
    await slack.until(lambda: any(each.files for each in slack.seen("U1", DM)))
    assert (await ended(coached)).dead == 0
    (file,) = [file for each in slack.seen("U1", DM) for file in each.files]
    assert file.data.decode() == f"{FIRST_KEPT}\n\n{long}"
