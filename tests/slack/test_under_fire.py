"""Slack delivers a message more than once, and each has one answer all the same."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from slack_sdk.socket_mode.aiohttp import SocketModeClient

from bot.core.messages import Incoming
from bot.core.state import Inbox, StoreAwayError
from bot.stores.sqlite.store import SqliteStore
from tests.fakes import LESSON, small_app
from tests.piecewise import Piecewise, question
from tests.slack.looking import PATIENCE, of_the_coach
from tests.slack.loopback.server import Slack
from tests.slack.serving import MODES, Served, served
from tests.slack.under_fire import CHANNEL, DM, USER, ask, assert_answered_once, be_quick, ended, under_fire


@pytest.fixture
def engine() -> Piecewise:
    return Piecewise()


@pytest.fixture(params=MODES)
def mode(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def coached(
    slack: Slack, engine: Piecewise, mode: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Served]:
    be_quick(monkeypatch)
    async with under_fire(slack, tmp_path, engine, mode) as coached:
        yield coached


def store_away(inbox: Inbox, times: int, *, after_taking: bool = False) -> None:
    """The store is away for so many puts, or its answers to them are lost."""
    put = inbox.put
    left = times

    async def away(message: Incoming) -> bool:
        nonlocal left
        if left == 0:
            return await put(message)
        left -= 1
        if after_taking:
            await put(message)
        raise StoreAwayError("the store is away")

    inbox.put = away  # type: ignore[method-assign]


async def test_a_mention_and_its_twin_are_answered_once(coached: Served, slack: Slack) -> None:
    await ask(slack)
    await assert_answered_once(coached)
    assert [ack.kind for ack in slack.acks if ack.kind == "app_mention"] == ["app_mention"]
    assert coached.platforms.measures()[0].duplicates == 1


@pytest.mark.parametrize("new_event_id", [True, False])
async def test_a_message_that_comes_again_is_answered_once(coached: Served, slack: Slack, new_event_id: bool) -> None:
    ts = await ask(slack)
    for delivered in await slack.redeliver(ts, new_event_id):
        assert delivered.status == 200
    await assert_answered_once(coached)
    await slack.redeliver(ts, new_event_id)
    await assert_answered_once(coached)


async def test_a_message_that_comes_again_while_it_is_being_answered_is_answered_once(
    coached: Served, slack: Slack, engine: Piecewise
) -> None:
    engine.gate.clear()
    ts = await ask(slack)
    await slack.until(lambda: any(each.streaming for each in of_the_coach(slack, USER, CHANNEL)), PATIENCE)
    for new_event_id in (True, False, True):
        await slack.redeliver(ts, new_event_id)
    engine.gate.set()
    await assert_answered_once(coached)
    assert engine.begun == ["one"]


async def test_twenty_deliveries_of_one_message_at_once_are_answered_once(
    coached: Served, slack: Slack, engine: Piecewise
) -> None:
    ts = await ask(slack)
    await asyncio.gather(*(slack.redeliver(ts, number % 2 == 0) for number in range(20)))
    await assert_answered_once(coached)
    assert engine.begun == ["one"]


@pytest.mark.parametrize("after_taking", [False, True])
async def test_a_message_that_the_store_did_not_take_at_once_is_answered_once(
    coached: Served, slack: Slack, after_taking: bool
) -> None:
    slack.settings.ack_seconds = 0.3
    store_away(coached.app.store.inbox, 3, after_taking=after_taking)
    await ask(slack)
    await assert_answered_once(coached)
    assert {200, 503 if coached.url and slack.sockets == 0 else 0} <= {ack.status for ack in slack.acks}


async def test_a_direct_message_is_answered_in_its_thread_once(coached: Served, slack: Slack) -> None:
    ts = await slack.say(USER, slack.dm_of(USER), question("one"))
    await slack.redeliver(ts)
    await assert_answered_once(coached)
    assert len(slack.seen(USER, DM, ts)) == 2


async def test_messages_of_a_thread_are_answered_in_order_however_they_come_again(
    coached: Served, slack: Slack, engine: Piecewise
) -> None:
    root = await ask(slack, "q0")
    sent = [root]
    for number in range(1, 6):
        sent.append(await ask(slack, f"q{number}", root))
        await slack.redeliver(sent[-1])  # taken by the end of this
        await slack.redeliver(sent[0])
    await ended(coached)
    assert list(dict.fromkeys(engine.begun)) == [f"q{number}" for number in range(6)]
    shown = of_the_coach(slack, USER, CHANNEL)
    assert len(shown) == 6
    for number, each in enumerate(shown):
        assert f"In case q{number} it is so." in each.plain


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_a_socket_that_slack_has_refreshed_loses_nothing(
    slack: Slack, engine: Piecewise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reason: str
) -> None:
    be_quick(monkeypatch)
    async with under_fire(slack, tmp_path, engine, "socket") as coached:
        await asyncio.gather(*(_asked_amid(slack, number, reason) for number in range(10)))
        await ended(coached)
        assert slack.sockets == 1
        _all_once(slack, 10)


async def _asked_amid(slack: Slack, number: int, reason: str) -> None:
    await ask(slack, f"q{number}")
    if number % 3 == 0:
        await slack.disconnect_sockets(reason)  # type: ignore[arg-type]
    await ask(slack, f"q{number}b")


async def test_a_socket_that_breaks_is_opened_again_and_loses_nothing(
    slack: Slack, engine: Piecewise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    be_quick(monkeypatch)
    monkeypatch.setattr("bot.channels.slack.socket_mode.PING_SECONDS", 0.2)
    slack.settings.ack_seconds = 0.5
    slack.settings.retry_pauses = (0.1,) * 20
    async with under_fire(slack, tmp_path, engine, "socket") as coached:
        for number in range(4):
            await ask(slack, f"q{number}")
            await slack.break_sockets()
            await ask(slack, f"q{number}b")
            await slack.until(lambda: slack.sockets == 1, PATIENCE)
        await ended(coached)
        _all_once(slack, 4)


async def test_an_envelope_whose_acknowledgement_is_lost_is_answered_once(
    slack: Slack, engine: Piecewise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    be_quick(monkeypatch)
    slack.settings.ack_seconds = 0.2
    left = 4
    send = SocketModeClient.send_message

    async def lossy(self: SocketModeClient, message: str) -> None:
        nonlocal left
        if left:
            left -= 1
            return
        await send(self, message)

    monkeypatch.setattr(SocketModeClient, "send_message", lossy)
    async with under_fire(slack, tmp_path, engine, "socket") as coached:
        await ask(slack)
        await assert_answered_once(coached)
        assert [ack.status for ack in slack.acks if ack.kind != "message.channels"].count(0) > 0


def _all_once(slack: Slack, count: int) -> None:
    shown = [each.plain for each in of_the_coach(slack, USER, CHANNEL)]
    marks = [f"q{number}{more}" for number in range(count) for more in ("", "b")]
    assert len(shown) == len(marks)
    assert all(sum(f"In case {mark} it is so." in plain for plain in shown) == 1 for mark in marks)


@pytest.mark.parametrize("hours", [1.0, 23.9])
async def test_a_message_that_comes_again_a_day_later_is_not_answered_again(
    slack: Slack, engine: Piecewise, tmp_path: Path, hours: float
) -> None:
    ahead = 0.0

    def clock() -> float:
        return 1_800_000_000.0 + ahead

    folder = tmp_path / "knowledge"
    folder.mkdir()
    (folder / "roofs.md").write_text(LESSON, encoding="utf-8")
    store = SqliteStore(tmp_path / "coach.sqlite3", clock=clock)
    slack.channel(CHANNEL, USER)
    async with served(slack, small_app(folder, engine=engine, store=store), "http") as coached:
        ts = await ask(slack)
        await assert_answered_once(coached)
        ahead = hours * 3600
        for delivered in await slack.redeliver(ts):
            assert delivered.status == 200
        await assert_answered_once(coached)
        assert engine.begun == ["one"]
