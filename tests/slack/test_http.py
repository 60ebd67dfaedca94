"""What comes in over HTTP: taken where Slack signed it for the coach's workspace, else refused and counted."""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Callable, Mapping
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import pytest
from aiohttp import ClientSession

from bot.channels.slack import channel
from bot.channels.slack.api import SlackApi
from bot.channels.slack.bolt import AWAY
from bot.channels.slack.http import MAX_BODY
from bot.stores.sqlite.store import SqliteStore
from tests.slack.loopback.http_route import signed
from tests.slack.loopback.server import Slack
from tests.slack.loopback.workspace import Json
from tests.slack.moving import ACTIVATE, ADMIN, CHANNEL, REP, acts, by_message, coach_in, live, of_coach
from tests.slack.serving import MODES, Served
from tests.web.parts import Disk
from tests.web.waiting import until

ROOT = Path(__file__).parents[2]
FORM = "application/x-www-form-urlencoded"
QUESTION = "What holds water against the eaves?"
ANSWER = "Leaves hold water against the eaves."


@pytest.fixture
async def coached(slack: Slack, tmp_path: Path) -> AsyncIterator[Served]:
    """The small coach over HTTP."""
    async with coach_in(slack, tmp_path / "knowledge", "http") as coached:
        yield coached


def refused(coached: Served) -> Mapping[str, int]:
    (measures,) = coached.platforms.measures()
    return dict(measures.refused)


def taken(coached: Served) -> int:
    (measures,) = coached.platforms.measures()
    return sum(measures.taken.values())


def message(team: str = "T1", **more: object) -> Json:
    event = {
        "type": "message",
        "channel": f"D{REP}",
        "channel_type": "im",
        "user": REP,
        "team": team,
        "text": QUESTION,
        "ts": "1700000000.000100",
    }
    return {"type": "event_callback", "team_id": team, "event_id": "Ev1", "event": event, **more}


def command(team: str = "T1", **more: str) -> str:
    fields = {
        "team_id": team,
        "channel_id": CHANNEL,
        "user_id": ADMIN,
        "command": "/coach",
        "text": "prompts",
        "response_url": "https://hooks.slack.com/commands/1",
        "trigger_id": "1.TR",
    }
    return urlencode({**fields, **more})


def click(team: str = "T1") -> str:
    payload = {
        "type": "block_actions",
        "team": {"id": team, "domain": "example"},
        "user": {"id": ADMIN, "team_id": team},
        "container": {"type": "view", "view_id": "V1"},
        "trigger_id": "1.TR",
        "view": {"id": "V1", "type": "home", "blocks": []},
        "actions": [{"type": "button", "action_id": "home.show", "block_id": "b", "value": "2"}],
    }
    return urlencode({"payload": json.dumps(payload)})


REQUESTS: Mapping[str, tuple[Callable[..., Json | str], str]] = {
    "event": (message, "application/json"),
    "command": (command, FORM),
    "click": (click, FORM),
}


@pytest.fixture(params=REQUESTS.values(), ids=list(REQUESTS))
def request_of(request: pytest.FixtureRequest) -> tuple[Callable[..., Json | str], str]:
    found: tuple[Callable[..., Json | str], str] = request.param
    return found


Asked = tuple[Callable[..., Json | str], str]


async def test_what_slack_signed_is_taken(coached: Served, request_of: Asked) -> None:
    make, kind = request_of
    assert await coached.slack.deliver_raw(make(), content_type=kind) == 200
    assert refused(coached) == {}


@pytest.mark.parametrize("signature", ["", "v0=", "v0=00", "v1=abc", signed("{}", "1")])
async def test_a_wrong_signature_is_refused(coached: Served, request_of: Asked, signature: str) -> None:
    make, kind = request_of
    assert await coached.slack.deliver_raw(make(), content_type=kind, signature=signature) == 401
    assert refused(coached) == {"signature": 1}
    assert taken(coached) == 0
    assert not await acts(coached.app)


@pytest.mark.parametrize("seconds", [-3_600, -301, 302, 3_600])
async def test_a_request_of_another_time_is_refused_though_it_is_signed(
    coached: Served, request_of: Asked, seconds: int
) -> None:
    make, kind = request_of
    then = str(int(time.time()) + seconds)
    assert await coached.slack.deliver_raw(make(), content_type=kind, timestamp=then) == 401
    assert refused(coached) == {"signature": 1}
    assert taken(coached) == 0


UNSIGNED: Mapping[str, Mapping[str, str]] = {
    "no headers": {},
    "no time": {"X-Slack-Signature": "v0=00"},
    "no signature": {"X-Slack-Request-Timestamp": str(int(time.time()))},
    "a time that is none": {"X-Slack-Request-Timestamp": "now", "X-Slack-Signature": "v0=00"},
    "empty headers": {"X-Slack-Request-Timestamp": "", "X-Slack-Signature": ""},
}
NOTHING = ["not json", "[]", "null", "payload=%7B", "payload=[]", "payload=1", "\x00"]
"""Bodies that are no request of Slack's."""


async def post(url: str, body: str, kind: str, headers: Mapping[str, str]) -> int:
    async with ClientSession() as session:
        return (await session.post(url, data=body.encode(), headers={"Content-Type": kind, **headers})).status


@pytest.mark.parametrize("headers", UNSIGNED.values(), ids=UNSIGNED)
async def test_what_is_not_signed_at_all_is_refused(
    coached: Served, request_of: Asked, headers: Mapping[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    make, kind = request_of
    asked = make()
    assert await post(coached.url, asked if isinstance(asked, str) else json.dumps(asked), kind, headers) == 401
    assert refused(coached) == {"signature": 1}
    assert not [record for record in caplog.records if record.exc_info]


@pytest.mark.parametrize("kind", ["application/json", FORM])
@pytest.mark.parametrize("body", NOTHING)
async def test_what_is_not_signed_is_refused_before_it_is_read(
    coached: Served, body: str, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert await post(coached.url, body, kind, {}) == 401
    assert refused(coached) == {"signature": 1}
    assert not [record for record in caplog.records if record.exc_info]


@pytest.mark.parametrize("kind", ["application/json", FORM])
@pytest.mark.parametrize("body", [*NOTHING, "{}", '{"team": []}'])
async def test_what_is_signed_and_is_no_request_of_slacks_is_refused_without_a_traceback(
    coached: Served, body: str, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert 400 <= await coached.slack.deliver_raw(body, content_type=kind) < 500
    assert not [record for record in caplog.records if record.exc_info]


async def test_another_workspaces_requests_are_refused(coached: Served, request_of: Asked) -> None:
    make, kind = request_of
    assert await coached.slack.deliver_raw(make("T2"), content_type=kind) == 403
    assert refused(coached) == {"workspace": 1}
    assert taken(coached) == 0
    assert not await acts(coached.app)


async def test_an_event_under_another_companys_name_is_taken_where_ours_is_authorized(coached: Served) -> None:
    ours = [{"enterprise_id": None, "team_id": "T1", "user_id": "UBOT", "is_bot": True}]
    assert await coached.slack.deliver_raw(message(authorizations=ours), team="T2") == 200
    assert refused(coached) == {}
    assert await coached.slack.deliver_raw(message(), team="T2") == 403


@pytest.mark.parametrize("more", [1, 40_000])
async def test_a_body_that_is_larger_than_slacks_are_is_refused_before_it_is_read_whole(
    coached: Served, more: int
) -> None:
    assert await coached.slack.deliver_raw("x" * (MAX_BODY + more)) == 413
    assert refused(coached) == {"size": 1}


async def test_a_body_of_slacks_largest_size_is_taken(coached: Served) -> None:
    big = message(padding="x" * (MAX_BODY - 1_000))
    assert await coached.slack.deliver_raw(big) == 200
    assert taken(coached) == 1


async def test_the_address_is_proved_to_slack_when_it_asks_and_to_nobody_else(coached: Served) -> None:
    body = json.dumps({"type": "url_verification", "token": "t", "challenge": "say this"})
    now = str(int(time.time()))
    headers = {"Content-Type": "application/json", "X-Slack-Request-Timestamp": now}
    async with ClientSession() as session:
        asked = {**headers, "X-Slack-Signature": signed(body, now)}
        answer = await session.post(coached.url, data=body, headers=asked)
        assert answer.status == 200
        assert "say this" in await answer.text()
        answer = await session.post(coached.url, data=body, headers={**headers, "X-Slack-Signature": "v0=00"})
        assert answer.status == 401
        assert (await session.get(coached.url)).status == 405


@pytest.fixture
def unconnected(slack: Slack, monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack is away when the coach starts, which is tried again at once."""
    monkeypatch.setattr(channel, "SlackApi", partial(SlackApi, patience=0.05))
    monkeypatch.setattr(channel, "AGAIN_SECONDS", 0.05)
    slack.fail("auth.test", 1_000, status=500)


@pytest.mark.usefixtures("unconnected")
async def test_before_slack_was_reached_requests_are_put_off_and_counted_then_answered(
    slack: Slack, tmp_path: Path
) -> None:
    async with coach_in(slack, tmp_path / "knowledge", "http") as coached:
        (measures,) = coached.platforms.measures()
        assert not measures.is_connected
        assert await slack.deliver_raw(message()) == 503
        assert await slack.deliver_raw(message(), signature="v0=00") == 503
        assert refused(coached) == {"not ready": 2}
        slack.heal()
        await until(lambda: coached.platforms.measures()[0].is_connected)
        direct = slack.dm_of(REP)
        await slack.say(REP, direct, QUESTION)
        await slack.until(lambda: any(ANSWER in each.plain for each in of_coach(slack, REP, direct)))


@pytest.mark.usefixtures("unconnected")
async def test_over_a_socket_the_coach_connects_once_slack_is_there(slack: Slack, tmp_path: Path) -> None:
    async with coach_in(slack, tmp_path / "knowledge", "socket") as coached:
        assert slack.sockets == 0
        slack.heal()
        await slack.until(lambda: slack.sockets)
        direct = slack.dm_of(REP)
        await slack.say(REP, direct, QUESTION)
        await slack.until(lambda: any(ANSWER in each.plain for each in of_coach(slack, REP, direct)))
        assert coached.platforms.measures()[0].is_connected


@pytest.mark.parametrize("mode", MODES)
async def test_while_slack_is_away_the_coach_starts_all_the_same_and_at_once(
    slack: Slack, tmp_path: Path, mode: str
) -> None:
    slack.fail("auth.test", 1_000, status=500)
    async with asyncio.timeout(3), coach_in(slack, tmp_path / "knowledge", mode) as coached:
        assert not coached.platforms.measures()[0].is_connected


@pytest.mark.parametrize("mode", MODES)
async def test_while_the_store_is_away_slack_is_told_to_send_it_again_and_people_are_told(
    slack: Slack, tmp_path: Path, mode: str, caplog: pytest.LogCaptureFixture
) -> None:
    disk = Disk(tmp_path)
    slack.settings.retry_pauses = (0.0, 0.05, 0.3)
    slack.settings.ack_seconds = 0.5
    async with coach_in(slack, tmp_path / "knowledge", mode, store=SqliteStore(disk.file)) as coached:
        waiting = await by_message(coached, ADMIN, ACTIVATE)
        direct = slack.dm_of(REP)
        with disk.away(), caplog.at_level(logging.CRITICAL):
            await slack.command(ADMIN, CHANNEL, "prompts")
            await slack.until(lambda: of_coach(slack, ADMIN, CHANNEL))
            assert of_coach(slack, ADMIN, CHANNEL)[0].plain == AWAY
            await waiting.confirm()
            await slack.say(REP, direct, QUESTION)
            await slack.until(lambda: any(ack.kind == "message.im" and ack.status != 200 for ack in slack.acks))
        await slack.until(lambda: any(ANSWER in each.plain for each in of_coach(slack, REP, direct)))
        assert [failure.kind for failure in slack.failures] == ["block_actions"]
        assert await live(coached.app) == (1, None)
        await waiting.confirm()
        assert "Version 2 is live" in await waiting.outcome()


async def test_what_is_put_off_because_the_store_is_away_is_counted(
    slack: Slack, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    disk = Disk(tmp_path)
    async with coach_in(slack, tmp_path / "knowledge", "http", store=SqliteStore(disk.file)) as coached:
        with disk.away(), caplog.at_level(logging.CRITICAL):
            assert await slack.deliver_raw(message()) == 503
        assert refused(coached) == {"not ready": 1}
