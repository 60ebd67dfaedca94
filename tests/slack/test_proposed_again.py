"""A proposal that is shown a second time, as nobody heard whether it was: it is the same that waits."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.slack.loopback.server import Slack
from tests.slack.moving import ACTIVATE, ADMIN, CHANNEL, MADE, InMessage, acts, coach_in, live, of_coach
from tests.slack.serving import Served


@pytest.fixture
async def coached(slack: Slack, tmp_path: Path) -> AsyncIterator[Served]:
    async with coach_in(slack, tmp_path / "knowledge", "http", first_pause=0.02) as coached:
        yield coached


def proposals(slack: Slack, channel: str) -> list[InMessage]:
    """The messages in which one waits."""
    return [
        InMessage(slack, ADMIN, channel, each.ts)
        for each in of_coach(slack, ADMIN, channel)
        if "move.confirm" in dict(each.actions)
    ]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
async def test_two_proposals_of_one_command_wait_as_one_and_are_made_once(
    coached: Served, order: tuple[int, int]
) -> None:
    slack = coached.slack
    slack.fail("response_url", drop=True)  # shown, and not heard of
    await slack.command(ADMIN, CHANNEL, ACTIVATE.written)
    await slack.until(lambda: len(proposals(slack, CHANNEL)) == 2)
    both = proposals(slack, CHANNEL)
    assert both[0].pending == both[1].pending != ""
    first, second = both[order[0]], both[order[1]]
    await first.confirm()
    assert "Version 2 is live" in await first.outcome()
    await second.confirm()
    assert "Version 2 is live" in await second.outcome()
    assert await acts(coached.app) == [MADE]
    assert await live(coached.app) == (2, None)


async def test_a_proposal_that_is_cancelled_in_one_place_waits_in_the_other_no_more(coached: Served) -> None:
    slack = coached.slack
    slack.fail("response_url", drop=True)
    await slack.command(ADMIN, CHANNEL, ACTIVATE.written)
    await slack.until(lambda: len(proposals(slack, CHANNEL)) == 2)
    first, second = proposals(slack, CHANNEL)
    await first.cancel()
    assert "Nothing was changed." in await first.outcome()
    await second.confirm()
    assert "does not wait any more" in await second.outcome()
    assert await acts(coached.app) == []


async def test_a_proposal_by_direct_message_whose_posting_was_not_heard_of_is_found_again(coached: Served) -> None:
    slack, direct = coached.slack, coached.slack.dm_of(ADMIN)
    slack.fail("chat.postMessage", drop=True)
    ts = await slack.say(ADMIN, direct, ACTIVATE.written)
    await slack.until(lambda: any(call.method == "chat.update" for call in slack.calls))
    (only,) = proposals(slack, direct)
    assert only.pending == f"slack:T1/{direct}/{ts}"
    await only.confirm()
    assert "Version 2 is live" in await only.outcome()
    assert await acts(coached.app) == [MADE]


async def test_the_same_command_sent_twice_is_two_proposals(coached: Served) -> None:
    slack = coached.slack
    for count in (1, 2):
        await slack.command(ADMIN, CHANNEL, ACTIVATE.written)
        await slack.until(lambda: len(proposals(slack, CHANNEL)) == count)  # noqa: B023 - awaited here
    first, second = proposals(slack, CHANNEL)
    assert first.pending != second.pending
