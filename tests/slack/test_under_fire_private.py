"""Replies for one person's eyes, whatever their calls come to: none is lost; a second comes only where none was heard.

What only one person sees cannot be looked for, so a reply whose answer was lost on the way back is sent once more.
"""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from tests.looking import squeezed
from tests.piecewise import Piecewise, question, told
from tests.slack.looking import is_whole, of_the_coach
from tests.slack.loopback.server import Slack
from tests.slack.loopback.workspace import BOT_USER
from tests.slack.serving import Served
from tests.slack.under_fire import CALL_SECONDS, CHANNEL, DM, USER, be_quick, ended, under_fire

SHARED = "CSHARED"
FAULTS: Mapping[str, Mapping[str, object]] = {
    "failing": {"status": 500},
    "hanging": {"hang": 2 * CALL_SECONDS, "status": 500},
    "limited": {"retry_after": 0.2},
    "refusing the blocks": {"error": "invalid_blocks"},
    "unknown": {"error": "unknown_method"},
    "blind to the channel": {"error": "channel_not_found"},
    "archived": {"error": "is_archived"},
    "without the person": {"error": "user_not_in_channel"},
}
UNHEARD: Mapping[str, Mapping[str, object]] = {
    "failing after it was done": {"drop": True},
    "hanging after it was done": {"hang": 2 * CALL_SECONDS, "drop": True},
}
EVERY: Mapping[str, Mapping[str, object]] = {**FAULTS, **UNHEARD}
URL_FAULTS: Mapping[str, Mapping[str, object]] = {
    "failing": {"status": 500},
    "hanging": {"hang": 2 * CALL_SECONDS, "status": 500},
    "limited": {"status": 429, "error": "rate_limited"},
    "expired": {"status": 404, "error": "expired_url"},
    "used up": {"status": 404, "error": "used_url"},
}
REVIEW_CALLS = ("conversations.open", "chat.postMessage", "files.getUploadURLExternal", "files.completeUploadExternal")
CLAIM = "This roof never leaks."
SAY = "This roof is guaranteed for ten years."


@pytest.fixture
async def coached(slack: Slack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Served]:
    be_quick(monkeypatch)
    slack.channel(SHARED, USER, is_ext_shared=True)
    async with under_fire(slack, tmp_path, Piecewise()) as coached:
        yield coached


async def ask_aside(coached: Served) -> int:
    """Asks where members of other companies listen; gives how many whole answers there are in the end."""
    await coached.slack.say(USER, SHARED, f"<@{BOT_USER}> {question('one')}")
    return await whole_answers(coached)


async def ask_by_command(coached: Served) -> int:
    assert (await coached.slack.command(USER, CHANNEL, question("one"))).status == 200
    return await whole_answers(coached)


async def whole_answers(coached: Served) -> int:
    """All that was posted is whole answers, each in one message, for the person's eyes alone; gives how many."""
    assert (await ended(coached)).dead == 0
    there = of_the_coach(coached.slack, USER, SHARED, CHANNEL, DM)
    assert not coached.slack.seen("U2", SHARED) or all(
        each.author != BOT_USER for each in coached.slack.seen("U2", SHARED)
    )
    answers = [each for each in there if "One moment" not in each.plain]
    assert all(is_whole([each], told("one")) for each in answers), [each.plain for each in answers]
    return len(answers)


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_reply_aside_is_seen_once_whichever_way_its_call_fails(coached: Served, fault: str) -> None:
    coached.slack.fail("chat.postEphemeral", **FAULTS[fault])  # type: ignore[arg-type]
    assert await ask_aside(coached) == 1


@pytest.mark.parametrize("fault", UNHEARD)
async def test_a_reply_aside_that_was_not_heard_of_is_seen_twice_at_most(coached: Served, fault: str) -> None:
    coached.slack.fail("chat.postEphemeral", **UNHEARD[fault])  # type: ignore[arg-type]
    assert await ask_aside(coached) in (1, 2)


@pytest.mark.parametrize("fault", URL_FAULTS)
async def test_a_reply_to_a_command_is_seen_once_whichever_way_its_call_fails(coached: Served, fault: str) -> None:
    coached.slack.fail("response_url", **URL_FAULTS[fault])  # type: ignore[arg-type]
    assert await ask_by_command(coached) == 1


async def test_a_reply_to_a_command_that_was_not_heard_of_is_seen_twice_at_most(coached: Served) -> None:
    coached.slack.fail("response_url", drop=True)
    assert await ask_by_command(coached) in (1, 2)


async def test_a_reply_to_a_command_survives_half_an_hour_of_a_failing_slack(coached: Served) -> None:
    """The response URL has expired by then."""
    coached.slack.fail("response_url", 3, status=500)
    await coached.slack.command(USER, CHANNEL, question("one"))
    await coached.slack.until(lambda: sum(call.method == "response_url" for call in coached.slack.calls) >= 1)
    coached.slack.pass_time(1_801)
    assert await whole_answers(coached) == 1


@pytest.mark.parametrize("fault", EVERY)
@pytest.mark.parametrize("method", [*REVIEW_CALLS, "response_url"])
async def test_a_long_review_comes_whole_whichever_of_its_calls_fails(coached: Served, method: str, fault: str) -> None:
    slack, faults = coached.slack, EVERY[fault]
    if method == "response_url" and "error" in faults:
        faults = {**faults, "status": 404, "error": "used_url"}
    if method == "response_url" and "retry_after" in faults:
        faults = {"status": 429}
    slack.fail(method, **faults)  # type: ignore[arg-type]
    draft = "\n\n".join(f"Paragraph {number} is about the roof and nothing else." for number in range(400))
    await slack.command(USER, CHANNEL, f"review {draft}\n\n{CLAIM}")
    assert (await ended(coached)).dead == 0
    there = of_the_coach(slack, USER, DM)
    told_, files = [each for each in there if not each.files], [each for each in there if each.files]
    plain = squeezed(" ".join(each.plain for each in told_))
    assert plain.count(squeezed("1 sentence says")) == 1, plain
    assert plain.count(squeezed("Rewritten draft")) == 1, plain
    rewritten = f"{draft}\n\n{SAY}"
    assert {each.files[0].data.decode() for each in files} == {rewritten}
    # An upload is not looked for: it comes again where Slack, or the pointer to it, was not heard.
    assert len(files) <= 2
    if fault not in UNHEARD:
        assert len(files) == 1


async def test_a_file_that_came_in_between_is_not_taken_for_the_answer_behind_it(coached: Served) -> None:
    slack = coached.slack
    slack.streams = False
    slack.dm_of(USER)
    draft = "\n\n".join(f"Paragraph {number} is about the roof and nothing else." for number in range(400))
    slack.fail("files.getUploadURLExternal", hang=CALL_SECONDS / 2)  # the question is there before the file
    root = await slack.say(USER, DM, f"review {draft}\n\n{CLAIM}")
    await slack.say(USER, DM, question("one"), root)
    await slack.until(lambda: any(each.files for each in of_the_coach(slack, USER, DM)))
    slack.fail("chat.postMessage", drop=True)
    assert (await ended(coached)).dead == 0
    there = of_the_coach(slack, USER, DM)
    assert is_whole([each for each in there if "In case one" in each.plain], told("one"))
    assert [each.plain for each in there if each.files] == [""]
