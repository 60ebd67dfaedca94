"""The loopback Slack delivers as the real one does: signed, retried, through sockets, and failing before people."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from tests.claude.loopback import started
from tests.slack.loopback.bolt import SmallApp, client
from tests.slack.loopback.server import Slack
from tests.slack.loopback.workspace import APP_TOKEN, BOT_TOKEN, BOT_USER, Upload

USER = "U1"


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with Slack() as slack:
        slack.user(USER)
        slack.channel("C1", USER)
        yield slack


def connected(app: SmallApp, mode: str) -> AbstractAsyncContextManager[object]:
    return app.by_http() if mode == "http" else app.by_socket()


@pytest.mark.parametrize("mode", ["http", "socket"])
async def test_a_direct_message_reaches_the_app_and_its_answer_the_person(slack: Slack, mode: str) -> None:
    app, dm = SmallApp(slack), slack.dm_of(USER)

    @app.bolt.event("message")
    async def answer(event: dict[str, Any], say: Any) -> None:  # noqa: ANN401
        await say(text=f"heard: {event['text']}", thread_ts=event["ts"])

    async with connected(app, mode):
        ts = await slack.say(USER, dm, "Tom & <Jerry> at https://example.com/a?b&c")
        await slack.until(lambda: len(slack.seen(USER, dm, ts)) == 2)
        await slack.settled()
    assert app.events[0]["text"] == "Tom &amp; &lt;Jerry&gt; at <https://example.com/a?b&amp;c>"
    assert app.events[0]["channel_type"] == "im"
    assert slack.seen(USER, dm, ts)[1].plain == "heard: Tom & <Jerry> at https://example.com/a?b&c"
    assert slack.seen(USER, dm, ts)[1].pings == ["https://example.com/a?b&amp;c"]
    assert {ack.status for ack in slack.acks} == {200}


@pytest.mark.parametrize("mode", ["http", "socket"])
async def test_a_mention_comes_twice_with_two_event_ids(slack: Slack, mode: str) -> None:
    app = SmallApp(slack)
    async with connected(app, mode):
        ts = await slack.say(USER, "C1", f"<@{BOT_USER}> hello")
        await slack.settled()
        assert {each["type"] for each in app.events} == {"app_mention", "message"}
        assert {each["ts"] for each in app.events} == {ts}
        await slack.redeliver(ts)
    assert len({each["event_id"] for each in app.bodies}) == len(app.bodies) == 4


async def test_what_the_app_does_not_acknowledge_is_retried_three_times(slack: Slack) -> None:
    headers: list[dict[str, str]] = []

    async def refuse(request: web.Request) -> web.Response:
        headers.append({name.lower(): value for name, value in request.headers.items()})
        return web.Response(status=503)

    async with serving(refuse) as url:
        await slack.http_to(url)
        await slack.say(USER, slack.dm_of(USER), "hello")
        await slack.settled()
    assert [each.get("x-slack-retry-num") for each in headers] == [None, "1", "2", "3"]
    assert [each.get("x-slack-retry-reason") for each in headers] == [None, *["http_error"] * 3]


async def test_an_app_that_wants_no_retry_gets_none(slack: Slack) -> None:
    async def refuse(_: web.Request) -> web.Response:
        return web.Response(status=500, headers={"x-slack-no-retry": "1"})

    async with serving(refuse) as url:
        await slack.http_to(url)
        await slack.say(USER, slack.dm_of(USER), "hello")
        await slack.settled()
    assert [ack.status for ack in slack.acks] == [500]


async def test_a_command_that_is_not_acknowledged_fails_before_the_person(slack: Slack) -> None:
    slack.settings.ack_seconds = 0.05

    async def hang(_: web.Request) -> web.Response:
        await asyncio.Event().wait()
        return web.Response()

    async with serving(hang) as url:
        await slack.http_to(url)
        await slack.command(USER, "C1", "help")
    assert [each.text for each in slack.failures] == ['/coach failed with the error "operation_timeout"']
    assert [(ack.kind, ack.status) for ack in slack.acks] == [("command", 0)]


@pytest.mark.parametrize("mode", ["http", "socket"])
async def test_a_command_is_answered_through_its_response_url_five_times(slack: Slack, mode: str) -> None:
    app = SmallApp(slack)

    @app.bolt.command("/coach")
    async def command(ack: Any, respond: Any, command: dict[str, Any]) -> None:  # noqa: ANN401
        await ack("at once")
        for number in range(6):
            await respond(f"{command['text']} {number}")

    async with connected(app, mode):
        delivered = await slack.command(USER, "C1", "a & b")
    assert delivered.status == 200
    await slack.until(lambda: len(slack.calls) >= 6)
    assert [each.answer.get("error") for each in slack.calls][-1] == "used_url"
    assert all(each.ephemeral for each in slack.seen(USER, "C1"))
    assert {each.plain for each in slack.seen(USER, "C1")} == {"at once", *(f"a & b {number}" for number in range(5))}
    assert slack.seen("U2", "C1") == []


async def test_a_response_url_ends_after_half_an_hour(slack: Slack) -> None:
    app = SmallApp(slack)
    urls = []

    @app.bolt.command("/coach")
    async def command(ack: Any, command: dict[str, Any]) -> None:  # noqa: ANN401
        urls.append(command["response_url"])
        await ack()

    async with app.by_http():
        await slack.command(USER, "C1", "help")
    slack.pass_time(1_801)
    async with aiohttp.ClientSession() as session, session.post(urls[0], json={"text": "late"}) as answer:
        assert (answer.status, (await answer.json())["error"]) == (404, "expired_url")


@pytest.mark.parametrize("mode", ["http", "socket"])
async def test_a_form_is_opened_filled_refused_and_sent(slack: Slack, mode: str) -> None:
    app = SmallApp(slack)
    entry = {"type": "plain_text_input", "action_id": "text", "multiline": True}
    label = {"type": "plain_text", "text": "Draft"}
    title, send = {"type": "plain_text", "text": "Review"}, {"type": "plain_text", "text": "Send"}
    blocks = [{"type": "input", "block_id": "draft", "label": label, "element": entry}]
    form = {"type": "modal", "callback_id": "form", "title": title, "submit": send, "blocks": blocks}

    @app.bolt.shortcut("review_message")
    async def open_form(ack: Any, body: dict[str, Any], client: Any) -> None:  # noqa: ANN401
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=form)

    @app.bolt.view("form")
    async def sent(ack: Any, view: dict[str, Any]) -> None:  # noqa: ANN401
        if view["state"]["values"]["draft"]["text"]["value"] == "bad":
            await ack(response_action="errors", errors={"draft": "No."})
        else:
            await ack()

    async with connected(app, mode):
        ts = await slack.say(USER, "C1", "a draft")
        await slack.shortcut(USER, "C1", ts)
        await slack.until(lambda: slack.views)
        view = slack.view_of(USER)
        with pytest.raises(ValueError, match="filled in"):
            await slack.submit(USER, view.id)
        await slack.submit(USER, view.id, {"text": "bad"})
        assert view.errors == {"draft": "No."}
        assert await slack.submit(USER, view.id, {"draft": "good & <well>"}) == {}
        assert not slack.views
    assert slack.failures == []


@pytest.mark.parametrize("mode", ["http", "socket"])
async def test_a_click_carries_the_message_unless_only_one_person_sees_it(slack: Slack, mode: str) -> None:
    app, api = SmallApp(slack), client(slack)
    text = {"type": "plain_text", "text": "Use it"}
    button = {"type": "button", "action_id": "use", "value": "r|1", "text": text}
    blocks = [{"type": "actions", "block_id": "a", "elements": [button, {**button, "action_id": "keep"}]}]

    @app.bolt.action("use")
    async def use(ack: Any, respond: Any) -> None:  # noqa: ANN401
        await ack()
        await respond(text="Used.", replace_original=True)

    async with connected(app, mode):
        posted = await api.chat_postMessage(channel="C1", text="card", blocks=blocks)
        aside = await api.chat_postEphemeral(channel="C1", user=USER, text="card", blocks=blocks)
        await slack.click(USER, "C1", str(posted["ts"]), "use")
        await slack.click(USER, "C1", str(aside["message_ts"]), "use", value="r|1")
        await slack.until(lambda: [each.plain for each in slack.seen(USER, "C1")] == ["Used.", "Used."])
    clicks = [each for each in app.bodies if each.get("type") == "block_actions"]
    assert [each["container"]["is_ephemeral"] for each in clicks] == [False, True]
    assert ["message" in each for each in clicks] == [True, False]


async def test_sockets_share_envelopes_and_survive_a_refresh(slack: Slack) -> None:
    app, dm = SmallApp(slack), slack.dm_of(USER)
    async with app.by_socket(connections=2):
        await slack.disconnect_sockets("refresh_requested")
        texts = [f"message {number}" for number in range(20)]
        for text in texts:
            await slack.say(USER, dm, text)
        await slack.until(lambda: {each["text"] for each in app.events} == set(texts))
        await slack.settled()
        await slack.until(lambda: slack.sockets == 2)


async def test_a_first_delivery_through_a_socket_says_attempt_nought(slack: Slack) -> None:
    app = SmallApp(slack)
    async with app.by_socket():
        await slack.say(USER, slack.dm_of(USER), "hello")
        await slack.settled()
    assert app.headers[0]["x-slack-retry-num"] == ["0"]


async def test_an_envelope_that_is_lost_with_its_socket_comes_again(slack: Slack) -> None:
    api = client(slack, APP_TOKEN)
    received: list[dict[str, Any]] = []
    async with aiohttp.ClientSession() as session:
        first = await session.ws_connect(str((await api.apps_connections_open(app_token=APP_TOKEN))["url"]))
        assert (await first.receive_json())["type"] == "hello"
        await slack.say(USER, slack.dm_of(USER), "hello")
        received.append(await first.receive_json())
        second = await session.ws_connect(str((await api.apps_connections_open(app_token=APP_TOKEN))["url"]))
        assert (await second.receive_json())["num_connections"] == 2
        await first.close()
        received.append(await second.receive_json())
        await second.send_json({"envelope_id": received[1]["envelope_id"]})
        await slack.settled()
        await second.close()
    assert [each["retry_attempt"] for each in received] == [0, 1]
    assert received[0]["payload"] == received[1]["payload"]


async def test_forged_deliveries_are_signed_as_asked(slack: Slack) -> None:
    app = SmallApp(slack)
    async with app.by_http():
        payload = {"type": "event_callback", "event": {"type": "app_home_opened"}}
        assert await slack.deliver_raw(payload, signature="v0=forged") == 401
        assert await slack.deliver_raw(payload, timestamp="1000") == 401
    assert app.bodies == []


async def test_a_file_comes_with_an_address_that_wants_the_token(slack: Slack) -> None:
    app, dm = SmallApp(slack), slack.dm_of(USER)
    async with app.by_http():
        await slack.say(USER, dm, "review", files=[Upload("draft.txt", b"Dear all"), Upload("x.txt", kind="connect")])
        await slack.settled()
    event = app.events[0]
    assert event["subtype"] == "file_share"
    assert event["files"][1]["file_access"] == "check_file_info"
    url = event["files"][0]["url_private_download"]
    async with aiohttp.ClientSession() as session:
        async with session.get(url, headers={"Authorization": f"Bearer {BOT_TOKEN}"}) as answer:
            assert await answer.read() == b"Dear all"
        async with session.get(url) as answer:
            assert (answer.status, answer.content_type) == (200, "text/html")


async def test_an_app_uploads_a_file_into_a_thread(slack: Slack) -> None:
    dm = slack.dm_of(USER)
    ts = await slack.say(USER, dm, "my draft")
    await client(slack).files_upload_v2(content="Dear all", filename="draft.txt", channel=dm, thread_ts=ts)
    assert [each.data for each in slack.seen(USER, dm, ts)[1].files] == [b"Dear all"]


async def test_opening_the_app_is_an_event_and_the_home_is_the_persons_own(slack: Slack) -> None:
    app, api = SmallApp(slack), client(slack)
    text = {"type": "plain_text", "text": "Versions"}
    async with app.by_http():
        await slack.open_home(USER, "messages")
        await slack.settled()
        await api.views_publish(user_id=USER, view={"type": "home", "blocks": [{"type": "header", "text": text}]})
    home = slack.home(USER)
    assert home is not None
    assert slack.plain(home) == "Versions"
    assert [(each["type"], each["tab"], each["channel"]) for each in app.events] == [
        ("app_home_opened", "messages", slack.dm_of(USER))
    ]


class serving:  # noqa: N801 - reads as a function
    """A request URL of the test's own."""

    def __init__(self, handler: Any) -> None:  # noqa: ANN401
        self._handler = handler

    async def __aenter__(self) -> str:
        app = web.Application()
        app.router.add_post("/slack/events", self._handler)
        self._runner, port = await started(app)
        return f"http://127.0.0.1:{port}/slack/events"

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()
