"""The loopback Slack streams as the real one does: for one person, for five minutes, and only where it is known."""

from collections.abc import AsyncIterator

import pytest
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack.loopback.bolt import client
from tests.slack.loopback.server import Slack
from tests.slack.loopback.workspace import BOT_USER, TEAM

USER = "U1"
FEEDBACK = {
    "type": "context_actions",
    "block_id": "feedback",
    "elements": [
        {
            "type": "feedback_buttons",
            "action_id": "feedback",
            "positive_button": {"text": {"type": "plain_text", "text": "Good"}, "value": "good"},
            "negative_button": {"text": {"type": "plain_text", "text": "Bad"}, "value": "bad"},
        }
    ],
}


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with Slack() as slack:
        slack.user(USER)
        slack.channel("C1", USER)
        yield slack


@pytest.fixture
def api(slack: Slack) -> AsyncWebClient:
    return client(slack)


def code_of(error: pytest.ExceptionInfo[SlackApiError]) -> str:
    return str(error.value.response["error"])


async def test_a_stream_grows_before_its_reader_and_ends_with_blocks(slack: Slack, api: AsyncWebClient) -> None:
    ts = await slack.say(USER, "C1", f"<@{BOT_USER}> why?")
    stream = await api.chat_stream(
        channel="C1", thread_ts=ts, recipient_team_id=TEAM, recipient_user_id=USER, buffer_size=1
    )
    await stream.append(markdown_text="**Because** 1 < 2 ")
    assert [each.plain for each in slack.seen(USER, "C1", ts)][1] == "Because 1 < 2"
    assert slack.seen(USER, "C1", ts)[1].streaming
    await stream.append(markdown_text="and `<!channel>`.")
    await stream.stop(blocks=[FEEDBACK], metadata={"event_type": "reply", "event_payload": {"message": "m"}})
    seen = slack.seen(USER, "C1", ts)[1]
    assert (seen.plain, seen.pings) == ("Because 1 < 2 and <!channel>.\n[Good]\n[Bad]", [])
    assert (seen.streaming, seen.author, seen.metadata) == (
        False,
        BOT_USER,
        {"event_type": "reply", "event_payload": {"message": "m"}},
    )
    replies = await api.conversations_replies(channel="C1", ts=ts, include_all_metadata=True)
    assert replies["messages"][1]["metadata"]["event_type"] == "reply"


async def test_what_pings_in_a_stream_is_seen(slack: Slack, api: AsyncWebClient) -> None:
    dm = slack.dm_of(USER)
    ts = await slack.say(USER, dm, "hello")
    await api.chat_startStream(channel=dm, thread_ts=ts, markdown_text="<!here> [a](https://example.com) \\<@U1>")
    assert slack.seen(USER, dm, ts)[1].pings == ["<!here>", "https://example.com"]


@pytest.mark.parametrize("missing", ["recipient_team_id", "recipient_user_id"])
async def test_a_stream_in_a_channel_needs_its_recipient(slack: Slack, api: AsyncWebClient, missing: str) -> None:
    ts = await slack.say(USER, "C1", "why?")
    recipient = {"recipient_team_id": TEAM, "recipient_user_id": USER}
    del recipient[missing]
    with pytest.raises(SlackApiError) as error:
        await api.chat_startStream(channel="C1", thread_ts=ts, markdown_text="Because", **recipient)  # type: ignore[arg-type]
    assert code_of(error) == f"missing_{missing}"


async def test_a_stream_dies_of_age_and_its_message_can_then_be_updated(slack: Slack, api: AsyncWebClient) -> None:
    dm = slack.dm_of(USER)
    ts = await slack.say(USER, dm, "why?")
    stream = str((await api.chat_startStream(channel=dm, thread_ts=ts, markdown_text="Because"))["ts"])
    with pytest.raises(SlackApiError) as error:
        await api.chat_update(channel=dm, ts=stream, text="all of it")
    assert code_of(error) == "streaming_state_conflict"
    slack.pass_time(301)
    assert slack.seen(USER, dm, ts)[1].broken
    for call in (api.chat_appendStream, api.chat_stopStream):
        with pytest.raises(SlackApiError) as error:
            await call(channel=dm, ts=stream, markdown_text=" of age")
        assert code_of(error) == "message_not_in_streaming_state"
    await api.chat_update(channel=dm, ts=stream, text="all of it")
    seen = slack.seen(USER, dm, ts)[1]
    assert (seen.plain, seen.broken) == ("all of it", False)


async def test_a_stopped_stream_takes_nothing_more(slack: Slack, api: AsyncWebClient) -> None:
    dm = slack.dm_of(USER)
    ts = await slack.say(USER, dm, "why?")
    stream = str((await api.chat_startStream(channel=dm, thread_ts=ts, markdown_text="Because"))["ts"])
    await api.chat_stopStream(channel=dm, ts=stream)
    with pytest.raises(SlackApiError) as error:
        await api.chat_stopStream(channel=dm, ts=stream)
    assert code_of(error) == "message_not_in_streaming_state"


async def test_a_call_takes_12000_characters(slack: Slack, api: AsyncWebClient) -> None:
    dm = slack.dm_of(USER)
    ts = await slack.say(USER, dm, "why?")
    stream = str((await api.chat_startStream(channel=dm, thread_ts=ts, markdown_text="x" * 12_000))["ts"])
    with pytest.raises(SlackApiError) as error:
        await api.chat_appendStream(channel=dm, ts=stream, markdown_text="x" * 12_001)
    assert code_of(error) == "msg_too_long"


async def test_a_slack_without_streams_does_not_know_them(slack: Slack, api: AsyncWebClient) -> None:
    slack.streams = False
    ts = await slack.say(USER, slack.dm_of(USER), "why?")
    with pytest.raises(SlackApiError) as error:
        await api.chat_startStream(channel=slack.dm_of(USER), thread_ts=ts)
    assert code_of(error) == "unknown_method"


async def test_starts_are_limited_when_limits_are_on(slack: Slack, api: AsyncWebClient) -> None:
    slack.limits.on = True
    dm = slack.dm_of(USER)
    ts = await slack.say(USER, dm, "why?")
    for _ in range(20):
        await api.chat_startStream(channel=dm, thread_ts=ts)
    with pytest.raises(SlackApiError) as error:
        await api.chat_startStream(channel=dm, thread_ts=ts)
    assert (error.value.response.status_code, code_of(error)) == (429, "ratelimited")
    assert 0 < int(error.value.response.headers["Retry-After"]) <= 60
    slack.pass_time(60)
    await api.chat_startStream(channel=dm, thread_ts=ts)


async def test_a_message_below_a_thread_takes_its_status_away(slack: Slack, api: AsyncWebClient) -> None:
    dm = slack.dm_of(USER)
    ts = await slack.say(USER, dm, "why?")
    await api.assistant_threads_setStatus(channel_id=dm, thread_ts=ts, status="is reading", loading_messages=["a"])
    assert slack.status(dm, ts) == "is reading"
    slack.pass_time(121)
    assert slack.status(dm, ts) == ""
    await api.assistant_threads_setStatus(channel_id=dm, thread_ts=ts, status="is writing")
    await api.chat_startStream(channel=dm, thread_ts=ts, markdown_text="Because")
    assert slack.status(dm, ts) == ""


async def test_an_act_whose_answer_is_lost_has_happened(slack: Slack, api: AsyncWebClient) -> None:
    api.retry_handlers = []
    dm = slack.dm_of(USER)
    slack.fail("chat.postMessage", drop=True)
    with pytest.raises(Exception, match="disconnected"):
        await api.chat_postMessage(channel=dm, text="once")
    slack.fail("chat.postMessage", status=500, times=2)
    slack.fail("chat.postMessage", retry_after=7)
    for _ in range(3):
        with pytest.raises((SlackApiError, SlackRequestError)):
            await api.chat_postMessage(channel=dm, text="never")
    await api.chat_postMessage(channel=dm, text="twice")
    assert [each.plain for each in slack.seen(USER, dm)] == ["once", "twice"]
