"""Replies that cannot be shown where they belong, or only in part: they come elsewhere, and a failure is told."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from tests.looking import squeezed
from tests.piecewise import Piecewise, question, told
from tests.slack.looking import of_the_coach
from tests.slack.loopback.server import Slack
from tests.slack.loopback.workspace import BOT_USER
from tests.slack.serving import Served
from tests.slack.under_fire import CHANNEL, DM, USER, be_quick, ended, under_fire

SHARED = "CSHARED"
SENTENCES = 400
"""More than one message takes."""
REFUSALS: Mapping[str, Mapping[str, object]] = {
    "of the blocks": {"status": 400, "error": "invalid_blocks"},
    "of the body": {"status": 400, "error": "invalid_payload"},
    "of the length": {"status": 400, "error": "msg_too_long"},
    "of the sender": {"status": 403, "error": "action_prohibited"},
    "of an address that is gone": {"status": 410, "error": "channel_is_archived"},
    "of a code nobody knows": {"status": 418, "error": "no such thing"},
    "by leading elsewhere": {"status": 302, "error": "moved"},
    "with a status of success": {"status": 200, "error": "invalid_blocks"},
}


@pytest.fixture
def engine() -> Piecewise:
    return Piecewise()


@pytest.fixture
async def coached(
    slack: Slack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: Piecewise
) -> AsyncIterator[Served]:
    be_quick(monkeypatch)
    slack.channel(SHARED, USER, is_ext_shared=True)
    async with under_fire(slack, tmp_path, engine) as coached:
        yield coached


def in_words(slack: Slack, *places: str) -> str:
    return " ".join(each.plain for each in of_the_coach(slack, USER, *places))


@pytest.mark.parametrize("refusal", REFUSALS)
async def test_a_command_whose_response_url_refuses_is_answered_by_direct_message(
    coached: Served, refusal: str
) -> None:
    slack = coached.slack
    slack.fail("response_url", 100, **REFUSALS[refusal])  # type: ignore[arg-type]
    await slack.command(USER, CHANNEL, question("one"))
    assert (await ended(coached)).dead == 0
    assert squeezed(told("one")) in squeezed(in_words(slack, DM))
    assert "Sentence" not in in_words(slack, CHANNEL)


async def test_the_guide_comes_by_direct_message_too(coached: Served) -> None:
    slack = coached.slack
    slack.fail("response_url", 100, status=400, error="invalid_blocks")
    await slack.command(USER, CHANNEL, "guide tiles")
    assert (await ended(coached)).dead == 0
    assert "Our tiles last sixty years" in in_words(slack, DM)


@pytest.fixture
def long(engine: Piecewise) -> None:
    """Answers take several messages."""
    engine.sentences = SENTENCES


@pytest.mark.usefixtures("long")
async def test_a_failure_is_told_to_who_has_seen_a_part_of_the_answer_aside(coached: Served) -> None:
    slack = coached.slack
    slack.fail("chat.postEphemeral")  # the first part goes well
    slack.fail("chat.postEphemeral", 5, error="invalid_arguments")
    await slack.say(USER, SHARED, f"<@{BOT_USER}> {question('one')}")
    assert (await ended(coached)).dead == 1
    part, failure = of_the_coach(slack, USER, SHARED)
    assert "In case one it is so." in part.plain
    assert "failed" in failure.plain
    assert failure.ephemeral


@pytest.mark.usefixtures("long")
async def test_a_failure_is_told_by_direct_message_to_who_has_seen_a_part_of_the_answer_to_a_command(
    coached: Served,
) -> None:
    """The response URL takes one part and is used up; then the direct message does not go through either."""
    slack = coached.slack
    slack.fail("response_url")
    slack.fail("response_url", 100, status=404, error="used_url")
    slack.fail("chat.postMessage", 5, error="invalid_arguments")
    await slack.command(USER, CHANNEL, question("one"))
    assert (await ended(coached)).dead == 1
    assert "In case one it is so." in in_words(slack, CHANNEL)
    assert "failed" in in_words(slack, DM)
