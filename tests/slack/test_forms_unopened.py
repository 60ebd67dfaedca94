"""Forms that Slack does not open: who asked for one is told, alone, and can try once more."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from bot.channels.slack import api
from bot.channels.slack.opening import NOT_OPENED
from tests.slack.loopback.server import Slack
from tests.slack.loopback.workspace import BOT_USER
from tests.slack.moving import CHANNEL, of_coach
from tests.slack.serving import Served
from tests.slack.test_reviewing import review_of
from tests.slack.watching import DRAFT, QUESTION, REWRITTEN, boxes, coaching, opened, reply, said

USER, OTHER = "U1", "U2"
FAULTS: Mapping[str, Mapping[str, object]] = {
    "failing": {"status": 500},
    "limited": {"retry_after": 30},
    "late": {"error": "expired_trigger_id"},
    "hanging": {"hang": 1.0, "status": 500},
}
every_fault = pytest.mark.parametrize("fault", FAULTS)


@pytest.fixture
async def coached(slack: Slack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Served]:
    monkeypatch.setattr(api, "CALL_SECONDS", 0.3)
    slack.channel(CHANNEL, USER, OTHER)
    slack.channel("CAWAY", USER, with_bot=False)
    async with coaching(slack, tmp_path, "http") as coached:
        yield coached


async def told_alone(slack: Slack, channel: str) -> None:
    await slack.until(lambda: any(each.plain == NOT_OPENED for each in of_coach(slack, USER, channel)))
    (shown,) = [each for each in of_coach(slack, USER, channel) if each.plain == NOT_OPENED]
    assert shown.ephemeral
    assert not any(each.plain == NOT_OPENED for each in of_coach(slack, OTHER, CHANNEL))
    assert not slack.failures


@every_fault
async def test_who_sends_the_command_is_told_where_they_sent_it(coached: Served, fault: str) -> None:
    """Even where the coach is no member."""
    slack, channel = coached.slack, "CAWAY"
    slack.fail("views.open", **FAULTS[fault])  # type: ignore[arg-type]
    await slack.command(USER, channel, "review")
    await told_alone(slack, channel)
    assert not slack.views
    await slack.command(USER, channel, "review")
    await opened(slack, USER, "Your draft")


@every_fault
async def test_who_asks_for_the_sources_is_told(coached: Served, fault: str) -> None:
    slack = coached.slack
    ts = await slack.say(USER, CHANNEL, f"<@{BOT_USER}> {QUESTION}")
    answer = await reply(slack, USER, CHANNEL, ts)
    slack.fail("views.open", **FAULTS[fault])  # type: ignore[arg-type]
    await slack.click(USER, CHANNEL, answer.ts, "sources")
    await told_alone(slack, CHANNEL)
    await slack.click(USER, CHANNEL, answer.ts, "sources")
    await opened(slack, USER)


async def test_who_keeps_their_words_is_told(coached: Served) -> None:
    slack = coached.slack
    card, _ = await review_of(slack)
    slack.fail("views.open", error="expired_trigger_id")
    await slack.click(USER, "DU1", card.ts, "review.keep", index=0)
    await told_alone(slack, "DU1")


@every_fault
async def test_a_message_that_is_to_be_reviewed_is_though_the_form_that_says_so_does_not_open(
    coached: Served, fault: str
) -> None:
    slack = coached.slack
    ts = await slack.say(USER, CHANNEL, DRAFT)
    slack.fail("views.open", **FAULTS[fault])  # type: ignore[arg-type]
    await slack.shortcut(USER, CHANNEL, ts)
    await slack.until(lambda: "DU1" in slack.channels and len(said(slack, USER, "DU1")) == 2)
    assert boxes(said(slack, USER, "DU1")[-1]) == [REWRITTEN]
    assert not slack.failures
