"""Moves of versions told in the admins' channel: each once, wherever it was made and however many coaches serve."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.channels.slack.origin import announced_in
from bot.cli import run
from bot.core.admin_commands import ActivateVersion, RollBack
from bot.core.messages import LOCAL
from bot.prompts import announcing
from tests.fakes import small_app
from tests.onlooker import Onlooker
from tests.slack.loopback.seen import Seen
from tests.slack.loopback.server import Slack
from tests.slack.moving import (
    ACTIVATE,
    ADMIN,
    BACK,
    OTHER,
    REP,
    Move,
    Way,
    by_command,
    by_form,
    by_message,
    coach_in,
    moved,
    of_coach,
    person,
)
from tests.slack.serving import MODES, Served
from tests.web.waiting import until

ADMINS = "CADMINS"
LIVE_2, LIVE_1 = ActivateVersion(number=2, note="clearer words"), ActivateVersion(number=1, note="shorter words")
TOLD_2 = "Version 2 is live in place of version 1."
TOLD_1 = "Version 1 is live in place of version 2."


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(announcing, "LOOK_SECONDS", 0.02)


async def begun(coached: Served, channel: str = ADMINS) -> None:
    """Waits for the first look: what happens from now on is announced."""

    async def has_looked() -> bool:
        return await coached.app.store.records.read(f"announced:{announced_in(channel)}") is not None

    await until(has_looked)


@pytest.fixture(params=MODES)
async def two(request: pytest.FixtureRequest, slack: Slack, tmp_path: Path) -> AsyncIterator[tuple[Served, Served]]:
    """Two coaches on one store, both of whom Slack reaches, with a private channel of the admins'."""
    slack.channel(ADMINS, ADMIN, OTHER, kind="group")
    folder, admins = tmp_path / "knowledge", [ADMIN, OTHER]
    async with AsyncExitStack() as stack:
        one, other = [
            await stack.enter_async_context(
                coach_in(slack, folder, request.param, admins=admins, coach_admin_channel=f"slack:{ADMINS}")
            )
            for _ in range(2)
        ]
        if request.param == "http":
            await slack.http_to(one.url, other.url)
        await begun(one)
        yield one, other


def announced(slack: Slack, channel: str = ADMINS) -> list[Seen]:
    return of_coach(slack, ADMIN, channel)


async def told(slack: Slack, *summaries: str) -> None:
    """Waits until exactly these moves are announced, in this order."""
    await slack.until(lambda: len(announced(slack)) >= len(summaries))
    texts = [each.plain for each in announced(slack)]
    assert len(texts) == len(summaries), texts
    for text, summary in zip(texts, summaries, strict=True):
        assert summary in text


@pytest.mark.parametrize("way", [by_command, by_message, by_form])
async def test_a_move_made_in_slack_is_announced_once(two: tuple[Served, Served], way: Way) -> None:
    one, _ = two
    waiting = await way(one, ADMIN, ACTIVATE)
    await waiting.confirm()
    await told(one.slack, TOLD_2)
    waiting = await way(one, OTHER, BACK)
    await waiting.confirm()
    await told(one.slack, TOLD_2, "Rolled back: version 1 is live in place of version 2.")


async def test_an_announcement_says_who_did_what_when_and_why(two: tuple[Served, Served]) -> None:
    one, _ = two
    waiting = await by_command(one, ADMIN, ACTIVATE)
    await waiting.confirm()
    await told(one.slack, TOLD_2)
    (shown,) = announced(one.slack)
    for words in ("slack:T1/UADMIN made version 2 live in place of version 1", "UTC", "Reason: clearer words"):
        assert words in shown.plain
    assert "slack:T1/UADMIN made version 2 live" in shown.text
    assert not shown.actions
    assert not shown.ephemeral
    assert shown.thread_ts is None


async def test_what_was_only_proposed_refused_or_published_is_not_announced(two: tuple[Served, Served]) -> None:
    one, _ = two
    await by_command(one, ADMIN, ACTIVATE)
    await by_command(one, REP, ACTIVATE)
    await by_message(one, ADMIN, Move("prompts activate 1 again", BACK.button, {}))
    await moved(one.app, LIVE_2)
    await told(one.slack, TOLD_2)


async def test_a_move_made_at_the_command_line_is_announced_once(
    two: tuple[Served, Served], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, _ = two
    written = ["prompts", "activate", "2", "--note", "clearer words", "--yes"]
    assert await asyncio.to_thread(run, written, opener=lambda: small_app(tmp_path / "knowledge")) == 0
    assert TOLD_2 in capsys.readouterr().out
    await told(one.slack, TOLD_2)
    assert f"{LOCAL} made version 2 live in place of version 1" in announced(one.slack)[0].plain


async def test_moves_made_by_both_coaches_are_announced_once_and_in_order(two: tuple[Served, Served]) -> None:
    one, other = two
    expected = []
    for number in range(6):
        await moved((one, other)[number % 2].app, (LIVE_2, LIVE_1)[number % 2])
        expected.append((TOLD_2, TOLD_1)[number % 2])
    await told(one.slack, *expected)


async def test_a_trial_that_begins_and_ends_by_itself_is_announced(two: tuple[Served, Served]) -> None:
    one, other = two
    started = await one.app.registry.move(person(ADMIN), ActivateVersion(number=2, note="try it", share=10))
    assert isinstance(started, tuple)
    await other.app.registry.end_trial(started[1], "clearly worse: 9 of its 30 replies failed")
    await told(
        one.slack,
        "Version 2 serves 10% of the people; version 1 stays live.",
        "The trial of version 2 has ended; version 1 serves everybody.",
    )
    assert "clearly worse: 9 of its 30 replies failed" in announced(one.slack)[1].plain


async def test_what_people_wrote_pings_nobody_in_the_admins_channel(two: tuple[Served, Served]) -> None:
    one, _ = two
    await moved(one.app, ActivateVersion(number=2, note="<!channel> <@UREP> https://evil.example *so*"))
    await told(one.slack, TOLD_2)
    (shown,) = announced(one.slack)
    assert not shown.pings
    assert "<!channel> <@UREP> https://evil.example *so*" in shown.plain


@pytest.mark.parametrize("mode", MODES)
async def test_what_was_moved_while_nobody_served_is_announced_at_the_next_start(
    slack: Slack, tmp_path: Path, mode: str
) -> None:
    slack.channel(ADMINS, ADMIN)
    folder, there = tmp_path / "knowledge", f"slack:{ADMINS}"
    async with coach_in(slack, folder, mode, coach_admin_channel=there) as coached:
        await begun(coached)
    app = small_app(folder)
    await app.open()
    await app.registry.move(LOCAL, LIVE_2)
    await app.close()
    async with coach_in(slack, folder, mode, coach_admin_channel=there) as coached:
        await told(slack, TOLD_2)
        await moved(coached.app, RollBack(note="too long"))
        await told(slack, TOLD_2, "Rolled back")


@pytest.mark.parametrize("mode", MODES)
async def test_without_a_channel_to_announce_in_nothing_is(slack: Slack, tmp_path: Path, mode: str) -> None:
    async with coach_in(slack, tmp_path / "knowledge", mode) as coached:
        waiting = await by_command(coached, ADMIN, ACTIVATE)
        await waiting.confirm()
        await waiting.outcome()
        assert (await coached.app.store.inbox.depth()).waiting == 0


@pytest.mark.parametrize("mode", MODES)
async def test_a_channel_that_the_coach_is_not_in_is_logged_holds_up_nobody_and_is_told_once_it_is_invited(
    slack: Slack, tmp_path: Path, mode: str
) -> None:
    slack.channel(ADMINS, ADMIN, kind="group", with_bot=False)
    async with coach_in(slack, tmp_path / "knowledge", mode, coach_admin_channel=f"slack:{ADMINS}") as coached:
        onlooker = Onlooker(coached.app.observers)
        await begun(coached)
        await moved(coached.app, LIVE_2)
        await slack.until(lambda: refused(slack))
        direct = slack.dm_of(REP)
        await slack.say(REP, direct, "What holds water against the eaves?")
        await slack.until(lambda: any("[1]" in each.plain for each in of_coach(slack, REP, direct)))
        await until(lambda: ADMINS in onlooker.told("announcement"))
        slack.channels[ADMINS].members.add("UBOT")
        await told(slack, TOLD_2)


@pytest.mark.parametrize("mode", MODES)
async def test_the_log_names_a_channel_that_the_coach_has_to_be_invited_to(
    slack: Slack, tmp_path: Path, mode: str
) -> None:
    slack.channel(ADMINS, ADMIN, kind="group", with_bot=False)
    async with coach_in(slack, tmp_path / "knowledge", mode, coach_admin_channel=f"slack:{ADMINS}") as coached:
        onlooker = Onlooker(coached.app.observers)
        await begun(coached)
        await moved(coached.app, LIVE_2)
        await until(lambda: onlooker.told("announcement") != "")
    assert f"nothing can be said in {ADMINS}" in onlooker.told("announcement")
    assert "invite the coach" in onlooker.told("announcement")


def refused(slack: Slack) -> bool:
    return any(
        call.method == "chat.postMessage" and call.params["channel"] == ADMINS and not call.answer["ok"]
        for call in slack.calls
    )


@pytest.mark.parametrize("fault", [{"status": 500}, {"retry_after": 0}, {"drop": True}])
async def test_an_announcement_that_fails_on_the_way_is_told_once_all_the_same(
    slack: Slack, tmp_path: Path, fault: dict[str, int]
) -> None:
    slack.channel(ADMINS, ADMIN)
    async with coach_in(slack, tmp_path / "knowledge", "http", coach_admin_channel=f"slack:{ADMINS}") as coached:
        await begun(coached)
        slack.fail("chat.postMessage", **fault)  # type: ignore[arg-type]
        await moved(coached.app, LIVE_2)
        await slack.until(lambda: any(call.method == "chat.postMessage" for call in slack.calls) or announced(slack))
        await told(slack, TOLD_2)

        async def is_done() -> bool:
            depth = await coached.app.store.inbox.depth()
            return depth.waiting == depth.leased == 0

        await until(is_done)
        await told(slack, TOLD_2)
