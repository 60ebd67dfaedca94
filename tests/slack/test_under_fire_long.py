"""Answers longer than a message holds come whole, in order, whatever breaks on the way."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.piecewise import Piecewise, told
from tests.slack.looking import is_whole, of_the_coach
from tests.slack.loopback.server import Slack
from tests.slack.serving import Served
from tests.slack.under_fire import CHANNEL, DM, USER, ask, be_quick, ended, under_fire

SENTENCES = 400
"""Some 18,000 characters; Slack takes 12,000 in a message's blocks, and at once into a stream."""


@pytest.fixture
async def coached(slack: Slack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Served]:
    be_quick(monkeypatch)
    async with under_fire(slack, tmp_path, Piecewise(sentences=SENTENCES, pieces=8)) as coached:
        yield coached


async def assert_whole_in_order(coached: Served, *, several: bool = True) -> None:
    """The messages that are there are the answer's parts, each once and in order."""
    assert (await ended(coached)).dead == 0
    there = of_the_coach(coached.slack, USER, CHANNEL, DM)
    assert is_whole(there, told("one", SENTENCES)), [len(each.plain) for each in there]
    parts = [(each.metadata or {})["event_payload"]["part"] for each in there]
    assert parts == list(range(len(there)))
    assert (len(there) > 1) is several


async def test_a_long_answer_is_streamed_whole(coached: Served, slack: Slack) -> None:
    await ask(slack)
    await assert_whole_in_order(coached, several=False)


async def test_a_long_answer_is_posted_in_several_messages(coached: Served, slack: Slack) -> None:
    slack.streams = False
    await ask(slack)
    await assert_whole_in_order(coached)


async def test_a_long_answer_takes_the_place_of_its_stream_that_slack_gave_up(coached: Served, slack: Slack) -> None:
    slack.settings.stream_seconds = -1
    await ask(slack)
    await assert_whole_in_order(coached)


@pytest.mark.parametrize("before", [0, 1])
@pytest.mark.parametrize("fault", [{"drop": True}, {"status": 500}, {"retry_after": 0.2}])
async def test_each_message_of_a_long_answer_is_posted_once(
    coached: Served, slack: Slack, before: int, fault: dict[str, object]
) -> None:
    slack.streams = False
    if before:
        slack.fail("chat.postMessage", hang=0.01)  # the first message goes well
    slack.fail("chat.postMessage", **fault)  # type: ignore[arg-type]
    await ask(slack)
    await assert_whole_in_order(coached)


@pytest.mark.parametrize("method", ["chat.postMessage", "chat.update"])
async def test_a_long_answer_whose_blocks_are_refused_comes_in_words(
    coached: Served, slack: Slack, method: str
) -> None:
    if method == "chat.update":
        slack.settings.stream_seconds = -1
    else:
        slack.streams = False
    slack.fail(method, error="invalid_blocks")
    await ask(slack)
    await assert_whole_in_order(coached)
