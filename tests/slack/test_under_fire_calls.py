"""Whatever a call of an answer comes to, the person ends up with one whole answer and nothing half."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.channels.slack.api import SlackApi
from bot.core import worker
from tests.piecewise import Piecewise
from tests.slack.looking import of_the_coach
from tests.slack.loopback.server import Slack
from tests.slack.serving import Served
from tests.slack.under_fire import (
    CALL_SECONDS,
    CHANNEL,
    DM,
    USER,
    ask,
    assert_answered_once,
    be_quick,
    ended,
    under_fire,
)

FAULTS: Mapping[str, Mapping[str, object]] = {
    "failing": {"status": 500},
    "failing after it was done": {"drop": True},
    "hanging": {"hang": 2 * CALL_SECONDS, "status": 500},
    "hanging after it was done": {"hang": 2 * CALL_SECONDS, "drop": True},
    "limited": {"retry_after": 0.2},
    "refusing the blocks": {"error": "invalid_blocks"},
    "unknown": {"error": "unknown_method"},
    "blind to the channel": {"error": "channel_not_found"},
    "archived": {"error": "is_archived"},
}
PASSING = ("failing", "failing after it was done", "limited")
"""Faults that come several times in a row."""
GONE = ("blind to the channel", "archived")


class Way(NamedTuple):
    """How an answer goes, and the call on it that is to fail."""

    how: str
    method: str


WAYS = (
    Way("streamed", "assistant.threads.setStatus"),
    Way("streamed", "chat.startStream"),
    Way("streamed", "chat.appendStream"),
    Way("streamed", "chat.stopStream"),
    Way("posted", "chat.postMessage"),
    Way("given up by Slack", "chat.update"),
)


@pytest.fixture
def engine() -> Piecewise:
    return Piecewise()


@pytest.fixture
async def coached(
    slack: Slack, engine: Piecewise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Served]:
    be_quick(monkeypatch)
    async with under_fire(slack, tmp_path, engine) as coached:
        yield coached


def prepare(slack: Slack, how: str) -> None:
    match how:
        case "posted":
            slack.streams = False
        case "given up by Slack":
            slack.settings.stream_seconds = -1
        case _:
            pass


@pytest.mark.parametrize("way", WAYS, ids=[f"{way.how}, {way.method}" for way in WAYS])
@pytest.mark.parametrize(("fault", "times"), [(fault, 1) for fault in FAULTS] + [(fault, 3) for fault in PASSING])
async def test_one_whole_answer_is_left_whichever_call_fails(
    coached: Served, slack: Slack, way: Way, fault: str, times: int
) -> None:
    prepare(slack, way.how)
    slack.fail(way.method, times, **FAULTS[fault])  # type: ignore[arg-type]
    await ask(slack)
    # Where Slack says that the channel is gone, what it gave up there stays, and the answer is a direct message.
    is_gone = way.method == "chat.update" and fault in GONE
    await assert_answered_once(coached, *([DM] if is_gone else [CHANNEL, DM]))


@pytest.mark.parametrize(("fault", "reason"), [("failing", "away"), ("limited", "limited"), ("archived", "refused")])
async def test_a_call_that_fails_is_counted_by_the_reason(
    coached: Served, slack: Slack, fault: str, reason: str
) -> None:
    slack.fail("assistant.threads.setStatus", **FAULTS[fault])  # type: ignore[arg-type]
    await ask(slack)
    await assert_answered_once(coached)
    assert coached.platforms.measures()[0].failed == {reason: 1}


@pytest.mark.parametrize("fault", PASSING)
async def test_what_an_unheard_attempt_posted_is_looked_for_until_slack_tells(
    coached: Served, slack: Slack, fault: str
) -> None:
    slack.streams = False
    slack.fail("chat.postMessage", drop=True)
    slack.fail("conversations.replies", 3, **FAULTS[fault])  # type: ignore[arg-type]
    await ask(slack)
    await assert_answered_once(coached)


@pytest.fixture
async def impatient(
    slack: Slack, engine: Piecewise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Served]:
    """A coach that puts back at once what Slack asks to come again with."""
    be_quick(monkeypatch)
    monkeypatch.setattr(SlackApi.__init__, "__kwdefaults__", {"url": None, "patience": 0.05})
    monkeypatch.setattr(worker, "MAX_FAILURES", 1)  # what is put back is no failure
    async with under_fire(slack, tmp_path, engine) as coached:
        yield coached


async def test_what_is_looked_for_while_slack_takes_no_more_is_found_later(impatient: Served, slack: Slack) -> None:
    slack.streams = False
    slack.fail("chat.postMessage", drop=True)
    slack.fail("conversations.replies", 2, retry_after=0.1)
    await ask(slack)
    await assert_answered_once(impatient)


async def test_a_stream_that_cannot_be_ended_for_now_is_ended_later(impatient: Served, slack: Slack) -> None:
    slack.fail("chat.startStream", drop=True)  # it is there, and nobody heard of it
    slack.fail("chat.stopStream", 2, retry_after=0.1)
    await ask(slack)
    await assert_answered_once(impatient)


async def test_what_an_unheard_attempt_posted_instead_as_a_direct_message_is_found_there(
    coached: Served, slack: Slack
) -> None:
    slack.streams = False
    for _ in range(2):
        slack.fail("chat.postMessage", error="is_archived")
        slack.fail("chat.postMessage", drop=True)
    await ask(slack)
    await assert_answered_once(coached)


@pytest.mark.parametrize("failures", [1, 4])
async def test_an_engine_that_breaks_off_in_the_middle_leaves_one_whole_answer_in_the_end(
    coached: Served, slack: Slack, engine: Piecewise, failures: int
) -> None:
    engine.failures = failures
    await ask(slack)
    await assert_answered_once(coached)


async def test_an_engine_that_always_breaks_off_leaves_its_failure_alone_to_be_seen(
    coached: Served, slack: Slack, engine: Piecewise
) -> None:
    engine.failures = 5
    await ask(slack)
    await ended(coached)
    (only,) = of_the_coach(slack, USER, CHANNEL, DM)
    assert (only.streaming, only.broken, only.streamed) == (False, False, "")
    assert "In case" not in only.plain
    assert "failed" in only.plain
